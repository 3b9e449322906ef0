"""The index of administration: rooms register what may be set up without editing files, each person sees his part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import _StrPromise

GROUPS: dict[str, str | _StrPromise] = {
    "people": _("Personas"),
    "commercial": _("Lo que se vende y cómo se paga"),
    "words": _("Textos y reglas"),
    "house": _("El sistema"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to administer."""

    label: str | _StrPromise
    text: str | _StrPromise  # what it is for, in a line
    url: str  # the name of an address without arguments
    icon: str
    group: str  # a key of GROUPS
    roles: frozenset[str]


_items: list[Item] = []


def register(*items: Item) -> None:
    """Add lines; called from a room's AppConfig.ready."""
    _items.extend(items)


def roles() -> frozenset[str]:
    """Everybody who has something to administer."""
    return frozenset().union(*(item.roles for item in _items))


def items_for(held: Iterable[str]) -> list[tuple[str, list[Item]]]:
    """What somebody with these roles may use, by group."""
    mine = set(held)
    found = {group: [item for item in _items if item.group == group and item.roles & mine] for group in GROUPS}
    return [(str(GROUPS[group]), items) for group, items in found.items() if items]
