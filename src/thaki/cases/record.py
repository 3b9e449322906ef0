"""A procedure's record, loaded under lock and saved as quickly as psycopg can.

Every step loads one record and saves some of its fields. The ORM puts the same two texts together each time, which costs more
than running them: `load=locked(Sale)` and `class Sale(Record)` do the same with statements made once and prepared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models
from psycopg.sql import SQL, Identifier

from thaki.cases import store

M = TypeVar("M", bound=models.Model)


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
            store.cursor().execute(text, [*values, self.pk])


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


def locked(model: type[M]) -> Callable[[int], M]:
    """A loader of the model's row whose primary key is the case's id; it raises the model's DoesNotExist."""
    fields = model._meta.concrete_fields
    names = [field.attname for field in fields]
    columns = SQL(", ").join([_column(field) for field in fields])
    table, key = Identifier(model._meta.db_table), _column(model._meta.pk)
    text = SQL("SELECT {} FROM {} WHERE {} = %s FOR NO KEY UPDATE").format(columns, table, key).as_bytes()
    # Fields whose values the driver does not give as the model holds them: JSON, for one.
    converters = [
        (at, field, field.get_db_converters(connection))
        for at, field in enumerate(fields)
        if hasattr(field, "from_db_value")
    ]

    def load(case_id: int) -> M:
        with connection.wrap_database_errors:
            row = store.cursor().execute(text, (case_id,)).fetchone()
        if row is None:
            raise model.DoesNotExist(case_id)  # type: ignore[attr-defined]  # every model class has it
        values: list[Any] = list(row)
        for at, field, functions in converters:
            for convert in functions:
                values[at] = convert(values[at], field.cached_col, connection)
        return model.from_db(connection.alias, names, values)

    return load
