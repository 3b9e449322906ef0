"""What the recurring control does by the clock: the bills of each month, and the warning of a first one left unpaid (R-A13)."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from thaki.people.calendar import is_working_day
from thaki.people.working_hours import office_calendar
from thaki.procedures.sales import first_bill
from thaki.records.billing import operations
from thaki.records.billing.rules import first_of_month


@app.periodic(cron="30 4 1 * *", periodic_id="sales.recurring_bills")  # 00:30 in La Paz; procrastinate counts in UTC
@app.task(name="sales.recurring_bills")
def recurring_bills(timestamp: int) -> int:
    """Make the month's bills; how many. Twice is once."""
    now = timezone.now()
    return operations.issue_month(first_of_month(timezone.localdate(now)), by=None, now=now)


@app.periodic(cron="10 12 * * *", periodic_id="sales.first_bills")  # 08:10 in La Paz
@app.task(name="sales.first_bills")
def first_bills(timestamp: int) -> int:
    """On working mornings: warn sales of the first bills that went unpaid; how many."""
    now = timezone.now()
    if not is_working_day(timezone.localdate(now), office_calendar()):
        return 0
    return first_bill.warn_of_unpaid(now=now)
