"""Finding customers, prospects, cases and papers from anywhere, as far as one may open them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.integration.sales.conftest import Walk
from tests.integration.sales.ending import ordered, sold_postpaid, sold_prepaid

from thaki.people.models import User
from thaki.web import finding


@pytest.fixture
def ana(people: dict[str, User]) -> User:
    """An executive."""
    return people["ejecutivo1"]


@pytest.mark.parametrize("text", ["rojas maria", "ROJAS", "elena mar", "+591 712-34567", "712345", "mária röjas"])
def test_a_prospect_is_found_by_name_in_any_order_and_by_telephone(walk: Walk, ana: User, text: str) -> None:
    found = finding.find(text, ana)
    assert [each.case for each in found.prospects] == [walk.case]
    assert not found.customers and not found.cases


@pytest.mark.parametrize("text", ["vargas rojas", "4567890", "ci 4.567.890", "591 71234567", "maria@example.bo"])
def test_a_customer_is_found_with_his_cases(walk: Walk, ana: User, text: str) -> None:
    walk.to(5)
    found = finding.find(text, ana)
    assert [customer.pk for customer in found.customers] == [walk.sale.customer_id]
    assert [each.case for each in found.cases] == [walk.case]


def test_a_card_with_another_complement_is_another_person(walk: Walk, ana: User) -> None:
    walk.to(5)
    assert not finding.find("4567890-1A", ana).customers


def test_words_that_only_share_letters_are_not_found(walk_of: Callable[..., Walk], ana: User) -> None:
    walk_of(name="Mario Iriarte", phone="70000001")  # has every trigram of "maria"
    assert finding.find("maria", ana).is_empty


def test_n_and_n_tilde_are_the_same(walk_of: Callable[..., Walk], ana: User) -> None:
    case = walk_of(name="Íñigo Muñoz", phone="70000002").case
    assert [finding.find(text, ana).prospects[0].case for text in ("munoz inigo", "Muñoz")] == [case, case]


def test_what_is_common_and_what_is_rare_are_both_found(
    walk_of: Callable[..., Walk], ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = walk_of(name="Zenón Arce", phone="70000003").case
    for number in range(4):
        walk_of(name="Ana Arce", phone=f"7000001{number}")
    assert [each.case for each in finding.find("zenon", ana, limit=2).prospects] == [old]
    common = finding.find("arce", ana, limit=2)
    assert (len(common.prospects), common.more) == (2, True)


@pytest.mark.parametrize("said", ["{count}", "gvd {count}", "2026-{count}", "caso {count}", "{number}"])
def test_a_case_is_found_by_its_number_in_parts(walk: Walk, ana: User, said: str) -> None:
    number = walk.case.number
    text = said.format(count=int(number.rpartition("-")[2]), number=number.lower())
    assert walk.case in [each.case for each in finding.find(text, ana).prospects]


def test_the_papers_lead_to_their_case(walk: Walk, ana: User) -> None:
    ordered(sold_postpaid(walk))
    order, contract = walk.sale.order, walk.sale.contract
    assert order is not None and contract is not None
    for paper in (order.number, contract.number):
        found = finding.find(paper, ana)
        assert [(each.sign, each.case) for each in found.papers] == [(paper, walk.case)]


def test_a_slip_is_found_as_it_is_read_from_the_paper(walk: Walk, ana: User) -> None:
    sold_prepaid(walk)
    payment = walk.sale.payment
    assert payment is not None
    found = finding.find(f"comprobante 00{payment.slip_number[:5]}", ana)
    assert [(each.kind, each.sign) for each in found.papers] == [("slip", payment.slip_number)]


def test_nobody_finds_what_he_may_not_open(walk: Walk) -> None:
    walk.to(5)
    technician = User.objects.create_user("tecnico1", roles=["tecnico_multiservicios"])
    manager = User.objects.create_user("asesor1", roles=["asesor_comercial"])  # has no part in Ventas Digitales
    quality = User.objects.create_user("procesos1", roles=["gestion_calidad"])  # sees cases, not the register
    for text in ("rojas", "4567890", "71234567", walk.case.number):
        assert finding.find(text, technician).is_empty
        assert not finding.find(text, manager).cases
        assert not finding.find(text, quality).customers
    assert finding.find("rojas", manager).customers
    assert finding.find("rojas", quality).cases


def test_the_page_shows_the_groups_and_opens_a_number_at_once(walk: Walk, ana: User) -> None:
    ordered(sold_postpaid(walk))
    client = Client()
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/buscar/", {"q": "rojas"}).content.decode()
    assert "Socios y clientes" in page and walk.case.number in page
    assert client.get("/buscar/", {"q": walk.case.number})["Location"] == f"/casos/{walk.case.number}/"
    assert client.get("/buscar/").status_code == 200


@pytest.mark.parametrize("text", ["rojas", "71234567", "123", "zzz", "%%", "_" * 300, "maria rojas vargas elena"])
def test_no_search_costs_more_than_fifteen_queries(
    walk: Walk, ana: User, text: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    walk.to(5)
    client = Client()
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/buscar/", {"q": text})
    with django_assert_max_num_queries(15):
        assert client.get("/buscar/", {"q": text}).status_code in (200, 302)


@pytest.mark.parametrize("text", ["vargas rojas", "ROJAS", "4567890", "712 34567", "{number}", "{slip}"])
def test_the_list_of_cases_finds_what_the_search_box_finds(
    walk: Walk, walk_of: Callable[..., Walk], ana: User, client: Client, text: str
) -> None:
    sold_prepaid(walk)
    walk_of(name="Mario Iriarte", phone="70000001")
    payment = walk.sale.payment
    assert payment is not None
    said = text.format(number=walk.case.number, slip=payment.slip_number)
    client.force_login(ana)
    rows = client.get("/casos/", {"q": said}).context["page"].rows
    assert [row.number for row in rows] == [walk.case.number]
    assert client.get("/casos/", {"q": said, "estado": "open"}).context["page"].rows == rows
    assert client.get("/casos/", {"q": said, "estado": "ended"}).context["page"].rows == []
