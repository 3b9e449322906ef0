"""Prepaid money: what is due, and what a verdict on a deposit leads to (R-A7)."""

from decimal import Decimal

import pytest

from thaki.procedures.sales import rules_payment as rules
from thaki.procedures.sales.amount_words import in_words
from thaki.procedures.sales.rules_payment import Money, Outcome, Undecidable
from thaki.records.billing.rules import Verdict


def test_prepaid_covers_the_installation_and_the_first_month_less_what_was_accepted() -> None:
    assert rules.amount_due(Decimal("199.00"), Decimal("150.00")) == Decimal("349.00")
    assert rules.amount_due(Decimal("199.00"), Decimal("150.00"), Decimal("300.00")) == Decimal("49.00")
    assert rules.amount_due(Decimal("199.00"), Decimal("150.00"), Decimal("400.00")) == 0


def test_a_deposit_that_matches_is_accepted() -> None:
    assert rules.decide(True, Verdict.MATCH) == Outcome(True, Money.ACCEPTED)


def test_a_deposit_that_is_over_is_accepted_with_a_refund_or_a_credit() -> None:
    assert rules.decide(True, Verdict.OVER, over_as="credit") == Outcome(True, Money.ACCEPTED)
    with pytest.raises(Undecidable, match="over_needs_a_way"):
        rules.decide(True, Verdict.OVER)


@pytest.mark.parametrize("verdict", [Verdict.SHORT, Verdict.MISMATCH, None])
def test_what_is_short_or_another_deposit_is_never_accepted(verdict: Verdict | None) -> None:
    with pytest.raises(Undecidable):
        rules.decide(True, verdict)


def test_a_short_deposit_goes_back_but_its_money_stays_in() -> None:
    assert rules.decide(False, Verdict.SHORT) == Outcome(False, Money.ACCEPTED, "short")


def test_a_mismatch_goes_back_for_the_field_that_does_not_agree() -> None:
    assert rules.decide(False, Verdict.MISMATCH, bad_field="paid_on") == Outcome(False, Money.REJECTED, "paid_on")


def test_a_deposit_that_the_bank_does_not_show_is_not_in() -> None:
    assert rules.decide(False, None) == Outcome(False, Money.REJECTED, "not_found")
    assert rules.decide(False, Verdict.SHORT, reason="not_found") == Outcome(False, Money.REJECTED, "not_found")


def test_rejecting_a_deposit_that_matches_needs_a_reason() -> None:
    with pytest.raises(Undecidable, match="reject_needs_reason"):
        rules.decide(False, Verdict.MATCH)
    assert rules.decide(False, Verdict.MATCH, reason="other").reason == "other"


@pytest.mark.parametrize(
    ("operation", "declared", "applies"),
    [
        ("transfer", "Ana Quispe", True),
        ("transfer", "", False),
        ("card", "Ana Quispe", False),
        ("deposit", "Ana Quispe", True),
    ],
)
def test_the_depositor_is_verified_where_it_applies(operation: str, declared: str, applies: bool) -> None:
    assert rules.depositor_applies(operation, declared) is applies


def test_a_pin_that_moves_more_than_the_noise_of_the_map_is_another_place() -> None:
    assert not rules.relocated((-17.39001, -66.16), (-17.390010001, -66.16))
    assert rules.relocated((-17.39001, -66.16), (-17.39003, -66.16))
    assert rules.relocated(None, (-17.39, -66.16))


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.50", "Cero 50/100 Bolivianos"),
        ("1.00", "Uno 00/100 Bolivianos"),
        ("100.00", "Cien 00/100 Bolivianos"),
        ("149.90", "Ciento cuarenta y nueve 90/100 Bolivianos"),
        ("349.00", "Trescientos cuarenta y nueve 00/100 Bolivianos"),
        ("1000.00", "Mil 00/100 Bolivianos"),
        ("21500.05", "Veintiún mil quinientos 05/100 Bolivianos"),
        ("1000021.00", "Un millón veintiuno 00/100 Bolivianos"),
    ],
)
def test_an_invoice_says_its_amount_in_words(amount: str, words: str) -> None:
    assert in_words(Decimal(amount)) == words
