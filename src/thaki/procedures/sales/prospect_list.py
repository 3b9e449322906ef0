"""The list of prospects under way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from thaki.cases.models import Case, Task
from thaki.cases.rules import search_trigrams
from thaki.people.roles import Role
from thaki.procedures.sales.models import Sale
from thaki.records.prospects.models import Channel, ContactAttempt

if TYPE_CHECKING:
    from thaki.people.models import User

# How far a prospect has come: the last milestone that he reached (R-A6).
MILESTONES = {
    "nuevos": (_("Sin contacto"), Q(visited_at=None)),
    "visitados": (_("Visitado"), Q(visited_at__isnull=False, informed_at=None)),
    "informados": (_("Informado"), Q(informed_at__isnull=False, presale_at=None)),
    "preventa": (_("Pre Venta"), Q(presale_at__isnull=False, sold_at=None)),
    "venta": (_("Venta"), Q(sold_at__isnull=False)),
}
CHIEFS = (Role.RESPONSABLE_VENTAS_DIGITALES, Role.RESPONSABLE_CANALES_DIGITALES, Role.JEFE_DIVISION_VENTAS)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; what it does not name is all."""

    milestone: str = ""
    channel: str = ""
    text: str = ""


def read_filters(query: Mapping[str, str]) -> Filters:
    """The filters of an address; what is unknown is passed over."""
    milestone, channel = query.get("hito", ""), query.get("canal", "")
    return Filters(
        milestone if milestone in MILESTONES else "",
        channel if channel in Channel.values else "",
        query.get("q", "").strip()[:80],
    )


def sees_all(user: User) -> bool:
    """Whether the person looks after everybody's prospects."""
    return user.has_role(*CHIEFS)


def rows(user: User, filters: Filters) -> QuerySet[Sale]:
    """The open sales that the person follows, the newest first, with step, last attempt and agreed call."""
    attempts = ContactAttempt.objects.filter(prospect=OuterRef("prospect")).order_by("-at", "-id")
    step = Task.objects.filter(case=OuterRef("case"), state=Task.State.OPEN).order_by("id").values("step")[:1]
    found = Sale.objects.filter(case__state__in=(Case.State.OPEN, Case.State.SUSPENDED), case__procedure="sales")
    if not sees_all(user):
        found = found.filter(Q(executive=user) | Q(executive=None, case__owner=None))
    if filters.milestone:
        found = found.filter(MILESTONES[filters.milestone][1])
    if filters.channel:
        found = found.filter(prospect__channel=filters.channel)
    if filters.text:
        found = found.filter(_named(filters.text))
    return (
        found.select_related("case", "prospect", "customer", "executive", "plan")
        .annotate(
            step=Subquery(step),
            last_attempt=Subquery(attempts.values("result")[:1]),
            last_attempt_at=Subquery(attempts.values("at")[:1]),
            call_back_at=Subquery(attempts.values("call_back_at")[:1]),
        )
        .order_by("-case__opened_at", "-pk")
    )


def _named(text: str) -> Q:
    digits = "".join(character for character in text if character.isdigit())
    if len(digits) >= 4 and not any(character.isalpha() for character in text):
        return Q(prospect__phone__startswith=digits)
    if text.upper().startswith("GVD-"):
        return Q(case__number__startswith=text.upper())
    return Q(case__search__contains=search_trigrams(text))
