"""The demonstration's Reportes de solicitudes no atendidas of the last working mornings (step 19), each as it stood that day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from thaki.people.calendar import is_working_day
from thaki.people.working_hours import office_calendar
from thaki.procedures.sales.models import Unserved, UnservedReport
from thaki.procedures.sales.reports import unserved
from thaki.reporting.months import midnight

MORNINGS = 5
SEVEN = timedelta(hours=7)


def build() -> int:
    """Make them, once; how many."""
    if UnservedReport.objects.exists():
        return 0
    days = _mornings(timezone.localdate())
    for day in days:
        at = midnight(day) + SEVEN
        standing = unserved.requests(undecided_only=False).filter(arrived_at__lte=at)
        waiting = standing.filter(Q(decided_at=None) | Q(decided_at__gt=at))
        rows = [replace(unserved.row(each), decision=str(Unserved.UNKNOWN.label)) for each in waiting]
        unserved.freeze(rows, now=at)
    return len(days)


def _mornings(today: date) -> list[date]:
    """The last working days before today, the earliest first."""
    back = (today - timedelta(days=n) for n in range(1, 30))
    return [day for day in back if is_working_day(day, office_calendar())][:MORNINGS][::-1]
