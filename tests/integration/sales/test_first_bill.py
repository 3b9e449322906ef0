"""R-A13: a first bill left unpaid warns sales by mail, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.integration.sales.billing import choose
from tests.integration.sales.conftest import Walk

from thaki.cases.models import Effect, HistoryEvent
from thaki.channels.email.models import OutboundMail
from thaki.procedures.sales import first_bill
from thaki.procedures.sales.notes import WORDS
from thaki.records.billing import operations as billing
from thaki.records.billing.models import RecurringBill

KEY = "first_bill_unpaid"


@pytest.fixture
def overdue(walk: Walk) -> Walk:
    """A postpaid sale whose first bill was due five days ago."""
    choose(walk, "postpaid")
    walk.done(18, {"method": "counter", "day": "10", "from_month": "2026-12"})
    return walk.wait(days=22)


def warnings() -> list[OutboundMail]:
    """The mails about it."""
    return list(OutboundMail.objects.filter(key__contains=KEY))


def test_the_executive_is_told_with_the_channels_in_copy(overdue: Walk) -> None:
    assert first_bill.warn_of_unpaid(now=overdue.now) == 1
    [mail] = warnings()
    assert (mail.to, mail.cc) == ("ejecutivo1@comteco.example", ["canales.digitales@comteco.example"])
    assert "venció el 10/12/2026" in mail.text and "399,00" in mail.text
    assert Effect.objects.filter(key=mail.key, kind="email.send", state="pending").exists()


def test_they_are_told_once(overdue: Walk) -> None:
    first_bill.warn_of_unpaid(now=overdue.now)
    assert first_bill.warn_of_unpaid(now=overdue.now + timedelta(days=1)) == 0
    assert len(warnings()) == 1


def test_a_bill_not_yet_due_warns_nobody(overdue: Walk) -> None:
    assert first_bill.warn_of_unpaid(now=overdue.now - timedelta(days=10)) == 0


def test_a_paid_one_warns_nobody(overdue: Walk) -> None:
    bill = RecurringBill.objects.get()
    billing.pay_bill(bill.pk, reference="CAJA-1", by=None, now=overdue.now)
    assert first_bill.warn_of_unpaid(now=overdue.now) == 0


def test_without_an_executive_the_channels_are_told(overdue: Walk) -> None:
    sale = overdue.sale
    sale.executive = None
    sale.save()
    first_bill.warn_of_unpaid(now=overdue.now)
    [mail] = warnings()
    assert (mail.to, mail.cc) == ("canales.digitales@comteco.example", [])


def test_the_history_says_it_in_words_and_the_case_stays_where_it_was(overdue: Walk) -> None:
    before = overdue.open_steps
    first_bill.warn_of_unpaid(now=overdue.now)
    noted = HistoryEvent.objects.filter(case=overdue.case, kind="noted").last()
    assert noted is not None and noted.data["notes"] == {KEY: "2026-12"}
    assert "se avisó a Ventas" in WORDS[KEY]("2026-12")
    assert overdue.open_steps == before
