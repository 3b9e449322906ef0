"""Steps 20 to 25: orders and their contracts."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from thaki.people.models import User
from thaki.records.customers.models import Customer
from thaki.records.network.models import AccessPoint
from thaki.records.offers.models import Plan
from thaki.records.orders import operations, queries
from thaki.records.orders.models import ProductOrder, ServiceContract
from thaki.records.reasons import RuleError

pytestmark = pytest.mark.django_db
CASE = "GVD-2026-000001"


@pytest.fixture
def place(juan: Customer, plan: Plan, ana: User, now: datetime) -> Callable[..., ProductOrder]:
    """Enters an order of the case."""

    def enter(**other: Any) -> ProductOrder:
        return operations.place_order(
            **{
                "case_ref": CASE,
                "customer": juan,
                "plan": plan,
                "payment_form": "prepaid",
                "tariff_bob": plan.tariff_bob,
                "installation_bob": plan.installation_bob,
                "address": "Av. América Este Nº 1234",
                "contact_phone": "71234567",
                "lat": -17.3935,
                "lon": -66.1570,
                "by": ana,
                "now": now,
                **other,
            }
        )

    return enter


def test_an_order_has_a_number_that_can_be_said(place: Callable[..., ProductOrder]) -> None:
    assert place().number.startswith("OS-2026-")
    assert place(case_ref="REH-2026-000001").number.startswith("REH-OS-2026-")


def test_a_sale_has_one_open_order(place: Callable[..., ProductOrder]) -> None:
    first = place()
    with pytest.raises(RuleError, match=first.number):
        place()


def test_the_database_holds_one_open_order_a_sale(place: Callable[..., ProductOrder]) -> None:
    order = place()
    order.pk, order.number = None, "OS-2026-999999"
    with pytest.raises(IntegrityError), transaction.atomic():
        order.save(force_insert=True)


def test_an_annulled_order_is_keyed_again_once(place: Callable[..., ProductOrder], ana: User, now: datetime) -> None:
    old = place()
    with pytest.raises(RuleError):
        place(case_ref="GVD-2026-000002", replaces=old)
    operations.annul_order(old.pk, reason="Datos errados", by=ana, now=now)
    new = place(replaces=old)
    assert (new.replaces, queries.current_order(CASE)) == (old, new)
    with pytest.raises(RuleError, match="ya fue redigitada"):
        place(case_ref="GVD-2026-000002", replaces=old)


def test_an_annulment_has_its_reason_and_is_final(place: Callable[..., ProductOrder], ana: User, now: datetime) -> None:
    order = place()
    with pytest.raises(RuleError):
        operations.annul_order(order.pk, reason="  ", by=ana, now=now)
    operations.annul_order(order.pk, reason="No hay acometida", by=ana, now=now)
    with pytest.raises(RuleError):
        operations.complete_order(order.pk, by=ana, now=now)
    assert queries.open_order(CASE) is None


def test_a_completed_order_leaves_the_service_on_a_line(
    place: Callable[..., ProductOrder], juan: Customer, now: datetime
) -> None:
    box = AccessPoint.objects.create(
        code="FO-1", technology="FO", lat=-17.39, lon=-66.15, ports_total=1, reach_m=500, max_mbps=300
    )
    order = place()
    operations.start_order(order.pk, access_point=box, by=None, now=now)
    operations.complete_order(order.pk, by=None, now=now)
    service = juan.subscriptions.get()
    assert service.line is not None
    assert (service.status, service.line.access_point, service.number) == ("active", box, service.line.number)
    box.refresh_from_db()
    assert box.ports_used == 1


def test_an_annulled_order_gives_its_port_back(place: Callable[..., ProductOrder], now: datetime) -> None:
    box = AccessPoint.objects.create(
        code="FO-1", technology="FO", lat=-17.39, lon=-66.15, ports_total=1, reach_m=500, max_mbps=300
    )
    order = place()
    operations.start_order(order.pk, access_point=box, by=None, now=now)
    operations.annul_order(order.pk, reason="Desistió", by=None, now=now)
    box.refresh_from_db()
    assert box.ports_used == 0


def test_an_upgrade_ends_the_older_service_of_its_kind(
    place: Callable[..., ProductOrder], juan: Customer, make_plan: Callable[..., Plan], now: datetime
) -> None:
    for case, changes in (("GVD-2026-000002", {}), (CASE, {"action": "upgrade", "plan": make_plan("FO100")})):
        operations.complete_order(place(case_ref=case, **changes).pk, by=None, now=now)
    states = juan.subscriptions.order_by("pk").values_list("plan__code", "status")
    assert list(states) == [("FO60", "withdrawn"), ("FO100", "active")]


def test_the_history_of_an_order_survives_it(place: Callable[..., ProductOrder], ana: User, now: datetime) -> None:
    order = place()
    operations.annul_order(order.pk, reason="Error", by=ana, now=now)
    events = ProductOrder.events.rel.related_model.objects.filter(pgh_obj_id=order.pk).order_by("pgh_id")  # type: ignore[attr-defined]
    order.delete()
    assert [(e.pgh_label, e.state) for e in events.all()] == [
        ("insert", "acknowledged"),
        ("update", "cancelled"),
        ("delete", "cancelled"),
    ]


def test_a_contract_goes_from_drafted_to_archived(place: Callable[..., ProductOrder], ana: User, now: datetime) -> None:
    contract = operations.draft_contract(place(), by=ana, now=now)
    assert contract.number.startswith("CS-2026-")
    operations.print_contract(contract.pk, by=ana, now=now)
    assert operations.print_contract(contract.pk, by=ana, now=now).prints == 2
    operations.sign_contract(contract.pk, how="agency", name="Juan Quispe", by=ana, now=now)
    assert operations.archive_contract(contract.pk, by=ana, now=now).state == "archived"


def test_paper_is_printed_before_it_is_signed(place: Callable[..., ProductOrder], ana: User, now: datetime) -> None:
    contract = operations.draft_contract(place(), by=ana, now=now)
    with pytest.raises(RuleError):
        operations.sign_contract(contract.pk, how="visit", name="Juan Quispe", by=ana, now=now)
    with pytest.raises(RuleError):
        operations.sign_contract(contract.pk, how="link", name=" ", by=ana, now=now)


def test_on_the_link_it_is_accepted_without_paper(place: Callable[..., ProductOrder], now: datetime) -> None:
    contract = operations.draft_contract(place(), by=None, now=now)
    operations.sign_contract(contract.pk, how="link", name="Juan Quispe", by=None, now=now)
    assert ServiceContract.objects.get().printed_at is None


@pytest.mark.parametrize(
    "values",
    [
        {"state": "cancelled"},
        {"state": "completed"},
        {"annulled_at": datetime(2026, 11, 20).astimezone()},
        {"tariff_bob": Decimal(0)},
        {"contact_phone": "4251234"},
    ],
)
def test_the_database_refuses_half_states(place: Callable[..., ProductOrder], values: dict[str, object]) -> None:
    order = place()
    with pytest.raises(IntegrityError), transaction.atomic():
        ProductOrder.objects.filter(pk=order.pk).update(**values)
