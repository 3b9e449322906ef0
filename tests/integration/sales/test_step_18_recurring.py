"""Step 18: a postpaid sale goes under the control of recurring payment."""

from datetime import date

import pytest
from tests.integration.sales.billing import choose
from tests.integration.sales.conftest import Walk

from thaki.cases.runtime import AnswerInvalid
from thaki.records.billing import operations as billing
from thaki.records.billing.models import RecurringBill, RecurringEnrolment


def enrolment(walk: Walk) -> RecurringEnrolment:
    """The sale's."""
    return RecurringEnrolment.objects.get(case_ref=walk.case.number)


def test_it_enrols_from_next_month_on_the_tenth(walk: Walk) -> None:
    choose(walk, "postpaid")
    walk.done(18, {"method": "counter"})
    found = enrolment(walk)
    assert (found.day, found.from_month, str(found.amount_bob)) == (10, date(2026, 12, 1), "249.00")
    assert walk.sale.enrolment == found
    assert walk.open_steps == ["21"]


def test_the_first_bill_carries_the_installation_the_others_do_not(walk: Walk) -> None:
    choose(walk, "postpaid")
    walk.done(18, {"method": "debit", "day": "28", "from_month": "2026-11"})
    for month in (date(2026, 11, 1), date(2026, 12, 1)):
        billing.issue_month(month, by=None, now=walk.now)
    bills = RecurringBill.objects.filter(enrolment=enrolment(walk)).order_by("month")
    assert [(bill.due_on, str(bill.amount_bob)) for bill in bills] == [
        (date(2026, 11, 28), "399.00"),
        (date(2026, 12, 28), "249.00"),
    ]


@pytest.mark.parametrize("day", ["0", "29", "primero"])
def test_a_day_that_not_every_month_has_is_refused(walk: Walk, day: str) -> None:
    choose(walk, "postpaid")
    with pytest.raises(AnswerInvalid) as refused:
        walk.done(18, {"method": "counter", "day": day})
    assert "day" in refused.value.form.errors
