"""Prospects by how far they came: who waits in the base, who is worked on, who was lost and why.

A prospect under way is a *live* sale: its case has not ended, which a trigger of the database keeps on the sale's own row. So
the list and the board read an index of live sales only, and cost the same however many have ended. Who was lost is read by the
day on which he arrived at step 19.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Case as When
from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models import When as Then
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from thaki.cases.models import Task
from thaki.cases.rules import search_trigrams
from thaki.people.models import User
from thaki.people.roles import Role
from thaki.procedures.sales.models import Sale, UnservedRequest
from thaki.procedures.sales.reasons import UNSERVED_LABELS
from thaki.records.prospects.models import Channel, Prospect
from thaki.records.text import trigrams
from thaki.ui.keyset import Key

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

BASE, LOST = "base", "perdidos"
# How far a prospect has come: the last milestone that he reached (R-A6).
MILESTONES: dict[str, tuple[str | _StrPromise, Q]] = {
    "nuevos": (_("Sin contacto"), Q(visited_at=None)),
    "visitados": (_("Visitado"), Q(visited_at__isnull=False, informed_at=None)),
    "informados": (_("Informado"), Q(informed_at__isnull=False, presale_at=None)),
    "preventa": (_("Pre Venta"), Q(presale_at__isnull=False, sold_at=None)),
    "venta": (_("Venta"), Q(sold_at__isnull=False)),
}
STATES: dict[str, str | _StrPromise] = {
    BASE: _("Por repartir"),
    **{code: name for code, (name, _condition) in MILESTONES.items()},
    LOST: _("Perdidos"),
}
TONES = {
    BASE: "neutral",
    "nuevos": "warn",
    "visitados": "info",
    "informados": "info",
    "preventa": "good",
    "venta": "good",
    LOST: "bad",
}
CHIEFS = (Role.RESPONSABLE_VENTAS_DIGITALES, Role.RESPONSABLE_CANALES_DIGITALES, Role.JEFE_DIVISION_VENTAS)
DAYS = (30, 90, 365)  # how far back the lost ones are shown
NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # the sort value of what has no time limit
# Waiting at 19, or left there for good; one that was taken up again is under way.
NOT_LOST = Q(unserved_reason="") | Q(unserved="take_up")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; what it does not name is all."""

    state: str = ""  # of STATES
    channel: str = ""
    text: str = ""
    reason: str = ""  # of the lost
    executive: int = 0
    late: bool = False
    campaign: str = ""
    days: int = DAYS[0]


def read_filters(query: Mapping[str, str]) -> Filters:
    """The filters of an address; what is unknown is passed over."""
    state, channel, reason = (query.get(name, "") for name in ("hito", "canal", "motivo"))
    person, days = query.get("ejecutivo", ""), query.get("dias", "")
    return Filters(
        state=state if state in STATES else "",
        channel=channel if channel in Channel.values else "",
        text=query.get("q", "").replace("\x00", "").strip()[:80],
        reason=reason if reason in UNSERVED_LABELS else "",
        executive=int(person) if person.isascii() and person.isdigit() and len(person) < 10 else 0,
        late=query.get("atraso", "") == "1",
        campaign=query.get("campana", "").replace("\x00", "").strip()[:80],
        days=int(days) if days in map(str, DAYS) else DAYS[0],
    )


def sees_all(user: User) -> bool:
    """Whether the person looks after everybody's prospects."""
    return user.has_role(*CHIEFS)


# ---------------------------------------------------------------- under way
LIVE_KEYS = (Key("due", is_time=True), Key("pk"))


def live(user: User, filters: Filters, *, now: datetime) -> QuerySet[Any]:
    """The sales under way that the person follows, each with the hour at which its first task is due (`due`)."""
    first = Task.objects.filter(case=OuterRef("pk"), state=Task.State.OPEN).order_by().values("case")
    due = Coalesce(Subquery(first.annotate(at=Min("due_at")).values("at")), Value(NEVER))
    found: QuerySet[Any] = under_way(user, filters).annotate(due=due)
    return found.filter(due__lt=now) if filters.late else found


def under_way(user: User, filters: Filters) -> QuerySet[Any]:
    """The sales under way that the person follows, late or not."""
    found = Sale.objects.filter(NOT_LOST, live=True, prospect__merged_into=None)
    if not sees_all(user):
        found = found.filter(Q(executive=user) | Q(executive=None, case__owner=None))
    if filters.state in MILESTONES:
        found = found.filter(MILESTONES[filters.state][1])
    return _narrowed(found, filters, "prospect__", "executive")


def rows(user: User, filters: Filters) -> QuerySet[Sale]:
    """The sales under way that the person follows, the newest first."""
    found = live(user, filters, now=timezone.now()).select_related("case", "prospect", "executive")
    return found.order_by("-case__opened_at", "-pk")


def staged(found: QuerySet[Sale]) -> QuerySet[Sale]:
    """Each with the code of its milestone (`stage`)."""
    reached = (
        ("sold_at", "venta"),
        ("presale_at", "preventa"),
        ("informed_at", "informados"),
        ("visited_at", "visitados"),
    )
    cases = [Then(**{f"{name}__isnull": False}, then=Value(code)) for name, code in reached]
    return found.annotate(stage=When(*cases, default=Value("nuevos")))


# ---------------------------------------------------------------- waiting in the base
BASE_KEYS = (Key("received_at", is_time=True), Key("pk"))


def base(filters: Filters) -> QuerySet[Prospect]:
    """Who waits to be taken or given out, the oldest first."""
    found = Prospect.objects.filter(standing=Prospect.Standing.BASE, merged_into=None)
    return _narrowed(found, filters, "", "")


# ---------------------------------------------------------------- lost
LOST_KEYS = (Key("arrived_at", descending=True, is_time=True), Key("pk", descending=True))


def lost(user: User, filters: Filters, *, now: datetime) -> QuerySet[UnservedRequest]:
    """The arrivals at step 19 of the last days that were not taken up again, the newest first."""
    since = now - timedelta(days=filters.days)
    found = UnservedRequest.objects.filter(arrived_at__gte=since).exclude(decision="take_up")
    if not sees_all(user):
        found = found.filter(sale__executive=user)
    if filters.reason:
        found = found.filter(reason=filters.reason)
    return _narrowed(found, filters, "sale__prospect__", "sale__executive")


def lost_by_reason(found: QuerySet[UnservedRequest]) -> list[tuple[str, str, int]]:
    """(code, words, how many), the most frequent first."""
    counted = found.order_by().values_list("reason").annotate(n=Count("pk")).order_by("-n", "reason")
    return [(code, str(UNSERVED_LABELS[code]) if code in UNSERVED_LABELS else code, n) for code, n in counted]


# ---------------------------------------------------------------- shared
def _narrowed(found: QuerySet[Any], filters: Filters, prospect: str, executive: str) -> QuerySet[Any]:
    if filters.channel:
        found = found.filter(**{f"{prospect}channel": filters.channel})
    if filters.campaign:
        found = found.filter(**{f"{prospect}campaign": filters.campaign})
    if filters.executive and executive:
        found = found.filter(**{executive: filters.executive})
    return found.filter(_named(filters.text, prospect)) if filters.text else found


def _named(text: str, prospect: str) -> Q:
    """Whose telephone, case number or name it is."""
    digits = "".join(character for character in text if character.isdigit())
    if len(digits) >= 4 and not any(character.isalpha() for character in text):
        return Q(**{f"{prospect}phone__startswith": digits})
    by_name = Q(**{f"{prospect}trigrams__contains": trigrams(text)})
    case = {"prospect__": "case__", "sale__prospect__": "sale__case__"}.get(prospect, "")
    if not case:
        return by_name
    if text.upper().startswith("GVD-"):
        return Q(**{f"{case}number__startswith": text.upper()})
    return by_name | Q(**{f"{case}search__contains": search_trigrams(text)})
