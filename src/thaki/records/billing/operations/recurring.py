"""The control of recurring payment (step 18, R-A13)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from thaki.records.billing.models import RecurringBill, RecurringEnrolment
from thaki.records.billing.rules import due_on, first_of_month
from thaki.records.money import check_amount
from thaki.records.reasons import RuleError
from thaki.records.text import tidy

if TYPE_CHECKING:
    from thaki.people.models import User
    from thaki.records.customers.models import Customer
    from thaki.records.orders.models import ProductOrder


@transaction.atomic
def enrol_recurring(
    *,
    case_ref: str,
    customer: Customer,
    method: str,
    day: int,
    from_month: date,
    amount_bob: Decimal,
    order: ProductOrder | None = None,
    by: User | None,
    now: datetime,
) -> RecurringEnrolment:
    """Put a sale under the control, from a month on; refused while it already is."""
    month = first_of_month(from_month)
    due_on(month, day)  # refuses an impossible day
    if RecurringEnrolment.objects.filter(case_ref=case_ref, ended_at=None).exists():
        raise RuleError("recurring_running")
    return RecurringEnrolment.objects.create(
        case_ref=case_ref,
        customer=customer,
        order=order,
        method=method,
        day=day,
        from_month=month,
        amount_bob=check_amount(amount_bob),
        enrolled_at=now,
        enrolled_by=by,
    )


@transaction.atomic
def end_recurring(case_ref: str, *, reason: str, by: User | None, now: datetime) -> int:
    """End the control of a sale (an annulment does, R-A4); bills of later months not paid go with it. How many ended."""
    if not tidy(reason):
        raise RuleError("reason_missing", on="reason")
    running = list(
        RecurringEnrolment.objects.select_for_update().filter(case_ref=case_ref, ended_at=None).order_by("pk")
    )
    for enrolment in running:
        enrolment.ended_at, enrolment.end_reason = now, tidy(reason)[:200]
        enrolment.save(update_fields=["ended_at", "end_reason"])
    later = RecurringBill.objects.filter(enrolment__in=running, paid_at=None, due_on__gt=timezone.localdate(now))
    later.filter(payments=None).delete()  # one of which a part was paid stays, so that its money is not forgotten
    return len(running)


def end_enrolment(enrolment_id: int, *, reason: str, by: User | None, now: datetime) -> int:
    """End one enrolment; as `end_recurring`."""
    case_ref = RecurringEnrolment.objects.values_list("case_ref", flat=True).get(pk=enrolment_id)
    return end_recurring(case_ref, reason=reason, by=by, now=now)


_ISSUE_MONTH = """
INSERT INTO billing_recurringbill (enrolment_id, month, amount_bob, due_on, paid_reference, number)
SELECT id, %(month)s, amount_bob, %(month)s::date + (day - 1), '', ''
FROM billing_recurringenrolment
WHERE ended_at IS NULL AND from_month <= %(month)s
ON CONFLICT (enrolment_id, month) DO NOTHING
"""


def issue_month(month: date, *, by: User | None, now: datetime) -> int:
    """Make the month's bill of every running enrolment that has none yet, in one statement; how many were made."""
    with connection.cursor() as cursor:
        cursor.execute(_ISSUE_MONTH, {"month": first_of_month(month)})
        return int(cursor.rowcount)
