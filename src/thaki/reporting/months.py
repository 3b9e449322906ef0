"""Months as the office counts them: from midnight to midnight in America/La_Paz. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

LA_PAZ = ZoneInfo("America/La_Paz")
NAMES = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip


def first_day(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def previous(month_on: date) -> date:
    """The first day of the month before."""
    return first_day(month_on - timedelta(days=1))


def following(month_on: date) -> date:
    """The first day of the month after."""
    return first_day(first_day(month_on) + timedelta(days=32))


def bounds(month_on: date) -> tuple[datetime, datetime]:
    """The instants at which a month begins and at which the next one does."""
    return midnight(first_day(month_on)), midnight(following(month_on))


def midnight(day: date) -> datetime:
    """The instant at which a day begins in La Paz."""
    return datetime(day.year, day.month, day.day, tzinfo=LA_PAZ)


def month_of(instant: datetime) -> date:
    """The first day of the month in which an instant falls."""
    return first_day(instant.astimezone(LA_PAZ).date())


def month_name(month_on: date) -> str:
    """`noviembre de 2026`."""
    return f"{NAMES[month_on.month - 1]} de {month_on.year}"
