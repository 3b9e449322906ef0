"""The house's own name: whom the customer deals with. Its pages, mails and papers carry it; Thaki is the tool of its staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from thaki.people import policies

if TYPE_CHECKING:
    from django.http import HttpRequest

NAME = policies.define(
    "house.name", "COMTECO R.L.", _("Nombre de la cooperativa ante el cliente"), kind=policies.Kind.TEXT
)
SHORT = policies.define("house.short_name", "COMTECO", _("Nombre corto de la cooperativa"), kind=policies.Kind.TEXT)
WHAT = policies.define(
    "house.what", "Cooperativa de Telecomunicaciones", _("Qué es la cooperativa"), kind=policies.Kind.TEXT
)
PLACE = policies.define("house.place", "Cochabamba, Bolivia", _("Lugar de la cooperativa"), kind=policies.Kind.TEXT)


def words() -> dict[str, str]:
    """Name, short name, what it is, its place, and the initial that its mark shows."""
    name = str(policies.get(NAME))
    found = {"name": name, "short": str(policies.get(SHORT)), "what": str(policies.get(WHAT))}
    return found | {"place": str(policies.get(PLACE)), "initial": name[:1].upper()}


def context(request: HttpRequest) -> dict[str, object]:
    """`house` in every template; nothing is read until one shows it."""
    return {"house": SimpleLazyObject(words)}
