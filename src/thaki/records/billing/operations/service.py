"""The bills of services and the claims on them (RET 4 and 13): register a claim, issue the month's bills."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import connection, transaction

from thaki.people.prepared import Prepared
from thaki.records.billing.claims_operations import bill_issued
from thaki.records.billing.rules import first_of_month, next_month
from thaki.records.billing.service_models import BillingClaim, ServiceBill
from thaki.records.customers.models import Subscription
from thaki.records.money import check_amount
from thaki.records.numbers import next_number
from thaki.records.reasons import RuleError
from thaki.records.text import tidy

if TYPE_CHECKING:
    from thaki.people.models import User

DAYS_TO_PAY = 15
State = BillingClaim.State
_HELD = Prepared(Subscription, "m.id = %s", lock=True)  # two claims on one service come one after the other
_OF_KEY = Prepared(BillingClaim, "m.key = %s")
_STANDING = Prepared(BillingClaim, "m.subscription_id = %s AND m.month = %s AND m.state <> 'rejected'")
_BILL = Prepared(ServiceBill, "m.subscription_id = %s AND m.month = %s")


@transaction.atomic
def register_claim(
    *,
    key: str,
    case_ref: str,
    subscription: Subscription,
    kind: str,
    reason: str,
    month: date,
    amount_bob: Decimal,
    days: int | None = None,
    by: User | None,
    now: datetime,
) -> BillingClaim:
    """Register a billing claim on a service's month; twice with one key registers once.

    The bill may not be issued yet. Refused when another stands for that service and month (R-B8), when the
    bill was removed, or when more is claimed than was billed.
    """
    known = _OF_KEY.first(key)
    if known is not None:
        return known
    _HELD.get(subscription.pk)
    month = first_of_month(month)
    check_amount(amount_bob)
    if kind == BillingClaim.Kind.COMPENSATION and not days:
        raise RuleError("claim_days", on="days")
    standing = _STANDING.first(subscription.pk, month)
    if standing is not None:
        raise RuleError("billing_claim_stands", number=standing.number, month=f"{month:%m/%Y}")
    bill = _BILL.first(subscription.pk, month)
    if bill is not None:
        _check_bill(bill, amount_bob)
    return BillingClaim.objects.create(
        number=next_number("RF", now, case_ref=case_ref),
        key=key,
        case_ref=case_ref,
        customer_id=subscription.customer_id,
        subscription=subscription,
        kind=kind,
        reason=tidy(reason)[:160],
        month=month,
        amount_bob=amount_bob,
        days=days,
        bill=bill,
        registered_at=now,
        registered_by=by,
    )


def _check_bill(bill: ServiceBill, amount_bob: Decimal) -> None:
    """There is so much of it left."""
    if bill.removed_at is not None:
        raise RuleError("bill_removed", month=f"{bill.month:%m/%Y}")
    if amount_bob > bill.amount_bob - bill.adjusted_bob:
        raise RuleError("claim_exceeds_bill", on="amount_bob", left=str(bill.amount_bob - bill.adjusted_bob))


# Who had the service in that month is billed it, at the plan's tariff.
_ISSUE_MONTH = """
INSERT INTO billing_servicebill (subscription_id, month, amount_bob, issued_on, due_on, adjusted_bob)
SELECT s.id, %(month)s, p.tariff_bob, %(today)s, %(due)s, 0
FROM customers_subscription s JOIN offers_plan p ON p.id = s.plan_id
WHERE s.status = 'active' AND s.since_on < %(after)s
  AND NOT EXISTS (SELECT FROM billing_servicebill b WHERE b.subscription_id = s.id AND b.month = %(month)s)
ON CONFLICT (subscription_id, month) DO NOTHING
"""


@transaction.atomic
def issue_service_bills(month: date, *, today: date) -> int:
    """Issue the month's bill of every service that has none yet, in one statement; how many."""
    month = first_of_month(month)
    with connection.cursor() as cursor:
        values = {
            "month": month,
            "after": next_month(month),
            "today": today,
            "due": today + timedelta(days=DAYS_TO_PAY),
        }
        cursor.execute(_ISSUE_MONTH, values)
        return int(cursor.rowcount)


def meet_bills(*, now: datetime) -> int:
    """Apply the claims that Facturación let wait for a bill that is there now (R-B13); how many."""
    waiting = BillingClaim.objects.filter(state=State.WAITING_BILL).order_by("pk")
    met = 0
    for claim in waiting:
        bill = _BILL.first(claim.subscription_id, claim.month)
        if bill is not None and bill_issued(bill, by=None, now=now) is not None:
            met += 1
    return met
