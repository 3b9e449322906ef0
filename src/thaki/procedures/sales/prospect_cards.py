"""Prospects as the list, the board and the export show them, whichever table they come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from thaki.cases.models import Task
from thaki.procedures.sales.models import Sale, UnservedRequest
from thaki.procedures.sales.piles import heaps
from thaki.procedures.sales.prospect_list import BASE, LOST, NEVER, STATES, TONES, staged
from thaki.procedures.sales.reasons import UNSERVED_LABELS
from thaki.procedures.sales.rules import AWAITED_STEPS
from thaki.records.prospects.models import ContactAttempt, Prospect

AWAITED = frozenset(str(step) for step in AWAITED_STEPS)
COUNTED = 5_000  # more than so many are told as "more than": nobody counts the world for a heading


@dataclass(slots=True)
class Card:
    """One prospect as people see him in a list."""

    prospect: Prospect
    state: str  # of STATES
    name: str
    case: str = ""  # number
    executive: Any = None
    step: str = ""
    due_at: datetime | None = None
    since: datetime | None = None  # received, or lost
    reason: str = ""  # why he was lost
    attempt: str = ""
    attempt_at: datetime | None = None
    call_back_at: datetime | None = None
    reachable: bool = False  # a contact attempt can be noted: the customer is awaited
    opened_at: datetime | None = None

    @property
    def state_name(self) -> str:
        """The state in words."""
        return str(STATES[self.state])

    @property
    def tone(self) -> str:
        """The state's colour."""
        return TONES[self.state]


@dataclass(slots=True)
class Pile:
    """A column of the board."""

    code: str
    name: str
    count: int
    more: bool  # more than COUNTED
    cards: list[Card] = field(default_factory=list)
    late: int = 0
    reasons: list[tuple[str, str, int]] = field(default_factory=list)


# ---------------------------------------------------------------- cards
def of_sales(sales: Sequence[Sale]) -> list[Card]:
    """Cards of sales under way; three questions, however many they are."""
    tasks = _first_tasks([sale.pk for sale in sales])
    attempts = _last_attempts([sale.prospect_id for sale in sales])
    cards = []
    for sale in sales:
        task, attempt = tasks.get(sale.pk), attempts.get(sale.prospect_id)
        due = getattr(sale, "due", None)
        cards.append(
            Card(
                prospect=sale.prospect,
                state=_stage(sale),
                name=sale.case.subject or str(sale.prospect),
                case=sale.case.number,
                executive=sale.executive,
                step=task.step if task else "",
                due_at=due if due is not None and due < NEVER else None,
                since=sale.prospect.received_at,
                attempt=attempt.get_result_display() if attempt else "",
                attempt_at=attempt.at if attempt else None,
                call_back_at=attempt.call_back_at if attempt else None,
                reachable=task is not None and task.step in AWAITED,
                opened_at=task.opened_at if task else None,
            )
        )
    return cards


def of_base(prospects: Iterable[Prospect]) -> list[Card]:
    """Cards of who waits in the base."""
    return [Card(prospect=p, state=BASE, name=p.name, since=p.received_at) for p in prospects]


def of_lost(requests: Iterable[UnservedRequest]) -> list[Card]:
    """Cards of who was lost."""
    return [
        Card(
            prospect=each.sale.prospect,
            state=LOST,
            name=each.sale.case.subject or str(each.sale.prospect),
            case=each.sale.case.number,
            executive=each.sale.executive,
            step="19" if each.decided_at is None else "",
            since=each.arrived_at,
            reason=str(UNSERVED_LABELS.get(each.reason, each.reason)),  # type: ignore[call-overload]  # keys are str enums
        )
        for each in requests
    ]


def _stage(sale: Sale) -> str:
    reached = (("venta", sale.sold_at), ("preventa", sale.presale_at), ("informados", sale.informed_at))
    return next((code for code, at in reached if at), "visitados" if sale.visited_at else "nuevos")


def _first_tasks(cases: Sequence[int]) -> dict[int, Task]:
    """The open task of each case that is due first."""
    found = Task.objects.filter(case__in=cases, state=Task.State.OPEN).order_by(F("due_at").desc(nulls_first=True))
    return {task.case_id: task for task in found}


def _last_attempts(prospects: Sequence[int]) -> dict[int, ContactAttempt]:
    newest = ContactAttempt.objects.filter(prospect__in=prospects).order_by("prospect", "-at", "-id")
    return {attempt.prospect_id: attempt for attempt in newest.distinct("prospect")}


# ---------------------------------------------------------------- the board
WITH = ("case", "prospect", "executive")
SHOWN_OF = (
    *("visited_at", "informed_at", "presale_at", "sold_at", "case__number", "case__subject"),
    *(f"prospect__{name}" for name in ("name", "channel", "phone", "received_at")),
    *(f"executive__{name}" for name in ("first_name", "last_name", "username")),
)
UNREAD = ("case__search", "case__marking", "prospect__keys", "prospect__trigrams", "prospect__message")


def shown(sales: Sequence[Any]) -> list[Sale]:
    """Sales of which only the key and what is due were read, with what their cards show."""
    whole = Sale.objects.select_related(*WITH).defer(*UNREAD).in_bulk([sale.pk for sale in sales])
    for sale in sales:
        whole[sale.pk].due = sale.due  # type: ignore[attr-defined]  # as `live` annotates it
    return [whole[sale.pk] for sale in sales]


def board_of(found: QuerySet[Sale], *, now: datetime, size: int, late: bool) -> dict[str, Pile]:
    """The columns of sales under way: how many, how many of them late, and the first of each, the late first."""
    placed = staged(found).annotate(pile=F("stage"), since=F("pk"))
    columns = heaps(placed, now=now, size=size, late=late)
    keys = {key: due for column in columns.values() for key, due in column.first.items()}
    sales = Sale.objects.select_related(*WITH).only(*SHOWN_OF).in_bulk(list(keys))
    for key, sale in sales.items():
        sale.due = keys[key]  # type: ignore[attr-defined]  # as the list's rows carry it
    cards = dict(zip(sales, of_sales(list(sales.values())), strict=True))
    return {
        code: Pile(code, str(STATES[code]), column.total, False, [cards[key] for key in column.first], column.late)
        for code, column in columns.items()
    }


def counted(found: QuerySet[Any]) -> tuple[int, bool]:
    """(how many, whether there are more than that)."""
    n = found.order_by()[: COUNTED + 1].count()
    return min(n, COUNTED), n > COUNTED
