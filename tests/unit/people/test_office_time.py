"""The clock that runs only while the office is open."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaki.people.calendar import (
    Calendar,
    NeverOpen,
    add_office_time,
    add_working_days,
    is_open,
    is_working_day,
    next_opening,
    next_working_day,
    office_day,
    office_time_between,
    parse_hours,
)

LA_PAZ = ZoneInfo("America/La_Paz")
HOURS = parse_hours("08:30-12:30, 14:30-18:30")
CAL = Calendar(HOURS, frozenset({date(2026, 9, 14)}), LA_PAZ)


def at(day: int, clock: str, month: int = 9) -> datetime:
    """An hour of September 2026, in which the 11th is a Friday and Monday the 14th is Cochabamba's day."""
    return datetime.combine(date(2026, month, day), time.fromisoformat(clock), LA_PAZ)


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def test_it_counts_within_the_morning() -> None:
    assert add_office_time(at(10, "09:00"), minutes(15), CAL) == at(10, "09:15")


def test_it_stops_over_lunch() -> None:
    assert add_office_time(at(10, "12:25"), minutes(15), CAL) == at(10, "14:40")


def test_it_jumps_over_the_weekend_and_the_14th_of_september() -> None:
    assert add_office_time(at(11, "18:25"), minutes(15), CAL) == at(15, "08:40")


def test_what_ends_at_closing_ends_then() -> None:
    assert add_office_time(at(10, "12:15"), minutes(15), CAL) == at(10, "12:30")


def test_what_comes_at_night_starts_in_the_morning() -> None:
    assert add_office_time(at(10, "23:00"), minutes(15), CAL) == at(11, "08:45")
    assert add_office_time(at(10, "03:00"), minutes(15), CAL) == at(10, "08:45")


def test_what_comes_at_the_minute_of_closing_starts_after_lunch() -> None:
    assert add_office_time(at(10, "12:30"), minutes(15), CAL) == at(10, "14:45")


def test_no_time_at_all_is_the_next_opening() -> None:
    assert add_office_time(at(12, "10:00"), timedelta(), CAL) == at(15, "08:30")


def test_a_day_of_office_time_ends_at_the_same_hour_of_the_next() -> None:
    assert office_day(CAL) == timedelta(hours=8)
    assert add_office_time(at(9, "10:00"), office_day(CAL), CAL) == at(10, "10:00")


def test_an_hour_in_another_zone_is_the_same_hour() -> None:
    in_utc = at(10, "09:00").astimezone(ZoneInfo("UTC"))
    assert add_office_time(in_utc, minutes(15), CAL) == at(10, "09:15")


def test_between_counts_open_time_only() -> None:
    assert office_time_between(at(11, "18:00"), at(15, "09:00"), CAL) == minutes(60)
    assert office_time_between(at(12, "09:00"), at(13, "09:00"), CAL) == timedelta()
    assert office_time_between(at(15, "09:00"), at(11, "18:00"), CAL) == -minutes(60)


def test_open_from_the_first_minute_but_not_at_the_last() -> None:
    assert is_open(at(10, "08:30"), CAL)
    assert not is_open(at(10, "12:30"), CAL)
    assert not is_open(at(14, "10:00"), CAL)
    assert next_opening(at(10, "10:00"), CAL) == at(10, "10:00")


def test_working_days() -> None:
    assert not is_working_day(date(2026, 9, 12), CAL)
    assert next_working_day(date(2026, 9, 11), CAL) == date(2026, 9, 15)
    assert add_working_days(date(2026, 9, 10), 2, CAL) == date(2026, 9, 15)
    assert add_working_days(date(2026, 9, 12), 0, CAL) == date(2026, 9, 15)


def test_an_office_that_never_opens_is_an_error_and_no_endless_search() -> None:
    closed = Calendar((), frozenset(), LA_PAZ)
    with pytest.raises(NeverOpen):
        add_office_time(at(10, "09:00"), minutes(1), closed)


@pytest.mark.parametrize("text", ["", "12:30-08:30", "08:30-12:30, 12:00-18:00", "08:30", "a-b", "25:00-26:00"])
def test_hours_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_hours(text)


@given(st.integers(0, 60 * 24 * 60), st.integers(1, 60 * 40))
def test_the_time_added_is_the_time_between(start_minute: int, span: int) -> None:
    start = at(1, "00:00") + minutes(start_minute)
    end = add_office_time(start, minutes(span), CAL)
    assert office_time_between(start, end, CAL) == minutes(span)
    assert end >= start
