"""The board of step 25: every sale with an order that is not over, by the state of its order, late ones first.

It reads open cases alone, so it costs the same however many sales were ever closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case as Choose
from django.db.models import F, Q, QuerySet, When

from thaki.cases.models import Task
from thaki.cases.queries.worklist import text_condition
from thaki.people.models import User
from thaki.people.queries import holders
from thaki.people.roles import Role
from thaki.procedures.sales.models import Sale
from thaki.procedures.sales.piles import Heap, heaps
from thaki.records.orders.models import ProductOrder

State = ProductOrder.State
# state -> the instant since when an order is in it
COLUMNS = {
    State.ACKNOWLEDGED: "placed_at",
    State.IN_PROGRESS: "started_at",
    State.COMPLETED: "completed_at",
    State.CANCELLED: "annulled_at",
}
SHOWN = 20  # cards a column
MORE, MOST = 40, 200  # a column that is asked for more of has so many more each time, up to so many
WITH = ("case", "order", "prospect", "customer", "executive", "plan")
SHOWN_OF = (
    *("case__number", "prospect__name", "plan__name", "order__number", "order__annul_reason"),
    *("customer__surnames", "customer__given_names", "customer__business_name"),
    *("executive__first_name", "executive__last_name", "executive__username"),
    *(f"order__{name}" for name in COLUMNS.values()),
)
FOLLOW_UP = "25"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for."""

    executive: int | None = None
    late: bool = False
    text: str = ""
    column: str = ""  # of which more are asked for
    cards: int = SHOWN  # how many of them


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

    @property
    def next(self) -> int:
        """How many to ask for to see more; 0 when no more are shown."""
        return min(len(self.cards) + MORE, MOST) if self.more > 0 and len(self.cards) < MOST else 0


def read_filters(query: Mapping[str, str]) -> Filters:
    """The filters of an address; nonsense is passed over."""
    who = query.get("ejecutivo", "")
    executive = int(who) if who.isascii() and who.isdigit() and len(who) < 10 else None
    column, cards = query.get("columna", ""), query.get("tarjetas", "")
    return Filters(
        executive,
        query.get("atraso", "") == "1",
        query.get("q", "").strip()[:80],
        column if column in {state.value for state in COLUMNS} else "",
        min(int(cards), MOST) if cards.isascii() and cards.isdigit() and len(cards) < 6 else SHOWN,
    )


def open_sales(filters: Filters) -> QuerySet[Sale]:
    """The sales of the board: those with an order whose case has not ended."""
    # The state is asked for, not the order: an index of all sales with one would be read instead of that of live ones.
    found = Sale.objects.filter(live=True, order__state__in=COLUMNS)
    if filters.executive is not None:
        found = found.filter(executive=filters.executive)
    if filters.text:
        by_order = Q(order__number__icontains=filters.text) if any(c.isdigit() for c in filters.text) else Q(pk=None)
        found = found.filter(text_condition(filters.text, "case__") | by_order)
    return found


def board(filters: Filters, *, now: datetime) -> tuple[Column, ...]:
    """The four columns: who is late, or will be first, and then who is longest in that state."""
    since = [When(order__state=state, then=F(f"order__{name}")) for state, name in COLUMNS.items()]
    found = open_sales(filters).annotate(pile=F("order__state"), since=Choose(*since))
    sizes = {filters.column: filters.cards} if filters.column else {}
    columns = heaps(found, now=now, size=SHOWN, late=filters.late, sizes=sizes)
    keys = [key for column in columns.values() for key in column.first]
    sales = Sale.objects.select_related(*WITH).only(*SHOWN_OF).in_bulk(keys)
    tasks = _tasks(keys)
    empty = Heap(0, 0, {})
    return tuple(
        Column(
            state.value,
            str(state.label),
            (column := columns.get(state.value, empty)).total,
            column.late,
            tuple(_card(sales[key], state, tasks.get(key, ()), now) for key in column.first),
        )
        for state in COLUMNS
    )


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
