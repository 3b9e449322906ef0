"""Reading when a customer wants to be called."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from thaki.records.prospects.when import parse_when
from thaki.records.reasons import RuleError

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("America/La_Paz"))  # a Monday


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("15:30", "23 15:30"),
        ("15.30", "23 15:30"),
        ("1530", "23 15:30"),
        ("15h30", "23 15:30"),
        ("15", "23 15:00"),
        ("a las 16", "23 16:00"),
        ("3 pm", "23 15:00"),
        ("3:15 p.m.", "23 15:15"),
        ("3", "23 15:00"),
        ("9", "24 09:00"),  # nine is over: tomorrow's
        ("9:30", "24 09:30"),
        ("10:00", "24 10:00"),  # now is not to come
        ("12 am", "24 00:00"),
        ("mañana", "24 09:00"),
        ("Mañana 9", "24 09:00"),
        ("mañana a las 4", "24 16:00"),
        ("mañana por la tarde", "24 15:00"),
        ("mañana por la mañana", "24 09:00"),
        ("mañana 8 de la noche", "24 20:00"),
        ("mañana tarde", "24 15:00"),
        ("pasado mañana 11", "25 11:00"),
        ("pasado mañana", "25 09:00"),
        ("hoy 16:45", "23 16:45"),
        ("hoy en la tarde", "23 15:00"),
        ("tarde", "23 15:00"),
        ("por la tarde", "23 15:00"),
        ("a mediodía", "23 12:00"),
        ("lunes 10", "30 10:00"),  # today is Monday: the next one
        ("el miércoles a las 10:30", "25 10:30"),
        ("viernes", "27 09:00"),
        ("25/11 15:30", "25 15:30"),
        ("el 25/11 a las 9", "25 09:00"),
        ("25/11/2026 8:15", "25 08:15"),
        ("25-11-26 8:15", "25 08:15"),
        ("2026-11-25T15:30", "25 15:30"),
        ("en 2 horas", "23 12:00"),
        ("en una hora y media", "23 11:30"),
        ("en media hora", "23 10:30"),
        ("en 20 min", "23 10:20"),
        ("dentro de 3 dias", "26 10:00"),
    ],
)
def test_it_reads_what_is_said_on_the_telephone(said: str, meant: str) -> None:
    assert parse_when(said, NOW).strftime("%d %H:%M") == meant


def test_a_day_of_the_year_that_is_over_is_of_the_next_year() -> None:
    assert parse_when("5/1 10:00", NOW).strftime("%Y-%m-%d") == "2027-01-05"


@pytest.mark.parametrize(
    "said", ["", "quizás", "25:00", "13 pm", "31/2 10:00", "10:75", "mañana temprano no", "lunes martes", "99"]
)
def test_what_it_cannot_read_it_says(said: str) -> None:
    with pytest.raises(RuleError) as refused:
        parse_when(said, NOW)
    assert refused.value.code == "when_unreadable"
    assert refused.value.field == "call_back_at"


@pytest.mark.parametrize(
    ("said", "code"), [("hoy 9", "call_back_past"), ("20/11/2026 9:00", "call_back_past"), ("1/9/2027", "when_too_far")]
)
def test_a_named_day_that_is_over_or_too_far_is_refused(said: str, code: str) -> None:
    with pytest.raises(RuleError) as refused:
        parse_when(said, NOW)
    assert refused.value.code == code
