"""The board of the Supervisor Centro de Operaciones (RET 6): every open order, by the time left of its 24 h or by technician.

One light query reads all open orders, which are few however many were ever closed; only those shown are read in full. VIPs come
first, then what is due first (R-B6, R-B7).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from thaki.cases.models import Task
from thaki.people import policies
from thaki.people.models import User
from thaki.procedures.retention.models import Retention
from thaki.procedures.retention.order_sheet import agreed_words
from thaki.procedures.retention.rules_clock import Clock, Left, clock
from thaki.procedures.retention.steps.dispatch import technicians
from thaki.records.text import sort_key
from thaki.records.work_orders.models import OPEN_STATES, WorkOrder
from thaki.ui.formats import format_span

SHOWN = 24  # cards a column
DISPATCH, VISIT, CHANGES = "Step_6", "Step_7", "Step_8"
NODES = (DISPATCH, VISIT, CHANGES)
NOBODY = 0  # the column of the orders without a technician
BY_TIME, BY_TECHNICIAN, ON_MAP = "plazo", "tecnico", "mapa"
TONES = {
    Left.LATE: "bad",
    Left.WARNED: "warn",
    Left.HALF: "info",
    Left.AMPLE: "good",
    Left.PAUSED: "neutral",
    Left.ARRIVED: "wait",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for."""

    by: str = BY_TIME
    technician: int | None = None
    zone: str = ""
    unprinted: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """An order on the board."""

    order: WorkOrder
    clock: Clock
    vip: bool
    task: Task | None
    agreed: str

    @property
    def tone(self) -> str:
        """The colour of its time left."""
        return TONES[self.clock.left]

    @property
    def left(self) -> str:
        """What is left, in words."""
        return left_words(self.clock)

    @property
    def movable(self) -> bool:
        """Whether it may go to another technician still."""
        return self.order.arrived_at is None


@dataclass(frozen=True, slots=True)
class Column:
    """Orders that belong together."""

    key: str
    label: str
    total: int
    late: int
    cards: tuple[Card, ...]
    technician: User | None = None

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.cards)


@dataclass(frozen=True, slots=True)
class Board:
    """All of it."""

    columns: tuple[Column, ...]
    total: int
    late: int
    warned: int
    unprinted: int
    unassigned: int
    zones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Light:
    """What the counting needs of an order."""

    pk: int
    technician: int
    vip: bool
    printed: bool
    zone: str
    clock: Clock


def left_labels() -> dict[Left, str]:
    """The names of the columns by time, with the hours of the policies."""
    hours, warned = policies.get_int("retention.visit_hours"), policies.get_int("retention.visit_warning_hours")
    last, half = hours - warned, hours - warned / 2
    return {
        Left.LATE: _("Pasaron las %(hours)d h") % {"hours": hours},
        Left.WARNED: _("Últimas %(hours)d h") % {"hours": last},
        Left.HALF: _("Quedan hasta %(hours)g h") % {"hours": half},
        Left.AMPLE: _("Quedan más de %(hours)g h") % {"hours": half},
        Left.PAUSED: _("En pausa"),
        Left.ARRIVED: _("En el domicilio"),
    }


def left_words(one: Clock) -> str:
    """`quedan 3 h 20 min`, `atrasada 25 min`, `en pausa`, `llegó`."""
    span = {"span": format_span(abs(one.span))}
    if one.left is Left.ARRIVED:
        return _("llegó con %(span)s de atraso") % span if one.is_late else _("llegó")
    if one.left is Left.PAUSED:
        return _("en pausa")
    return _("atrasada %(span)s") % span if one.is_late else _("quedan %(span)s") % span


def read_filters(query: Mapping[str, str]) -> Filters:
    """The filters of an address; nonsense is passed over."""
    who, by = query.get("tecnico", ""), query.get("por", "")
    return Filters(
        by=by if by in (BY_TIME, BY_TECHNICIAN) else BY_TIME,
        technician=int(who) if who.isascii() and who.isdigit() and len(who) < 10 else None,
        zone=query.get("zona", "").strip()[:80],
        unprinted=query.get("sin_imprimir", "") == "1",
        text=query.get("q", "").strip()[:80],
    )


def board(filters: Filters, *, now: datetime) -> Board:
    """The open orders, in columns."""
    every = _light(filters.text, now)
    shown = [one for one in every if _wanted(one, filters)]
    people = {person.pk: person for person in technicians()}
    groups = _by_technician(shown, people) if filters.by == BY_TECHNICIAN else _by_time(shown)
    cards = _cards([one for _key, _label, ones in groups for one in ones[:SHOWN]])
    columns = tuple(
        Column(
            key,
            label,
            len(ones),
            sum(one.clock.left is Left.LATE for one in ones),
            tuple(cards[one.pk] for one in ones[:SHOWN] if one.pk in cards),
            people.get(int(key)) if filters.by == BY_TECHNICIAN else None,
        )
        for key, label, ones in groups
    )
    return Board(
        columns,
        total=len(shown),
        late=sum(one.clock.left is Left.LATE for one in shown),
        warned=sum(one.clock.left is Left.WARNED for one in shown),
        unprinted=sum(not one.printed for one in shown),
        unassigned=sum(one.technician == NOBODY for one in shown),
        zones=tuple(sorted({one.zone for one in every if one.zone}, key=sort_key)),
    )


def _light(text: str, now: datetime) -> list[Light]:
    """Every open order, the VIPs first and then what is due first."""
    vip = Retention.objects.filter(work_order=OuterRef("pk"), live=True).values("vip")[:1]
    found = WorkOrder.objects.filter(state__in=OPEN_STATES).annotate(vip=Subquery(vip))
    if text:
        found = found.filter(matching(text))
    hours, warned = policies.get_int("retention.visit_hours"), policies.get_int("retention.visit_warning_hours")
    names = ("pk", "assigned_to", "vip", "printed_at", "zone", "due_at", "arrived_at", "resumes_at")
    lights = [
        Light(
            pk,
            technician or NOBODY,
            bool(is_vip),
            printed_at is not None,
            zone,
            clock(
                due_at=due_at,
                now=now,
                arrived_at=arrived_at,
                resumes_at=resumes_at,
                hours=hours,
                warned_after=warned,
            ),
        )
        for pk, technician, is_vip, printed_at, zone, due_at, arrived_at, resumes_at in found.values_list(*names)
    ]
    return sorted(lights, key=lambda one: (not one.vip, one.clock.due_at, one.pk))


def matching(text: str) -> Q:
    """Orders by number, case, customer's name or telephone."""
    return (
        Q(number__icontains=text)
        | Q(case_ref__icontains=text)
        | Q(contact_name__icontains=text)
        | Q(contact_phone__startswith=text)
        | Q(customer__sort_key__contains=sort_key(text))
    )


def _wanted(one: Light, filters: Filters) -> bool:
    return (
        (filters.technician is None or one.technician == filters.technician)
        and (not filters.zone or one.zone == filters.zone)
        and (not filters.unprinted or not one.printed)
    )


def _by_time(lights: Sequence[Light]) -> list[tuple[str, str, list[Light]]]:
    return [
        (left.value, label, ones)
        for left, label in left_labels().items()
        if (ones := [one for one in lights if one.clock.left is left])
        or left in (Left.LATE, Left.WARNED, Left.HALF, Left.AMPLE)
    ]


def _by_technician(lights: Sequence[Light], people: Mapping[int, User]) -> list[tuple[str, str, list[Light]]]:
    groups: dict[int, list[Light]] = defaultdict(list)
    for one in lights:
        groups[one.technician if one.technician in people else NOBODY].append(one)
    named = sorted(people.values(), key=lambda person: sort_key(str(person)))
    return [
        (str(NOBODY), _("Sin técnico"), groups[NOBODY]),
        *((str(person.pk), str(person), groups[person.pk]) for person in named),
    ]


def _cards(lights: Sequence[Light]) -> dict[int, Card]:
    found = WorkOrder.objects.filter(pk__in=[one.pk for one in lights])
    orders = {order.pk: order for order in found.select_related("customer", "subscription__plan", "assigned_to")}
    tasks = open_tasks(order.case_ref for order in orders.values())
    return {
        one.pk: Card(order, one.clock, one.vip, tasks.get(order.case_ref), agreed_words(order))
        for one in lights
        if (order := orders.get(one.pk))
    }


def open_tasks(case_refs: Iterable[str]) -> dict[str, Task]:
    """The open task of each case that concerns its visit, by the case's number."""
    tasks = Task.objects.filter(case__number__in=list(case_refs), state=Task.State.OPEN, node__in=NODES)
    return {task.case.number: task for task in tasks.select_related("case", "assignee")}


# ---------------------------------------------------------------- the map of the day
def features(filters: Filters, *, now: datetime) -> dict[str, Any]:
    """The open orders that have a place, as GeoJSON; what is late is drawn larger."""
    lights = {one.pk: one for one in _light(filters.text, now) if _wanted(one, filters)}
    placed = WorkOrder.objects.filter(pk__in=lights, lat__isnull=False).select_related("customer", "assigned_to")
    ordered = sorted(placed, key=lambda order: lights[order.pk].clock.due_at, reverse=True)  # the most urgent on top
    return {"type": "FeatureCollection", "features": [_feature(order, lights[order.pk]) for order in ordered]}


def _feature(order: WorkOrder, light: Light) -> dict[str, Any]:
    words = (
        order.contact_name or str(order.customer),
        ", ".join(filter(None, (order.address, order.zone))),
        str(order.assigned_to or _("Sin técnico")),
        agreed_words(order),
        left_words(light.clock),
    )
    late = light.clock.left in (Left.LATE, Left.WARNED)
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [order.lon, order.lat]},
        "properties": {
            "name": order.number + (" · VIP" if light.vip else ""),
            "text": "\n".join(word for word in words if word),
            "tone": TONES[light.clock.left].replace("neutral", "muted"),
            "size": 9 if late else 7,
            "href": reverse("case", args=[order.case_ref]),
        },
    }
