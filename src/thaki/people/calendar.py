"""Office time: the clock that only runs while the office is open.

Pure: the hours and the holidays come in as a `Calendar`; `working_hours.py` makes it from the policies and the list of
holidays of Bolivia (department C, Cochabamba). Instants are aware datetimes; everything is worked out in the calendar's
zone and handed back in it. Half-open intervals: at 12:30 the morning is over.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise

Hours = tuple[tuple[time, time], ...]
# A calendar that never opens would be searched for ever; no rule of ours looks further ahead than this.
HORIZON_DAYS = 3660


@dataclass(frozen=True, slots=True)
class Calendar:
    """When the office is open."""

    hours: Hours  # of a working day, in order, not overlapping
    holidays: Container[date]
    zone: tzinfo
    weekdays: frozenset[int] = frozenset(range(5))  # Monday is 0
    week: Mapping[int, Hours] = field(default_factory=dict)  # weekdays with hours of their own; none: closed
    days: Mapping[date, Hours] = field(default_factory=dict)  # single days, before holidays and weekdays


class NeverOpen(Exception):
    """The calendar has no open time within reach."""


def is_working_day(day: date, cal: Calendar) -> bool:
    """Whether the office opens on that day."""
    return bool(hours_of(day, cal))


def hours_of(day: date, cal: Calendar) -> Hours:
    """When the office is open on that day; nothing when it is closed."""
    if day in cal.days:
        return cal.days[day]
    if day in cal.holidays:
        return ()
    weekday = day.weekday()
    return cal.week.get(weekday, cal.hours if weekday in cal.weekdays else ())


def next_working_day(day: date, cal: Calendar) -> date:
    """The first working day after `day`."""
    for days in range(1, HORIZON_DAYS):
        candidate = day + timedelta(days=days)
        if is_working_day(candidate, cal):
            return candidate
    raise NeverOpen


def add_working_days(day: date, count: int, cal: Calendar) -> date:
    """The `count`-th working day after `day`; 0 gives the day itself, or the next working day if it is none."""
    if count == 0:
        return day if is_working_day(day, cal) else next_working_day(day, cal)
    for _ in range(count):
        day = next_working_day(day, cal)
    return day


def is_open(at: datetime, cal: Calendar) -> bool:
    """Whether the office is open at that instant."""
    return any(start <= at < end for start, end in _day_intervals(at.astimezone(cal.zone).date(), cal))


def next_opening(at: datetime, cal: Calendar) -> datetime:
    """The instant itself while the office is open, else when it next opens."""
    for start, end in _intervals(at, cal):
        if at < end:
            return max(start, at.astimezone(cal.zone))
    raise NeverOpen


def add_office_time(start: datetime, span: timedelta, cal: Calendar) -> datetime:
    """When `span` of office time has gone by since `start`.

    Time outside the hours does not count: 15 minutes from Friday 18:25 end on Monday at 08:40. What ends exactly at
    closing ends then, not at the next opening. A span of zero or less gives the next moment at which the office is open.
    """
    if span <= timedelta():
        return next_opening(start, cal)
    left = span
    for opens, closes in _intervals(start, cal):
        begins = max(opens, start)
        available = closes - begins
        if available <= timedelta():
            continue
        if left <= available:
            return (begins + left).astimezone(cal.zone)
        left -= available
    raise NeverOpen


def office_time_between(start: datetime, end: datetime, cal: Calendar) -> timedelta:
    """How much office time lies between two instants; negative when `end` comes first."""
    if end < start:
        return -office_time_between(end, start, cal)
    total = timedelta()
    for opens, closes in _intervals(start, cal):
        if opens >= end:
            break
        total += max(timedelta(), min(closes, end) - max(opens, start))
    return total


def office_day(cal: Calendar) -> timedelta:
    """The open time of one working day."""
    return sum((_minutes(end) - _minutes(start) for start, end in cal.hours), timedelta())


def parse_hours(text: str) -> tuple[tuple[time, time], ...]:
    """Office hours written as `08:30-12:30, 14:30-18:30`; ValueError when they are not in order or overlap."""
    spans = tuple(_span(part) for part in text.split(",") if part.strip())
    bounds = [bound for span in spans for bound in span]
    if not spans or any(earlier >= later for earlier, later in pairwise(bounds)):
        raise ValueError(text)
    return spans


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that is not like the others of its kind."""

    hours: Hours  # none: closed
    name: str


def write_hours(hours: Hours) -> str:
    """As `parse_hours` reads them; "" when closed."""
    return ", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in hours)


def parse_week(text: str) -> dict[int, Hours]:
    """Hours of single weekdays, written as `4=08:30-16:00; 5=` (Friday shorter, Saturday closed); ValueError otherwise."""
    week: dict[int, Hours] = {}
    for day, hours in _assignments(text):
        if day not in "0123456" or len(day) != 1 or int(day) in week:
            raise ValueError(text)
        week[int(day)] = parse_hours(hours) if hours else ()
    return week


def parse_days(text: str) -> dict[date, SpecialDay]:
    """Single days, written as `2026-12-24=08:30-12:30|Nochebuena; 2026-12-31=|Inventario`; ValueError otherwise."""
    days: dict[date, SpecialDay] = {}
    for day, rest in _assignments(text):
        hours, _bar, name = rest.partition("|")
        on = date.fromisoformat(day)
        if on in days:
            raise ValueError(text)
        days[on] = SpecialDay(parse_hours(hours) if hours.strip() else (), name.strip())
    return days


def write_days(days: Mapping[date, SpecialDay]) -> str:
    """As `parse_days` reads them, in order."""
    return "; ".join(f"{on:%Y-%m-%d}={write_hours(day.hours)}|{day.name}" for on, day in sorted(days.items()))


def _assignments(text: str) -> list[tuple[str, str]]:
    pairs = [part.partition("=") for part in text.split(";") if part.strip()]
    if any(not sign for _key, sign, _value in pairs):
        raise ValueError(text)
    return [(key.strip(), value.strip()) for key, _sign, value in pairs]


def _span(text: str) -> tuple[time, time]:
    start, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
    return start, end


def _minutes(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute)


def _day_intervals(day: date, cal: Calendar) -> list[tuple[datetime, datetime]]:
    hours = hours_of(day, cal)
    return [(datetime.combine(day, start, cal.zone), datetime.combine(day, end, cal.zone)) for start, end in hours]


def _intervals(start: datetime, cal: Calendar) -> Iterator[tuple[datetime, datetime]]:
    first = start.astimezone(cal.zone).date()
    for days in range(HORIZON_DAYS):
        yield from _day_intervals(first + timedelta(days=days), cal)
