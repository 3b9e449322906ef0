"""Step 18: the control of recurring payment and its monthly list (R-A13)."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from thaki.people.models import User
from thaki.records.billing import operations, queries
from thaki.records.billing.models import RecurringBill, RecurringEnrolment
from thaki.records.customers.models import Customer
from thaki.records.reasons import RuleError

pytestmark = pytest.mark.django_db
CASE = "GVD-2026-000001"
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


@pytest.fixture
def enrolment(juan: Customer, ana: User, now: datetime) -> RecurringEnrolment:
    """Juan's sale, due on the 10th from November on."""
    return enrol(juan, CASE, ana, now)


def enrol(customer: Customer, case: str, by: User, now: datetime) -> RecurringEnrolment:
    """Enrols a sale."""
    return operations.enrol_recurring(
        case_ref=case,
        customer=customer,
        method="debit",
        day=10,
        from_month=date(2026, 11, 20),
        amount_bob=Decimal(189),
        by=by,
        now=now,
    )


def test_it_starts_with_the_first_of_the_month(enrolment: RecurringEnrolment) -> None:
    assert enrolment.from_month == NOVEMBER


def test_a_sale_is_enrolled_once(enrolment: RecurringEnrolment, juan: Customer, ana: User, now: datetime) -> None:
    with pytest.raises(RuleError):
        enrol(juan, CASE, ana, now)


def test_the_months_bills_are_made_once(enrolment: RecurringEnrolment, now: datetime) -> None:
    assert operations.issue_month(date(2026, 10, 1), by=None, now=now) == 0  # before it began
    assert operations.issue_month(NOVEMBER, by=None, now=now) == 1
    assert operations.issue_month(NOVEMBER, by=None, now=now) == 0
    assert RecurringBill.objects.get().due_on == date(2026, 11, 10)


def test_the_list_says_who_is_due_who_paid_and_who_did_not(
    enrolment: RecurringEnrolment, juan: Customer, ana: User, now: datetime
) -> None:
    others = [enrol(juan, f"GVD-2026-00000{n}", ana, now) for n in (2, 3)]
    operations.issue_month(NOVEMBER, by=None, now=now)
    RecurringBill.objects.filter(enrolment=others[1]).update(due_on=date(2026, 11, 25))
    operations.pay_bill(RecurringBill.objects.get(enrolment=others[0]).pk, reference="P-1", by=ana, now=now)
    listed = queries.recurring_list(NOVEMBER, today=date(2026, 11, 20))
    assert [line.state for line in listed.lines] == ["overdue", "pending", "paid"]
    assert (listed.count("overdue"), listed.amount_bob("paid")) == (1, Decimal(189))


def test_a_first_bill_left_unpaid_warns_sales(enrolment: RecurringEnrolment, ana: User, now: datetime) -> None:
    operations.issue_month(NOVEMBER, by=None, now=now)
    operations.issue_month(DECEMBER, by=None, now=now)
    (bill,) = queries.first_bills_unpaid(date(2026, 12, 20))
    assert bill.month == NOVEMBER
    assert not queries.first_bills_unpaid(date(2026, 11, 10)).exists()
    operations.pay_bill(bill.pk, reference="P-1", by=ana, now=now)
    assert not queries.first_bills_unpaid(date(2026, 12, 20)).exists()


def test_an_annulment_ends_it_and_drops_what_was_not_yet_due(
    enrolment: RecurringEnrolment, ana: User, now: datetime
) -> None:
    operations.issue_month(NOVEMBER, by=None, now=now)
    operations.issue_month(DECEMBER, by=None, now=now)
    assert operations.end_recurring(CASE, reason="Venta anulada", by=ana, now=now) == 1
    assert list(RecurringBill.objects.values_list("month", flat=True)) == [NOVEMBER]
    assert operations.end_enrolment(enrolment.pk, reason="Otra vez", by=ana, now=now) == 0
    assert queries.running_enrolment(CASE) is None


@pytest.mark.parametrize("values", [{"day": 29}, {"from_month": date(2026, 11, 2)}, {"end_reason": "x"}])
def test_the_database_refuses_what_no_operation_writes(
    enrolment: RecurringEnrolment, values: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RecurringEnrolment.objects.filter(pk=enrolment.pk).update(**values)
