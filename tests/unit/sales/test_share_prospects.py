"""Whose turn it is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from thaki.procedures.sales.rules_share import Hand, turns

EARLY, LATE = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "hands", "to"),
    [
        (4, [Hand(1, None, 9), Hand(2, None, 9)], [1, 2, 1, 2]),
        (3, [Hand(1, LATE, 9), Hand(2, EARLY, 9), Hand(3, None, 9)], [3, 2, 1]),  # who has waited longest
        (5, [Hand(1, None, 1), Hand(2, None, 3)], [1, 2, 2, 2]),  # no more than there is room for
        (3, [Hand(1, None, 0), Hand(2, None, -4)], []),
        (0, [Hand(1, None, 5)], []),
        (2, [], []),
    ],
)
def test_turns_go_round_among_who_has_room(count: int, hands: list[Hand], to: list[int]) -> None:
    assert turns(count, hands) == to
