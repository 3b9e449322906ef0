"""What is given up for a customer: month, days, amount to the cent, and whether the adviser may give it alone (R-B13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from thaki.people import policies
from thaki.procedures.retention import rules
from thaki.procedures.retention.models import Authorisation, Offered, Retention, Stage
from thaki.procedures.retention.reading import read_of
from thaki.procedures.retention.remembering import remembered
from thaki.records.billing.service_models import ServiceBill
from thaki.records.claims.rules import days_apart


@dataclass(frozen=True, slots=True)
class Amounts:
    """What the affected service's month is worth."""

    month: date
    tariff_bob: Decimal
    bill: ServiceBill | None  # None: not issued yet; it is removed when it is
    days: int  # affected, as a first guess: since the first claim that counts
    most_days: int
    limit_bob: Decimal
    removal_bob: Decimal
    compensation_bob: Decimal  # of those days


def of(retention: Retention, *, now: datetime) -> Amounts | None:
    """For the affected service and the present month; None while no service is named."""
    key = ("amounts", now, retention.subscription_id)
    return remembered(retention, key, lambda: _of(retention, now)) if retention.subscription_id else None


def _of(retention: Retention, now: datetime) -> Amounts | None:
    rows, month = read_of(retention, now=now), timezone.localdate(now).replace(day=1)
    service = rows.service(retention.subscription_id or 0) or retention.subscription
    if service is None:
        return None
    bill, tariff = rows.bill(service.pk, month), service.plan.tariff_bob
    most = policies.get_int("retention.max_compensation_days")
    days = max(1, min(most, _days(retention, now)))
    left = bill.adjusted_bob if bill else Decimal(0)
    return Amounts(
        month=month,
        tariff_bob=tariff,
        bill=bill,
        days=days,
        most_days=most,
        limit_bob=limit(retention),
        removal_bob=rules.removal(tariff, bill.amount_bob if bill else None, left),
        compensation_bob=rules.compensation(tariff, days, most_days=most),
    )


def limit(retention: Retention) -> Decimal:
    """Up to how much the adviser may give alone: more for a VIP."""
    code = "retention.adviser_limit_vip_bob" if retention.vip else "retention.adviser_limit_bob"
    return Decimal(policies.get(code))


def agree(retention: Retention, kind: str, *, days: int | None, stage: Stage, now: datetime) -> tuple[str, ...]:
    """Set what was agreed: the amount, and whether the Responsable has to authorise it; returns the fields to save.

    The month is that of the agreement: whatever happens until the claim is registered, the invoice removed is this one.
    """
    found = of(retention, now=now)
    assert found is not None  # the form asked for a service
    retention.offer, retention.stage, retention.invoice_month = Offered(kind), stage, found.month
    if kind == Offered.COMPENSATION:
        retention.days_affected = days
        retention.amount_bob = rules.compensation(found.tariff_bob, days or 0, most_days=found.most_days)
    else:
        retention.days_affected, retention.amount_bob = None, found.removal_bob
    over = rules.over_limit(
        kind,
        retention.amount_bob,
        limit_bob=found.limit_bob,
        of_removals=bool(policies.get("retention.removal_needs_authorisation")),
    )
    retention.authorisation = Authorisation.PENDING if over else Authorisation.NOT_NEEDED
    retention.authorised_by = retention.authorised_at = None
    return (
        "offer", "stage", "invoice_month", "days_affected", "amount_bob",
        "authorisation", "authorised_by", "authorised_at",
    )  # fmt: skip


def _days(retention: Retention, now: datetime) -> int:
    """Since the first of the claims that make the damage of the affected service."""
    for verdict in retention.evidence:
        if verdict["subscription"] == retention.subscription_id and verdict.get("first_at"):
            return days_apart(datetime.fromisoformat(verdict["first_at"]), now)
    return 1
