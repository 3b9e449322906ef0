"""The 24 hours of a work order (R-B7, R-B11)."""

from datetime import UTC, datetime, timedelta

import pytest

from thaki.procedures.retention.rules_clock import Left, clock, edges, resumed_due

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


@pytest.mark.parametrize("gone", [0, 8.9, 9, 9.1, 17.9, 18, 18.1, 24, 24.1, 90])
def test_the_edges_of_the_query_are_those_of_the_rule(gone: float) -> None:
    now = ISSUED + timedelta(hours=gone)
    found = [left for left, (after, upto) in edges(now).items() if (after is None or after < DUE) and upto >= DUE]
    assert found == [clock(due_at=DUE, now=now).left]


def test_the_technicians_arrival_ends_the_clock() -> None:
    arrived = clock(due_at=DUE, arrived_at=ISSUED + timedelta(hours=20), now=ISSUED + timedelta(days=9))
    assert (arrived.left, arrived.span, arrived.is_late) == (Left.ARRIVED, timedelta(hours=4), False)


def test_who_came_late_stays_late() -> None:
    assert clock(due_at=DUE, arrived_at=DUE + SECOND, now=DUE + timedelta(days=1)).is_late


def test_a_pause_stands_still() -> None:
    paused = clock(due_at=DUE, paused_at=ISSUED + timedelta(hours=10), now=ISSUED + timedelta(days=3))
    assert (paused.left, paused.span) == (Left.PAUSED, timedelta(hours=14))


def test_what_was_left_at_the_pause_is_left_when_it_goes_on() -> None:
    paused_at, now = ISSUED + timedelta(hours=10), ISSUED + timedelta(days=2)
    assert resumed_due(due_at=DUE, paused_at=paused_at, now=now) - now == timedelta(hours=14)
