"""The demonstration's months: the metas that the Jefe entered, and the informe of each month that is over (step 26)."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta

from django.utils import timezone

from thaki.cases.models import Case
from thaki.people.calendar import next_opening
from thaki.people.models import User
from thaki.people.roles import Role
from thaki.people.working_hours import office_calendar
from thaki.procedures.sales.demo.drive import Driver
from thaki.procedures.sales.goals import save_goal
from thaki.procedures.sales.models import SalesReport
from thaki.reporting.months import following, midnight, month_of

SEED = 26
MONTHLY_GOAL, GOAL_OF_EACH = 30, 10  # sales
COMMENT = "Las ventas se concentran en los planes de fibra; la mayoría de los prospectos llegó por la página web."


def build() -> int:
    """Metas of every month with sales, this one too, and the informes of those that are over, once; how many informes."""
    if SalesReport.objects.exists():
        return 0
    until = timezone.now()
    months = _months(until)
    _goals(months, until)
    driver = Driver(until=until, seed=SEED)
    for month_on, follows in itertools.pairwise(months):
        driver.send_report(month_on, at=_morning(follows), comment=COMMENT)
    return len(months) - 1


def _months(until: datetime) -> list[date]:
    """First days of the months, from that of the first sale to the present one."""
    first = Case.objects.filter(procedure="sales").order_by("opened_at").values_list("opened_at", flat=True).first()
    month, last = month_of(first or until), month_of(until)
    found = [month]
    while found[-1] < last:
        found.append(following(found[-1]))
    return found


def _morning(day: date) -> datetime:
    """The first office moment from that day on."""
    return next_opening(midnight(day) + timedelta(hours=7), office_calendar())


def _goals(months: list[date], until: datetime) -> None:
    chief = User.objects.filter(roles__contains=[Role.JEFE_DIVISION_VENTAS.value]).first()
    if chief is None:
        return
    sellers = User.objects.filter(roles__contains=[Role.EJECUTIVO_VENTAS_DIGITALES.value]).order_by("pk")
    for month in months:
        now = min(until, midnight(month) + timedelta(hours=9))
        save_goal(month=month, product_kind="", executive=None, sales_count=MONTHLY_GOAL, by=chief, now=now)
        for seller in sellers:
            save_goal(month=month, product_kind="", executive=seller, sales_count=GOAL_OF_EACH, by=chief, now=now)
