"""What is asked about bajas: a customer's, and the month's count (R-B14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.db.models.functions import TruncMonth

from thaki.people.prepared import Prepared
from thaki.records.withdrawals.models import Withdrawal

MOST = 100
_OF_CUSTOMER = Prepared(
    Withdrawal, f"m.customer_id = %s ORDER BY m.requested_on DESC, m.id DESC LIMIT {MOST}", follow=("subscription",)
)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many withdrawals of a product a month had, by kind."""

    month: date
    product: str
    kind: str  # requested: the KPI counts these; arrears: shown beside
    count: int


def by_month(first: date, last: date) -> list[Counted]:
    """Counts by month of request, product and kind, between two days, both included; one query over one index."""
    rows = (
        Withdrawal.objects.filter(requested_on__gte=first, requested_on__lte=last)
        .annotate(month=TruncMonth("requested_on"))
        .values_list("month", "product", "kind")
        .annotate(count=Count("id"))
        .order_by("month", "product", "kind")
    )
    return [Counted(*row) for row in rows]


def reasons(first: date, last: date) -> dict[str, int]:
    """How often each reason was given for a requested withdrawal between two days, the most frequent first."""
    rows = (
        Withdrawal.objects.filter(requested_on__gte=first, requested_on__lte=last, kind=Withdrawal.Kind.REQUESTED)
        .values_list("reason")
        .annotate(count=Count("id"))
        .order_by("-count", "reason")
    )
    return dict(rows)


def of_customer(customer_id: int) -> list[Withdrawal]:
    """The customer's withdrawals, the newest first."""
    return _OF_CUSTOMER.all(customer_id)
