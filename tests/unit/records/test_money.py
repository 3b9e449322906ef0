"""Amounts in bolivianos."""

from decimal import Decimal

import pytest

from thaki.records.money import check_amount, format_bob, parse_bob
from thaki.records.reasons import RuleError


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("250", "250.00"),
        ("Bs 1.234,50", "1234.50"),
        ("bs. 1.234.567,8", "1234567.80"),
        ("1234.5", "1234.50"),
        ("0,01", "0.01"),
        ("1.234", "1234.00"),  # a point before three digits groups thousands, here
    ],
)
def test_it_reads_an_amount_as_it_is_written_here(typed: str, amount: str) -> None:
    assert parse_bob(typed) == Decimal(amount)


@pytest.mark.parametrize("typed", ["", "gratis", "-5", "0", "0,00", "1,234.50", "1.23.4", "1e5", "NaN", "9" * 12])
def test_it_refuses_what_is_no_payable_amount(typed: str) -> None:
    with pytest.raises(RuleError):
        parse_bob(typed)


def test_fractions_of_a_cent_are_refused_not_rounded() -> None:
    with pytest.raises(RuleError):
        check_amount(Decimal("1.005"))


def test_it_is_shown_with_points_and_comma() -> None:
    assert format_bob(Decimal("1234567.5")) == "Bs 1.234.567,50"
