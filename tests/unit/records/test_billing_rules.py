"""Months of the recurring control, splits, and the CUF."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from thaki.records.billing.rules import bill_state, check_digit_11, cuf, due_on, first_of_month, next_month, split_fits
from thaki.records.reasons import RuleError


def test_months_follow_each_other_over_the_year() -> None:
    assert next_month(date(2026, 12, 1)) == date(2027, 1, 1)
    assert next_month(date(2026, 1, 1)) == date(2026, 2, 1)
    assert first_of_month(date(2026, 2, 28)) == date(2026, 2, 1)


@pytest.mark.parametrize("day", [0, 29, 31])
def test_a_day_that_some_month_lacks_is_refused(day: int) -> None:
    with pytest.raises(RuleError):
        due_on(date(2026, 2, 1), day)


def test_a_bill_is_overdue_from_the_day_after() -> None:
    due = date(2026, 11, 10)
    assert bill_state(None, due, due) == "pending"
    assert bill_state(None, due, date(2026, 11, 11)) == "overdue"
    assert bill_state(datetime(2026, 12, 1, tzinfo=UTC), due, date(2026, 12, 2)) == "paid"


def test_a_split_slip_pays_no_more_than_its_total() -> None:
    shares = {"GVD-2026-000001": Decimal(100)}
    split_fits(Decimal(300), shares, Decimal(200))
    with pytest.raises(RuleError):
        split_fits(Decimal(300), shares, Decimal("200.01"))


def test_the_check_digit_of_known_numbers() -> None:
    assert check_digit_11("0") == "0"
    assert check_digit_11("1") == "2"
    assert check_digit_11("5") == "1"  # 10 is written 1


def test_a_cuf_holds_its_fields_in_base_16_and_ends_with_the_control() -> None:
    issued = datetime(2026, 11, 21, 14, 5, 6, 789_000, tzinfo=UTC)
    code = cuf(nit="1023275028", issued_at=issued, number=123, control="ABC123")
    digits = str(int(code.removesuffix("ABC123"), 16)).rjust(54, "0")
    assert digits[:13] == "0001023275028"
    assert digits[13:30] == "20261121140506789"
    assert digits[-15:-5] == "0000000123"
    assert digits[-1] == check_digit_11(digits[:-1])
