"""Pages of a list that do not count the world: one row more than shown tells whether there is a next page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

T = TypeVar("T")
SIZE = 50
# An offset costs what it skips; who wants page 201 wants a filter.
LAST = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of rows."""

    rows: Sequence[T]
    number: int  # from 1
    size: int
    has_next: bool

    @property
    def first(self) -> int:
        """The position of the first row shown, from 1; 0 when there is none."""
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The position of the last row shown."""
        return (self.number - 1) * self.size + len(self.rows)

    @property
    def has_previous(self) -> bool:
        """Whether there is a page before."""
        return self.number > 1


def page_of(rows: QuerySet[Any] | Sequence[T], request: HttpRequest, size: int = SIZE) -> Page[T]:
    """The page that `?pagina=` names."""
    number = page_number(request)
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    return Page(found[:size], number, size, len(found) > size and number < LAST)


def page_number(request: HttpRequest) -> int:
    """Which page `?pagina=` names; nonsense in the address is the first page."""
    asked = request.GET.get("pagina", "1")
    return min(max(int(asked), 1), LAST) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


@dataclass(frozen=True, slots=True)
class Stretch(Generic[T]):
    """Some rows of a list that goes on from a row, not from a count: its last page costs what its first does."""

    rows: Sequence[T]
    name: str  # of the address's parameter that says after which row it begins
    begins: bool  # at the list's beginning
    after: str  # the mark of the last row shown, "" where nothing follows

    @property
    def has_more(self) -> bool:
        """Whether rows follow."""
        return bool(self.after)


def stretch_of(rows: QuerySet[Any], request: HttpRequest, name: str = "desde", size: int = SIZE) -> Stretch[Any]:
    """The newest rows after the one that `?name=` tells by its id; several of a page have a name each."""
    asked = request.GET.get(name, "")
    after = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0
    if after:
        rows = rows.filter(pk__lt=after)
    found = list(rows.order_by("-pk")[: size + 1])
    last = str(found[size - 1].pk) if len(found) > size else ""
    return Stretch(found[:size], name, not after, last)
