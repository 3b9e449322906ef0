"""Facturación applies billing claims; the neighbouring procedures acknowledge what is handed to them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from tests.integration.retention.operating import NOW, everybody

from thaki.people.models import User
from thaki.records.billing.service_models import BillingClaim, ServiceBill
from thaki.records.customers.models import Customer, Subscription
from thaki.records.hand_overs import operations
from thaki.records.hand_overs.models import HandOver
from thaki.records.offers.models import Plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, User]:
    return everybody()


@pytest.fixture
def service() -> Subscription:
    customer = Customer.objects.create(code="C-1", given_names="Lucía", surnames="Rojas", registered_at=NOW)
    plan = Plan.objects.create(
        code="FO60",
        name="Hogar Fibra 60",
        technology="FO",
        kind="internet",
        down_mbps=60,
        up_mbps=30,
        tariff_bob=Decimal(189),
        installation_bob=Decimal(150),
        valid_from_on=date(2025, 1, 1),
    )
    return Subscription.objects.create(
        customer=customer, plan=plan, technology="FO", number="44280001", since_on=date(2024, 1, 1)
    )


def _claim(service: Subscription, month: date, n: int) -> BillingClaim:
    return BillingClaim.objects.create(
        number=f"RF-{n}",
        key=f"k{n}",
        case_ref="RET-1",
        customer=service.customer,
        subscription=service,
        kind="removal",
        reason="Retiro por Retención con Servicio de Ingeniería",
        month=month,
        amount_bob=189,
        registered_at=NOW,
    )


def test_what_has_a_bill_is_applied_and_the_rest_waits_for_it(
    service: Subscription, client: Client, people: dict[str, User]
) -> None:
    november, december = date(2026, 11, 1), date(2026, 12, 1)
    ServiceBill.objects.create(
        subscription=service, month=november, amount_bob=189, issued_on=november, due_on=date(2026, 11, 20)
    )
    claims = [_claim(service, november, 1), _claim(service, december, 2)]
    client.force_login(people["facturacion1"])
    assert "RF-1" in client.get("/retencion/reclamos-facturacion/").content.decode()
    client.post("/retencion/reclamos-facturacion/aplicar/", {"claim": [claim.pk for claim in claims]})
    states = dict(BillingClaim.objects.values_list("number", "state"))
    assert states == {"RF-1": "applied", "RF-2": "waiting_bill"}
    assert "RF-2" in client.get("/retencion/reclamos-facturacion/?estado=waiting_bill").content.decode()


def test_a_refusal_says_why(service: Subscription, client: Client, people: dict[str, User]) -> None:
    claim = _claim(service, date(2026, 11, 1), 1)
    client.force_login(people["facturacion1"])
    address = f"/retencion/reclamos-facturacion/{claim.pk}/rechazar/"
    assert "Indique el motivo" in client.post(address, {}, follow=True).content.decode()
    client.post(address, {"note": "Otro titular"})
    claim.refresh_from_db()
    assert (claim.state, claim.note) == ("rejected", "Otro titular")


def test_only_facturacion_decides(service: Subscription, client: Client, people: dict[str, User]) -> None:
    client.force_login(people["asesor1"])
    assert client.get("/retencion/reclamos-facturacion/").status_code == 200
    assert client.post("/retencion/reclamos-facturacion/aplicar/", {}).status_code == 403


def _send(service: Subscription, to: str, **more: Any) -> HandOver:
    return operations.send(
        key=f"k-{to}",
        to=to,
        case_ref="RET-1",
        customer=service.customer,
        subject="Baja de 44280001",
        body="Equipo por devolver: módem",
        by=None,
        now=NOW,
        **more,
    )


def test_a_unit_acknowledges_what_is_its_own(service: Subscription, client: Client, people: dict[str, User]) -> None:
    letter = _send(service, "solicitudes")
    client.force_login(people["soluciones1"])
    assert client.get("/traspasos/solicitudes/").status_code == 403
    assert client.post(f"/traspasos/recibir/{letter.pk}/").status_code == 404
    client.force_login(people["solicitudes1"])
    assert "Equipo por devolver" in client.get("/traspasos/solicitudes/").content.decode()
    client.post(f"/traspasos/recibir/{letter.pk}/", {"note": "Se programa el retiro"})
    letter.refresh_from_db()
    assert (letter.acknowledged_by, letter.note) == (people["solicitudes1"], "Se programa el retiro")
    assert "Se programa el retiro" in client.get("/traspasos/solicitudes/?estado=recibidos").content.decode()


def test_who_hands_over_sees_both_inboxes_and_acknowledges_neither(
    service: Subscription, client: Client, people: dict[str, User]
) -> None:
    letter = _send(service, "incidentes")
    client.force_login(people["retencion1"])
    assert client.get("/traspasos/incidentes/").status_code == 200
    assert client.get("/traspasos/solicitudes/").status_code == 200
    assert client.post(f"/traspasos/recibir/{letter.pk}/").status_code == 403
