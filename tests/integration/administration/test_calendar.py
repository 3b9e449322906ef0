"""The calendar: hours by weekday, days of its own before holidays and weekdays, and what clocks make of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from thaki.people import policies
from thaki.people.calendar import add_office_time, hours_of, is_working_day
from thaki.people.models import User
from thaki.people.working_hours import DAYS, WEEK, office_calendar

pytestmark = pytest.mark.django_db
PAGE = "/administracion/calendario/"
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
GENERAL = "08:30-12:30, 14:30-18:30"


def test_a_shorter_friday_and_an_open_saturday(client: Client, admin: User) -> None:
    week = {f"d{day}": GENERAL for day in range(4)} | {"d4": "08:30-16:00", "d5": "09:00-12:00", "d6": ""}
    client.post(f"{PAGE}horario/", week | {"reason": "Horario de verano"})
    assert policies.get(WEEK) == "4=08:30-16:00; 5=09:00-12:00"
    # Friday 15:50 and twenty minutes of office time: ten of Friday, ten of Saturday.
    friday = datetime(2026, 11, 27, 19, 50, tzinfo=UTC)
    assert add_office_time(friday, timedelta(minutes=20), office_calendar()) == friday + timedelta(hours=17, minutes=20)


def test_a_week_that_never_opens_is_refused(client: Client, admin: User) -> None:
    page = client.post(f"{PAGE}horario/", {"reason": "Cierre"})
    assert page.status_code == 422
    assert "Algún día tiene que abrir" in page.content.decode()


def test_hours_out_of_order_are_told_beside_the_day(client: Client, admin: User) -> None:
    page = client.post(f"{PAGE}horario/", {"d0": "18:00-08:00", "reason": "x"})
    assert "Escriba los horarios en orden" in page.content.decode()


def test_a_special_day_comes_before_the_holiday(client: Client, admin: User) -> None:
    christmas, inventory = date(2026, 12, 25), date(2026, 12, 31)
    client.post(f"{PAGE}dias/", {"on": "2026-12-25", "hours": "09:00-12:00", "name": "Turno; de=Navidad"})
    client.post(f"{PAGE}dias/", {"on": "2026-12-31", "hours": "", "name": "Inventario"})
    assert hours_of(christmas, office_calendar()) and not is_working_day(inventory, office_calendar())
    page = client.get(f"{PAGE}?mes=2026-12").content.decode()
    assert "Turno  de Navidad" in page and "Inventario" in page
    client.post(f"{PAGE}dias/quitar/", {"on": "2026-12-25"})
    assert not is_working_day(christmas, office_calendar())


def test_a_text_that_is_no_calendar_is_refused(admin: User) -> None:
    for code, text in ((WEEK, "7=08:00-12:00"), (WEEK, "lunes"), (DAYS, "2026-13-01=|x"), (DAYS, "2026-12-01")):
        with pytest.raises(policies.BadValue):
            policies.set(code, text, by=admin, reason="", now=NOW)


def test_nonsense_in_the_address_is_this_month(client: Client, admin: User) -> None:
    assert client.get(f"{PAGE}?mes=9999-99").status_code == 200
