"""The customer on his link: he answers the letter, sends papers and slip, accepts the contract; nothing of another sale."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.integration.sales import billing
from tests.integration.sales.billing import choose, picture
from tests.integration.sales.conftest import Walk

from thaki.cases.registry import Work
from thaki.channels.website import links
from thaki.procedures.sales.models import Requirement
from thaki.procedures.sales.steps import requirements
from thaki.procedures.sales.steps.requirements import RequirementsForm
from thaki.records.billing.models import Payment


@pytest.fixture
def walk(walk: Walk) -> Walk:
    """The portal's clock is the server's: the walk begins now."""
    walk.now = timezone.now()
    return walk


def page(walk: Walk) -> str:
    address = links.issue(walk.case, now=timezone.now())
    return address[address.index("/mi-solicitud/") :]


def at_offer(walk: Walk) -> Walk:
    walk.to(8)
    walk.act("sales.present_offer", plans=["FO100", "FO300"], send_by="link")
    return walk


def test_he_accepts_a_plan_and_the_executive_finds_his_answer(walk: Walk, client: Client) -> None:
    at_offer(walk)
    plan = walk.sale.letter.items.get(plan__code="FO300").plan_id  # type: ignore[union-attr]  # issued above
    client.post(page(walk) + "responder/", {"answer": "accept", "plan": plan})
    assert walk.open_steps == ["8"]  # his word is noted; the step is the executive's to end
    walk.done(8, {"offer": "accepted", "plan": "FO300"})
    assert walk.open_steps == ["9"]


def test_he_refuses_with_a_reason(walk: Walk, client: Client) -> None:
    at_offer(walk)
    client.post(page(walk) + "responder/", {"answer": "refuse", "refusal_reason": "price"})
    assert walk.sale.letter.state == "refused"  # type: ignore[union-attr]


def test_a_plan_that_is_not_in_the_letter_is_refused(walk: Walk, client: Client, plans: dict[str, Any]) -> None:
    at_offer(walk)
    response = client.post(page(walk) + "responder/", {"answer": "accept", "plan": plans["FO60"].pk})
    assert response.status_code == 422


def test_a_photographed_paper_is_received_and_waits_for_the_executive(walk: Walk, client: Client) -> None:
    walk.to(9)
    client.post(page(walk) + "documentos/", {"id_card_files": picture("carnet.png")})
    paper = Requirement.objects.get(sale=walk.sale, kind="id_card")
    assert (paper.state, paper.channel) == ("received", "link")


def test_he_cannot_accept_his_own_paper(walk: Walk, client: Client) -> None:
    walk.to(9)
    client.post(page(walk) + "documentos/", {"id_card_files": picture("c.png"), "id_card_state": "accepted"})
    assert Requirement.objects.get(sale=walk.sale, kind="id_card").state == "received"


def test_his_slip_arrives(walk: Walk, client: Client) -> None:
    choose(walk, "prepaid")
    slip = {
        "slip_number": "5550001",
        "amount_bob": "399",
        "paid_on": f"{timezone.localdate():%Y-%m-%d}",
        "operation_type": "transfer",
        "slip_files": picture("comprobante.png"),
    }
    client.post(page(walk) + "comprobante/", slip)
    assert Payment.objects.get(case_ref=walk.case.number).slip_number == "5550001"


def test_what_is_not_awaited_is_told_kindly(walk: Walk, client: Client) -> None:
    response = client.post(page(walk) + "documentos/", {"id_card_files": picture("c.png")}, follow=True)
    assert "Eso ya no hace falta" in response.content.decode()


def test_every_page_of_the_way_opens(walk: Walk, client: Client) -> None:
    for step in (5, 8, 9):
        walk.to(step)
        assert client.get(page(walk)).status_code == 200
    choose(walk, "prepaid")
    assert "399,00" in client.get(page(walk)).content.decode()


def test_it_is_not_kept_by_caches_nor_told_to_other_sites(walk: Walk, client: Client) -> None:
    response = client.get(page(walk))
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"


def test_a_file_that_the_sale_does_not_have_is_not_found(walk: Walk, client: Client) -> None:
    assert client.get(page(walk) + "archivo-factura/").status_code == 404
    assert client.get(page(walk) + "archivo-modelo/")["Content-Type"] == "application/pdf"


def test_he_sets_the_pin_of_his_house_and_the_executive_sees_it(walk: Walk, client: Client) -> None:
    walk.to(9)
    shown = client.get(page(walk)).content.decode()
    assert "mapa-ubicacion" in shown and "-17.38" in shown  # it begins at the place that is known
    client.post(f"{page(walk)}ubicacion/", {"lat": "-17.3815", "lon": "-66.1602"})
    paper = walk.sale.papers.get(kind="location")
    assert (paper.state, paper.channel, paper.lat) == ("received", "link", -17.3815)
    work = Work(walk.case, walk.sale, walk.now, walk.people["ejecutivo1"])
    form = RequirementsForm(work=work)
    assert (form["lat"].value(), form["lon"].value()) == (-17.3815, -66.1602)
    assert requirements.context(work)["moved_m"] == 168


def test_another_place_goes_back_to_5(walk: Walk, client: Client) -> None:
    walk.to(9)
    client.post(f"{page(walk)}ubicacion/", {"lat": "-17.3900", "lon": "-66.1602"})
    billing.answer(walk, 9, billing.papers_in(), **billing.paper_files())
    assert walk.open_steps == ["5"]


@pytest.mark.parametrize("pin", [{}, {"lat": "40.4", "lon": "-3.7"}, {"lat": "nan", "lon": "x"}, {"lat": "-17.38"}])
def test_a_pin_that_is_none_is_told_in_place(walk: Walk, client: Client, pin: dict[str, str]) -> None:
    walk.to(9)
    assert client.post(f"{page(walk)}ubicacion/", pin).status_code == 422
    assert not walk.sale.papers.filter(lat__isnull=False).exists()
