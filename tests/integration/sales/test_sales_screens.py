"""The screens of steps 1 to 8, the prospects' pages, and what the forms ask for while they are filled in."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.integration.sales.conftest import HOME, NOW, Walk

from thaki.cases.models import Case, Task
from thaki.integrations.bss.port import BssError
from thaki.people.models import User
from thaki.procedures.sales.models import Sale
from thaki.records.customers import operations as customers
from thaki.records.customers.rules import Ci
from thaki.records.network.models import Line
from thaki.records.offers.models import Plan
from thaki.records.prospects.models import Prospect

Login = Callable[[str], Client]


@pytest.fixture
def login(people: dict[str, User]) -> Login:
    """A browser in which somebody has signed in."""

    def make(name: str) -> Client:
        client = Client()
        client.force_login(people[name])
        return client

    return make


# ---------------------------------------------------------------- the steps
@pytest.mark.parametrize("step", range(1, 9))
def test_each_step_has_its_screen(walk: Walk, login: Login, step: int) -> None:
    task = walk.to(step).task(step)
    page = login("helpdesk1" if step == 7 else "ejecutivo1").get(reverse("task", args=[task.pk]))
    assert page.status_code == 200
    text = page.content.decode()
    assert "María Elena Rojas Vargas" in text
    assert "Invalid" not in text


def test_the_screen_of_7_shows_the_parameters_of_the_references(walk: Walk, login: Login) -> None:
    task = walk.to(7).task(7)
    text = login("helpdesk1").get(reverse("task", args=[task.pk])).content.decode()
    assert "442\u00a080001" in text
    assert "19,0 dB" in text


@pytest.mark.parametrize("code", ["sales.contact_attempt", "sales.present_offer"])
def test_each_action_has_its_screen(walk: Walk, login: Login, code: str) -> None:
    walk.to(8)
    page = login("ejecutivo1").get(reverse("case_action", args=[walk.case.number, code]))
    assert page.status_code == 200


def test_a_refused_answer_is_shown_again_with_its_error_and_what_was_typed(walk: Walk, login: Login) -> None:
    task = walk.to(3).task(3)
    page = login("ejecutivo1").post(
        reverse("task", args=[task.pk]),
        {"given_names": "Ana", "surnames": "Q", "phone": "4280001", "request_kind": "new"},
    )
    text = page.content.decode()
    assert "anteponga el dígito de área" in text
    assert 'value="4280001"' in text


# ---------------------------------------------------------------- prospects
NEW = {
    "channel": "phone",
    "name": "jorge luis choque",
    "phone": "76543210",
    "interest": "Internet",
    "submission_key": "k1",
}


def test_a_prospect_noted_by_hand_opens_his_case_in_the_hands_of_who_noted_him(
    login: Login, people: dict[str, User], plans: dict[str, Plan]
) -> None:
    response = login("ejecutivo1").post(reverse("sales:new_prospect"), NEW)
    case = Case.objects.get()
    assert response.headers["Location"] == reverse("case", args=[case.number])
    assert Prospect.objects.get().name == "Jorge Luis Choque"
    assert Task.objects.get(case=case).assignee == people["ejecutivo1"]


def test_the_form_sent_twice_opens_one_case(login: Login) -> None:
    client = login("ejecutivo1")
    for _turn in range(2):
        client.post(reverse("sales:new_prospect"), NEW)
    assert Case.objects.count() == 1


def test_a_telephone_with_an_open_request_is_asked_about(walk: Walk, login: Login) -> None:
    client = login("ejecutivo1")
    page = client.post(reverse("sales:new_prospect"), NEW | {"phone": "71234567"})
    assert page.status_code == 422
    assert walk.case.number in page.content.decode()
    client.post(reverse("sales:new_prospect"), NEW | {"phone": "71234567", "again": "on"})
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"phone": ""}, "al menos un teléfono o un correo"),
        ({"phone": "4280001"}, "anteponga el dígito de área"),
        ({"name": "Jorge 4"}, "números ni símbolos"),
        ({"channel": "fax"}, "Escoja una opción"),
    ],
)
def test_a_prospect_who_cannot_be_is_refused_in_place(login: Login, wrong: dict[str, str], words: str) -> None:
    page = login("ejecutivo1").post(reverse("sales:new_prospect"), NEW | wrong)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert not Prospect.objects.exists()


def test_the_list_shows_ones_own_and_those_of_nobody(walk: Walk, walk_of: Callable[..., Walk], login: Login) -> None:
    other = walk_of(name="Pedro Ajeno", phone="70000003")
    Sale.objects.filter(pk=other.case.pk).update(executive=other.people["ejecutivo2"])
    text = login("ejecutivo1").get(reverse("sales:prospects")).content.decode()
    assert walk.case.number in text
    assert other.case.number not in text
    assert other.case.number in login("ventas1").get(reverse("sales:prospects")).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?hito=nuevos", True),
        ("?hito=visitados", False),
        ("?canal=web", True),
        ("?canal=facebook", False),
        ("?q=rojas", True),
        ("?q=7123", True),
        ("?q=choque", False),
        ("?hito=nada&pagina=x", True),
    ],
)
def test_the_list_is_filtered_by_its_address(walk: Walk, login: Login, query: str, found: bool) -> None:
    text = login("ejecutivo1").get(reverse("sales:prospects") + query).content.decode()
    assert (walk.case.number in text) is found


def test_the_list_costs_the_same_however_long(
    walk_of: Callable[..., Walk], login: Login, django_assert_max_num_queries: Any
) -> None:
    for n in range(12):
        walk_of(phone=f"7000001{n % 10}", email=f"p{n}@example.bo")
    client = login("ejecutivo1")
    with django_assert_max_num_queries(8):
        client.get(reverse("sales:prospects"))


# ---------------------------------------------------------------- fragments
def test_a_customer_is_recognised_while_being_typed(login: Login) -> None:
    customers.register(
        given_names="Rosa", surnames="Mamani Condori", ci=Ci("5550001"), phones=["71110000"], by=None, now=NOW
    )
    text = login("ejecutivo1").get(reverse("sales:recognise"), {"phone": "71110000"}).content.decode()
    assert "Rosa Mamani Condori" in text
    assert "data-fill" in text


def test_a_confirmed_customer_can_be_let_go(login: Login) -> None:
    rosa = customers.register(given_names="Rosa", surnames="Mamani", ci=Ci("5550001"), by=None, now=NOW)
    text = login("ejecutivo1").get(reverse("sales:recognise"), {"customer": str(rosa.pk)}).content.decode()
    assert "No es esta persona" in text
    assert login("ejecutivo1").get(reverse("sales:recognise"), {"customer": "x" * 40}).status_code == 200


def test_places_are_found_by_zone_by_address_and_by_a_pasted_location(
    login: Login, network_around: dict[str, Line]
) -> None:
    client = login("ejecutivo1")
    for text, name in (
        ("Queru", "Queru Queru"),
        ("América 1", "Av. América 100"),
        ("-17.38951, -66.15683", "-17.38951"),
    ):
        assert name in client.get(reverse("sales:places"), {"lugar": text}).content.decode()
    assert "No se encontró" in client.get(reverse("sales:places"), {"lugar": "zzzz"}).content.decode()


def test_the_verdict_follows_the_pin(login: Login, network_around: dict[str, Line]) -> None:
    client = login("ejecutivo1")
    near = client.get(
        reverse("sales:verdicts"), {"lat": str(HOME[0]), "lon": str(HOME[1]), "mbps": "100"}
    ).content.decode()
    assert "13 puertos libres" in near
    far = client.get(reverse("sales:verdicts"), {"lat": "40.4", "lon": "-3.7"}).content.decode()
    assert "fuera de Bolivia" in far
    assert client.get(reverse("sales:verdicts"), {"lat": "nan", "lon": "abc"}).status_code == 200


def test_the_record_in_the_bss_comes_after_the_page(walk: Walk, login: Login) -> None:
    walk.to(5)
    client = login("ejecutivo1")
    assert (
        reverse("sales:bss_record", args=[walk.case.number])
        in client.get(reverse("task", args=[walk.task(5).pk])).content.decode()
    )
    text = client.get(reverse("sales:bss_record", args=[walk.case.number])).content.decode()
    assert "María Elena Rojas Vargas" in text
    assert "No tiene ni tuvo servicios" in text


def test_the_page_of_5_stands_while_the_bss_is_away(walk: Walk, login: Login, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_arguments: Any) -> None:
        raise BssError("no answer", retry=True)

    walk.to(5)
    monkeypatch.setattr("thaki.integrations.bss.embedded.EmbeddedBss.customer_record", away)
    client = login("ejecutivo1")
    assert client.get(reverse("task", args=[walk.task(5).pk])).status_code == 200
    text = client.get(reverse("sales:bss_record", args=[walk.case.number])).content.decode()
    assert "Smartflex no responde" in text


def test_the_map_has_areas_and_access_points(login: Login, network_around: dict[str, Line]) -> None:
    answer = login("helpdesk1").get(reverse("sales:map_layers"), {"lat": str(HOME[0]), "lon": str(HOME[1])})
    kinds = [feature["geometry"]["type"] for feature in json.loads(answer.content)["features"]]
    assert kinds == ["Polygon", "Polygon", "Point", "Point"]


@pytest.mark.parametrize("name", ["prospects", "new_prospect", "recognise", "places", "verdicts", "map_layers"])
def test_a_cashier_has_no_business_here(login: Login, name: str) -> None:
    assert login("cajero1").get(reverse(f"sales:{name}")).status_code == 403


@pytest.mark.parametrize("step", range(1, 9))
def test_no_step_costs_more_than_its_queries(
    walk: Walk, login: Login, step: int, django_assert_max_num_queries: Any
) -> None:
    task = walk.to(step).task(step)
    client = login("helpdesk1" if step == 7 else "ejecutivo1")
    client.get(reverse("task", args=[task.pk]))  # fills the caches of content types and policies
    with django_assert_max_num_queries(15):
        client.get(reverse("task", args=[task.pk]))
