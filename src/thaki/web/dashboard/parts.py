"""Which parts a person's dashboard has. Parts that are the same for everybody who sees them are counted once a minute."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from thaki.people.roles import Role
from thaki.web.dashboard import cards, retention_cards
from thaki.web.dashboard.cards import Card

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from thaki.people.models import User

SELLER = Role.EJECUTIVO_VENTAS_DIGITALES
LEADERS = (Role.RESPONSABLE_VENTAS_DIGITALES, Role.RESPONSABLE_CANALES_DIGITALES, Role.JEFE_DIVISION_VENTAS)
KEEPERS = (Role.JEFE_RELACION_CLIENTE, Role.JEFE_RECURSOS, Role.GERENCIA_COMERCIAL)
OWNERS = (Role.GESTION_CALIDAD, Role.ADMINISTRADOR)
READERS = (SELLER, *LEADERS)
SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Part:
    """A part that many share: it comes after the page, which does not wait for it."""

    key: str
    title: str | _StrPromise
    roles: tuple[Role, ...]
    make: Callable[[datetime], Card]


SHARED = (
    Part(
        "indicator",
        _("Indicador de ventas"),
        (Role.JEFE_DIVISION_VENTAS, Role.RESPONSABLE_VENTAS_DIGITALES),
        cards.indicator,
    ),
    Part("team", _("El equipo"), LEADERS, cards.team),
    Part("unserved", _("No atendidas"), LEADERS, cards.unserved),
    Part("bajas", _("Indicador de bajas"), KEEPERS, retention_cards.bajas),
    Part("kept", _("Retenciones"), (Role.RESPONSABLE_RETENCION, *KEEPERS), retention_cards.kept),
    Part(
        "orders",
        _("Órdenes de 24 horas"),
        (Role.SUPERVISOR_CENTRO_OPERACIONES, Role.RESPONSABLE_RETENCION, Role.JEFE_RECURSOS),
        retention_cards.orders,
    ),
    Part("billing_claims", _("Reclamos de facturación"), (Role.DIVISION_FACTURACION,), retention_cards.billing_claims),
    Part("requests_inbox", _("Bandeja"), (Role.GESTION_SOLICITUDES,), retention_cards.requests_inbox),
    Part("incidents_inbox", _("Bandeja"), (Role.SOLUCION_INCIDENTES,), retention_cards.incidents_inbox),
    Part("procedures", _("Procedimientos"), OWNERS, cards.procedures),
    Part("times", _("Tiempo por paso"), (*OWNERS, *LEADERS), cards.step_times),
)
_known: dict[tuple[str, str], tuple[float, Card]] = {}


def own(user: User, now: datetime) -> list[Card]:
    """The parts that are the person's own, counted with the page."""
    found = [cards.own_tasks(user, now)]
    if user.has_role(SELLER):
        found.append(cards.own_sales(user, now))
    posts = [role for role in user.roles if role not in {SELLER, *LEADERS, *OWNERS}]
    if posts:
        found.append(cards.queue(user, posts, now))
    return found


def shared(user: User) -> list[Part]:
    """The parts that come after the page."""
    return [part for part in SHARED if user.has_role(*part.roles)]


def made(part: Part, now: datetime) -> Card:
    """The card of a shared part, of a minute ago at the most."""
    key = part.key, get_language() or ""
    known = _known.get(key)
    if known is None or time.monotonic() - known[0] > SECONDS:
        known = time.monotonic(), part.make(now)
        _known[key] = known
    return known[1]


def forget() -> None:
    """Count anew: for tests."""
    _known.clear()
