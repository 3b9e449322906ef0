"""GVD step 8: the Oferta Comercial and its Carta Comercial (R-A14)."""

from decimal import Decimal
from typing import Any

import pytest
from tests.integration.sales.conftest import Walk

from thaki.cases.models import CaseDocument
from thaki.cases.registry import Work
from thaki.cases.runtime import AnswerInvalid
from thaki.channels.email.models import OutboundMail
from thaki.channels.website.models import CustomerLink
from thaki.procedures.sales.models import UnservedRequest
from thaki.procedures.sales.steps import offer
from thaki.records.customers.models import Customer
from thaki.records.documents import operations as documents
from thaki.records.offers import operations as offers
from thaki.records.offers.models import CommercialLetter, Plan


@pytest.fixture
def at_8(walk: Walk) -> Walk:
    """Help Desk confirmed fibre up to 300 Mbps; 100 were asked for."""
    return walk.to(8)


def present(walk: Walk, *codes: str, by: str = "email") -> CommercialLetter:
    walk.act("sales.present_offer", plans=list(codes), send_by=by)
    issued = walk.sale.letter
    assert issued is not None
    return issued


def context(walk: Walk) -> dict[str, Any]:
    return offer.context(Work(walk.case, walk.sale, walk.now, None))


def plan_of(walk: Walk) -> str:
    plan = walk.sale.plan
    return plan.code if plan else ""


def refusal(walk: Walk, **answer: str) -> dict[str, list[str]]:
    with pytest.raises(AnswerInvalid) as refused:
        walk.done(8, answer)
    return {name: [str(text) for text in texts] for name, texts in refused.value.form.errors.items()}


# ---------------------------------------------------------------- which plans
def test_only_plans_that_the_address_can_have_are_compared_the_fittest_first(at_8: Walk) -> None:
    assert [plan.code for plan in context(at_8)["plans"]] == ["FO100", "FO300", "FO60", "TV"]


def test_with_less_speed_only_plans_within_it_are_offered(walk: Walk) -> None:
    walk.to(7).done(7, {"capacity": "yes", "technology": "FO", "max_mbps": "60"})
    assert [plan.code for plan in context(walk)["plans"]] == ["FO60", "TV"]
    assert "plan" in refusal(walk, offer="accepted", plan="FO100")


# ---------------------------------------------------------------- the letter
def test_the_letter_is_issued_as_a_pdf_in_the_case_and_holds_15_days(at_8: Walk) -> None:
    issued = present(at_8, "FO100", "FO300")
    assert (issued.valid_until_on - issued.issued_at.date()).days == 15
    assert issued.document is not None
    assert documents.read(issued.document).startswith(b"%PDF-")
    assert CaseDocument.objects.get(case=at_8.case).kind == "carta_comercial"
    assert {item.plan.code for item in issued.items.all()} == {"FO100", "FO300"}


def test_by_email_it_goes_with_its_pdf_and_the_customers_link(at_8: Walk) -> None:
    issued = present(at_8, "FO100")
    mail = OutboundMail.objects.get(to="maria@example.bo")
    assert list(mail.documents.all()) == [issued.document]
    assert "/" in mail.text and issued.number in mail.text


def test_presenting_it_stamps_informado(at_8: Walk) -> None:
    present(at_8, "FO100", by="read")
    assert at_8.sale.informed_at == at_8.now


def test_by_whatsapp_the_message_is_ready_with_the_customers_link(at_8: Walk) -> None:
    present(at_8, "FO100", by="whatsapp")
    shown = str(context(at_8)["whatsapp"])
    assert shown.startswith("https://wa.me/59171234567?text=Buen%20d%C3%ADa")
    assert CustomerLink.objects.filter(case=at_8.case).exists()


def test_without_an_address_it_is_not_sent_by_email(at_8: Walk) -> None:
    Customer.objects.update(email="")
    with pytest.raises(AnswerInvalid) as refused:
        present(at_8, "FO100")
    assert "no tiene correo" in str(refused.value.form.errors["send_by"])


def test_a_letter_in_force_is_sent_again_not_issued_again(at_8: Walk) -> None:
    first = present(at_8, "FO100")
    assert present(at_8.wait(hours=1), "FO100") == first
    assert OutboundMail.objects.filter(to="maria@example.bo").count() == 2


def test_other_plans_make_a_new_letter_and_the_old_one_expires(at_8: Walk) -> None:
    first = present(at_8, "FO100")
    assert present(at_8.wait(hours=1), "FO60", "FO300") != first
    first.refresh_from_db()
    assert first.state == "expired"


# ---------------------------------------------------------------- accepted
def test_an_accepted_plan_is_agreed_at_the_letters_price(at_8: Walk) -> None:
    present(at_8, "FO100", "FO300")
    Plan.objects.filter(code="FO100").update(tariff_bob=Decimal(299))
    at_8.wait(days=10).done(8)
    sale = at_8.sale
    assert (sale.offer, plan_of(at_8), sale.tariff_bob) == ("accepted", "FO100", Decimal("249.00"))
    assert at_8.open_steps == ["9"]


def test_accepted_while_talking_it_gets_its_letter_all_the_same(at_8: Walk) -> None:
    at_8.done(8)
    issued = at_8.sale.letter
    assert issued is not None
    assert (issued.state, issued.accepted_plan) == ("accepted", at_8.sale.plan)
    assert at_8.sale.informed_at == at_8.now


def test_after_its_date_the_letter_cannot_be_accepted_and_a_new_one_is_issued(at_8: Walk) -> None:
    first = present(at_8, "FO100")
    at_8.act("sales.contact_attempt", channel="call", result="call_back", call_back_at="2026-12-12T10:00")
    at_8.wait(days=16)
    assert "venció" in refusal(at_8, offer="accepted", plan="FO100")["plan"][0]
    assert present(at_8, "FO100") != first
    at_8.done(8)
    assert at_8.open_steps == ["9"]


def test_only_a_plan_of_the_letter_can_be_accepted(at_8: Walk) -> None:
    present(at_8, "FO60")
    assert "plan" in refusal(at_8, offer="accepted", plan="FO300")


def test_what_the_customer_accepted_on_his_link_is_there_already(at_8: Walk) -> None:
    issued = present(at_8, "FO60", "FO100", by="link")
    offers.accept_letter(issued.pk, plan_id=Plan.objects.get(code="FO60").pk, by=None, now=at_8.now)
    assert context(at_8)["answered_by_link"]
    at_8.done(8, {})
    assert plan_of(at_8) == "FO60"


# ---------------------------------------------------------------- refused
def test_a_refusal_has_a_structured_reason_and_goes_to_19(at_8: Walk) -> None:
    issued = present(at_8, "FO100")
    assert "refusal_reason" in refusal(at_8, offer="refused")
    at_8.done(8, {"offer": "refused", "refusal_reason": "price", "refusal_note": "Le ofrecen a 199"})
    assert at_8.open_steps == ["19"]
    row = UnservedRequest.objects.get()
    assert (row.reason, row.left_at_step) == ("offer_refused", 8)
    issued.refresh_from_db()
    assert (issued.state, issued.refusal_reason) == ("refused", "price")
    assert at_8.sale.informed_at is not None


def test_taken_up_again_the_offer_is_open_and_needs_a_new_letter(at_8: Walk) -> None:
    present(at_8, "FO100")
    at_8.done(8, {"offer": "refused", "refusal_reason": "price"})
    at_8.wait(days=1).done(19, {"decision": "take_up", "note": "Promoción nueva"})
    sale = at_8.sale
    assert at_8.open_steps == ["8"]
    assert (sale.offer, sale.refusal_reason, sale.letter) == ("unknown", "", None)


def test_taken_up_after_a_silence_a_letter_still_in_force_stays(at_8: Walk) -> None:
    issued = present(at_8, "FO100")
    at_8.act("sales.contact_attempt", channel="call", result="not_interested")
    at_8.wait(days=1).done(19, {"decision": "take_up", "note": "Llamó"})
    assert at_8.sale.letter == issued


def test_another_plan_is_negotiated_by_sending_9_back(at_8: Walk) -> None:
    at_8.done(8)
    at_8.send_back(9, "Step_8", "Quiere otro plan")
    assert (at_8.sale.offer, at_8.sale.plan, at_8.sale.letter) == ("unknown", None, None)
    at_8.wait(minutes=5).done(8, {"offer": "accepted", "plan": "FO300"})
    assert plan_of(at_8) == "FO300"
