"""Models that are found, made and saved by prepared statements.

The ORM puts the text of a query together anew each time, which costs several times what PostgreSQL needs to run it. What a step
does most is always the same: read a row by its key, lock one, insert one, save some fields of one. For a model that is a
`Quick` these have their text made once, whoever asks (`objects.get(pk=…)`, a foreign key that is followed, `create`, `save`);
whatever is unusual about a question (a lookup, a default of the database, a signal that somebody awaits) is Django's own.
A model without a Meta of its own would show `base_manager_name` in its migrations: give it one.
`prepared.Prepared` does the same for conditions of one's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, LiteralString, Self, TypeVar

from django.db import connection, models
from django.db.models.signals import post_save, pre_save
from psycopg.sql import SQL, Identifier

from thaki.people.prepared import BIGGEST, LOCK, READ, Prepared, cursor, decoder, watch

M = TypeVar("M", bound=models.Model)
_FOR_UPDATE: Mapping[bool, LiteralString] = {False: "FOR UPDATE OF m", True: LOCK}


# ---------------------------------------------------------------------- reading
class QuickQuerySet(models.QuerySet[M]):
    """A queryset whose `get` by equality, locked or not, is a prepared statement as long as nothing else was asked of it."""

    _fresh = False  # nothing has been asked of it yet; a clone, which every other question makes, is not fresh any more
    _locks: LiteralString = ""

    def get(self, *args: Any, **conditions: Any) -> M:
        """As any queryset's."""
        wanted = self._equalities(args, conditions) if self._fresh and not connection.execute_wrappers else None
        if wanted is None:
            return super().get(*args, **conditions)
        found = _by(self.model, tuple(wanted), self._locks).all(*wanted.values())
        if len(found) == 1:
            return found[0]  # type: ignore[return-value]  # of this queryset's model
        model: Any = self.model
        raise (model.MultipleObjectsReturned if found else model.DoesNotExist)(
            f"{len(found)} {self.model._meta.object_name}: {wanted}"
        )

    def select_for_update(
        self, nowait: bool = False, skip_locked: bool = False, of: Iterable[str] = (), no_key: bool = False
    ) -> Self:
        """As any queryset's."""
        locked: Self = super().select_for_update(nowait, skip_locked, tuple(of), no_key)
        if self._fresh and not (nowait or skip_locked or of) and connection.in_atomic_block:
            locked._fresh, locked._locks = True, _FOR_UPDATE[no_key]
        return locked

    def _equalities(self, args: tuple[Any, ...], conditions: dict[str, Any]) -> dict[str, Any] | None:
        """Column by column what is asked for; None when it is more than plain equality."""
        pairs = list(conditions.items())
        for arg in args:
            if arg.negated or arg.connector != models.Q.AND or not all(isinstance(one, tuple) for one in arg.children):
                return None
            pairs += arg.children
        fields = _fields(self.model)
        wanted = {}
        for name, value in pairs:
            field = fields.get(name)
            if isinstance(value, models.Model):
                value = value.pk
            if field is None or not isinstance(value, str | int) or field.column in wanted:
                return None
            prepared = field.get_db_prep_value(field.get_prep_value(value), connection)
            if isinstance(prepared, int) and abs(prepared) > BIGGEST:
                return None
            wanted[field.column] = prepared
        return wanted or None


class QuickManager(models.Manager[M]):
    """Hands out quick querysets."""

    def get_queryset(self) -> QuickQuerySet[M]:
        """A fresh one; a related object's manager narrows it, and it is fresh no more."""
        made: QuickQuerySet[M] = QuickQuerySet(self.model, using=self._db, hints=getattr(self, "_hints", None))
        made._fresh = self._db is None or self._db == "default"
        return made


@cache
def _fields(model: type[models.Model]) -> dict[str, Any]:
    named = {field.name: field for field in model._meta.concrete_fields}
    named |= {field.attname: field for field in model._meta.concrete_fields}
    return named | {"pk": model._meta.pk}


@cache
def _by(model: type[models.Model], columns: tuple[str, ...], locks: LiteralString) -> Prepared[models.Model]:
    where = SQL(" AND ").join([SQL("m.{} = %s").format(Identifier(column)) for column in columns])
    text = where.as_string() + " LIMIT 3"
    return Prepared(model, text, lock=locks)


# ---------------------------------------------------------------------- writing
class Quick(models.Model):
    """Base of a model whose rows steps read and write all the time."""

    objects: ClassVar[QuickManager[Self]] = QuickManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"  # so that following a foreign key is quick as well

    def save(
        self,
        *,
        force_insert: bool | tuple[models.base.ModelBase, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        """Save these fields, or the whole row; a new row is inserted."""
        names = tuple(update_fields) if update_fields is not None else None
        if (
            names != ()
            and using in (None, "default")
            and not (force_update or isinstance(force_insert, tuple))
            and _is_plain(type(self))
        ):
            if self._state.adding and names is None and self._insert(bool(force_insert)):
                return
            if not self._state.adding and not force_insert and self._update(names):
                return
        super().save(force_insert=force_insert, force_update=force_update, using=using, update_fields=names)

    def _insert(self, forced: bool) -> bool:
        """Insert the row; False when that is better left to Django."""
        if self.pk is not None and not forced:
            return False  # Django looks first whether it is there
        self._prepare_related_fields_for_save(operation_name="save")  # type: ignore[attr-defined]
        text, fields, returned = _insert(type(self), self.pk is None)
        values = []
        for field in fields:
            value = field.pre_save(self, True)
            if hasattr(value, "resolve_expression"):
                return False
            values.append(field.get_db_prep_save(value, connection))
        with connection.wrap_database_errors:
            result = cursor().execute(text, values)
            row = result.fetchone() if returned else ()
        for (name, decode), value in zip(returned, row or (), strict=True):
            setattr(self, name, decode(value) if decode is not None and value is not None else value)
        self._state.adding, self._state.db = False, "default"
        return True

    def _update(self, names: tuple[str, ...] | None) -> bool:
        """Save fields of a row that is there; False when that is better left to Django."""
        if names is None and self.get_deferred_fields():
            return False
        self._prepare_related_fields_for_save(operation_name="save")  # type: ignore[attr-defined]
        if names is None:
            names = self._changed()
            if names == ():
                return True  # the row is there, locked, and as it was read
        text, fields = _update(type(self), names)
        values = []
        for field in fields:
            value = field.pre_save(self, False)
            if hasattr(value, "resolve_expression"):
                return False
            values.append(field.get_db_prep_save(value, connection))
        with connection.wrap_database_errors:
            result = cursor().execute(text, [*values, self.pk])
        if result.rowcount > 0:
            self._remember(fields)
        return result.rowcount > 0  # a row that is gone is Django's to complain of

    def _changed(self) -> tuple[str, ...] | None:
        """The fields that differ from what was read under a lock of this very transaction; None when that is not known."""
        read = self._state.__dict__.get(READ)
        if read is None or read[0] is not watch():
            return None
        row, compared = self.__dict__, _compared(type(self))
        if self.pk != read[1][compared.key]:
            return None  # a copy in the making
        return tuple(
            name
            for (name, decode), was in zip(compared.fields, read[1], strict=True)
            if name in compared.always
            or row[name] != (was if decode is None or was is None or was is _SAVED else decode(was))
        )

    def _remember(self, fields: Iterable[Any]) -> None:
        """What was saved is what the row holds now."""
        read = self._state.__dict__.get(READ)
        if read is None:
            return
        values, places = list(read[1]), _compared(type(self)).places
        for field in fields:
            at, decode = places[field.attname]
            values[at] = self.__dict__[field.attname] if decode is None else _SAVED
        self._state.__dict__[READ] = (read[0], values)

    def refresh_from_db(self, *args: Any, **options: Any) -> None:
        """As any model's; what was read before counts no more."""
        self._state.__dict__.pop(READ, None)
        super().refresh_from_db(*args, **options)


def _is_plain(model: type[models.Model]) -> bool:
    """Whether nobody waits to be told, and the row is in one table."""
    told = any(signal.has_listeners(model) for signal in (pre_save, post_save))
    return not (told or model._meta.parents or connection.execute_wrappers)


@cache
def _insert(model: type[models.Model], numbered: bool) -> tuple[bytes, tuple[Any, ...], tuple[tuple[str, Any], ...]]:
    """The statement that inserts a row, its fields, and what comes back with how it is read."""
    meta = model._meta
    fields = [field for field in meta.concrete_fields if not field.generated and not (numbered and field.primary_key)]
    text = SQL("INSERT INTO {} ({}) VALUES ({})").format(
        Identifier(meta.db_table),
        SQL(", ").join([_column(field) for field in fields]),
        SQL(", ").join([SQL("%s")] * len(fields)),
    )
    back = [field for field in meta.db_returning_fields if numbered or not field.primary_key]
    if back:
        text += SQL(" RETURNING {}").format(SQL(", ").join([_column(field) for field in back]))
    return text.as_bytes(), tuple(fields), tuple((field.attname, decoder(field)) for field in back)


@cache
def _update(model: type[models.Model], names: tuple[str, ...] | None) -> tuple[bytes, tuple[Any, ...]]:
    """The statement that saves these fields of a row (all of them), and the fields in its order."""
    meta = model._meta
    if names is None:
        fields = tuple(field for field in meta.concrete_fields if not field.primary_key and not field.generated)
    else:
        fields = tuple(dict.fromkeys(_fields(model)[name] for name in names))
    settings = SQL(", ").join([SQL("{} = %s").format(_column(field)) for field in fields])
    text = SQL("UPDATE {} SET {} WHERE {} = %s").format(Identifier(meta.db_table), settings, _column(meta.pk))
    return text.as_bytes(), fields


_SAVED = object()  # a value of a kind that may change within: it is saved again


@dataclass(frozen=True, slots=True)
class _Compared:
    """How the columns of a model are compared with what was read."""

    fields: tuple[tuple[str, Any], ...]  # every column's attribute, and how it is read, in the order of the columns
    places: Mapping[str, tuple[int, Any]]  # attribute -> place among them, and how it is read
    key: int  # place of the primary key
    always: frozenset[str]  # what sets itself when it is saved


@cache
def _compared(model: type[models.Model]) -> _Compared:
    columns = list(model._meta.concrete_fields)
    fields = tuple((field.attname, decoder(field)) for field in columns)
    places = {name: (at, decode) for at, (name, decode) in enumerate(fields)}
    kept = (models.Field.pre_save, models.DateField.pre_save, models.DateTimeField.pre_save, models.TimeField.pre_save)
    always = {f.attname for f in columns if type(f).pre_save not in kept or getattr(f, "auto_now", False)}
    assert model._meta.pk is not None
    return _Compared(fields, places, places[model._meta.pk.attname][0], frozenset(always))


def _column(field: models.Field[Any, Any] | None) -> Identifier:
    assert field is not None and field.column is not None  # concrete fields, of which every model has a key
    return Identifier(field.column)
