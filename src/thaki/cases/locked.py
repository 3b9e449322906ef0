"""Loads a procedure's record under lock, as quickly as psycopg can: for `ProcedureApp.load`.

`load=locked(Sale)` does what `Sale.objects.select_for_update(no_key=True).get(pk=case_id)` does, with the statement made once and
prepared; the ORM would put the same text together in every step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import connection, models
from psycopg.sql import SQL, Identifier

from thaki.cases import store

M = TypeVar("M", bound=models.Model)


def locked(model: type[M]) -> Callable[[int], M]:
    """A loader of the model's row whose primary key is the case's id; it raises the model's DoesNotExist."""
    fields = model._meta.concrete_fields
    names = [field.attname for field in fields]
    key = model._meta.pk
    assert key is not None  # every model has one
    text = (
        SQL("SELECT {} FROM {} WHERE {} = %s FOR NO KEY UPDATE")
        .format(
            SQL(", ").join(Identifier(field.column) for field in fields if field.column),
            Identifier(model._meta.db_table),
            Identifier(key.column),
        )
        .as_bytes()
    )
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
