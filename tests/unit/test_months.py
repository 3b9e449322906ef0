"""Months begin at midnight in La Paz, not in Greenwich."""

from datetime import UTC, date, datetime

from thaki.reporting.months import bounds, following, month_name, month_of, previous


def test_the_last_evening_of_a_month_is_still_that_month() -> None:
    assert month_of(datetime(2026, 12, 1, 3, 59, tzinfo=UTC)) == date(2026, 11, 1)
    assert month_of(datetime(2026, 12, 1, 4, 0, tzinfo=UTC)) == date(2026, 12, 1)


def test_a_month_ends_where_the_next_begins() -> None:
    assert bounds(date(2026, 11, 1))[1] == bounds(date(2026, 12, 1))[0]


def test_years_turn() -> None:
    assert previous(date(2026, 1, 1)) == date(2025, 12, 1)
    assert following(date(2026, 12, 31)) == date(2027, 1, 1)


def test_it_has_its_name() -> None:
    assert month_name(date(2026, 9, 1)) == "septiembre de 2026"
