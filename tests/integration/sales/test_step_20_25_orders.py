"""GVD steps 20 to 25: the order with its control, the contract, the states, and how the sale ends."""

from __future__ import annotations

import pytest
from tests.integration.sales.conftest import Walk
from tests.integration.sales.ending import ENROL, annul, followed, ordered, sold_postpaid, sold_prepaid, work_off

from thaki.cases import runtime
from thaki.cases.models import Case
from thaki.procedures.sales.steps.contract import render
from thaki.records.billing.models import Invoice, RecurringEnrolment
from thaki.records.orders.models import ProductOrder


def test_postpaid_runs_18_and_21_in_parallel(walk: Walk) -> None:
    sold_postpaid(walk)
    assert sorted(walk.open_steps) == ["18", "21"]


def test_prepaid_runs_the_invoice_and_21_in_parallel(walk: Walk) -> None:
    sold_prepaid(walk)
    assert sorted(walk.open_steps) == ["16", "21"]


def test_an_order_as_agreed_is_entered_without_typing(walk: Walk) -> None:
    ordered(sold_postpaid(walk))
    order = ProductOrder.objects.get()
    assert (order.case_ref, order.plan.code, order.state in ("acknowledged", "in_progress")) == (
        walk.case.number,
        "FO100",
        True,
    )
    assert walk.sale.sold_at == walk.now  # the state Venta


def test_what_differs_from_the_agreement_is_red_beside_its_field(walk: Walk) -> None:
    sold_postpaid(walk)
    walk.done(21, {"ready": "on"})
    with pytest.raises(runtime.AnswerInvalid) as refused:
        walk.done(22, {"tariff_bob": "200", "address": "Otra calle 5"})
    assert {"tariff_bob", "address"} <= refused.value.form.errors.keys()
    assert not ProductOrder.objects.exists()


def test_every_finding_is_kept_with_the_order(walk: Walk) -> None:
    ordered(sold_postpaid(walk))
    assert walk.sale.order_checks and all(finding["ok"] for finding in walk.sale.order_checks)


def test_the_contract_is_signed_archived_and_printable_to_the_same_bytes(walk: Walk) -> None:
    ordered(sold_postpaid(walk))
    walk.done(23, {"accepted_how": "visit"})
    contract = walk.sale.contract
    assert contract is not None and contract.state == "archived"
    assert render(contract) == render(contract)


def test_nobody_accepts_on_the_link_for_the_customer(walk: Walk) -> None:
    ordered(sold_postpaid(walk))
    with pytest.raises(runtime.AnswerInvalid) as refused:
        walk.done(23, {"accepted_how": "link"})
    assert "accepted_how" in refused.value.form.errors


def test_the_states_stand_in_their_order(walk: Walk) -> None:
    followed(sold_postpaid(walk))
    sale = walk.sale
    stamps = [sale.visited_at, sale.informed_at, sale.presale_at, sale.sold_at]
    assert None not in stamps and stamps == sorted(stamps)  # type: ignore[type-var]  # none is None
    assert walk.open_steps == ["18", "25"]


def test_a_sale_attended_ends_closed_once_both_branches_have(walk: Walk) -> None:
    followed(sold_postpaid(walk))
    walk.done(25, {"result": "attended"})
    assert Case.objects.get().state == "open"  # 18 is still to be done
    walk.done(18, ENROL)
    case = Case.objects.get()
    assert (case.state, case.outcome) == ("ended", "closed")
    assert ProductOrder.objects.get().state == "completed"


def test_an_annulled_order_is_keyed_again_and_linked(walk: Walk) -> None:
    followed(sold_prepaid(walk))
    invoice = Invoice.objects.get()
    annul(walk, "rekey")
    walk.done(20, {})
    work_off(walk)
    old, new = ProductOrder.objects.order_by("pk")
    assert (old.state, new.replaces, new.state != "cancelled") == ("cancelled", old, True)
    assert "25" in walk.open_steps
    invoice.refresh_from_db()
    assert invoice.voided_at is None  # it stays for the new order


def test_annulled_for_good_voids_the_invoice_and_gives_the_money_back_before_it_ends(walk: Walk) -> None:
    followed(sold_prepaid(walk))
    walk.done(16, {"printed": "on"})
    walk.done(
        17, {"archived": "on", "delivered_how": "in_hand", "delivered_to": "María Rojas", "delivered_id": "3344556 CB"}
    )
    annul(walk)
    assert Invoice.objects.get().credit_note
    assert Case.objects.get().state == "open"  # the money is still to go back
    task = walk.case.tasks.get(state="open")
    assert task.node == "Refund_Annulled"


def test_annulled_for_good_ends_the_recurring_control(walk: Walk) -> None:
    followed(sold_postpaid(walk))
    walk.done(18, ENROL)
    annul(walk)
    assert RecurringEnrolment.objects.get().ended_at is not None
    case = Case.objects.get()
    assert (case.state, case.outcome) == ("ended", "annulled")  # no money came in


def test_an_annulment_says_why(walk: Walk) -> None:
    followed(sold_postpaid(walk))
    with pytest.raises(runtime.AnswerInvalid) as refused:
        walk.done(25, {"result": "annulled"})
    assert "annul_reason" in refused.value.form.errors
