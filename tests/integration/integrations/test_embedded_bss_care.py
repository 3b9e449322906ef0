"""The embedded BSS keeps customers: bills, billing claims, work orders, each once a key."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from thaki.integrations.bss import embedded
from thaki.integrations.bss.operations_care import billing_claim_request, work_order_request
from thaki.integrations.bss.port import BssError, get_bss
from thaki.records.billing import claims_operations
from thaki.records.billing.operations import service
from thaki.records.billing.service_models import REMOVAL_REASON, BillingClaim, ServiceBill
from thaki.records.courtesies import operations as courtesies
from thaki.records.customers.models import Customer, Subscription
from thaki.records.offers.models import Plan
from thaki.records.work_orders import operations as work_orders
from thaki.records.work_orders.models import WorkOrder

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


@pytest.fixture
def line() -> Subscription:
    plan = Plan.objects.create(
        code="FO60", name="Fibra 60", technology="FO", kind="internet", down_mbps=60, up_mbps=30, tariff_bob=189,
        valid_from_on=date(2026, 1, 1),
    )  # fmt: skip
    customer = Customer.objects.create(code="S-1", given_names="Juan", surnames="Quispe", registered_at=NOW)
    return Subscription.objects.create(
        customer=customer, plan=plan, number="4251234", technology="FO", since_on=date(2026, 1, 10)
    )


@pytest.fixture
def order(line: Subscription) -> WorkOrder:
    return work_orders.issue(
        key="RET-1:5",
        case_ref="RET-1",
        customer=line.customer,
        subscription=line,
        observations="GLOSA",
        by=None,
        now=NOW,
    )


@pytest.fixture
def claim(line: Subscription) -> BillingClaim:
    return service.register_claim(
        key="RET-1:4", case_ref="RET-1", subscription=line, kind="removal", reason=REMOVAL_REASON,
        month=date(2026, 11, 1), amount_bob=Decimal(189), by=None, now=NOW,
    )  # fmt: skip


def test_a_work_order_is_entered_once_and_carries_the_glosa(order: WorkOrder) -> None:
    request = work_order_request(order)
    assert (request.activity, request.payment_form, request.charge_bob, request.observations) == (
        "40530 PEX/Adecuación por Retención",
        "Crédito",
        Decimal(0),
        "GLOSA",
    )
    views = [get_bss().place_work_order(request, key="k", now=NOW) for _time in range(2)]
    assert [view.number for view in views] == [order.number] * 2
    assert embedded.EmbeddedBss().work_order(order.number) == views[0]


def test_cancelling_what_our_side_cancelled_already_is_done(order: WorkOrder) -> None:
    work_orders.cancel(order.pk, why="Baja", by=None, now=NOW)
    assert get_bss().cancel_work_order(order.number, reason="Baja", key="c", now=NOW).state == "cancelled"


def test_an_order_that_is_not_there_is_no_matter_of_trying_again() -> None:
    with pytest.raises(BssError) as refused:
        get_bss().cancel_work_order("OT-0", reason="x", key="c", now=NOW)
    assert not refused.value.retry


def test_a_billing_claim_is_registered_once(claim: BillingClaim) -> None:
    view = get_bss().register_billing_claim(billing_claim_request(claim), key="k", now=NOW)
    assert (view.number, view.state) == (claim.number, "registered")


def test_the_billing_run_bills_from_its_day_on_and_applies_what_waited(claim: BillingClaim) -> None:
    claims_operations.apply(claim.pk, by=None, now=NOW)
    assert embedded.bill_services(now=datetime(2026, 11, 4, 12, 0, tzinfo=UTC)) == 0
    assert embedded.bill_services(now=NOW) == 1
    assert embedded.bill_services(now=NOW) == 0
    claim.refresh_from_db()
    assert claim.state == "applied"
    (bill,) = get_bss().service_bills("S-1", since=date(2026, 9, 1))
    assert (bill.service, bill.amount_bob, bill.removed_at) == ("4251234", Decimal(189), NOW)


def test_a_night_ends_courtesies_and_bills_the_month(line: Subscription) -> None:
    from thaki.integrations.bss.jobs import daily

    given = courtesies.give(
        customer=line.customer, subscription=line, kind="max", name="Línea Max", days=1, case_ref="RET-1",
        starts_on=date(2026, 1, 10), by=None, now=NOW,
    )  # fmt: skip
    daily(0)
    given.refresh_from_db()
    assert given.ended_why == "due"
    assert ServiceBill.objects.exists() is (datetime.now(tz=UTC).day >= embedded.BILL_DAY)
