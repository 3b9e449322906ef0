"""Steps 16 and 17: the agency prints, archives and hands over."""

import pytest
from tests.integration.sales.billing import accept, send_slip
from tests.integration.sales.conftest import Walk
from tests.integration.sales.test_step_12_deposit import send_waiting

from thaki.cases.runtime import AnswerInvalid
from thaki.records.billing.models import Invoice


@pytest.fixture
def at_16(walk: Walk) -> Walk:
    """A transfer accepted, Cajas instructed."""
    send_slip(walk)
    accept(walk)
    send_waiting(walk)
    return walk


def invoice(walk: Walk) -> Invoice:
    """The sale's invoice."""
    return Invoice.objects.get(case_ref=walk.case.number)


def test_16_belongs_to_the_agency_that_cobranzas_chose(at_16: Walk) -> None:
    assert at_16.task(16).agency == "Agencia Central"


def test_printing_stamps_the_original_once(at_16: Walk) -> None:
    at_16.done(16, {"printed": "on"})
    assert (invoice(at_16).printed_at, invoice(at_16).copies) == (at_16.now, 0)
    assert "17" in at_16.open_steps


def test_delivery_in_hand_says_to_whom(at_16: Walk) -> None:
    at_16.done(16, {"printed": "on"})
    at_16.done(17, {"archived": "on", "delivered_how": "in_hand"})
    done = invoice(at_16)
    assert (done.delivered_to, done.archived_at) == ("María Elena Rojas Vargas", at_16.now)
    assert "17" not in at_16.open_steps


def test_what_is_sent_is_acknowledged(at_16: Walk) -> None:
    at_16.done(16, {"printed": "on"})
    with pytest.raises(AnswerInvalid) as refused:
        at_16.done(17, {"archived": "on", "delivered_how": "sent", "delivered_to": "Av. América"})
    assert "acknowledgement" in refused.value.form.errors
    at_16.done(
        17, {"archived": "on", "delivered_how": "sent", "delivered_to": "Av. América", "acknowledgement": "Guía 12"}
    )
    assert invoice(at_16).acknowledgement == "Guía 12"


def test_it_is_archived_before_it_is_handed_over(at_16: Walk) -> None:
    at_16.done(16, {"printed": "on"})
    with pytest.raises(AnswerInvalid) as refused:
        at_16.done(17, {"delivered_how": "in_hand"})
    assert "archived" in refused.value.form.errors
