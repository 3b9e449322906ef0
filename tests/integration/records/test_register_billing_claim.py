"""A billing claim stands once for a service and month, and waits for a bill not yet issued (steps 4 and 13)."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from thaki.records.billing import claims_operations
from thaki.records.billing import queries_service as queries
from thaki.records.billing.operations import service
from thaki.records.billing.service_models import REMOVAL_REASON, BillingClaim, ServiceBill
from thaki.records.customers.models import Customer, Subscription
from thaki.records.offers.models import Plan
from thaki.records.reasons import RuleError

NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def asked(line: Subscription, now: datetime) -> dict[str, Any]:
    """A removal of November's bill."""
    return {
        "key": "RET-1:4",
        "case_ref": "RET-1",
        "subscription": line,
        "kind": "removal",
        "reason": REMOVAL_REASON,
        "month": date(2026, 11, 20),
        "amount_bob": Decimal("189.00"),
        "by": None,
        "now": now,
    }


def test_it_names_the_month_and_the_bill(asked: dict[str, Any], line: Subscription) -> None:
    service.issue_service_bills(NOVEMBER, today=date(2026, 11, 5))
    claim = service.register_claim(**asked)
    assert claim.number.startswith("RF-2026-")
    assert (claim.month, claim.state, claim.bill) == (NOVEMBER, "registered", queries.bill_of(line.pk, NOVEMBER))


def test_registering_twice_with_one_key_registers_once(asked: dict[str, Any]) -> None:
    assert service.register_claim(**asked).pk == service.register_claim(**asked).pk


def test_one_that_waits_is_applied_when_its_bill_is_issued(asked: dict[str, Any], now: datetime) -> None:
    claim = service.register_claim(**asked)
    assert (claim.state, claim.bill) == ("registered", None)
    assert claims_operations.apply(claim.pk, by=None, now=now).state == "waiting_bill"
    assert service.meet_bills(now=now) == 0
    service.issue_service_bills(NOVEMBER, today=date(2026, 11, 25))
    assert service.meet_bills(now=now) == 1
    claim.refresh_from_db()
    assert (claim.state, claim.bill) == ("applied", ServiceBill.objects.get())


def test_never_both_for_one_product_and_month(asked: dict[str, Any]) -> None:
    first = service.register_claim(**asked)
    other = {**asked, "key": "RET-1:13", "kind": "compensation", "days": 5, "amount_bob": Decimal("31.50")}
    with pytest.raises(RuleError, match=first.number):
        service.register_claim(**other)
    BillingClaim.objects.filter(pk=first.pk).update(state="rejected", note="Duplicado", applied_at=first.registered_at)
    service.register_claim(**other)


def test_the_database_holds_it_too(asked: dict[str, Any]) -> None:
    claim = service.register_claim(**asked)
    claim.pk, claim.key, claim.number = None, "other", "RF-X"
    with pytest.raises(IntegrityError), transaction.atomic():
        claim.save(force_insert=True)


def test_no_more_is_claimed_than_was_billed(asked: dict[str, Any]) -> None:
    service.issue_service_bills(NOVEMBER, today=date(2026, 11, 5))
    with pytest.raises(RuleError, match=r"189\.00"):
        service.register_claim(**{**asked, "amount_bob": Decimal("189.01")})


def test_a_compensation_says_the_days(asked: dict[str, Any]) -> None:
    with pytest.raises(RuleError) as refused:
        service.register_claim(**{**asked, "kind": "compensation"})
    assert refused.value.field == "days"


def test_the_months_bills_are_issued_once_and_to_who_had_the_service(
    juan: Customer, line: Subscription, plan: Plan, make_service: Callable[..., Subscription]
) -> None:
    make_service(juan, plan, number="4251002", since_on=date(2026, 12, 1))
    make_service(juan, plan, number="4251003", since_on=date(2026, 11, 30))
    assert service.issue_service_bills(NOVEMBER, today=date(2026, 11, 30)) == 2
    assert service.issue_service_bills(NOVEMBER, today=date(2026, 11, 30)) == 0


def test_bills_add_up_by_month(
    juan: Customer, line: Subscription, plan: Plan, make_service: Callable[..., Subscription]
) -> None:
    other = make_service(juan, plan, number="4251002")
    service.issue_service_bills(NOVEMBER, today=date(2026, 11, 5))
    bills = queries.bills_of([line.pk, other.pk], since=date(2026, 9, 1))
    assert queries.billed_by_month(bills) == {NOVEMBER: Decimal("378.00")}
