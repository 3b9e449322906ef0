"""What Ventas Digitales does by the clock: the report of 19 on working mornings, step 26 at the turn of the month (R-A5)."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from thaki.cases import runtime
from thaki.people.calendar import is_working_day
from thaki.people.working_hours import office_calendar
from thaki.procedures.sales import coverage_reached
from thaki.procedures.sales.models import SalesReport, UnservedReport
from thaki.procedures.sales.reports import builds, unserved
from thaki.records.network.changes import Box
from thaki.records.offers import catalogue
from thaki.reporting.months import month_of, previous


# 07:00 in La Paz (procrastinate counts in UTC); asked again through the day, for a morning on which no worker ran.
@app.periodic(cron="0 11-21 * * *", periodic_id="sales.unserved_report")
@app.task(name="sales.unserved_report", retry=2)
def unserved_report(timestamp: int) -> None:
    """Make the day's Reporte de solicitudes no atendidas, once, if it is a working day."""
    make_unserved_report(now=timezone.now())


@app.periodic(cron="1 4 * * *", periodic_id="sales.apply_tariffs")  # just after midnight in La Paz
@app.task(name="sales.apply_tariffs")
def apply_tariffs(timestamp: int) -> None:
    """Prices whose day has come are quoted from today on."""
    catalogue.apply_tariffs(now=timezone.now())


def make_unserved_report(*, now: datetime) -> UnservedReport | None:
    """The report of this morning, frozen and sent; None on a day off, and where it is made already."""
    if not is_working_day(timezone.localtime(now).date(), office_calendar()):
        return None
    return unserved.make(now=now)


@app.periodic(cron="30 10 * * *", periodic_id="sales.coverage_reached")  # 06:30: in the report of 07:00 already
@app.task(name="sales.coverage_reached", retry=3)
def coverage_everywhere(timestamp: int) -> None:
    """Bring back what coverage has reached since the last working morning (R-A3)."""
    now = timezone.now()
    if is_working_day(timezone.localtime(now).date(), office_calendar()):
        coverage_reached.bring_back(now=now)


@app.task(name="sales.coverage_around", retry=3)
def coverage_around(box: list[float]) -> None:
    """The same around a place where our network records grew."""
    coverage_reached.bring_back(now=timezone.now(), box=Box(*box))


@app.periodic(
    cron="5 10 * * *", periodic_id="sales.monthly_report"
)  # every day: a month whose first day was missed is caught up
@app.task(name="sales.monthly_report")
def monthly_report(timestamp: int) -> None:
    """Open step 26 for the month that ended, once."""
    open_report(previous(month_of(timezone.now())), now=timezone.now())


def open_report(month_on: date, *, now: datetime) -> bool:
    """Open the case of a month's informe; False when it is there already."""
    if SalesReport.objects.filter(month_on=month_on).exists():
        return False
    case = runtime.start("sales_report", {"month": month_on.isoformat()}, by=None, now=now, start="Start_Month")
    builds.ask(SalesReport.objects.get(pk=case.pk), by=None, now=now)  # ready to be reviewed when the office opens
    return True
