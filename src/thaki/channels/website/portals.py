"""Which page a customer sees on his link: each procedure registers its own."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from thaki.channels.website.models import CustomerLink

Portal = Callable[[HttpRequest, CustomerLink, str], HttpResponse]  # (request, link, action: "" for the page itself)

_portals: dict[str, Portal] = {}


def register(procedure: str, portal: Portal) -> None:
    """Say who shows the cases of a procedure to their customers; called when Django is ready."""
    _portals[procedure] = portal


def portal_of(procedure: str) -> Portal | None:
    """Who does, if anybody."""
    return _portals.get(procedure)
