"""Several prepared reads as one statement: a page that shows ten kinds of rows of one customer asks the database once.

Each read becomes a list of rows in JSON; what JSON does not know (money, days, instants) is made again what the ORM makes of it.

    PHONES, DEBTS = Prepared(Phone, "m.customer_id = %s"), Prepared(Debt, "m.customer_id = %s")
    phones, debts = Together(PHONES, DEBTS).all((7,), (7,))
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from thaki.people.prepared import Prepared, cursor

Convert = Callable[[Any], Any]
_CONVERTED: tuple[tuple[type[models.Field[Any, Any]], Convert], ...] = (
    (models.DateTimeField, datetime.fromisoformat),  # before DateField, of which it is one
    (models.DateField, date.fromisoformat),
    (models.DecimalField, Decimal),
)
_PLAIN = (
    models.AutoField,
    models.BigAutoField,
    models.IntegerField,
    models.FloatField,
    models.BooleanField,
    models.CharField,
    models.TextField,
)


class Together:
    """Reads that are asked at once. None of them locks."""

    def __init__(self, *reads: Prepared[Any]) -> None:
        assert not any(read.lock for read in reads)
        self.reads = reads

    def all(self, *values: Sequence[Any]) -> list[list[Any]]:
        """The rows of each read, given the values of its condition."""
        with connection.wrap_database_errors:
            row = cursor().execute(self._text, [one for some in values for one in some]).fetchone()
        assert row is not None  # a SELECT without FROM has one
        return [
            [read.made(_flat(parts, converts)) for parts in json.loads(found or "[]")]
            for read, converts, found in zip(self.reads, self._converts, row, strict=True)
        ]

    @cached_property
    def _text(self) -> bytes:
        lists = (
            f"(SELECT json_agg(x.row)::text FROM (SELECT json_build_array({_parts(read)}) AS row{read.source}) x)"  # noqa: S608  # our own names
            for read in self.reads
        )
        return f"SELECT {', '.join(lists)}".encode()

    @cached_property
    def _converts(self) -> list[list[list[Convert | None]]]:
        """By read, by part, by column."""
        return [
            [[_convert(field) for field in model._meta.concrete_fields] for _alias, model in read.tables]
            for read in self.reads
        ]


def _parts(read: Prepared[Any]) -> str:
    """One array a table: PostgreSQL's functions take a hundred arguments at most."""
    arrays = (", ".join(_column(alias, field) for field in model._meta.concrete_fields) for alias, model in read.tables)
    return ", ".join(f"json_build_array({columns})" for columns in arrays)


def _column(alias: str, field: Any) -> str:
    kind = _kind(field)
    as_text = isinstance(kind, models.DecimalField) or _decodes(kind)
    return f'{alias}."{field.column}"' + ("::text" if as_text else "")


def _flat(parts: list[list[Any]], converts: list[list[Convert | None]]) -> list[Any]:
    return [
        value if convert is None or value is None else convert(value)
        for part, columns in zip(parts, converts, strict=True)
        for value, convert in zip(part, columns, strict=True)
    ]


def _convert(field: Any) -> Convert | None:
    kind = _kind(field)
    found = next((convert for plain, convert in _CONVERTED if isinstance(kind, plain)), None)
    known = isinstance(kind.base_field if isinstance(kind, ArrayField) else kind, _PLAIN) or _decodes(kind)
    assert found is not None or known, f"{field}: how is it read from JSON?"
    return found


def _kind(field: Any) -> Any:
    """What the column holds: of a foreign key, the key; of a generated column, what is generated."""
    if isinstance(field, models.ForeignKey):
        return _kind(field.target_field)
    return field.output_field if isinstance(field, models.GeneratedField) else field


def _decodes(kind: Any) -> bool:
    """Whether the instance decodes it from PostgreSQL's own text, as `Prepared` has it do."""
    return isinstance(kind, models.JSONField) or hasattr(kind, "from_db_value")
