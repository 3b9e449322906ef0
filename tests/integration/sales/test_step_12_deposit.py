"""Steps 12 to 15: the deposit against the bank, the invoice, and the mails that go out on confirming."""

import pytest
from django.forms.utils import ErrorDict
from tests.integration.sales.billing import PRICE, accept, answer, choose, picture, send_slip, slip, the_payment
from tests.integration.sales.conftest import Walk
from tests.integration.sales.test_step_11_prepaid import pay_on_the_web

from thaki.cases import effects
from thaki.cases.models import Effect
from thaki.cases.registry import Work
from thaki.cases.runtime import AnswerInvalid
from thaki.channels.email.models import OutboundMail
from thaki.procedures.sales.steps import deposit
from thaki.records.billing.models import Invoice, Payment, Refund


def refused_with(walk: Walk, **over: str) -> ErrorDict:
    """The errors of an answer to 12, by field."""
    with pytest.raises(AnswerInvalid) as refused:
        accept(walk, **over)
    return refused.value.form.errors


def mails(walk: Walk) -> list[OutboundMail]:
    """What left, or is to leave, on behalf of the case."""
    return list(OutboundMail.objects.filter(case=walk.case).exclude(key__contains="hand").order_by("pk"))


def mail(walk: Walk, step: str) -> OutboundMail:
    """The mail of a step."""
    return OutboundMail.objects.get(key=f"{walk.case.number}:{step}")


def send_waiting(walk: Walk) -> None:
    """The worker sends what waits."""
    for effect in Effect.objects.filter(case=walk.case, state="pending").order_by("pk"):
        effects.run(effect.pk, now=walk.now)


# ---------------------------------------------------------------- good
def test_a_good_transfer_issues_the_invoice_and_instructs_cajas(walk: Walk) -> None:
    send_slip(walk)
    accept(walk)
    invoice = Invoice.objects.get(case_ref=walk.case.number)
    assert (str(invoice.amount_bob), invoice.nit, invoice.agency) == ("399.00", "4567890", "Agencia Central")
    assert the_payment(walk).state == "accepted"
    instruction = mail(walk, "15")
    assert instruction.to == "cajas@comteco.example"
    assert instruction.cc == ["canales.digitales@comteco.example"]
    assert invoice.number in instruction.text
    assert "Agencia Central" in instruction.text


def test_the_order_does_not_wait_for_the_invoice(walk: Walk) -> None:
    send_slip(walk)
    accept(walk)
    assert "21" in walk.open_steps


def test_a_transfer_needs_its_agency(walk: Walk) -> None:
    send_slip(walk)
    assert "agency" in refused_with(walk, agency="")


def test_a_good_web_payment_tells_canales_and_then_sends_the_invoice(walk: Walk) -> None:
    choose(walk, "prepaid")
    pay_on_the_web(walk)
    walk.done(11, {"result": "sent", "route": "web"})
    walk.done(12, {"decision": "accept"})
    assert mail(walk, "13").to == "canales.digitales@comteco.example"
    send_waiting(walk)
    invoice = mail(walk, "14")
    assert invoice.to == "maria@example.bo"
    assert [document.kind for document in invoice.documents.all()] == ["factura"]
    assert not OutboundMail.objects.filter(key=f"{walk.case.number}:15").exists()


def test_without_an_address_the_invoice_goes_by_whatsapp_and_that_is_recorded(walk: Walk) -> None:
    choose(walk, "prepaid")
    pay_on_the_web(walk)
    walk.done(11, {"result": "sent", "route": "web"})
    walk.done(12, {"decision": "accept", "invoice_by": "whatsapp"})
    send_waiting(walk)
    assert not OutboundMail.objects.filter(key=f"{walk.case.number}:14").exists()
    sent = walk.case.history.get(step="14")
    assert sent.data["notes"]["sent_by"] == "whatsapp"


def test_13_to_15_are_recorded_as_done_by_the_encargado(walk: Walk) -> None:
    send_slip(walk)
    accept(walk)
    send_waiting(walk)
    assert walk.case.history.get(step="15").by == walk.people["cobranzas1"]
    assert "16" in walk.open_steps


def test_the_pdf_of_the_invoice_is_filed_with_the_case(walk: Walk) -> None:
    send_slip(walk)
    accept(walk)
    invoice = Invoice.objects.get(case_ref=walk.case.number)
    assert invoice.document is not None
    assert invoice.document.media_type == "application/pdf"
    assert walk.case.documents.filter(kind="factura").count() == 1


# ---------------------------------------------------------------- over
def test_more_than_the_price_needs_a_way_for_the_rest(walk: Walk) -> None:
    send_slip(walk, amount_bob="450")
    assert "over_as" in refused_with(walk)


@pytest.mark.parametrize(("over_as", "state"), [("refund", "due"), ("credit", "credited")])
def test_what_is_over_is_refunded_or_credited(walk: Walk, over_as: str, state: str) -> None:
    send_slip(walk, amount_bob="450")
    accept(walk, over_as=over_as)
    refund = Refund.objects.get(case_ref=walk.case.number)
    assert (str(refund.amount_bob), refund.state) == ("51.00", state)
    assert str(Invoice.objects.get(case_ref=walk.case.number).amount_bob) == "399.00"


# ---------------------------------------------------------------- short
def test_a_short_deposit_cannot_be_accepted(walk: Walk) -> None:
    send_slip(walk, amount_bob="300")
    assert "Falta dinero" in str(refused_with(walk)["decision"])


def test_a_short_deposit_goes_back_for_the_difference_and_stays_in(walk: Walk) -> None:
    send_slip(walk, amount_bob="300")
    walk.done(12, {"decision": "reject"})
    assert walk.open_steps == ["11"]
    assert (walk.sale.deposit_reason, the_payment(walk).state) == ("short", "accepted")
    told = mails(walk)[-1]
    assert (told.to, "99,00" in told.text) == ("maria@example.bo", True)


def test_the_difference_completes_the_price(walk: Walk) -> None:
    send_slip(walk, amount_bob="300")
    walk.done(12, {"decision": "reject"})
    answer(walk, 11, slip(slip_number="999001", amount_bob="99"), slip_files=[picture()])
    accept(walk)
    assert str(Invoice.objects.get(case_ref=walk.case.number).amount_bob) == "399.00"


# ---------------------------------------------------------------- mismatch
@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("found_amount_bob", "398"),
        ("found_paid_on", "2026-11-20"),
        ("found_slip_number", "45822"),
        ("found_operation_type", "deposit"),
        ("found_depositor", "PEDRO SOTO CRUZ"),
    ],
)
def test_each_field_that_differs_refuses_the_deposit(walk: Walk, field: str, found: str) -> None:
    send_slip(walk)
    assert "decision" in refused_with(walk, **{field: found})
    walk.done(12, {"decision": "reject", field: found})
    assert walk.sale.deposit_reason == field.removeprefix("found_")
    assert the_payment(walk).state == "rejected"
    assert not walk.sale.has_money


def test_a_mismatch_goes_back_to_11_and_the_customer_is_told_why(walk: Walk) -> None:
    send_slip(walk)
    walk.done(12, {"decision": "reject", "reason": "not_found", "note": "Revise con su banco."})
    assert walk.open_steps == ["11"]
    told = mails(walk)[-1]
    assert "no aparece en la cuenta" in told.text
    assert "Revise con su banco." in told.text


def test_a_rejected_slip_may_be_sent_again_put_right(walk: Walk) -> None:
    send_slip(walk)
    walk.done(12, {"decision": "reject", "reason": "not_found"})
    send_slip(walk)
    accept(walk)
    assert [p.state for p in Payment.objects.filter(case_ref=walk.case.number).order_by("pk")] == [
        "rejected",
        "accepted",
    ]


def test_a_datum_noted_wrong_is_put_right_by_cobranzas(walk: Walk) -> None:
    send_slip(walk, amount_bob="39.90")
    accept(walk, found_amount_bob=PRICE, fix_slip="on")
    assert str(the_payment(walk).amount_bob) == "399.00"


def test_a_number_put_right_into_a_used_one_is_refused(walk: Walk) -> None:
    send_slip(walk)
    Payment.objects.create(
        case_ref="GVD-2026-009999",
        form="transfer",
        slip_number="777",
        amount_bob=10,
        paid_on=walk.now.date(),
        operation_type="transfer",
        received_at=walk.now,
    )
    assert "GVD-2026-009999" in str(refused_with(walk, found_slip_number="777", fix_slip="on")["found_slip_number"])


def test_rejecting_what_matches_needs_a_reason(walk: Walk) -> None:
    send_slip(walk)
    assert "reason" in refused_with(walk, decision="reject")


def test_a_customer_without_address_is_told_by_the_executive(walk: Walk) -> None:
    send_slip(walk)
    customer = walk.sale.customer
    assert customer is not None
    customer.email = ""
    customer.save()
    walk.done(12, {"decision": "reject", "reason": "other"})
    done = walk.case.history.get(step="12", kind="completed")
    assert done.data["notes"]["told"] == "executive"


# ---------------------------------------------------------------- one slip, several sales
def test_cobranzas_splits_one_slip_over_sales_by_name(walk: Walk, walk_of: object) -> None:
    assert callable(walk_of)
    send_slip(walk, amount_bob="798")
    accept(walk, found_amount_bob=PRICE, split_total_bob="798")
    second: Walk = walk_of(name="Juan Pérez Soto", phone="72222222", email="juan@example.bo")
    second.to(3).done(3, {"ci_number": "5550001", "ci_department": "CB"})
    send_slip(second, slip_number="45821", depositor="MARIA ELENA ROJAS VARGAS")
    accept(second)
    assert Invoice.objects.filter(case_ref__in=[walk.case.number, second.case.number]).count() == 2


# ---------------------------------------------------------------- the screen
def test_the_screen_shows_the_drafts_of_what_will_go_out(walk: Walk) -> None:
    send_slip(walk)
    work = Work(walk.case, walk.sale, walk.now, walk.people["cobranzas1"], walk.task(12), "Step_12")
    shown = deposit.context(work)
    assert [draft.step for draft in shown["drafts"]] == ["15"]
    assert walk.case.number in shown["drafts"][0].text
    assert shown["comparison"].verdict == "match"
