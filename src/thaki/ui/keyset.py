"""Pages of a list that go on behind the last row shown: the thousandth page costs what the first does.

The address carries the last row's sort values (`?desde=…`), so a list may be walked through however long it is, and rows that
come or go meanwhile neither repeat nor hide others.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db.models import Q

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

T = TypeVar("T")
SIZE = 50
LONGEST = 400  # of a mark in the address


@dataclass(frozen=True, slots=True)
class Key:
    """One of the values by which a list is sorted; never null. The last of them has to be unique."""

    name: str
    descending: bool = False
    is_time: bool = False

    @property
    def order(self) -> str:
        """As `order_by` takes it."""
        return f"-{self.name}" if self.descending else self.name


@dataclass(frozen=True, slots=True)
class Stretch(Generic[T]):
    """One stretch of a list."""

    rows: Sequence[T]
    first: str  # address of the beginning, "" when this is it
    following: str  # address of what comes behind, "" at the end


def stretch_of(rows: QuerySet[Any], keys: Sequence[Key], request: HttpRequest, size: int = SIZE) -> Stretch[Any]:
    """The stretch that `?desde=` names, of rows sorted by these keys; nonsense in the address is the beginning."""
    mark = _read(request.GET.get("desde", ""), keys)
    ordered = rows.order_by(*(key.order for key in keys))
    found = list((ordered.filter(_behind(mark, keys)) if mark else ordered)[: size + 1])
    following = _address(request, _write(found[size - 1], keys)) if len(found) > size else ""
    return Stretch(found[:size], _address(request, "") if mark else "", following)


def _behind(mark: Sequence[Any], keys: Sequence[Key]) -> Q:
    """Rows after the mark: greater in the first key, or equal in it and greater in the next…"""
    condition, equal = Q(pk__in=[]), Q()
    for key, value in zip(keys, mark, strict=True):
        condition |= equal & Q(**{f"{key.name}__{'lt' if key.descending else 'gt'}": value})
        equal &= Q(**{key.name: value})
    return condition


def _write(row: Any, keys: Sequence[Key]) -> str:
    values = [_attribute(row, key.name) for key in keys]
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _attribute(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def _read(mark: str, keys: Sequence[Key]) -> list[Any]:
    if not mark or len(mark) > LONGEST:
        return []
    try:
        values = json.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
        if not isinstance(values, list) or len(values) != len(keys):
            return []
        return [_value(value, key) for value, key in zip(values, keys, strict=True)]
    except (binascii.Error, ValueError, TypeError, UnicodeDecodeError):
        return []


def _value(value: Any, key: Key) -> Any:
    if key.is_time:
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is None:
            raise ValueError(value)
        return instant
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**63:
        raise ValueError(value)
    return value


def _address(request: HttpRequest, mark: str) -> str:
    query = request.GET.copy()
    query.pop("desde", None)
    if mark:
        query["desde"] = mark
    return f"{request.path}?{query.urlencode()}" if query else request.path
