"""The 24 hours of a work order (R-B7, R-B11)."""

from datetime import UTC, datetime, timedelta

import pytest

from thaki.procedures.retention.rules_clock import Left, clock

ISSUED = datetime(2026, 11, 21, 12, tzinfo=UTC)
DUE = ISSUED + timedelta(hours=24)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("gone", "left"),
    [
        (timedelta(), Left.AMPLE),
        (timedelta(hours=9) - SECOND, Left.AMPLE),
        (timedelta(hours=9), Left.HALF),
        (timedelta(hours=18) - SECOND, Left.HALF),
        (timedelta(hours=18), Left.WARNED),
        (timedelta(hours=24), Left.WARNED),
        (timedelta(hours=24) + SECOND, Left.LATE),
    ],
)
def test_it_warns_at_18_hours_and_is_late_after_24(gone: timedelta, left: Left) -> None:
    assert clock(due_at=DUE, now=ISSUED + gone).left is left


def test_the_technicians_arrival_ends_the_clock() -> None:
    arrived = clock(due_at=DUE, arrived_at=ISSUED + timedelta(hours=20), now=ISSUED + timedelta(days=9))
    assert (arrived.left, arrived.span, arrived.is_late) == (Left.ARRIVED, timedelta(hours=4), False)


def test_who_came_late_stays_late() -> None:
    assert clock(due_at=DUE, arrived_at=DUE + SECOND, now=DUE + timedelta(days=1)).is_late


def test_a_pause_stands_still_until_the_hour_that_the_customer_named() -> None:
    resumes = ISSUED + timedelta(days=2)
    due = resumes + timedelta(hours=14)
    paused = clock(due_at=due, resumes_at=resumes, now=resumes - SECOND)
    assert (paused.left, paused.span) == (Left.PAUSED, timedelta(hours=14))
    assert clock(due_at=due, resumes_at=resumes, now=resumes).left is Left.HALF
