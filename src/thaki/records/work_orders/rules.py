"""How far a work order is, and its clock (RET 5 to 8, R-B3 and R-B7). Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from thaki.records.reasons import RuleError


def check_cancellable(state: str, *, number: str) -> None:
    """What was done cannot be cancelled."""
    if state == "closed":
        raise RuleError("order_is_closed", number=number)


def due_at(issued_at: datetime, hours: int) -> datetime:
    """When the technician must have arrived: hours of the clock, not of the office (the promise is 24 hours)."""
    return issued_at + timedelta(hours=hours)


def check_replaceable(state: str, *, number: str) -> None:
    """A further order follows one that is over (R-B3)."""
    if state not in ("closed", "cancelled"):
        raise RuleError("work_order_open", number=number)
