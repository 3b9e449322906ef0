"""A prospect fills the public form: a case opens at step 1, and he gets his own link."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.integration.sales.conftest import HOME

from thaki.cases.models import Case, Task
from thaki.channels.website.models import CustomerLink
from thaki.records.prospects.models import Prospect

pytestmark = pytest.mark.usefixtures("people", "network_around", "plans")
FORM: dict[str, Any] = {
    "name": "Ana Quispe Mamani",
    "phone": "71234567",
    "email": "",
    "interest": "internet",
    "address": "Av. América E-0451",
    "message": "Por las tardes",
    "key": "una-clave-de-prueba",
}


def send(client: Client, **over: Any) -> Any:
    return client.post("/contratar/", FORM | over)


def test_it_opens_a_case_at_step_1_and_leads_to_its_link(client: Client) -> None:
    response = send(client)
    case = Case.objects.get()
    assert Task.objects.get(case=case).step == "1"
    assert "/mi-solicitud/" in response["Location"]


def test_the_link_shows_the_case(client: Client) -> None:
    page = client.get(send(client)["Location"])
    assert Case.objects.get().number in page.content.decode()


def test_the_same_form_twice_is_one_case(client: Client) -> None:
    first, second = send(client), send(client)
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


def test_sent_again_after_going_back_it_is_one_case(client: Client) -> None:
    first = send(client)
    again = send(client, key="el navegador pidió la página de nuevo")
    assert first["Location"] == again["Location"]
    assert Case.objects.count() == 1


def test_another_browser_with_the_same_words_does_not_come_to_the_first_ones_link(client: Client) -> None:
    first = send(client)
    other = send(Client(), key="otra")
    assert first["Location"] != other["Location"]


def test_who_asks_again_after_his_request_ended_makes_a_new_one(client: Client) -> None:
    first = send(client)
    Case.objects.update(state=Case.State.ENDED, ended_at=timezone.now())
    assert send(client, key="otro día")["Location"] != first["Location"]
    assert Case.objects.count() == 2


def test_what_was_mended_after_going_back_is_not_lost(client: Client) -> None:
    send(client)
    send(client, phone="76543210")
    assert set(Prospect.objects.values_list("phone", flat=True)) == {"71234567", "76543210"}


def test_a_hostile_key_or_cookie_is_only_a_new_request(client: Client) -> None:
    client.cookies["thaki_sent"] = "x:y:z"
    assert send(client, key="ñ\r\n; Path=/").status_code == 302


def test_one_way_to_reach_him_is_enough(client: Client) -> None:
    send(client, phone="", email="ana@correo.example")
    assert Prospect.objects.get().email == "ana@correo.example"


def test_neither_telephone_nor_mail_is_answered_in_place(client: Client) -> None:
    response = send(client, phone="")
    assert response.status_code == 422
    assert "Déjenos un teléfono o un correo" in response.content.decode()
    assert "Ana Quispe Mamani" in response.content.decode()  # what was typed stays


def test_seven_digits_ask_for_the_area_digit(client: Client) -> None:
    response = send(client, phone="4258963")
    assert "anteponga el dígito de área" in response.content.decode()
    assert not Case.objects.exists()


def test_a_machine_that_fills_the_hidden_field_gets_nothing(client: Client) -> None:
    send(client, website="http://spam.example")
    assert not Case.objects.exists()


def test_a_pin_with_coverage_is_told_its_speed(client: Client) -> None:
    page = client.get("/contratar/cobertura/", {"lat": str(HOME[0]), "lon": str(HOME[1])}).content.decode()
    assert "Sí llegamos" in page


@pytest.mark.parametrize(
    "query", [{}, {"lat": "x", "lon": "y"}, {"lat": "nan", "lon": "nan"}, {"lat": "48.8", "lon": "2.3"}]
)
def test_a_pin_that_is_none_breaks_nothing(client: Client, query: dict[str, str]) -> None:
    response = client.get("/contratar/cobertura/", query)
    assert response.status_code == 200
    assert "Sí llegamos" not in response.content.decode()


def test_a_forged_or_revoked_link_opens_nothing(client: Client) -> None:
    address = send(client)["Location"]
    path = address[address.index("/mi-solicitud/") :]
    assert client.get(path[:-3] + "xx/").status_code == 404
    CustomerLink.objects.update(revoked_at="2026-11-21T00:00Z")
    assert client.get(path).status_code == 404
