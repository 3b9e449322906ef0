"""What is asked about the recurring control: a month with its states and totals, months side by side, what is unclear."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from thaki.records.billing.closing import bounds
from thaki.records.billing.control_models import RecurringPayment
from thaki.records.billing.models import RecurringBill, RecurringEnrolment
from thaki.records.billing.rules import bill_state, next_month
from thaki.records.billing.rules_control import Fate
from thaki.records.reasons import RuleError
from thaki.records.text import trigrams

STATES = ("overdue", "pending", "paid", "unbilled")
COUNTED = (Fate.APPLIED.value, Fate.OVER.value)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a month's list is narrowed to."""

    state: str = ""  # of STATES
    method: str = ""
    text: str = ""  # of the customer's name or code, the case, the order or the bill


@dataclass(frozen=True, slots=True)
class Line:
    """An enrolment in a month: its bill, if it has one, and how it stands."""

    enrolment: RecurringEnrolment
    bill: RecurringBill | None
    state: str
    paid_bob: Decimal

    @property
    def is_part(self) -> bool:
        """Whether a part of it is paid."""
        return self.state != "paid" and self.paid_bob > 0


def enrolled_in(month: date) -> Q:
    """Enrolments that run in a month: begun, and not ended before its first midnight in La Paz."""
    return Q(from_month__lte=month) & (Q(ended_at=None) | Q(ended_at__gte=bounds(month)[0]))


def _matching(filters: Filters, prefix: str) -> Q:
    found = Q(**{f"{prefix}method": filters.method}) if filters.method else Q()
    text = filters.text.strip()
    if not text:
        return found
    same = Q(**{f"{prefix}case_ref__iexact": text}) | Q(**{f"{prefix}customer__code__iexact": text})
    same |= Q(**{f"{prefix}order__number__iexact": text})
    if not prefix:
        same |= Q(bills__number__iexact=text)
    parts = trigrams(text)
    return found & (same | Q(**{f"{prefix}customer__trigrams__contains": parts}) if parts else same)


def bills_of(month: date, filters: Filters, today: date) -> QuerySet[RecurringBill]:
    """The bills of a month as the filters want them, unpaid first, by due date."""
    bills = RecurringBill.objects.filter(_matching(filters, "enrolment__"), month=month)
    unpaid = Q(paid_at=None)
    wanted = {
        "overdue": unpaid & Q(due_on__lt=today),
        "pending": unpaid & Q(due_on__gte=today),
        "paid": Q(paid_at__isnull=False),
    }
    parts = RecurringPayment.objects.filter(bill=OuterRef("pk"), fate__in=COUNTED).order_by()
    total = parts.values("bill").annotate(total=Sum("amount_bob")).values("total")
    return (
        bills.filter(wanted.get(filters.state, Q()))
        .annotate(part_bob=Coalesce(Subquery(total), Decimal(0)))
        .select_related("enrolment__customer", "enrolment__order")
        .order_by(F("paid_at").asc(nulls_first=True), "due_on", "id")
    )


def unbilled_in(month: date, filters: Filters) -> QuerySet[RecurringEnrolment]:
    """Enrolments that run in a month and have no bill of it."""
    billed = RecurringBill.objects.filter(month=month).values("enrolment")
    running = RecurringEnrolment.objects.filter(enrolled_in(month), _matching(filters, ""))
    return running.exclude(pk__in=billed).select_related("customer", "order").order_by("case_ref").distinct()


def month_rows(month: date, filters: Filters, today: date) -> QuerySet[Any]:
    """The rows of a month's list, to be paged; `lines` makes them readable."""
    return unbilled_in(month, filters) if filters.state == "unbilled" else bills_of(month, filters, today)


def lines(rows: Iterable[Any], today: date) -> list[Line]:
    """Rows of `month_rows` with their states."""
    return [_line(row, today) for row in rows]


def _line(row: Any, today: date) -> Line:
    if isinstance(row, RecurringEnrolment):
        return Line(row, None, "unbilled", Decimal(0))
    return Line(row.enrolment, row, bill_state(row.paid_at, row.due_on, today), row.part_bob)


@dataclass(frozen=True, slots=True)
class Figure:
    """How many, and how much."""

    count: int
    amount_bob: Decimal


@dataclass(frozen=True, slots=True)
class MonthTotals:
    """A month in figures; what came in of unpaid bills is `parts_bob`."""

    month: date
    enrolled: Figure
    billed: Figure
    paid: Figure
    pending: Figure
    overdue: Figure
    parts_bob: Decimal

    @property
    def unbilled(self) -> int:
        """Enrolled and without a bill (a bill of an enrolment that is over stays)."""
        return max(self.enrolled.count - self.billed.count, 0)


def totals(months: Sequence[date], today: date) -> list[MonthTotals]:
    """The months in figures, in three queries however many."""
    billed = _billed(months, today)
    enrolled = _enrolled(months)
    parts = dict(
        RecurringPayment.objects.filter(bill__month__in=months, bill__paid_at=None, fate__in=COUNTED)
        .order_by()
        .values_list("bill__month")
        .annotate(total=Sum("amount_bob"))
    )
    return [_totals(month, enrolled, billed.get(month, {}), parts.get(month, Decimal(0))) for month in months]


def _billed(months: Sequence[date], today: date) -> dict[date, dict[str, Any]]:
    ways = {
        "billed": Q(),
        "paid": Q(paid_at__isnull=False),
        "pending": Q(paid_at=None, due_on__gte=today),
        "overdue": Q(paid_at=None, due_on__lt=today),
    }
    counts: dict[str, Any] = {f"{name}_n": Count("pk", filter=way) for name, way in ways.items()}
    sums: dict[str, Any] = {f"{name}_bob": Sum("amount_bob", filter=way) for name, way in ways.items()}
    rows = RecurringBill.objects.filter(month__in=months).order_by().values("month").annotate(**counts, **sums)
    return {row["month"]: dict(row) for row in rows}


def _enrolled(months: Sequence[date]) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    for at, month in enumerate(months):
        wanted[f"n{month:%Y%m}"] = Count("pk", filter=enrolled_in(month))
        wanted[f"bob{month:%Y%m}"] = Sum("amount_bob", filter=enrolled_in(month))
        assert at < 36  # a page shows a few
    return RecurringEnrolment.objects.aggregate(**wanted)


def _totals(month: date, enrolled: dict[str, Any], billed: dict[str, Any], parts_bob: Decimal) -> MonthTotals:
    def figure(name: str) -> Figure:
        return Figure(billed.get(f"{name}_n", 0), billed.get(f"{name}_bob") or Decimal(0))

    running = Figure(enrolled[f"n{month:%Y%m}"], enrolled[f"bob{month:%Y%m}"] or Decimal(0))
    return MonthTotals(
        month, running, figure("billed"), figure("paid"), figure("pending"), figure("overdue"), parts_bob
    )


def months_until(last: date, count: int) -> list[date]:
    """That month and those before it, the earliest first."""
    found = [last]
    while len(found) < count:
        year, month = (found[-1].year, found[-1].month - 1) if found[-1].month > 1 else (found[-1].year - 1, 12)
        found.append(date(year, month, 1))
    assert next_month(found[1]) == found[0]
    return found[::-1]


def unclear_payments() -> QuerySet[RecurringPayment]:
    """Money that came in and paid no bill, or more than its bill, and that nobody cleared up; the latest first."""
    found = RecurringPayment.objects.exclude(fate=Fate.APPLIED.value).filter(cleared_at=None)
    return found.select_related("enrolment__customer", "bill").order_by("-paid_on", "-id")


# ---------------------------------------------------------------- whom a row of a file means
@dataclass(frozen=True, slots=True)
class Named:
    """How a row names an enrolment; the first that is there counts: bill, case, order, customer."""

    bill: str = ""
    case: str = ""
    order: str = ""
    customer: str = ""


class Finder:
    """Finds the enrolments that rows name, with one query a way of naming, however many rows."""

    def __init__(self, names: Sequence[Named]) -> None:
        found = RecurringEnrolment.objects.select_related("customer").order_by("ended_at", "pk")
        self._bills = {
            bill.number: bill
            for bill in RecurringBill.objects.filter(number__in=_said(names, "bill")).select_related(
                "enrolment__customer"
            )
        }
        self._by: dict[str, dict[str, list[RecurringEnrolment]]] = {"case": {}, "order": {}, "customer": {}}
        columns = {"case": "case_ref", "order": "order__number", "customer": "customer__code"}
        for way, column in columns.items():
            wanted = _said(names, way)
            for row in found.filter(**{f"{column}__in": wanted}).annotate(said=F(column)) if wanted else ():
                self._by[way].setdefault(row.said, []).append(row)

    def find(self, name: Named) -> tuple[RecurringEnrolment, RecurringBill | None]:
        """The enrolment (and the bill where its number is known); raises RuleError where none, or several, are meant.

        Of several of one customer the running one is meant.
        """
        if bill := self._bills.get(name.bill.strip()):
            return bill.enrolment, bill
        for way in ("case", "order", "customer"):
            said = getattr(name, way).strip().upper()
            if said:
                return self._one(way, said), None
        raise RuleError("control_bill_unknown", on="bill", number=name.bill)

    def _one(self, way: str, said: str) -> RecurringEnrolment:
        found = self._by[way].get(said, [])
        running = [row for row in found if row.ended_at is None] or found[-1:]
        if not running:
            raise RuleError("control_unknown", on=way, said=said)
        if len(running) > 1:
            raise RuleError("control_several", on=way, said=said, cases=", ".join(row.case_ref for row in running))
        return running[0]


def _said(names: Sequence[Named], way: str) -> list[str]:
    upper = way != "bill"
    texts = {getattr(name, way).strip() for name in names}
    return [text.upper() if upper else text for text in texts if text]
