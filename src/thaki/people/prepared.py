"""Rows that nearly every request reads: their query is put together once, and prepared at the server.

Django puts a query together anew each time it is asked. For a row of eighty columns that costs several times what PostgreSQL
needs to find it (measured: 1.9 ms against 0.3), and PostgreSQL then plans it anew too. A `Prepared` has its table and its
condition for good, so it asks through psycopg's own cursor and makes the instances as the ORM makes them.

    SALE = Prepared(Sale, "m.case_id = %s", follow=("prospect", "customer"), lock=True)
    SALE.first(case_id)  # a Sale whose prospect and customer are known, or None

It stands in this room because it is the lowest one with a database: the sessions and the people are read by it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, LiteralString, TypeVar, cast

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.signals import post_init, pre_init
from psycopg.types.datetime import TimestamptzLoader

M = TypeVar("M", bound=models.Model)
Decode = Callable[[Any], Any]
if TYPE_CHECKING:
    ForeignKey = models.ForeignKey[Any, Any]

BIGGEST = 2**63 - 1  # of an id; what an address names beyond it would be looked for without the index
PREPARE_AFTER = 3  # the same text so often: it is one that repeats
PREPARED_AT_MOST = 400  # a connection; see also `cases.store.moving`
LOCK: LiteralString = "FOR NO KEY UPDATE OF m"
_CURSOR = "thaki_cursor"
_WATCH = "thaki_watch"
READ = "thaki_read"  # in an instance's state: (watch, the values of its columns as they were read)


def cursor() -> psycopg.Cursor[Any]:
    """A cursor of psycopg's own on Django's connection: bound at the server, prepared there once the text repeats.

    It is the same one again and again, which saves making it: take what it found before asking for the next.
    """
    django = connections[DEFAULT_DB_ALIAS]  # once: the usual proxy looks the connection up at each use
    django.close_if_health_check_failed()
    django.ensure_connection()
    raw = django.connection
    known: psycopg.Cursor[Any] | None = django.__dict__.get(_CURSOR)
    if known is not None and known.connection is raw:
        return known
    # Django switches preparing off; its own cursors bind at the client and take no notice of it
    raw.prepare_threshold, raw.prepared_max = PREPARE_AFTER, PREPARED_AT_MOST
    made = django.__dict__[_CURSOR] = psycopg.Cursor(raw)
    # Django has instants read in Python, to give them a UTC of its own; in C, with the connection's UTC, it takes a tenth
    made.adapters.register_loader("timestamptz", TimestamptzLoader)
    return made


@contextmanager
def watching() -> Iterator[None]:
    """Let rows that are read locked within remember what was read, so that saving one writes only what changed since.

    For one transaction: what was read in it, under a lock, is what the database holds until this transaction changes it.
    """
    here = connections[DEFAULT_DB_ALIAS].__dict__
    outer, here[_WATCH] = here.get(_WATCH), object()
    try:
        yield
    finally:
        here[_WATCH] = outer


def watch() -> object | None:
    """What stands for the transaction of the innermost `watching`; None outside of it."""
    return connections[DEFAULT_DB_ALIAS].__dict__.get(_WATCH)


@dataclass(frozen=True, slots=True)
class _Part:
    """One model's columns within a row."""

    model: type[models.Model]
    names: tuple[str, ...]
    key: int  # place of the primary key: null where an outer join found nothing
    decoded: tuple[tuple[str, Decode], ...]  # the columns that Python sees otherwise than psycopg

    def make(self, values: Sequence[Any], seen: object = None) -> models.Model | None:
        """The instance, as if the ORM had read it; with the transaction that it is `seen` in it remembers what was read."""
        if values[self.key] is None:
            return None
        made = instance(self.model, self.names, values)
        if seen is not None:
            made._state.__dict__[READ] = (seen, values)
        row = made.__dict__
        for name, decode in self.decoded:
            if row[name] is not None:
                row[name] = decode(row[name])
        return made


class Prepared(Generic[M]):
    """A query by one condition on one table (`m`), with the rows that some of its foreign keys lead to."""

    def __init__(
        self, model: type[M], where: LiteralString, *, follow: tuple[str, ...] = (), lock: bool | LiteralString = False
    ) -> None:
        self.model = model
        self.where = where
        self.follow = follow
        self.lock: LiteralString = lock if isinstance(lock, str) else LOCK if lock else ""

    def first(self, *values: Any) -> M | None:
        """The row for these values of the condition, None when there is none. More than one is for the caller to exclude."""
        with connection.wrap_database_errors:
            row = cursor().execute(self._text, values).fetchone()
        return self._make(row, watch() if self.lock else None) if row is not None else None

    def all(self, *values: Any) -> list[M]:
        """Every row for these values."""
        with connection.wrap_database_errors:
            rows = cursor().execute(self._text, values).fetchall()
        seen = watch() if self.lock else None
        return [self._make(row, seen) for row in rows]

    def get(self, *values: Any) -> M:
        """The row for these values; raises the model's DoesNotExist."""
        found = self.first(*values)
        if found is None:
            raise cast(Any, self.model).DoesNotExist(f"{self.model.__name__}: {values}")
        return found

    # ------------------------------------------------------------------ the text
    @cached_property
    def _keys(self) -> tuple[ForeignKey, ...]:
        fields = [self.model._meta.get_field(name) for name in self.follow]
        assert all(isinstance(field, models.ForeignKey) for field in fields)
        return tuple(fields)  # type: ignore[arg-type]  # just checked

    @cached_property
    def tables(self) -> tuple[tuple[str, type[models.Model]], ...]:
        """Each table with its alias, the main one first: a row has their columns in this order."""
        return (("m", self.model), *((f"r{number}", _model(field)) for number, field in enumerate(self._keys)))

    @cached_property
    def source(self) -> str:
        """The statement from its FROM on."""
        joins = "".join(
            f' LEFT JOIN "{there._meta.db_table}" {alias} ON {alias}."{field.target_field.column}" = m."{field.column}"'
            for field, (alias, there) in zip(self._keys, self.tables[1:], strict=True)
        )
        return f' FROM "{self.model._meta.db_table}" m{joins} WHERE {self.where} {self.lock}'

    @cached_property
    def _text(self) -> bytes:
        columns = ", ".join(_columns(alias, model) for alias, model in self.tables)
        return f"SELECT {columns}{self.source}".encode()

    # ------------------------------------------------------------------ the rows
    def made(self, row: Sequence[Any]) -> M:
        """A row that was read otherwise (`together`), as this query makes it."""
        return self._make(row)

    @cached_property
    def _parts(self) -> tuple[_Part, ...]:
        return (_part(self.model), *(_part(_model(field)) for field in self._keys))

    def _make(self, row: Sequence[Any], seen: object = None) -> M:
        main, *others = self._parts
        end = len(main.names)
        made: Any = main.make(row[:end], seen)  # the others are not locked
        for field, part in zip(self._keys, others, strict=True):
            start, end = end, end + len(part.names)
            there = part.make(row[start:end])
            if there is not None:
                field.set_cached_value(made, there)
        return cast(M, made)


def _model(field: ForeignKey) -> type[models.Model]:
    assert isinstance(field.related_model, type)  # the apps are loaded
    return field.related_model


def instance(model: type[M], names: Sequence[str], values: Sequence[Any]) -> M:
    """A row of these columns as an instance, without a model's `__init__`, which for a row that was read only sets them."""
    made = model.__new__(model)
    state = made._state = models.base.ModelState()
    state.db, state.adding = DEFAULT_DB_ALIAS, False
    made.__dict__.update(zip(names, values, strict=True))
    return made


# Names of tables and columns are the program's own; what comes from outside is always a value of the condition.
def _columns(alias: str, model: type[models.Model]) -> str:
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


def _part(model: type[models.Model]) -> _Part:
    fields = model._meta.concrete_fields
    names = tuple(field.attname for field in fields)
    decoded = tuple((field.attname, decode) for field in fields if (decode := decoder(field)) is not None)
    assert model._meta.pk is not None
    told = any(signal.has_listeners(model) for signal in (pre_init, post_init))
    assert model.__init__ is models.Model.__init__ and not told, f"{model.__name__} must be made by its __init__"
    return _Part(model, names, names.index(model._meta.pk.attname), decoded)


def decoder(field: Any) -> Decode | None:
    """How a column that Python sees otherwise than psycopg is read; None for the others."""
    if isinstance(field, models.JSONField) and field.decoder is None:
        return _json  # Django leaves jsonb as text on its connections
    read = getattr(field, "from_db_value", None)
    return (lambda value: read(value, None, connection)) if read is not None else None


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
