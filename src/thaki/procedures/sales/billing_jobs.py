"""What the recurring control does by the clock: the bills of each month, on its first day (R-A13)."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from thaki.records.billing import operations
from thaki.records.billing.rules import first_of_month


@app.periodic(cron="30 4 1 * *", periodic_id="sales.recurring_bills")  # 00:30 in La Paz; procrastinate counts in UTC
@app.task(name="sales.recurring_bills")
def recurring_bills(timestamp: int) -> int:
    """Make the month's bills; how many. Twice is once."""
    now = timezone.now()
    return operations.issue_month(first_of_month(timezone.localdate(now)), by=None, now=now)
