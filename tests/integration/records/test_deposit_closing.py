"""The daily closing of deposits: frozen with who and when; what changes after it is told, never written into it."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from thaki.people.models import User
from thaki.records.billing import closing, operations
from thaki.records.billing.control_models import DepositClosing
from thaki.records.billing.models import BankAccount, Payment
from thaki.records.billing.rules import Deposit, compare_deposit
from thaki.records.reasons import RuleError

pytestmark = pytest.mark.django_db
CASE = "GVD-2026-000001"


def deposit(
    slip: str, amount: int, *, by: User, at: datetime, good: bool = True, account: BankAccount | None = None
) -> Payment:
    """A transfer that was decided at that instant."""
    told = Deposit(Decimal(amount), at.date(), slip, "qr")
    payment = operations.register_payment(
        case_ref=f"GVD-2026-{slip[-6:]:0>6}",
        form="transfer",
        slip_number=slip,
        amount_bob=told.amount_bob,
        paid_on=at.date() - timedelta(days=1),
        operation_type="qr",
        account=account,
        by=by,
        now=at,
    )
    if good:
        comparison = compare_deposit(told, told, due_bob=told.amount_bob)
        return operations.accept_payment(payment.pk, comparison=comparison, by=by, now=at).payment
    return operations.reject_payment(payment.pk, reason="No aparece en la cuenta", by=by, now=at)


def test_a_day_adds_up_by_account_and_method_what_was_accepted(ana: User, now: datetime) -> None:
    union = BankAccount.objects.create(bank="Banco Unión", number="1-23", holder="COMTECO R.L.")
    deposit("1001", 399, by=ana, at=now, account=union)
    deposit("1002", 200, by=ana, at=now, account=union)
    deposit("1003", 100, by=ana, at=now)
    deposit("1004", 50, by=ana, at=now, good=False)
    day = closing.day_of(now.date())
    assert [(g.name, g.count, g.amount_bob) for g in day.by_account] == [
        ("Banco Unión 1-23", 2, Decimal(599)),
        ("Cuenta no anotada", 1, Decimal(100)),
    ]
    assert (day.total_bob, len(day.rejected)) == (Decimal(699), 1)


def test_the_day_ends_at_midnight_in_la_paz(ana: User) -> None:
    # 03:59:59 UTC is still the evening before in Cochabamba (UTC−4).
    evening = datetime.fromisoformat("2026-11-21T03:59:59+00:00")
    deposit("1001", 399, by=ana, at=evening)
    deposit("1002", 200, by=ana, at=evening + timedelta(seconds=1))
    assert closing.day_of(date(2026, 11, 20)).total_bob == Decimal(399)
    assert closing.day_of(date(2026, 11, 21)).total_bob == Decimal(200)


def test_it_is_closed_once_by_somebody_and_not_ahead(ana: User, now: datetime) -> None:
    day = now.date()
    closed = operations.close_day(day, note="Todo  en orden", by=ana, now=now)
    assert (closed.closed_by, closed.closed_at, closed.note) == (ana, now, "Todo en orden")
    with pytest.raises(RuleError, match="ya está cerrado"):
        operations.close_day(day, by=ana, now=now)
    with pytest.raises(RuleError, match="todavía no llega"):
        operations.close_day(day + timedelta(days=1), by=ana, now=now)


def test_what_is_decided_after_the_closing_is_a_difference_and_changes_no_figure(ana: User, now: datetime) -> None:
    early = deposit("1001", 399, by=ana, at=now)
    operations.close_day(now.date(), by=ana, now=now)
    deposit("1002", 200, by=ana, at=now + timedelta(minutes=5))
    operations.refund_case(early.case_ref, reason="Retiro", by=ana, now=now + timedelta(minutes=9))
    day = closing.day_of(now.date())
    assert day.total_bob == Decimal(399)
    assert [(each.kind, each.fields, each.amount_bob) for each in day.differences] == [
        ("changed", ("state",), Decimal(0)),
        ("added", (), Decimal(200)),
    ]


def test_the_database_refuses_to_touch_a_closing(ana: User, now: datetime) -> None:
    operations.close_day(now.date(), by=ana, now=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        DepositClosing.objects.update(total_bob=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        DepositClosing.objects.all().delete()


def test_days_with_deposits_and_no_closing_are_named(ana: User, now: datetime) -> None:
    deposit("1001", 399, by=ana, at=now - timedelta(days=2))
    deposit("1002", 399, by=ana, at=now - timedelta(days=1))
    operations.close_day((now - timedelta(days=1)).date(), by=ana, now=now)
    assert closing.days_left_open(now.date()) == [(now - timedelta(days=2)).date()]
