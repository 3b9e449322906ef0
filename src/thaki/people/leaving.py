"""When somebody is let in no more, the work that he has goes on: rooms that give people work say how much, and pass it on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from thaki.people.models import User

Count = Callable[["User"], int]
# (who leaves, who takes it over or None for the queue, by whom, now) -> (given, back in the queue)
PassOn = Callable[["User", "User | None", "User", datetime], tuple[int, int]]
_rooms: list[tuple[Count, PassOn]] = []


def register(count: Count, pass_on: PassOn) -> None:
    """Add a room; called when Django is ready."""
    _rooms.append((count, pass_on))


def open_work(user: User) -> int:
    """How much work somebody has in hand."""
    return sum(count(user) for count, _pass_on in _rooms)


def pass_on(user: User, *, to: User | None, by: User, now: datetime) -> tuple[int, int]:
    """Give it to a colleague, or back to everyone of the role; what he may not have goes back too. How much of each."""
    given = back = 0
    for _count, give in _rooms:
        more_given, more_back = give(user, to, by, now)
        given, back = given + more_given, back + more_back
    return given, back
