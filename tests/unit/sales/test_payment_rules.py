"""Prepaid money: what is due, and whether a deposit is the one expected (R-A7)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaki.procedures.sales import rules_payment as rules
from thaki.procedures.sales.amount_words import in_words
from thaki.procedures.sales.rules_payment import Expected, Level, Slip, Verdict

EXPECTED = Expected(Decimal("349.00"), date(2026, 11, 3), date(2026, 11, 20), payer="Ana María Quispe Mamani")
SLIP = Slip(Decimal("349.00"), date(2026, 11, 19), "0045821", "transfer", "ANA QUISPE MAMANI")


def level_of(field: str, found: Slip, declared: Slip = SLIP, expected: Expected = EXPECTED) -> tuple[Level, str]:
    """How a field fares, and its code."""
    finding = next(f for f in rules.compare(expected, declared, found).findings if f.field == field)
    return finding.level, finding.code


def test_the_deposit_expected_matches_in_every_field() -> None:
    comparison = rules.compare(EXPECTED, SLIP, SLIP)
    assert comparison.verdict is Verdict.MATCH
    assert [f.field for f in comparison.findings] == ["amount", "date", "number", "operation", "depositor"]
    assert comparison.worst is None


def test_less_money_is_short_and_says_by_how_much() -> None:
    comparison = rules.compare(EXPECTED, SLIP, replace(SLIP, amount_bob=Decimal("300.00")))
    assert (comparison.verdict, comparison.difference_bob) == (Verdict.SHORT, Decimal("-49.00"))


def test_more_money_is_over_and_refuses_nothing() -> None:
    comparison = rules.compare(EXPECTED, SLIP, replace(SLIP, amount_bob=Decimal("400.00")))
    assert (comparison.verdict, comparison.difference_bob) == (Verdict.OVER, Decimal("51.00"))
    assert comparison.worst is None


def test_a_slip_that_declares_another_amount_than_the_bank_is_noted() -> None:
    assert level_of("amount", SLIP, replace(SLIP, amount_bob=Decimal("394.00"))) == (Level.NOTE, "amount_declared_differs")


def test_nothing_in_the_bank_is_a_mismatch() -> None:
    comparison = rules.compare(EXPECTED, SLIP, None)
    assert comparison.verdict is Verdict.MISMATCH
    assert comparison.findings[0].code == "not_found"


@pytest.mark.parametrize(
    ("found_on", "level", "code"),
    [
        (date(2026, 11, 19), Level.GOOD, "date_good"),
        (date(2026, 11, 20), Level.NOTE, "date_posted_later"),
        (date(2026, 11, 12), Level.BAD, "date_differs"),
        (date(2026, 11, 21), Level.BAD, "date_future"),
        (date(2026, 11, 2), Level.BAD, "date_before_sale"),
    ],
)
def test_the_date_must_be_the_slips_or_that_of_the_next_posting(found_on: date, level: Level, code: str) -> None:
    assert level_of("date", replace(SLIP, paid_on=found_on)) == (level, code)


def test_zeros_and_dashes_of_a_slip_number_do_not_count() -> None:
    assert level_of("number", replace(SLIP, number="45-821")) == (Level.GOOD, "number_good")
    assert level_of("number", replace(SLIP, number="45822")) == (Level.BAD, "number_differs")


def test_another_operation_type_is_a_mismatch() -> None:
    assert rules.compare(EXPECTED, SLIP, replace(SLIP, operation="deposit")).verdict is Verdict.MISMATCH


def test_a_depositor_counts_only_where_the_operation_names_one() -> None:
    card = replace(SLIP, operation="card", depositor="OTRO NOMBRE")
    assert level_of("depositor", card, card) == (Level.GOOD, "depositor_not_applicable")


def test_somebody_else_may_pay_for_the_customer() -> None:
    mother = replace(SLIP, depositor="JULIA MAMANI CHOQUE")
    assert level_of("depositor", mother, mother) == (Level.NOTE, "depositor_is_another")


def test_another_depositor_than_the_slip_declares_is_a_mismatch() -> None:
    assert level_of("depositor", replace(SLIP, depositor="PEDRO ROJAS")) == (Level.BAD, "depositor_differs")


def test_names_meet_in_any_order_and_cut_off() -> None:
    assert rules.same_person("Ana María Quispe Mamani", "QUISPE MAMANI ANA")
    assert rules.same_person("José Peña", "PEÑA JOSE LUIS")
    assert not rules.same_person("Ana Quispe", "Ana Rojas")
    assert not rules.same_person("", "Ana")


def test_what_was_accepted_is_taken_off_what_is_due() -> None:
    assert rules.amount_due(Decimal("199.00"), Decimal("150.00"), Decimal("300.00")) == Decimal("49.00")
    assert rules.amount_due(Decimal("199.00"), Decimal("150.00"), Decimal("400.00")) == 0


def test_a_pin_that_moves_more_than_the_noise_of_the_map_is_another_place() -> None:
    assert not rules.relocated((-17.39001, -66.16), (-17.390010001, -66.16))
    assert rules.relocated((-17.39001, -66.16), (-17.39003, -66.16))
    assert rules.relocated(None, (-17.39, -66.16))


def test_only_what_is_not_yet_given_back_is_refunded() -> None:
    parts = rules.refund_parts([(1, Decimal(300), Decimal(0)), (2, Decimal(100), Decimal(51)), (3, Decimal(5), Decimal(5))])
    assert parts == ((1, Decimal(300)), (2, Decimal(49)))


@given(due=st.decimals(1, 5000, places=2), found=st.decimals(1, 5000, places=2))
def test_the_verdict_follows_the_amount_when_all_else_is_good(due: Decimal, found: Decimal) -> None:
    comparison = rules.compare(replace(EXPECTED, amount_bob=due), SLIP, replace(SLIP, amount_bob=found))
    wanted = Verdict.MATCH if found == due else Verdict.SHORT if found < due else Verdict.OVER
    assert comparison.verdict is wanted
    assert comparison.difference_bob == found - due


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
