"""Facturación decides a billing claim (RET 4 and 13, R-B8, R-B13)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError

from thaki.people.models import User
from thaki.records.billing import claims_operations as claims
from thaki.records.billing import claims_queries
from thaki.records.billing.service_models import BillingClaim, ServiceBill
from thaki.records.customers.models import Customer, Subscription
from thaki.records.offers.models import Plan
from thaki.records.reasons import RuleError

pytestmark = pytest.mark.django_db
MONTH = date(2026, 11, 1)


@pytest.fixture
def service(juan: Customer, plan: Plan, now: datetime) -> Subscription:
    return Subscription.objects.create(
        customer=juan, plan=plan, technology="FO", number="44250001", since_on=now.date()
    )


def _claim(service: Subscription, now: datetime, n: int = 1, **told: object) -> BillingClaim:
    values = {"kind": "removal", "amount_bob": Decimal(189), "month": MONTH, **told}
    if values["kind"] == "compensation":
        values.setdefault("days", 10)
    return BillingClaim.objects.create(
        number=f"RF-{n}",
        key=f"k{n}",
        case_ref="RET-1",
        customer=service.customer,
        subscription=service,
        reason="Retiro por Retención con Servicio de Ingeniería",
        registered_at=now,
        **values,
    )


def _bill(service: Subscription, amount: int = 189, month: date = MONTH) -> ServiceBill:
    return ServiceBill.objects.create(
        subscription=service, month=month, amount_bob=amount, issued_on=month, due_on=month + timedelta(days=20)
    )


def test_a_removal_leaves_nothing_owed(service: Subscription, ana: User, now: datetime) -> None:
    bill, claim = _bill(service), _claim(service, now)
    applied = claims.apply(claim.pk, by=ana, now=now)
    bill.refresh_from_db()
    assert (applied.state, applied.bill, applied.applied_by) == ("applied", bill, ana)
    assert bill.removed_at == now
    assert claims.owed_bob(bill) == 0


def test_a_compensation_takes_its_amount_off(service: Subscription, ana: User, now: datetime) -> None:
    bill = _bill(service)
    claims.apply(_claim(service, now, kind="compensation", amount_bob=Decimal("63.00")).pk, by=ana, now=now)
    bill.refresh_from_db()
    assert claims.owed_bob(bill) == Decimal("126.00")


def test_applying_twice_is_once(service: Subscription, ana: User, now: datetime) -> None:
    bill, claim = _bill(service), _claim(service, now, kind="compensation", amount_bob=Decimal(63))
    for _time in range(2):
        claims.apply(claim.pk, by=ana, now=now)
    bill.refresh_from_db()
    assert bill.adjusted_bob == 63


def test_without_a_bill_it_waits_and_is_applied_when_it_is_issued(
    service: Subscription, ana: User, now: datetime
) -> None:
    claim = _claim(service, now)
    assert claims.apply(claim.pk, by=ana, now=now).state == "waiting_bill"
    assert claims.bill_issued(_bill(service, month=date(2026, 12, 1)), by=None, now=now) is None
    applied = claims.bill_issued(_bill(service), by=None, now=now)
    assert applied is not None
    assert (applied.pk, applied.state) == (claim.pk, "applied")


def test_a_rejection_says_why_and_frees_the_month(service: Subscription, ana: User, now: datetime) -> None:
    claim = _claim(service, now)
    with pytest.raises(RuleError, match="motivo"):
        claims.reject(claim.pk, note=" ", by=ana, now=now)
    assert claims.reject(claim.pk, note="La factura es de otro mes", by=ana, now=now).state == "rejected"
    assert _claim(service, now, 2).pk
    with pytest.raises(RuleError, match="ya está rechazado"):
        claims.apply(claim.pk, by=ana, now=now)


def test_a_month_of_a_service_has_one_claim(service: Subscription, now: datetime) -> None:
    _claim(service, now)
    with pytest.raises(IntegrityError):
        _claim(service, now, 2, kind="compensation")


def test_the_inbox_says_which_bills_are_issued(service: Subscription, now: datetime) -> None:
    claim = _claim(service, now)
    assert [one.bill_is_issued for one in claims_queries.inbox()] == [False]  # type: ignore[attr-defined]
    _bill(service)
    assert [one.bill_is_issued for one in claims_queries.inbox("registered")] == [True]  # type: ignore[attr-defined]
    assert claims_queries.waiting_counts() == {"registered": 1, "waiting_bill": 0}
    assert list(claims_queries.inbox("applied")) == []
    assert claim.state == "registered"
