"""Step 11: a slip, or the electronic payment on the web page; the form of payment may still change."""

import pytest
from django.utils.datastructures import MultiValueDict
from tests.integration.sales.billing import answer, choose, picture, send_slip, slip, the_payment
from tests.integration.sales.conftest import Walk

from thaki.cases import runtime
from thaki.cases.models import CaseDocument, HistoryEvent
from thaki.cases.runtime import AnswerInvalid
from thaki.integrations.payments import embedded
from thaki.integrations.payments import operations as gateway
from thaki.records.billing.models import Payment


def pay_on_the_web(walk: Walk) -> None:
    """The customer pays the open page by card; the gateway tells."""
    paid = embedded.pay(
        walk.sale.checkout, method="card", payer="MARIA ROJAS", card_number="4111111111111111", now=walk.now
    )
    assert gateway.tell_merchant(paid, now=walk.now)


def test_a_slip_goes_to_cobranzas(walk: Walk) -> None:
    send_slip(walk)
    assert walk.open_steps == ["12"]
    payment = the_payment(walk)
    assert (payment.slip_number, payment.state, str(payment.amount_bob)) == ("45821", "received", "399.00")
    assert payment.document is not None
    assert walk.sale.has_money


def test_a_transfer_without_its_slip_is_refused(walk: Walk) -> None:
    choose(walk, "prepaid")
    with pytest.raises(AnswerInvalid) as refused:
        walk.done(11, slip())
    assert "slip_files" in refused.value.form.errors


@pytest.mark.parametrize("missing", ["slip_number", "amount_bob", "paid_on", "operation_type"])
def test_every_datum_that_the_bank_shows_is_asked_for(walk: Walk, missing: str) -> None:
    choose(walk, "prepaid")
    with pytest.raises(AnswerInvalid) as refused:
        answer(walk, 11, slip(**{missing: ""}), slip_files=[picture()])
    assert missing in refused.value.form.errors


def test_a_deposit_of_tomorrow_is_refused(walk: Walk) -> None:
    choose(walk, "prepaid")
    with pytest.raises(AnswerInvalid) as refused:
        answer(walk, 11, slip(paid_on="2026-11-24"), slip_files=[picture()])
    assert "paid_on" in refused.value.form.errors


def test_a_slip_that_another_sale_used_is_refused_and_named(walk: Walk, walk_of: object) -> None:
    assert callable(walk_of)
    send_slip(walk)
    second: Walk = walk_of(name="Juan Pérez Soto", phone="72222222", email="juan@example.bo")
    second.to(3).done(3, {"ci_number": "5550001", "ci_department": "CB"})
    choose(second, "prepaid")
    with pytest.raises(AnswerInvalid) as refused:
        answer(second, 11, slip(slip_number="45821"), slip_files=[picture()])
    assert walk.case.number in str(refused.value.form.errors["slip_number"])


def test_the_customer_may_change_the_form_of_payment(walk: Walk) -> None:
    choose(walk, "prepaid")
    page = walk.sale.checkout
    walk.done(11, {"result": "change_form"})
    assert walk.open_steps == ["10"]
    assert walk.sale.payment_form == "unknown"
    closed = embedded.EmbeddedPayments().checkout(page, now=walk.now)
    assert closed is not None
    assert closed.state == "cancelled"


def test_the_payment_page_asks_for_what_is_due(walk: Walk) -> None:
    choose(walk, "prepaid")
    page = embedded.HostedCheckout.objects.get(token=walk.sale.checkout)
    assert (page.reference, str(page.amount_bob), page.state) == (walk.case.number, "399.00", "open")


def test_a_web_payment_needs_its_receipt(walk: Walk) -> None:
    choose(walk, "prepaid")
    with pytest.raises(AnswerInvalid) as refused:
        walk.done(11, {"result": "sent", "route": "web"})
    assert "recibo" in str(refused.value.form.errors["route"])


def test_the_receipt_marks_the_payment_as_received_and_completes_nothing(walk: Walk) -> None:
    choose(walk, "prepaid")
    pay_on_the_web(walk)
    assert walk.open_steps == ["11"]
    payment = the_payment(walk)
    assert (payment.form, payment.operation_type, payment.state) == ("web", "card", "received")
    noted = HistoryEvent.objects.filter(case=walk.case, kind="noted").latest("seq")
    assert noted.data["notes"]["payment"] == payment.pk


def test_a_web_payment_passes_12_too(walk: Walk) -> None:
    choose(walk, "prepaid")
    pay_on_the_web(walk)
    walk.done(11, {"result": "sent", "route": "web"})
    assert walk.open_steps == ["12"]


def test_a_receipt_told_twice_is_one_payment(walk: Walk) -> None:
    choose(walk, "prepaid")
    pay_on_the_web(walk)
    page = embedded.HostedCheckout.objects.get(token=walk.sale.checkout)
    assert gateway.tell_merchant(page, now=walk.now)
    assert the_payment(walk).pk == walk.sale.payment_id


def test_the_customers_own_slip_waits_until_the_step_is_ended(walk: Walk) -> None:
    choose(walk, "prepaid")
    data = {name: value for name, value in slip().items() if name not in ("result", "route")}
    uploads: MultiValueDict[str, object] = MultiValueDict({"slip_files": [picture()]})
    told = runtime.Answer(data, uploads)
    runtime.perform(walk.case.pk, "sales.receive_slip", by=None, now=walk.now, answer=told)
    assert walk.open_steps == ["11"]
    walk.done(11, {"result": "sent", "route": "transfer"})
    assert walk.open_steps == ["12"]
    assert the_payment(walk).received_by is None


def test_a_slip_sent_again_replaces_the_one_that_waits(walk: Walk) -> None:
    send_slip(walk)
    walk.act("sales.change_payment_form", by="ejecutivo1")
    walk.done(10, {"payment_form": "prepaid", "explained": "on"})
    answer(walk, 11, slip(slip_number="777888"), slip_files=[picture()])
    states = dict(Payment.objects.filter(case_ref=walk.case.number).values_list("slip_number", "state"))
    assert states == {"45821": "rejected", "777888": "received"}
    assert CaseDocument.objects.filter(case=walk.case, kind="comprobante").count() == 2
