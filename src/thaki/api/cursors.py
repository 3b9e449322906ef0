"""Keyset paging: a page names the last row that was read, so the hundredth page costs what the first one does.

A cursor is opaque to its reader: the sort values of that row, as base64 of JSON. A row that changes its place between two pages
is read where it is then; none is read twice because another one came or went.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from thaki.api.problems import Problem

T = TypeVar("T")
MOST = 200
BIGGEST = 2**63 - 1


class Slice(Generic[T]):
    """The rows of a page, and the cursor of the next one ("" on the last)."""

    def __init__(self, rows: Sequence[T], following: str) -> None:
        self.rows, self.following = rows, following


def newest_first(rows: QuerySet[Any], at: str, cursor: str, limit: int) -> Slice[Any]:
    """A page of rows ordered by `-at, -pk`; `at` is the path of an instant that is never null."""
    if cursor:
        instant, pk = _read(cursor, (_instant, int))
        rows = rows.filter(Q(**{f"{at}__lt": instant}) | Q(**{at: instant, "pk__lt": pk}))
    return slice_of(rows, limit, lambda row: [_value(row, at).isoformat(), row.pk])


def worklist(rows: QuerySet[Any], cursor: str, limit: int) -> Slice[Any]:
    """A page of tasks in the order of the worklist: priority, then what is due first, what is never due last."""
    if cursor:
        priority, due_at, pk = _read(cursor, (int, _instant_or_none, int))
        later = Q(due_at=None, pk__gt=pk)
        if due_at is not None:
            later = Q(due_at__gt=due_at) | Q(due_at=due_at, pk__gt=pk) | Q(due_at=None)
        rows = rows.filter(Q(priority__lt=priority) | (Q(priority=priority) & later))
    return slice_of(rows, limit, lambda row: [row.priority, row.due_at.isoformat() if row.due_at else None, row.pk])


def by_sequence(rows: QuerySet[Any], cursor: str, limit: int) -> Slice[Any]:
    """A page of a case's events, by their number in the case."""
    if cursor:
        (seq,) = _read(cursor, (int,))
        rows = rows.filter(seq__gt=min(max(seq, 0), 2**31 - 1))
    return slice_of(rows, limit, lambda row: [row.seq])


def slice_of(rows: QuerySet[Any], limit: int, key: Callable[[Any], list[Any]]) -> Slice[Any]:
    """One row more than asked for tells whether there is a next page."""
    found = list(rows[: limit + 1])
    shown = found[:limit]
    return Slice(shown, _write(key(shown[-1])) if len(found) > limit else "")


def _value(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def _write(values: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")


def _read(cursor: str, kinds: Sequence[Callable[[Any], Any]]) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        found = [kind(value) for kind, value in zip(kinds, values, strict=True)]
    except (ValueError, TypeError, binascii.Error, RecursionError, OverflowError):
        raise Problem(422, "invalid", _("El cursor no es de esta lista."), errors=[("cursor", _("No vale."))]) from None
    if any(isinstance(value, int) and abs(value) > BIGGEST for value in found):
        raise Problem(422, "invalid", _("El cursor no es de esta lista."), errors=[("cursor", _("No vale."))])
    return found


def _instant(value: Any) -> datetime:
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError(value)
    return found.astimezone(UTC)


def _instant_or_none(value: Any) -> datetime | None:
    return None if value is None else _instant(value)
