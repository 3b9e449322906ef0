"""Bills and payments of the recurring control: nothing counts twice, nothing that came in is lost."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from thaki.people.models import User
from thaki.records.billing import control, operations
from thaki.records.billing.control import Filters, Finder, Named
from thaki.records.billing.control_models import RecurringPayment
from thaki.records.billing.models import RecurringBill, RecurringEnrolment
from thaki.records.billing.operations import Taken
from thaki.records.customers.models import Customer
from thaki.records.reasons import RuleError

pytestmark = pytest.mark.django_db
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
TODAY = date(2026, 11, 20)


@pytest.fixture
def enrolment(juan: Customer, ana: User, now: datetime) -> RecurringEnrolment:
    """Juan's sale, due on the 10th from October on, with bills of October and November."""
    made = enrol(juan, "GVD-2026-000001", ana, now)
    for month in (OCTOBER, NOVEMBER):
        operations.issue_month(month, by=ana, now=now)
    return made


def enrol(customer: Customer, case: str, by: User, now: datetime) -> RecurringEnrolment:
    return operations.enrol_recurring(
        case_ref=case,
        customer=customer,
        method="debit",
        day=10,
        from_month=OCTOBER,
        amount_bob=Decimal(189),
        by=by,
        now=now,
    )


def pay(
    enrolment: RecurringEnrolment, reference: str, amount: int, by: User, now: datetime, month: date | None = None
) -> Taken:
    return operations.take_payment(
        enrolment.pk,
        amount_bob=Decimal(amount),
        paid_on=date(2026, 11, 9),
        reference=reference,
        month=month,
        by=by,
        now=now,
    )


def bill(enrolment: RecurringEnrolment, month: date) -> RecurringBill:
    return RecurringBill.objects.get(enrolment=enrolment, month=month)


def test_a_payment_without_a_month_pays_the_oldest_bill(
    enrolment: RecurringEnrolment, ana: User, now: datetime
) -> None:
    pay(enrolment, "R-1", 189, ana, now)
    assert bill(enrolment, OCTOBER).paid_reference == "R-1"
    assert bill(enrolment, NOVEMBER).paid_at is None


def test_parts_add_up_to_the_bill(enrolment: RecurringEnrolment, ana: User, now: datetime) -> None:
    pay(enrolment, "R-1", 100, ana, now, NOVEMBER)
    (line,) = control.lines(control.month_rows(NOVEMBER, Filters(), TODAY), TODAY)
    assert (line.state, line.is_part, line.paid_bob) == ("overdue", True, Decimal(100))
    pay(enrolment, "R-2", 89, ana, now, NOVEMBER)
    assert bill(enrolment, NOVEMBER).paid_reference == "R-2"


def test_a_bill_paid_twice_keeps_the_first_payment_and_lists_the_second(
    enrolment: RecurringEnrolment, ana: User, now: datetime
) -> None:
    pay(enrolment, "R-1", 189, ana, now, NOVEMBER)
    second = pay(enrolment, "R-2", 189, ana, now, NOVEMBER)
    assert bill(enrolment, NOVEMBER).paid_reference == "R-1"
    assert (second.payment.fate, second.payment.over_bob) == ("paid_twice", Decimal(189))
    assert list(control.unclear_payments()) == [second.payment]
    operations.clear_payment(second.payment.pk, note="Se abonó a diciembre", by=ana, now=now)
    assert not control.unclear_payments().exists()


def test_the_same_reference_again_changes_nothing(enrolment: RecurringEnrolment, ana: User, now: datetime) -> None:
    pay(enrolment, "R-1", 189, ana, now)
    assert pay(enrolment, "R-1", 189, ana, now).known
    assert RecurringPayment.objects.count() == 1


def test_a_payment_for_an_ended_enrolment_pays_what_it_owed_and_the_rest_is_listed(
    enrolment: RecurringEnrolment, ana: User, now: datetime
) -> None:
    operations.end_recurring(enrolment.case_ref, reason="Venta anulada", by=ana, now=now)
    fates = [pay(enrolment, f"R-{n}", 189, ana, now).payment.fate for n in (1, 2, 3)]
    assert fates == ["applied", "applied", "ended"]


def test_ending_keeps_a_bill_of_which_a_part_was_paid(enrolment: RecurringEnrolment, ana: User) -> None:
    early = datetime.fromisoformat("2026-11-09T12:00:00-04:00")  # November falls due tomorrow
    pay(enrolment, "R-1", 50, ana, early, NOVEMBER)
    operations.end_recurring(enrolment.case_ref, reason="Venta anulada", by=ana, now=early)
    assert bill(enrolment, NOVEMBER).amount_bob == Decimal(189)


def test_by_hand_what_is_missing_is_paid_once(enrolment: RecurringEnrolment, ana: User, now: datetime) -> None:
    pay(enrolment, "R-1", 100, ana, now, NOVEMBER)
    operations.pay_bill(bill(enrolment, NOVEMBER).pk, reference="CAJ-7", by=ana, now=now)
    operations.pay_bill(bill(enrolment, NOVEMBER).pk, reference="CAJ-8", by=ana, now=now)
    assert bill(enrolment, NOVEMBER).paid_reference == "CAJ-7"
    assert RecurringPayment.objects.get(reference="CAJ-7").amount_bob == Decimal(89)


def test_a_bill_from_a_file_is_new_the_same_or_changed(enrolment: RecurringEnrolment, ana: User, now: datetime) -> None:
    def enter(month: date, amount: int) -> str:
        return operations.enter_bill(enrolment, month=month, amount_bob=Decimal(amount), by=ana, now=now)[1]

    assert [enter(date(2026, 12, 1), 189), enter(date(2026, 12, 1), 189), enter(date(2026, 12, 1), 200)] == [
        "new",
        "same",
        "changed",
    ]
    pay(enrolment, "R-1", 189, ana, now, NOVEMBER)
    with pytest.raises(RuleError, match="ya está pagado"):
        enter(NOVEMBER, 250)
    with pytest.raises(RuleError, match="empieza en 10/2026"):
        enter(date(2026, 9, 1), 189)


def test_who_ended_before_midnight_in_la_paz_is_not_enrolled_in_the_next_month(
    enrolment: RecurringEnrolment, juan: Customer, ana: User, now: datetime
) -> None:
    other = enrol(juan, "GVD-2026-000002", ana, now)
    last_evening = datetime.fromisoformat("2026-11-01T03:59:00+00:00")  # 31 October, 23:59 in Cochabamba
    operations.end_recurring(enrolment.case_ref, reason="Fin", by=ana, now=last_evening)
    october, november = control.totals([OCTOBER, NOVEMBER], TODAY)
    assert (october.enrolled.count, november.enrolled.count) == (2, 1)
    assert list(control.unbilled_in(NOVEMBER, Filters())) == [other]


def test_a_months_figures_say_enrolled_billed_paid_and_overdue(
    enrolment: RecurringEnrolment, juan: Customer, ana: User, now: datetime
) -> None:
    enrol(juan, "GVD-2026-000002", ana, now)
    operations.issue_month(NOVEMBER, by=ana, now=now)
    pay(enrolment, "R-1", 189, ana, now, NOVEMBER)
    (figures,) = control.totals([NOVEMBER], TODAY)
    assert [each.count for each in (figures.enrolled, figures.billed, figures.paid, figures.overdue)] == [2, 2, 1, 1]
    assert figures.paid.amount_bob == Decimal(189)
    (due,) = control.totals([NOVEMBER], date(2026, 11, 10))  # on the day itself nothing is overdue
    assert (due.pending.count, due.overdue.count) == (1, 0)


def test_a_row_names_its_enrolment_by_bill_case_or_customer(
    enrolment: RecurringEnrolment, juan: Customer, ana: User, now: datetime
) -> None:
    RecurringBill.objects.filter(enrolment=enrolment, month=NOVEMBER).update(number="F-9")
    names = [Named(bill="F-9"), Named(case="gvd-2026-000001"), Named(customer=juan.code), Named(case="GVD-2026-999999")]
    finder = Finder(names)
    assert [finder.find(name)[0] for name in names[:3]] == [enrolment] * 3
    with pytest.raises(RuleError, match="Nadie está inscrito"):
        finder.find(names[3])
    enrol(juan, "GVD-2026-000002", ana, now)
    with pytest.raises(RuleError, match="varias inscripciones"):
        Finder(names).find(names[2])
