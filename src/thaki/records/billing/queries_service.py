"""What is asked about the bills of services."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import LiteralString

from thaki.people.prepared import Prepared
from thaki.records.billing.service_models import BillingClaim, ServiceBill

MOST = 100
EVER = date(2000, 1, 1)
_BILLS = Prepared(ServiceBill, "m.subscription_id = ANY(%s) AND m.month >= %s ORDER BY m.month DESC, m.subscription_id")
_SINCE: LiteralString = (
    "m.subscription_id IN (SELECT s.id FROM customers_subscription s WHERE s.customer_id = %s) AND m.month >= %s"
)
BILLS_OF_CUSTOMER = Prepared(ServiceBill, f"{_SINCE} ORDER BY m.month DESC, m.subscription_id")
STANDING_OF_CUSTOMER = Prepared(BillingClaim, f"{_SINCE} AND m.state <> 'rejected'")
_BILL = Prepared(ServiceBill, "m.subscription_id = %s AND m.month = %s")
_CLAIMS = Prepared(
    BillingClaim, f"m.customer_id = %s ORDER BY m.registered_at DESC LIMIT {MOST}", follow=("subscription", "bill")
)


def bills_of(subscription_ids: Iterable[int], *, since: date) -> list[ServiceBill]:
    """The bills of these services from a month on, the newest first. One query."""
    return _BILLS.all(list(subscription_ids), since)


def billed_by_month(bills: Iterable[ServiceBill]) -> dict[date, Decimal]:
    """What all services together were billed, by month."""
    found: dict[date, Decimal] = {}
    for bill in bills:
        found[bill.month] = found.get(bill.month, Decimal(0)) + bill.amount_bob
    return found


def bill_of(subscription_id: int, month: date) -> ServiceBill | None:
    """The service's bill of a month, None when it is not issued."""
    return _BILL.first(subscription_id, month)


def claims_of_customer(customer_id: int) -> list[BillingClaim]:
    """The customer's billing claims, the newest first."""
    return _CLAIMS.all(customer_id)
