"""The staff's side navigation: rooms register their entries at start-up, each person sees those of his roles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.functional import _StrPromise

GROUPS: dict[str, str | _StrPromise] = {
    "work": _("Trabajo"),
    "commercial": _("Comercial"),
    "reports": _("Informes"),
    "procedures": _("Procedimientos"),
    "settings": _("Administración"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation."""

    label: str | _StrPromise
    url: str  # the name of an address without arguments
    icon: str
    group: str = "work"  # a key of GROUPS
    roles: frozenset[str] | None = None  # None: everybody
    order: int = 50
    short: str | _StrPromise = ""  # for the bar at the bottom of a telephone; "" keeps it in the drawer
    badge: Callable[[Any], int] | None = (
        None  # the user -> a number to show; it runs on every page, so it must be cheap
    )
    also: tuple[str, ...] = ()  # beginnings of other addresses whose pages belong to the entry


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as a page shows it."""

    entry: Entry
    href: str
    active: bool
    count: int


_entries: list[Entry] = []


def register(*entries: Entry) -> None:
    """Add lines; called from a room's AppConfig.ready."""
    _entries.extend(entries)


def entries_for(request: HttpRequest) -> list[Shown]:
    """What this person sees, in order; worked out once a request, since the side and the bottom bar both show it."""
    known: list[Shown] | None = getattr(request, "thaki_navigation", None)
    if known is None:
        known = _shown(request)
        request.thaki_navigation = known  # type: ignore[attr-defined]  # a request is where Django keeps what lasts as long
    return known


def places_for(user: Any) -> list[tuple[Entry, str]]:
    """The pages that a person may go to, with their addresses, in order; nothing is counted for it."""
    roles = set(getattr(user, "roles", ()))
    seen = [entry for entry in _entries if entry.roles is None or entry.roles & roles]
    seen.sort(key=lambda entry: (list(GROUPS).index(entry.group), entry.order))
    return [(entry, href) for entry, href in ((entry, _address(entry.url)) for entry in seen) if href]


def _shown(request: HttpRequest) -> list[Shown]:
    """The longest address that the page's begins with is the active one."""
    known = places_for(request.user)
    under = [(href, part) for entry, href in known for part in (href, *entry.also) if _covers(part, request.path)]
    active, _longest = max(under, key=lambda pair: len(pair[1]), default=("", ""))
    return [Shown(e, href, href == active, e.badge(request.user) if e.badge else 0) for e, href in known]


def _covers(href: str, path: str) -> bool:
    return path == href or (href != "/" and path.startswith(href))


def _address(name: str) -> str:
    # A room may be named before its pages are there; its line is then left out instead of breaking every page.
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
