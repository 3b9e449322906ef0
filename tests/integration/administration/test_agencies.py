"""Agencies as records: entered, renamed with all that carries the name, closed when nothing waits."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from tests.integration.administration.conftest import person

from thaki.people import agencies
from thaki.people.models import Agency, User
from thaki.people.roles import Role
from thaki.records.billing.models import Invoice

pytestmark = pytest.mark.django_db
SUR = {"name": "Agencia Tamborada", "address": "Av. Petrolera km 4", "phone": "4251234", "hours": "lunes a viernes"}


def issued(agency: str) -> Invoice:
    at = datetime(2026, 11, 20, 15, tzinfo=UTC)
    return Invoice.objects.create(
        number=f"F-{agency}", case_ref="GVD-1", name="Ana", nit="123456", amount_bob=100, issued_at=at, agency=agency
    )


def test_an_agency_is_entered_and_offered_to_cobranzas(client: Client, admin: User) -> None:
    assert "le falta el 4" in client.post("/administracion/agencias/nueva/", SUR).content.decode()
    client.post("/administracion/agencias/nueva/", SUR | {"phone": "44251234"})
    assert "Agencia Tamborada" in agencies.names()


def test_one_name_is_one_agency(client: Client, admin: User) -> None:
    page = client.post("/administracion/agencias/nueva/", SUR | {"phone": "", "name": "agencia  CENTRAL"})
    assert page.status_code == 422
    assert "Ya hay una agencia con ese nombre" in page.content.decode()


def test_its_people_and_its_invoices_follow_a_new_name(client: Client, admin: User) -> None:
    agency = Agency.objects.create(name="Tiquipaya")
    cashier = person("cajera", Role.CAJERO, agency="Tiquipaya")
    invoice = issued("Tiquipaya")
    client.post(f"/administracion/agencias/{agency.pk}/", {"name": "Tiquipaya", "hours": "mañanas"})
    client.post(f"/administracion/agencias/{agency.pk}/", {"name": "Tiquipaya Norte", "hours": "mañanas"})
    cashier.refresh_from_db()
    invoice.refresh_from_db()
    assert Agency.objects.get(pk=agency.pk).hours == "mañanas"
    assert (cashier.agency, invoice.agency) == ("Tiquipaya Norte", "Tiquipaya Norte")
    assert "Tiquipaya → Tiquipaya Norte" in client.get(f"/administracion/agencias/{agency.pk}/").content.decode()


def test_an_agency_with_people_or_work_is_not_closed(client: Client, admin: User) -> None:
    agency = Agency.objects.create(name="Tiquipaya")
    cashier = person("cajera", Role.CAJERO, agency="Tiquipaya", first_name="Lidia")
    answer = client.post(f"/administracion/agencias/{agency.pk}/estado/", {"active": "0"}, follow=True)
    assert "Todavía pertenecen a la agencia: Lidia" in answer.content.decode()
    cashier.agency = ""
    cashier.save()
    invoice = issued("Tiquipaya")
    answer = client.post(f"/administracion/agencias/{agency.pk}/estado/", {"active": "0"}, follow=True)
    assert "tiene 1 facturas" in answer.content.decode()
    invoice.delete()
    client.post(f"/administracion/agencias/{agency.pk}/estado/", {"active": "0"})
    assert "Tiquipaya" not in agencies.names()
