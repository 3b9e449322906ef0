"""The board of step 25: every sale with an order that is not over, by the state of its order, late ones first.

It reads open cases alone, so it costs the same however many sales were ever closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery

from thaki.cases.models import Case, Task
from thaki.cases.queries.worklist import text_condition
from thaki.people.models import User
from thaki.people.queries import holders
from thaki.people.roles import Role
from thaki.procedures.sales.models import Sale
from thaki.records.orders.models import ProductOrder

State = ProductOrder.State
# state -> the instant since when an order is in it
COLUMNS = {
    State.ACKNOWLEDGED: "placed_at",
    State.IN_PROGRESS: "started_at",
    State.COMPLETED: "completed_at",
    State.CANCELLED: "annulled_at",
}
SHOWN = 40  # cards a column
FOLLOW_UP = "25"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for."""

    executive: int | None = None
    late: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A sale on the board."""

    sale: Sale
    order: ProductOrder
    since: datetime | None  # in this state
    age: timedelta | None
    tasks: tuple[Task, ...]  # what is open, that of step 25 first
    late: bool

    @property
    def task(self) -> Task | None:
        """What it waits for."""
        return self.tasks[0] if self.tasks else None


@dataclass(frozen=True, slots=True)
class Column:
    """A state of the orders."""

    state: str
    label: str
    total: int
    late: int
    cards: tuple[Card, ...]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.cards)


def read_filters(query: Mapping[str, str]) -> Filters:
    """The filters of an address; nonsense is passed over."""
    who = query.get("ejecutivo", "")
    executive = int(who) if who.isascii() and who.isdigit() and len(who) < 10 else None
    return Filters(executive, query.get("atraso", "") == "1", query.get("q", "").strip()[:80])


def open_sales(filters: Filters, *, now: datetime) -> QuerySet[Sale]:
    """The sales of the board, each with when its first open task is due."""
    tasks = Task.objects.filter(case=OuterRef("case"), state=Task.State.OPEN).order_by().values("case")
    found = Sale.objects.filter(
        case__procedure="sales", case__state__in=(Case.State.OPEN, Case.State.SUSPENDED), order__isnull=False
    ).annotate(due=Subquery(tasks.annotate(first=Min("due_at")).values("first")))
    if filters.executive is not None:
        found = found.filter(executive=filters.executive)
    if filters.late:
        found = found.filter(due__lt=now)
    if filters.text:
        by_order = Q(order__number__icontains=filters.text) if any(c.isdigit() for c in filters.text) else Q(pk=None)
        found = found.filter(text_condition(filters.text, "case__") | by_order)
    return found


def board(filters: Filters, *, now: datetime) -> tuple[Column, ...]:
    """The four columns."""
    found = open_sales(filters, now=now)
    counted = found.order_by().values("order__state").annotate(n=Count("pk"), late=Count("pk", filter=Q(due__lt=now)))
    totals = {row["order__state"]: (row["n"], row["late"]) for row in counted}
    sales = {state: _cards_of(found, state) for state in COLUMNS if state in totals}
    tasks = _tasks(sale.pk for column in sales.values() for sale in column)
    return tuple(
        Column(
            state.value,
            str(state.label),
            *totals.get(state, (0, 0)),
            tuple(_card(sale, state, tasks.get(sale.pk, ()), now) for sale in sales.get(state, ())),
        )
        for state in COLUMNS
    )


def _cards_of(found: QuerySet[Sale], state: ProductOrder.State) -> list[Sale]:
    """The first of a column: who is late, or will be first, and then the oldest."""
    order = (F("due").asc(nulls_last=True), F(f"order__{COLUMNS[state]}").asc(nulls_last=True), "pk")
    related = ("case", "order", "prospect", "customer", "executive", "plan")
    return list(found.filter(order__state=state).select_related(*related).order_by(*order)[:SHOWN])


def _tasks(cases: Iterable[int]) -> dict[int, tuple[Task, ...]]:
    tasks: dict[int, tuple[Task, ...]] = {}
    found = Task.objects.filter(case__in=list(cases), state=Task.State.OPEN).select_related("assignee").order_by("pk")
    for task in sorted(found, key=lambda one: one.step != FOLLOW_UP):
        tasks[task.case_id] = (*tasks.get(task.case_id, ()), task)
    return tasks


def _card(sale: Sale, state: ProductOrder.State, tasks: tuple[Task, ...], now: datetime) -> Card:
    order = sale.order
    assert order is not None  # the board is of sales with one
    since: datetime | None = getattr(order, COLUMNS[state])
    return Card(sale, order, since, now - since if since else None, tasks, any(task.is_late(now) for task in tasks))


def executives() -> QuerySet[User]:
    """By whom the board can be filtered."""
    return holders(Role.EJECUTIVO_VENTAS_DIGITALES)


def receivers() -> QuerySet[User]:
    """To whom a card's task can be given: those of the posts that the tasks of 16 to 25 belong to."""
    return holders(
        Role.RESPONSABLE_VENTAS_DIGITALES,
        Role.RESPONSABLE_CANALES_DIGITALES,
        Role.EJECUTIVO_VENTAS_DIGITALES,
        Role.CAJERO,
        Role.DIVISION_FACTURACION,
        Role.ENCARGADO_COBRANZAS,
    )
