"""The 24 hours of a work order, from its issue to the technician's arrival (R-B7); pure.

A pause ("postergada por el cliente", R-B11) moves `due_at` on at once, so that what was left is left again from the hour that the
customer named; until then the order is paused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Left(StrEnum):
    """How an order stands with its hours: the columns of the board, the most urgent first."""

    LATE = "late"  # the hours are over and nobody came
    WARNED = "warned"  # the last hours: 18 of 24 are gone
    HALF = "half"  # more than half of the hours before the warning is gone
    AMPLE = "ample"
    PAUSED = "paused"  # the customer put it off
    ARRIVED = "arrived"  # the technician is there: the clock has ended


@dataclass(frozen=True, slots=True)
class Clock:
    """What is left."""

    left: Left
    span: timedelta  # until it is due; below zero: by how much it is late, or was when the technician came
    due_at: datetime

    @property
    def is_late(self) -> bool:
        """Whether its hours ran out, be it that he came late or that he did not come."""
        return self.span < timedelta()


def clock(
    *,
    due_at: datetime,
    now: datetime,
    arrived_at: datetime | None = None,
    resumes_at: datetime | None = None,
    hours: int = 24,
    warned_after: int = 18,
) -> Clock:
    """How an order stands at `now`: of `hours` in all, it warns once `warned_after` of them are gone."""
    if arrived_at is not None:
        return Clock(Left.ARRIVED, due_at - arrived_at, due_at)
    if resumes_at is not None and now < resumes_at:
        return Clock(Left.PAUSED, due_at - resumes_at, due_at)
    span = due_at - now
    return Clock(_running(span, hours, warned_after), span, due_at)


def _running(span: timedelta, hours: int, warned_after: int) -> Left:
    if span < timedelta():
        return Left.LATE
    if span <= timedelta(hours=hours - warned_after):
        return Left.WARNED
    return Left.HALF if span <= timedelta(hours=hours - warned_after / 2) else Left.AMPLE
