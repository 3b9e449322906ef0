"""Bills and payments of the recurring control, by hand or from a file: nothing counts twice, nothing that came in is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from thaki.records.billing.closing import bounds
from thaki.records.billing.control_models import RecurringPayment
from thaki.records.billing.models import RecurringBill, RecurringEnrolment
from thaki.records.billing.rules import due_on as due_day
from thaki.records.billing.rules import first_of_month
from thaki.records.billing.rules_control import Fate, Settled, settle
from thaki.records.money import check_amount
from thaki.records.reasons import RuleError
from thaki.records.text import tidy

if TYPE_CHECKING:
    from thaki.people.models import User


@dataclass(frozen=True, slots=True)
class Taken:
    """A payment that was entered, or `known` already; `settled` says what it did."""

    payment: RecurringPayment
    known: bool
    settled: Settled | None = None


@transaction.atomic
def take_payment(
    enrolment_id: int,
    *,
    amount_bob: Decimal,
    paid_on: date,
    reference: str,
    month: date | None = None,
    source: str = "",
    by: User | None,
    now: datetime,
) -> Taken:
    """Enter a payment: it pays its month's bill, or the oldest unpaid one. The same reference again changes nothing."""
    enrolment = RecurringEnrolment.objects.select_for_update().get(pk=enrolment_id)
    reference = tidy(reference)[:60]
    if not reference:
        raise RuleError("bill_reference", on="reference")
    if paid_on > timezone.localdate(now):
        raise RuleError("paid_in_future", on="paid_on")
    known = RecurringPayment.objects.filter(enrolment=enrolment, reference=reference).first()
    if known is not None:
        return Taken(known, known=True)
    bill = _bill(enrolment, month)
    settled = settle(
        check_amount(amount_bob),
        bill=bill.amount_bob if bill else None,
        before=paid_so_far(bill) if bill else Decimal(0),
        paid=bill is not None and bill.paid_at is not None,
        ended=enrolment.ended_at is not None,
    )
    payment = RecurringPayment.objects.create(
        enrolment=enrolment,
        bill=bill,
        amount_bob=amount_bob,
        over_bob=settled.over_bob,
        paid_on=paid_on,
        reference=reference,
        fate=settled.fate.value,
        received_at=now,
        received_by=by,
        source=source[:120],
    )
    if bill is not None and settled.pays:
        bill.paid_at, bill.paid_reference = bounds(paid_on)[0], reference
        bill.save(update_fields=["paid_at", "paid_reference"])
    return Taken(payment, known=False, settled=settled)


def _bill(enrolment: RecurringEnrolment, month: date | None) -> RecurringBill | None:
    """The bill that a payment is for: that of the month it names, else the oldest unpaid."""
    bills = RecurringBill.objects.filter(enrolment=enrolment)
    if month is not None:
        return bills.filter(month=first_of_month(month)).first()
    return bills.filter(paid_at=None).order_by("month").first()


def paid_so_far(bill: RecurringBill) -> Decimal:
    """The parts of a bill that came in."""
    parts = RecurringPayment.objects.filter(bill=bill, fate__in=(Fate.APPLIED, Fate.OVER))
    return parts.aggregate(total=Sum("amount_bob"))["total"] or Decimal(0)


@transaction.atomic
def pay_bill(bill_id: int, *, reference: str, by: User | None, now: datetime) -> RecurringBill:
    """Note by hand that what is missing of a bill was paid; the first payment stands."""
    bill = RecurringBill.objects.select_related("enrolment").get(pk=bill_id)
    if bill.paid_at is not None:
        return bill
    if not tidy(reference):
        raise RuleError("bill_reference", on="reference")
    missing = bill.amount_bob - paid_so_far(bill)
    taken = take_payment(
        bill.enrolment_id,
        amount_bob=missing,
        paid_on=timezone.localdate(now),
        reference=reference,
        month=bill.month,
        by=by,
        now=now,
    )
    if taken.known:
        raise RuleError("control_reference_used", on="reference", reference=taken.payment.reference)
    bill.refresh_from_db()
    return bill


@transaction.atomic
def enter_bill(
    enrolment: RecurringEnrolment,
    *,
    month: date,
    amount_bob: Decimal,
    due_on: date | None = None,
    number: str = "",
    by: User | None,
    now: datetime,
) -> tuple[RecurringBill, str]:
    """Enter a month's bill as Facturación issued it; what became of it: `new`, `same` or `changed`.

    Raises RuleError for a month outside the enrolment, and for another amount of a bill that is paid.
    """
    month = first_of_month(month)
    check_amount(amount_bob)
    _check_month(enrolment, month)
    due = due_on or due_day(month, enrolment.day)
    if due < month:
        raise RuleError("control_due_before", on="due_on")
    number = tidy(number)[:40]
    bill = RecurringBill.objects.select_for_update().filter(enrolment=enrolment, month=month).first()
    if number and RecurringBill.objects.filter(number=number).exclude(enrolment=enrolment, month=month).exists():
        raise RuleError("control_number_used", on="number", number=number)
    if bill is None:
        made = RecurringBill.objects.create(
            enrolment=enrolment, month=month, amount_bob=amount_bob, due_on=due, number=number
        )
        return made, "new"
    return bill, _correct(bill, amount_bob, due_on or bill.due_on, number or bill.number)


def _check_month(enrolment: RecurringEnrolment, month: date) -> None:
    if month < enrolment.from_month:
        raise RuleError("control_before_start", on="month", month=f"{enrolment.from_month:%m/%Y}")
    if enrolment.ended_at is not None and enrolment.ended_at < bounds(month)[0]:
        raise RuleError("control_after_end", on="month", day=f"{timezone.localdate(enrolment.ended_at):%d/%m/%Y}")


def _correct(bill: RecurringBill, amount_bob: Decimal, due: date, number: str) -> str:
    """Bring a known bill to what the file says; one that is paid, or paid in part, keeps its amount."""
    if (bill.amount_bob, bill.due_on, bill.number) == (amount_bob, due, number):
        return "same"
    if bill.amount_bob != amount_bob and (bill.paid_at is not None or paid_so_far(bill)):
        raise RuleError("control_bill_paid", on="amount", month=f"{bill.month:%m/%Y}", amount=bill.amount_bob)
    bill.amount_bob, bill.due_on, bill.number = amount_bob, due, number
    bill.save(update_fields=["amount_bob", "due_on", "number"])
    return "changed"


def clear_payment(payment_id: int, *, note: str, by: User, now: datetime) -> None:
    """Say how a payment that found no bill was cleared up (given back, put to another month); the first word stands."""
    if not tidy(note):
        raise RuleError("reason_missing", on="note")
    RecurringPayment.objects.filter(pk=payment_id, cleared_at=None).exclude(fate=Fate.APPLIED).update(
        cleared_at=now, cleared_by=by, cleared_note=tidy(note)[:200]
    )
