"""Steps 11 and 12: a slip is registered once, and accepted or rejected by what the account shows."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from thaki.people.models import User
from thaki.records.billing import operations, queries
from thaki.records.billing.models import Payment
from thaki.records.billing.rules import Comparison, Deposit, compare_deposit
from thaki.records.reasons import RuleError

pytestmark = pytest.mark.django_db
CASE = "GVD-2026-000001"


def register(now: datetime, **other: Any) -> Payment:
    """A slip of Bs 250 for the case."""
    given = {
        "case_ref": CASE,
        "form": "transfer",
        "slip_number": "00-123456",
        "amount_bob": Decimal("250.00"),
        "paid_on": date(2026, 11, 20),
        "operation_type": "transfer",
        "by": None,
        "now": now,
    }
    return operations.register_payment(**{**given, **other})


def compared(payment: Payment, due: str, **found: Any) -> Comparison:
    """The payment against an account that shows the same but for `found`."""
    told = Deposit(payment.amount_bob, payment.paid_on, payment.slip_number, payment.operation_type)
    shown = {
        "amount_bob": told.amount_bob,
        "paid_on": told.paid_on,
        "slip_number": told.slip_number,
        "operation_type": told.operation_type,
    }
    return compare_deposit(told, Deposit(**{**shown, **found}), due_bob=Decimal(due))


def test_a_matching_deposit_is_accepted(ana: User, now: datetime) -> None:
    payment = register(now)
    accepted = operations.accept_payment(payment.pk, comparison=compared(payment, "250"), by=ana, now=now)
    assert (accepted.payment.state, accepted.missing_bob, accepted.refund) == ("accepted", Decimal(0), None)
    assert queries.paid_bob(CASE) == Decimal(250)


def test_a_short_one_is_accepted_and_says_what_is_missing(ana: User, now: datetime) -> None:
    payment = register(now)
    accepted = operations.accept_payment(payment.pk, comparison=compared(payment, "339"), by=ana, now=now)
    assert accepted.missing_bob == Decimal(89)
    assert queries.due_bob(CASE, Decimal(339)) == Decimal(89)


def test_what_is_over_becomes_a_refund(ana: User, now: datetime) -> None:
    payment = register(now)
    accepted = operations.accept_payment(payment.pk, comparison=compared(payment, "200"), by=ana, now=now)
    assert accepted.refund is not None
    assert (accepted.refund.state, accepted.refund.amount_bob) == ("due", Decimal(50))
    assert queries.paid_bob(CASE) == Decimal(200)


def test_what_is_over_can_be_a_credit(ana: User, now: datetime) -> None:
    payment = register(now)
    accepted = operations.accept_payment(
        payment.pk, comparison=compared(payment, "200"), over_becomes="credit", by=ana, now=now
    )
    assert accepted.refund is not None
    assert (accepted.refund.state, accepted.refund.settled_by) == ("credited", ana)


def test_a_mismatch_is_not_accepted(ana: User, now: datetime) -> None:
    payment = register(now)
    with pytest.raises(RuleError) as refused:
        operations.accept_payment(payment.pk, comparison=compared(payment, "250", slip_number="99999"), by=ana, now=now)
    assert refused.value.code == "deposit_mismatch"


def test_a_rejection_has_its_reason_and_frees_the_slip(ana: User, now: datetime) -> None:
    payment = register(now)
    with pytest.raises(RuleError):
        operations.reject_payment(payment.pk, reason=" ", by=ana, now=now)
    operations.reject_payment(payment.pk, reason="El monto no figura en la cuenta", by=ana, now=now)
    assert register(now).state == "received"


def test_it_is_decided_once(ana: User, now: datetime) -> None:
    payment = register(now)
    operations.accept_payment(payment.pk, comparison=compared(payment, "250"), by=ana, now=now)
    with pytest.raises(RuleError):
        operations.reject_payment(payment.pk, reason="Tarde", by=ana, now=now)


def test_a_slip_pays_once_and_the_other_sale_is_named(now: datetime) -> None:
    register(now)
    with pytest.raises(RuleError, match=CASE):
        register(now, case_ref="GVD-2026-000002", slip_number="123456")
    assert queries.slip_in_use("0123456") is not None


def test_the_database_holds_that_a_slip_pays_once(now: datetime) -> None:
    payment = register(now)
    payment.pk, payment.case_ref = None, "GVD-2026-000002"
    with pytest.raises(IntegrityError), transaction.atomic():
        payment.save(force_insert=True)


def test_cobranzas_splits_a_slip_over_sales_up_to_its_total(ana: User, now: datetime) -> None:
    first = register(now, amount_bob=Decimal(600))
    operations.split_slip(first.pk, share_bob=Decimal(250), slip_total_bob=Decimal(600), by=ana, now=now)
    share = {"slip_total_bob": Decimal(600), "depositor": "Ana Flores"}
    with pytest.raises(RuleError, match=r"Bs 350,00"):
        register(now, case_ref="GVD-2026-000002", amount_bob=Decimal(351), **share)
    register(now, case_ref="GVD-2026-000002", amount_bob=Decimal(350), **share)
    with pytest.raises(RuleError):
        register(now, case_ref="GVD-2026-000002", amount_bob=Decimal(1), **share)
    with pytest.raises(RuleError):
        register(now, case_ref="GVD-2026-000003", amount_bob=Decimal(1), **{**share, "slip_total_bob": Decimal(700)})


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"amount_bob": Decimal(0)}, "amount_not_positive"),
        ({"amount_bob": Decimal("0.001")}, "amount_has_fractions_of_a_cent"),
        ({"paid_on": date(2026, 11, 21)}, "paid_in_future"),
        ({"paid_on": date(2026, 1, 1)}, "paid_too_long_ago"),
        ({"slip_number": "-"}, "slip_number"),
    ],
)
def test_an_impossible_slip_is_refused(now: datetime, values: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleError) as refused:
        register(now, **values)
    assert refused.value.code == code


def test_a_withdrawal_gives_all_money_back(ana: User, now: datetime) -> None:
    payment = register(now)
    operations.accept_payment(payment.pk, comparison=compared(payment, "339"), by=ana, now=now)
    (refund,) = operations.refund_case(CASE, reason="El cliente desistió", by=ana, now=now)
    assert operations.refund_case(CASE, reason="El cliente desistió", by=ana, now=now) == []
    assert list(queries.refunds_due(CASE)) == [refund]
    with pytest.raises(RuleError):
        operations.pay_refund(refund.pk, reference="", by=ana, now=now)
    operations.pay_refund(refund.pk, reference="T-778", by=ana, now=now)
    payment.refresh_from_db()
    assert (payment.state, queries.paid_bob(CASE)) == ("refunded", Decimal(0))
    with pytest.raises(RuleError):
        operations.credit_refund(refund.pk, by=ana, now=now)


def test_a_refunded_slip_stays_used(ana: User, now: datetime) -> None:
    payment = register(now)
    operations.accept_payment(payment.pk, comparison=compared(payment, "250"), by=ana, now=now)
    (refund,) = operations.refund_case(CASE, reason="Anulada", by=ana, now=now)
    operations.pay_refund(refund.pk, reference="T-1", by=ana, now=now)
    with pytest.raises(RuleError):
        register(now, case_ref="GVD-2026-000002")


def test_refunds_never_exceed_the_payment(ana: User, now: datetime) -> None:
    payment = register(now)
    operations.accept_payment(payment.pk, comparison=compared(payment, "250"), by=ana, now=now)
    operations.refund_due(payment.pk, amount_bob=Decimal(200), reason="Parte", by=ana, now=now)
    with pytest.raises(RuleError, match="Bs 50,00"):
        operations.refund_due(payment.pk, amount_bob=Decimal(51), reason="Más", by=ana, now=now)


@pytest.mark.parametrize(
    "values",
    [{"state": "accepted"}, {"state": "rejected"}, {"amount_bob": 0}, {"slip_number": "a-1"}, {"is_split": True}],
)
def test_the_database_refuses_half_decisions(now: datetime, values: dict[str, Any]) -> None:
    payment = register(now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(**values)
