"""The list of holidays is Bolivia's, loaded by itself."""

from datetime import date, timedelta

import holidays

from thaki.people.working_hours import Holidays


def test_the_list_is_the_library_s_own_for_cochabamba() -> None:
    theirs = holidays.country_holidays("BO", subdiv="C", language="es")
    ours = Holidays(frozenset())
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(730)]
    assert [ours.name(day) for day in days] == [theirs.get(day) or "" for day in days]


def test_what_the_house_adds_is_one_too() -> None:
    day = date(2026, 12, 24)
    assert day in Holidays(frozenset({day}))
    assert day not in Holidays(frozenset())
