"""The embedded BSS does what the port says, once a key."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from thaki.cases import registry
from thaki.integrations.bss import embedded, operations
from thaki.integrations.bss.port import BssError, CustomerData, CustomerQuery, get_bss
from thaki.people.models import User
from thaki.records.billing.models import Invoice
from thaki.records.customers import operations as customers
from thaki.records.customers.models import Customer
from thaki.records.network import operations as network
from thaki.records.network.models import AccessPoint
from thaki.records.offers.models import Plan
from thaki.records.orders import operations as orders
from thaki.records.orders.models import ProductOrder

pytestmark = pytest.mark.django_db
CASE = "GVD-2026-000001"


class FakeEffect:
    """What a handler reads of an effect."""

    def __init__(self, kind: str, key: str, payload: dict[str, Any], by: User | None = None) -> None:
        self.kind, self.key, self.payload, self.by = kind, key, payload, by


def run(kind: str, key: str, payload: dict[str, Any]) -> dict[str, Any]:
    """Does an effect as the worker does."""
    return registry.effect_handler(kind)(FakeEffect(kind, key, payload)) or {}  # type: ignore[arg-type]


@pytest.fixture
def order(juan: Customer, plan: Plan, ana: User, now: datetime) -> ProductOrder:
    """An order of our records that the BSS does not know yet."""
    return orders.place_order(
        case_ref=CASE,
        customer=juan,
        plan=plan,
        payment_form="prepaid",
        tariff_bob=plan.tariff_bob,
        installation_bob=plan.installation_bob,
        address="Av. América Este Nº 1234",
        contact_phone="71234567",
        lat=-17.3935,
        lon=-66.1570,
        by=ana,
        now=now,
    )


@pytest.fixture
def box(now: datetime) -> AccessPoint:
    """A fibre box that serves the order's place."""
    ring = [[-66.17, -17.41], [-66.14, -17.41], [-66.14, -17.38], [-66.17, -17.38], [-66.17, -17.41]]
    polygon = {"type": "Polygon", "coordinates": [ring]}
    network.add_area(name="Centro", technology="FO", polygon=polygon, max_mbps=300, by=None, now=now)
    return AccessPoint.objects.create(
        code="FO-1", technology="FO", lat=-17.3935, lon=-66.1571, ports_total=2, reach_m=500, max_mbps=300
    )


def test_a_placed_order_goes_to_the_field_with_a_port(order: ProductOrder, box: AccessPoint) -> None:
    result = run("bss.place_order", "k1", {"order": order.pk})
    assert result == {"number": order.number, "state": "in_progress"}
    box.refresh_from_db()
    assert box.ports_used == 1


def test_an_effect_done_twice_is_done_once(order: ProductOrder, box: AccessPoint) -> None:
    for _ in range(2):
        run("bss.place_order", "k1", {"order": order.pk})
    box.refresh_from_db()
    assert box.ports_used == 1


def test_an_order_annulled_meanwhile_is_left_alone(order: ProductOrder, now: datetime) -> None:
    orders.annul_order(order.pk, reason="Error", by=None, now=now)
    assert run("bss.place_order", "k1", {"order": order.pk})["state"] == "cancelled"


def test_an_order_without_a_known_box_goes_to_the_field_all_the_same(order: ProductOrder) -> None:
    assert run("bss.place_order", "k1", {"order": order.pk})["state"] == "in_progress"


def test_cancelling_agrees_with_what_was_annulled_here(order: ProductOrder, now: datetime) -> None:
    orders.annul_order(order.pk, reason="Error", by=None, now=now)
    assert run("bss.cancel_order", "k2", {"order": order.pk})["state"] == "cancelled"


def test_a_completed_order_cannot_be_cancelled_and_no_retry_mends_it(order: ProductOrder, now: datetime) -> None:
    orders.complete_order(order.pk, by=None, now=now)
    with pytest.raises(registry.EffectError) as error:
        run("bss.cancel_order", "k2", {"order": order.pk, "reason": "Tarde"})
    assert not error.value.retry


def test_the_field_completes_what_was_long_enough_under_way(order: ProductOrder, now: datetime) -> None:
    orders.start_order(order.pk, by=None, now=now)
    assert embedded.advance_orders(now=now + timedelta(days=1)) == 0
    assert embedded.advance_orders(now=now + timedelta(days=2)) == 1
    view = get_bss().order(order.number)
    assert view is not None
    assert view.state == "completed"


INVOICE: dict[str, Any] = {
    "case_ref": CASE,
    "name": "Juan Quispe",
    "tax_id": "4567890",
    "concept": "Instalación",
    "amount_bob": "339.00",
}


def test_an_invoice_is_issued_once_a_key_and_kept(juan: Customer, order: ProductOrder) -> None:
    payload = {**INVOICE, "customer": juan.pk, "order": order.pk, "agency": "Central"}
    first, again = run("bss.issue_invoice", "i1", payload), run("bss.issue_invoice", "i1", payload)
    assert first == again
    invoice = Invoice.objects.get()
    assert (invoice.number, invoice.amount_bob, invoice.agency) == (first["number"], Decimal("339.00"), "Central")
    assert invoice.cuf == first["cuf"] != ""


def test_another_key_is_another_invoice(juan: Customer) -> None:
    assert run("bss.issue_invoice", "i1", INVOICE)["number"] != run("bss.issue_invoice", "i2", INVOICE)["number"]


def test_a_refused_invoice_is_not_tried_again(juan: Customer) -> None:
    with pytest.raises(registry.EffectError) as error:
        run("bss.issue_invoice", "i1", {**INVOICE, "tax_id": "12A"})
    assert not error.value.retry


def test_voiding_leaves_a_credit_note_once(juan: Customer) -> None:
    invoice = run("bss.issue_invoice", "i1", INVOICE)["invoice"]
    first = run("bss.void_invoice", "v1", {"invoice": invoice, "reason": "Venta anulada"})
    assert run("bss.void_invoice", "v1", {"invoice": invoice, "reason": "Venta anulada"}) == first
    assert first["credit_note"].startswith("NC-")


def test_a_rehearsals_invoice_touches_no_sequence(juan: Customer, now: datetime) -> None:
    invoice = operations.issue_invoice(
        case_ref="REH-2026-000001",
        name="Juan",
        tax_id="4567890",
        concept="x",
        amount_bob=Decimal(1),
        key="r1",
        by=None,
        now=now,
    )
    assert invoice.number.startswith("REH-FAC-")
    assert invoice.cuf == invoice.number


def test_a_customer_is_registered_once_a_key(now: datetime) -> None:
    data = CustomerData(given_names="Ana", surnames="Rojas Arce", ci_number="5555555", phones=("60000000",))
    code = get_bss().register_customer(data, key="c1", now=now)
    assert get_bss().register_customer(data, key="c1", now=now) == code
    with pytest.raises(BssError, match="ya está registrado"):
        get_bss().register_customer(data, key="c2", now=now)


def test_a_customer_is_found_by_any_sign(juan: Customer) -> None:
    (found,) = get_bss().find_customers(CustomerQuery(phone="71234567"))
    assert (found.code, found.phone) == (juan.code, "71234567")


def test_the_record_shows_services_debts_requests_and_orders(
    juan: Customer,
    plan: Plan,
    order: ProductOrder,
    now: datetime,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    service = customers.subscribe(juan, plan=plan, number="46000001", by=None, now=now)
    customers.withdraw(service.pk, for_arrears=True, on=now.date(), by=None, now=now)
    customers.add_debt(juan, concept="Octubre", amount_bob=Decimal(189), due_on=date(2026, 10, 10), by=None, now=now)
    customers.open_request(juan, kind="claim", by=None, now=now)
    with django_assert_max_num_queries(6):
        record = get_bss().customer_record(juan.code)
    assert record is not None
    assert (len(record.withdrawn_for_arrears), record.owed_bob) == (1, Decimal(189))
    assert [o.number for o in record.orders] == [order.number]
    assert len(record.requests) == 1
    assert get_bss().customer_record("S-0") is None
