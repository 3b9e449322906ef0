"""What is asked about money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, QuerySet, Sum

from thaki.people.prepared import Prepared
from thaki.records.billing.models import BankAccount, Invoice, Payment, RecurringBill, RecurringEnrolment, Refund
from thaki.records.billing.rules import bill_state, first_of_month, normal_slip
from thaki.records.reasons import RuleError


def bank_accounts() -> QuerySet[BankAccount]:
    """The accounts to which customers can transfer."""
    return BankAccount.objects.filter(active=True).order_by("bank")


def payments_of(case_ref: str) -> QuerySet[Payment]:
    """The payments of a sale, the latest first."""
    return (
        Payment.objects.filter(case_ref=case_ref).select_related("account", "document").order_by("-received_at", "-id")
    )


def waiting_payment(case_ref: str) -> Payment | None:
    """The payment of a sale that Cobranzas has to decide on: the latest received."""
    return payments_of(case_ref).filter(state=Payment.State.RECEIVED).first()


def paid_bob(case_ref: str) -> Decimal:
    """The money a sale has in: accepted payments less their refunds and credits, open ones too."""
    accepted = Payment.objects.filter(case_ref=case_ref, state=Payment.State.ACCEPTED)
    money = accepted.aggregate(total=Sum("amount_bob"))["total"] or Decimal(0)
    back = Refund.objects.filter(payment__in=accepted).aggregate(total=Sum("amount_bob"))["total"] or Decimal(0)
    return money - back


def due_bob(case_ref: str, price_bob: Decimal) -> Decimal:
    """What of a price is still to be paid; never negative."""
    return max(price_bob - paid_bob(case_ref), Decimal(0))


def slip_in_use(slip_number: str, *, but: int | None = None) -> Payment | None:
    """The payment that already uses a slip number; `but` leaves out the one that is being looked at."""
    try:
        slip = normal_slip(slip_number)
    except RuleError:
        return None
    return _USING.first(slip, Payment.State.REJECTED, but or 0)


_USING = Prepared(
    Payment, "m.slip_number = %s AND NOT m.is_split AND m.state <> %s AND m.id <> %s ORDER BY m.id LIMIT 1"
)


def refunds_due(case_ref: str = "") -> QuerySet[Refund]:
    """Refunds that Cobranzas has to settle, of one sale or of all, oldest first."""
    due = (
        Refund.objects.filter(state=Refund.State.DUE)
        .select_related("payment", "payment__customer")
        .order_by("due_at", "id")
    )
    return due.filter(case_ref=case_ref) if case_ref else due


def invoices_of(case_ref: str) -> QuerySet[Invoice]:
    """The invoices of a sale, the latest first, voided ones too."""
    return Invoice.objects.filter(case_ref=case_ref).order_by("-issued_at", "-id")


def standing_invoice(case_ref: str) -> Invoice | None:
    """The invoice of a sale that is not voided."""
    return invoices_of(case_ref).filter(voided_at=None).first()


def print_queue(agency: str = "") -> QuerySet[Invoice]:
    """Step 16: invoices that an agency has to print, oldest first; all agencies' without one."""
    waiting = Invoice.objects.filter(printed_at=None, voided_at=None).exclude(agency="").order_by("issued_at", "id")
    return waiting.filter(agency=agency) if agency else waiting


def delivery_queue(agency: str = "") -> QuerySet[Invoice]:
    """Step 17: printed invoices still to be archived or delivered, oldest first."""
    printed = Invoice.objects.filter(printed_at__isnull=False, voided_at=None).exclude(agency="")
    open_ones = printed.filter(Q(archived_at=None) | Q(delivered_at=None)).order_by("printed_at", "id")
    return open_ones.filter(agency=agency) if agency else open_ones


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One line of the monthly list: paid, pending or overdue."""

    bill: RecurringBill
    state: str


@dataclass(frozen=True, slots=True)
class MonthList:
    """The recurring control of a month: who is due, who paid, who did not."""

    month: date
    lines: tuple[MonthLine, ...]

    def count(self, state: str) -> int:
        """How many lines are in that state."""
        return sum(line.state == state for line in self.lines)

    def amount_bob(self, state: str) -> Decimal:
        """What the lines in that state amount to."""
        return sum((line.bill.amount_bob for line in self.lines if line.state == state), Decimal(0))


def recurring_list(month: date, *, today: date) -> MonthList:
    """The monthly list (R-A13), overdue first, then by due date; one query."""
    first = first_of_month(month)
    bills = (
        RecurringBill.objects.filter(month=first)
        .select_related("enrolment", "enrolment__customer", "enrolment__order")
        .order_by("due_on", "id")
    )
    lines = [MonthLine(bill, bill_state(bill.paid_at, bill.due_on, today)) for bill in bills]
    order = {"overdue": 0, "pending": 1, "paid": 2}
    return MonthList(first, tuple(sorted(lines, key=lambda line: order[line.state])))


def first_bills_unpaid(today: date) -> QuerySet[RecurringBill]:
    """First bills of running enrolments that are overdue: sales is warned (R-A13)."""
    return RecurringBill.objects.filter(
        enrolment__ended_at=None, month=F("enrolment__from_month"), paid_at=None, due_on__lt=today
    ).select_related("enrolment", "enrolment__customer")


def running_enrolment(case_ref: str) -> RecurringEnrolment | None:
    """The enrolment of a sale that has not ended."""
    return RecurringEnrolment.objects.filter(case_ref=case_ref, ended_at=None).first()


@dataclass(frozen=True, slots=True)
class Volume:
    """Billing volume of a month for the KPI (R-A15): issued in the month less voided."""

    issued_bob: Decimal
    invoices: int


def billing_volume(month: date, *, case_prefix: str) -> Volume:
    """Invoices of sales issued in a month, less those voided, whenever they were; `case_prefix` picks the procedure ("GVD-")."""
    first = first_of_month(month)
    rows = Invoice.objects.filter(
        issued_at__year=first.year, issued_at__month=first.month, voided_at=None, case_ref__startswith=case_prefix
    )
    total = rows.aggregate(total=Sum("amount_bob"))["total"]
    return Volume(total or Decimal(0), rows.count())
