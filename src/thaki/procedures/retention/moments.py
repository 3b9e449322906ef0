"""The moments of a retention that its timers count from (`thaki:from`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from thaki.people import policies
from thaki.procedures.retention.models import Retention


def order_clock(retention: Retention) -> datetime | None:
    """From when the 24 hours count: the order's issue, moved by whatever paused it (R-B7, R-B11)."""
    order = retention.work_order
    return order.due_at - timedelta(hours=policies.get_int("retention.visit_hours")) if order else None


def order_issued(retention: Retention) -> datetime | None:
    """The day on which the current engineering service was generated, from its midnight: 10 appears on a day, not at an hour."""
    return _day(retention.work_order.issued_at) if retention.work_order else None


def order_closed(retention: Retention) -> datetime | None:
    """The day on which its order was closed, from its midnight."""
    closed = retention.order_closed_at or (retention.work_order.closed_at if retention.work_order else None)
    return _day(closed) if closed else None


def visit_resumes(retention: Retention) -> datetime | None:
    """Until when the customer postponed the visit."""
    return retention.visit_resumes_at


def _day(at: datetime) -> datetime:
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)


MOMENTS: Mapping[str, Callable[[Retention], datetime | None]] = {
    "order_clock": order_clock,
    "order_issued": order_issued,
    "order_closed": order_closed,
    "visit_resumes": visit_resumes,
}
