"""Step 12: amount, date, slip number, operation type, and the depositor where it applies."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from thaki.records.billing.rules import Comparison, Deposit, Verdict, check_paid_on, compare_deposit, normal_slip
from thaki.records.reasons import RuleError

SLIP = Deposit(Decimal("250.00"), date(2026, 11, 20), "00123-456", "transfer", "Juan Quispe Mamani")
DUE = Decimal("250.00")


def compared(due: Decimal = DUE, depositor_applies: bool = True, **changes: object) -> Comparison:
    """The slip against a bank line that differs from it by the changes."""
    return compare_deposit(SLIP, replace(SLIP, **changes), due_bob=due, depositor_applies=depositor_applies)  # type: ignore[arg-type]


def codes(comparison: Comparison) -> dict[str, str]:
    """The reason of each field that does not agree."""
    return {f.name: f.reason.code for f in comparison.findings if not f.ok}


def test_everything_agrees() -> None:
    assert compared().verdict == Verdict.MATCH


def test_the_slip_number_agrees_without_zeros_and_signs() -> None:
    assert compared(slip_number="123456").verdict == Verdict.MATCH


def test_a_deposit_below_the_price_is_short_by_the_difference() -> None:
    comparison = compared(due=Decimal("300.00"))
    assert (comparison.verdict, comparison.missing_bob, comparison.over_bob) == (Verdict.SHORT, Decimal(50), Decimal(0))


def test_a_deposit_above_the_price_is_over_by_the_difference() -> None:
    comparison = compared(due=Decimal("249.99"))
    assert (comparison.verdict, comparison.over_bob) == (Verdict.OVER, Decimal("0.01"))


def test_an_account_that_shows_another_amount_is_a_mismatch_even_if_it_is_the_price() -> None:
    comparison = compare_deposit(SLIP, replace(SLIP, amount_bob=Decimal("200.00")), due_bob=Decimal("200.00"))
    assert comparison.verdict == Verdict.MISMATCH
    assert codes(comparison) == {"amount_bob": "deposit_amount_differs"}


@pytest.mark.parametrize(("days", "agrees"), [(-1, False), (0, True), (1, True), (3, True), (4, False)])
def test_banks_may_post_it_up_to_three_days_later(days: int, agrees: bool) -> None:
    comparison = compared(paid_on=SLIP.paid_on + timedelta(days=days))
    assert (comparison.verdict == Verdict.MATCH) is agrees


def test_another_operation_type_is_a_mismatch() -> None:
    assert codes(compared(operation_type="deposit")) == {"operation_type": "deposit_operation_type_differs"}


@pytest.mark.parametrize("shown", ["QUISPE MAMANI JUAN", "JUAN QUISPE", "Juan  Quispe Mamaní"])
def test_banks_shorten_and_turn_the_depositors_name(shown: str) -> None:
    assert compared(depositor=shown).verdict == Verdict.MATCH


def test_another_depositor_counts_only_where_it_applies() -> None:
    assert compared(depositor="Ana Flores Rojas").verdict == Verdict.MISMATCH
    assert compared(depositor="Ana Flores Rojas", depositor_applies=False).verdict == Verdict.MATCH


def test_every_difference_is_named_with_its_reason() -> None:
    comparison = compared(slip_number="999", amount_bob=Decimal(1), operation_type="qr", depositor="")
    assert set(codes(comparison)) == {"slip_number", "amount_bob", "operation_type", "depositor"}


def test_it_can_be_kept_as_json() -> None:
    kept = compared(due=Decimal("300.00")).to_json()
    assert kept["verdict"] == "short"
    assert kept["difference_bob"] == "-50.00"
    assert kept["findings"][0]["reason"]["code"] == "deposit_agrees"


@pytest.mark.parametrize(
    ("typed", "kept"), [(" 00-123.456 ", "123456"), ("abc-0012", "ABC0012"), ("PW00012", "PW00012")]
)
def test_a_slip_number_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert normal_slip(typed) == kept


@pytest.mark.parametrize("typed", ["", "0", "00012", "--", "1" * 41])
def test_what_is_no_slip_number_is_refused(typed: str) -> None:
    with pytest.raises(RuleError):
        normal_slip(typed)


def test_a_slip_is_neither_of_tomorrow_nor_of_long_ago() -> None:
    today = date(2026, 11, 21)
    assert check_paid_on(today - timedelta(days=60), today)
    for day in (today + timedelta(days=1), today - timedelta(days=61)):
        with pytest.raises(RuleError):
            check_paid_on(day, today)
