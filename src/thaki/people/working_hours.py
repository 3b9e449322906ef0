"""The business calendar in force: office hours and extra holidays by policy, the other holidays from the list."""

from collections.abc import Container
from datetime import date
from functools import cache, lru_cache
from importlib import util
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from thaki.people import policies
from thaki.people.calendar import Calendar, parse_days, parse_hours, parse_week

HOURS = policies.define(
    "calendar.office_hours",
    "08:30-12:30, 14:30-18:30",
    _("Horario de oficina, de lunes a viernes"),
    kind=policies.Kind.HOURS,
)
EXTRA_HOLIDAYS = policies.define(
    "calendar.extra_holidays",
    "",
    _("Feriados adicionales (fechas AAAA-MM-DD separadas por comas)"),
    kind=policies.Kind.DATES,
)
WEEK = policies.define("calendar.weekdays", "", _("Días de la semana con otro horario"), kind=policies.Kind.WEEK)
DAYS = policies.define(
    "calendar.special_days", "", _("Días especiales: cerrados o con otro horario"), kind=policies.Kind.DAYS
)


class Holidays(Container[date]):
    """The holidays of Bolivia and Cochabamba, and those that the cooperative adds."""

    def __init__(self, extra: frozenset[date]) -> None:
        # Subdivision C adds 14 September; the list grows by itself to the years asked for.
        self._listed = _bolivia()(subdiv="C", language="es")
        self._extra = extra

    def __contains__(self, day: object) -> bool:
        return day in self._extra or day in self._listed

    def name(self, day: date) -> str:
        """What is celebrated on that day; "" on an ordinary one."""
        return str(self._listed.get(day) or ("Feriado" if day in self._extra else ""))


@cache
def _bolivia() -> type[holidays.HolidayBase]:
    """Bolivia's list alone: asked for by its code, it brings those of 250 countries, some seconds and 20 MiB a process."""
    file = Path(str(holidays.__file__)).parent / "countries" / "bolivia.py"
    spec = util.spec_from_file_location("thaki_holidays_bolivia", file)
    if spec is None or spec.loader is None:
        raise ImportError(str(file))
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: type[holidays.HolidayBase] = module.Bolivia
    return found


@lru_cache(maxsize=4)
def _calendar(hours: str, extra: str, week: str, days: str) -> Calendar:
    return Calendar(
        parse_hours(hours),
        Holidays(policies.parse_dates(extra)),
        ZoneInfo(settings.TIME_ZONE),
        week=parse_week(week),
        days={on: day.hours for on, day in parse_days(days).items()},
    )


def office_calendar() -> Calendar:
    """The calendar by today's policies."""
    return _calendar(*(str(policies.get(code)) for code in (HOURS, EXTRA_HOLIDAYS, WEEK, DAYS)))
