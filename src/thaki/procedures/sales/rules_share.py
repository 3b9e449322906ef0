"""Who gets the next prospect: by turn among who is there, up to what each has room for. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Hand:
    """Somebody who may be given prospects."""

    person: int
    last_given: datetime | None  # None: never
    room: int  # how many more fit


def turns(count: int, hands: Sequence[Hand]) -> list[int]:
    """To whom so many prospects go, in their order: each time to who has waited longest and has room.

    Fewer are returned than asked for when nobody has room for the rest.
    """
    row = sorted(hands, key=lambda hand: (hand.last_given or LONG_AGO, hand.person))
    left = {hand.person: hand.room for hand in row}
    given: list[int] = []
    while len(given) < count and any(room > 0 for room in left.values()):
        for hand in row:
            if left[hand.person] > 0 and len(given) < count:
                given.append(hand.person)
                left[hand.person] -= 1
    return given
