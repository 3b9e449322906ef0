"""RET 1 to 5: received, looked up, negotiated, keyed in, ordered."""

from decimal import Decimal
from typing import Any

import pytest
from tests.integration.retention.deciding import DAMAGED, Decided, ground

from thaki.cases import runtime
from thaki.cases.models import Case, Task
from thaki.cases.registry import StepRefused
from thaki.channels.email.models import OutboundMail
from thaki.people.models import User
from thaki.procedures.retention.models import GlosaVariant, RetentionOffer
from thaki.records.billing.service_models import BillingClaim
from thaki.records.work_orders.models import WorkOrder

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(settings: Any, tmp_path: Any) -> dict[str, User]:
    settings.DATA_DIR = tmp_path
    return ground()


def negotiated(people: dict[str, User], **start: Any) -> Decided:
    one = Decided(people, {"claims": DAMAGED, **start})
    one.does("Step_1")
    one.does("Step_2", subscription="44990001")
    return one


def test_damage_is_kept_with_the_claims_that_make_it(people: dict[str, User]) -> None:
    retention = negotiated(people).retention
    assert retention.repeated == "yes"
    assert len(retention.evidence[0]["claims"]) == 2
    assert retention.affected.get().main


def test_a_vip_comes_first_and_the_responsable_hears_of_it(people: dict[str, User]) -> None:
    one = Decided(people, {"customer": {"segment": "vip"}})
    assert one.retention.vip
    assert one.case.priority > 0
    assert Task.objects.get(case=one.case).priority == one.case.priority
    assert OutboundMail.objects.get(case=one.case).to == "retencion1@comteco.example"


def test_one_open_case_a_customer_and_the_second_adviser_is_told_which(people: dict[str, User]) -> None:
    one = Decided(people)
    with pytest.raises(StepRefused, match=one.case.number):
        runtime.start("retention", {"customer": one.retention.customer_id}, by=people["asesor2"], now=one.now)
    assert Case.objects.count() == 1


def test_the_amount_over_the_limit_waits_for_the_responsable(people: dict[str, User]) -> None:
    one = negotiated(people, services=[{"plan": "FO200", "number": "44990001"}])
    one.does("Step_3", answer="compensation", days=20, mobile="79999903")
    assert one.nodes == {"Authorise_Amount"}
    assert one.retention.amount_bob == Decimal("220.00")


def test_the_order_has_the_exact_fields_and_the_glosa_to_the_letter(people: dict[str, User]) -> None:
    one = negotiated(people)
    one.does("Step_3", answer="removal", mobile="79999903")
    one.does("Step_4")
    one.does("Step_5", mobile="79999903")
    order = WorkOrder.objects.get()
    assert (order.payment_form, order.activity, str(order.charge_bob)) == (
        "Crédito",
        "40530 PEX/Adecuación por Retención",
        "0.00",
    )
    assert "NO COBRO EL MES DE NOVIEMBRE" in order.observations
    assert order.observations.endswith("AL CEL 79999903")


def test_the_claim_is_registered_once_with_the_signed_reason(people: dict[str, User]) -> None:
    one = negotiated(people)
    one.does("Step_3", answer="removal", mobile="79999903")
    one.does("Step_4")
    claim = BillingClaim.objects.get()
    assert claim.reason == "Retiro por Retención con Servicio de Ingeniería"
    assert claim.amount_bob == Decimal("189.00")


def test_a_customer_without_a_mobile_is_asked_for_one_before_the_order(people: dict[str, User]) -> None:
    one = negotiated(people, customer={"phone": "44112233"})
    with pytest.raises(runtime.AnswerInvalid):
        one.does("Step_3", answer="removal", mobile="")
    with pytest.raises(runtime.AnswerInvalid):
        one.does("Step_3", answer="removal", mobile="44112233")
    one.does("Step_3", answer="removal", mobile="79999905")
    assert one.retention.customer.phones.filter(number="79999905").exists()


def test_an_offer_that_is_not_in_force_cannot_be_given(people: dict[str, User]) -> None:
    RetentionOffer.objects.filter(code="retiro_factura").update(active=False)
    one = negotiated(people)
    with pytest.raises(runtime.AnswerInvalid):
        one.does("Step_3", answer="removal", mobile="79999903")


def test_an_order_with_compensation_waits_for_its_glosa_to_be_approved(people: dict[str, User]) -> None:
    one = negotiated(people)
    one.does("Step_3", answer="compensation", days=10, mobile="79999903")
    one.does("Step_13")
    GlosaVariant.objects.all().delete()
    with pytest.raises(runtime.AnswerInvalid, match="glosa"):
        one.does("Step_5", mobile="79999903")
