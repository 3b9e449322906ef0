"""The customer withdraws between 9 and 12, or wants another payment form (R-A7)."""

import pytest
from tests.integration.sales.conftest import Walk

from thaki.cases import operations, versions
from thaki.cases.models import HistoryEvent
from thaki.cases.permissions import NotAllowed
from thaki.cases.policies import NotNow
from thaki.cases.runtime import AnswerInvalid
from thaki.procedures.sales.models import UnservedRequest
from thaki.procedures.sales.reports import unserved
from thaki.web import narration


def test_before_9_nobody_withdraws(walk: Walk) -> None:
    walk.to(8)
    with pytest.raises(NotNow):
        walk.act("sales.withdraw", withdrawal_reason="moving")


def test_at_9_the_sale_goes_to_19(walk: Walk) -> None:
    walk.to(9).act("sales.withdraw", withdrawal_reason="moving", note="Se va a Tarija")
    assert walk.open_steps == ["19"]
    row = UnservedRequest.objects.get()
    assert (row.reason, row.left_at_step) == ("withdrew", 9)
    assert (walk.sale.withdrawal_reason, walk.sale.withdrawal_note) == ("moving", "Se va a Tarija")
    assert unserved.row(row).detail == "Se muda"  # as the report of 19 prints it


def test_the_history_says_why_in_words(walk: Walk) -> None:
    walk.to(9).act("sales.withdraw", withdrawal_reason="moving", note="Se va a Tarija")
    version = versions.of_id(walk.case.version_id)
    event = HistoryEvent.objects.filter(case=walk.case, kind="message").get()
    [line] = narration.lines([event], narration.Known(version.procedure, notes=version.app.notes))
    assert line.text == "Se muda · El cliente desistió"
    assert "Tarija" not in str(event.data)  # what was typed can be erased, the history cannot


def test_it_needs_a_reason(walk: Walk) -> None:
    walk.to(9)
    with pytest.raises(AnswerInvalid) as refused:
        walk.act("sales.withdraw", withdrawal_reason="")
    assert "withdrawal_reason" in refused.value.form.errors


def test_another_role_does_not_record_it(walk: Walk) -> None:
    walk.to(9)
    with pytest.raises(NotAllowed):
        walk.act("sales.withdraw", by="cajero1", withdrawal_reason="moving")


def test_the_customers_own_message_is_taken_too(walk: Walk) -> None:
    walk.to(9)
    operations.offer_message(walk.case.pk, "customer_withdrew", {"reason": "changed_mind"}, by=None, now=walk.now)
    assert walk.sale.unserved_reason == "withdrew"
