"""A procedure's record, saved as quickly as psycopg can.

Every step saves some fields of its record. The ORM puts the same text together each time, which costs more than running it: a
record that is a `Record` saves with statements made once and prepared. (`people.prepared` does the same for loading it.)
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db import connection, models
from psycopg.sql import SQL, Identifier

from thaki.people.prepared import cursor


class Record(models.Model):
    """Base of a procedure's record: `save(update_fields=[…])` of a row that is there is one prepared statement.

    No signals are sent by it. Everything else is Django's own `save`.
    """

    class Meta:
        abstract = True

    def save(
        self,
        *,
        force_insert: bool | tuple[models.base.ModelBase, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        """Save these fields, or the whole row."""
        names = tuple(update_fields) if update_fields is not None else ()
        plain = names and not (
            force_insert or force_update or using or self._state.adding or connection.execute_wrappers
        )
        if not plain:
            super().save(
                force_insert=force_insert, force_update=force_update, using=using, update_fields=names or update_fields
            )
            return
        text, fields = _update(type(self), names)
        values = [field.get_db_prep_save(field.pre_save(self, False), connection) for field in fields]
        with connection.wrap_database_errors:
            cursor().execute(text, [*values, self.pk])


@cache
def _update(model: type[models.Model], names: tuple[str, ...]) -> tuple[bytes, tuple[Any, ...]]:
    """The statement that saves these fields of a model's row, and the fields in its order."""
    known = {field.name: field for field in model._meta.concrete_fields}
    known |= {field.attname: field for field in model._meta.concrete_fields}
    fields = tuple(known[name] for name in names)
    settings = SQL(", ").join([SQL("{} = %s").format(_column(field)) for field in fields])
    text = SQL("UPDATE {} SET {} WHERE {} = %s").format(
        Identifier(model._meta.db_table), settings, _column(model._meta.pk)
    )
    return text.as_bytes(), fields


def _column(field: models.Field[Any, Any] | None) -> Identifier:
    assert field is not None and field.column is not None  # concrete fields, of which every model has a key
    return Identifier(field.column)
