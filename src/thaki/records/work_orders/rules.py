"""How far a work order is, and its clock (RET 5 to 8, R-B3 and R-B7). Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from thaki.records.reasons import RuleError

# state -> the states that may follow; a visit that failed goes back to be agreed anew
ORDER_MOVES: dict[str, tuple[str, ...]] = {
    "issued": ("printed", "scheduled", "on_site", "cancelled"),
    "printed": ("printed", "scheduled", "on_site", "cancelled"),
    "scheduled": ("scheduled", "on_site", "issued", "cancelled"),
    "on_site": ("closed", "issued", "scheduled", "cancelled"),
    "closed": (),
    "cancelled": (),
}


def check_order_move(state: str, to: str, *, number: str) -> None:
    """The table allows it, or the reason says why not."""
    if to in ORDER_MOVES[state]:
        return
    if state == "closed":
        raise RuleError("order_is_closed", number=number)
    if state == "cancelled":
        raise RuleError("order_is_cancelled", number=number)
    raise RuleError("order_not_yet", number=number)


def due_at(issued_at: datetime, hours: int) -> datetime:
    """When the technician must have arrived: hours of the clock, not of the office (the promise is 24 hours)."""
    return issued_at + timedelta(hours=hours)


def check_replaceable(state: str, *, number: str) -> None:
    """A further order follows one that is over (R-B3)."""
    if state not in ("closed", "cancelled"):
        raise RuleError("work_order_open", number=number)
