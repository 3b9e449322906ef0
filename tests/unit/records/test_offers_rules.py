"""Which plans an address may have, and how long a letter holds."""

from datetime import date

import pytest

from thaki.records.offers.rules import check_letter_holds, fit, on_sale, valid_until
from thaki.records.reasons import RuleError

DAY = date(2026, 11, 21)


def test_a_plan_needs_its_technology() -> None:
    assert not fit("FO", 30, {"HFC": 100}).sellable
    assert fit("HFC", 100, {"HFC": 100}).sellable


def test_television_rides_on_fibre_or_cable() -> None:
    assert fit("TV", 0, {"HFC": 100}).sellable
    assert not fit("TV", 0, {"ADSL": 10, "WIRELESS": 10}).sellable


@pytest.mark.parametrize(("confirmed", "sellable"), [(None, True), (30, True), (29, False)])
def test_help_desks_maximum_limits_the_plans(confirmed: int | None, sellable: bool) -> None:
    assert fit("FO", 30, {"FO": 300}, confirmed).sellable is sellable


def test_a_plan_faster_than_the_line_says_by_how_much() -> None:
    assert fit("ADSL", 12, {"ADSL": 10}).reason.params == {"down_mbps": 12, "max_mbps": 10}


@pytest.mark.parametrize(
    ("since", "until", "sold"),
    [
        (DAY, None, True),
        (DAY, DAY, True),
        (date(2026, 11, 22), None, False),
        (date(2026, 1, 1), date(2026, 11, 20), False),
    ],
)
def test_validity_includes_both_days(since: date, until: date | None, sold: bool) -> None:
    assert on_sale(since, until, DAY) is sold


def test_the_letter_holds_through_its_last_day() -> None:
    last = valid_until(DAY)
    assert last == date(2026, 12, 6)
    check_letter_holds("issued", last, last)
    with pytest.raises(RuleError) as refused:
        check_letter_holds("issued", last, date(2026, 12, 7))
    assert refused.value.code == "letter_expired"


@pytest.mark.parametrize(
    ("state", "code"),
    [("accepted", "letter_answered"), ("refused", "letter_answered"), ("expired", "letter_expired")],
)
def test_an_answered_letter_cannot_be_answered_again(state: str, code: str) -> None:
    with pytest.raises(RuleError) as refused:
        check_letter_holds(state, DAY, DAY)
    assert refused.value.code == code


def test_a_letter_is_valid_a_day_at_least() -> None:
    with pytest.raises(RuleError):
        valid_until(DAY, 0)
