"""Withdrawals from 9 to 12: money that is in goes back before the request goes to 19 (R-A7)."""

import pytest
from tests.integration.sales.billing import choose, send_slip, the_payment
from tests.integration.sales.conftest import Walk

from thaki.cases import operations
from thaki.cases.models import Task
from thaki.cases.runtime import AnswerInvalid, Delivered
from thaki.records.billing.models import Refund


def refund(walk: Walk, **data: str) -> Delivered:
    """Cobranzas gives the money back."""
    task = Task.objects.get(case=walk.case, node="Refund_Withdrawn", state="open")
    return operations.complete(task.pk, by=walk.people["cobranzas1"], now=walk.now, data=data)


def test_a_withdrawal_at_9_goes_to_19(walk: Walk) -> None:
    walk.to(9)
    walk.act("sales.withdraw", withdrawal_reason="competitor")
    assert walk.open_steps == ["19"]


def test_a_withdrawal_at_11_without_money_goes_to_19(walk: Walk) -> None:
    choose(walk, "prepaid")
    walk.act("sales.withdraw", withdrawal_reason="no_money")
    assert walk.open_steps == ["19"]


def test_a_withdrawal_at_12_waits_for_the_refund(walk: Walk) -> None:
    send_slip(walk)
    walk.act("sales.withdraw", withdrawal_reason="changed_mind")
    assert walk.open_steps == [""]
    refund(walk, arrived="yes", method="transfer", reference="TRX 901")
    assert walk.open_steps == ["19"]
    assert the_payment(walk).state == "refunded"
    given = Refund.objects.get(case_ref=walk.case.number)
    assert (given.state, given.reference, str(given.amount_bob)) == ("paid", "TRX 901", "399.00")
    assert not walk.sale.has_money


def test_money_that_never_came_is_not_given_back(walk: Walk) -> None:
    send_slip(walk)
    walk.act("sales.withdraw", withdrawal_reason="changed_mind")
    refund(walk, arrived="no")
    assert walk.open_steps == ["19"]
    assert the_payment(walk).state == "rejected"
    assert not Refund.objects.exists()


def test_a_part_payment_goes_back_too(walk: Walk) -> None:
    send_slip(walk, amount_bob="300")
    walk.done(12, {"decision": "reject"})
    walk.act("sales.withdraw", withdrawal_reason="no_money")
    refund(walk, method="cash", reference="R-1")
    assert str(Refund.objects.get(case_ref=walk.case.number).amount_bob) == "300.00"
    assert walk.open_steps == ["19"]


def test_a_refund_needs_its_voucher(walk: Walk) -> None:
    send_slip(walk)
    walk.act("sales.withdraw", withdrawal_reason="changed_mind")
    with pytest.raises(AnswerInvalid) as refused:
        refund(walk, arrived="yes", method="transfer")
    assert "reference" in refused.value.form.errors


def test_money_may_stay_as_a_credit(walk: Walk) -> None:
    send_slip(walk)
    walk.act("sales.withdraw", withdrawal_reason="changed_mind")
    refund(walk, arrived="yes", method="credit")
    assert Refund.objects.get(case_ref=walk.case.number).state == "credited"
    assert walk.open_steps == ["19"]


def test_changing_to_postpaid_gives_back_what_was_accepted(walk: Walk) -> None:
    send_slip(walk, amount_bob="300")
    walk.done(12, {"decision": "reject"})
    walk.done(11, {"result": "change_form"})
    walk.done(10, {"payment_form": "postpaid", "explained": "on"})
    assert Refund.objects.get(case_ref=walk.case.number).state == "due"
    assert sorted(walk.open_steps) == ["18", "21"]
