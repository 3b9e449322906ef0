"""Who does the work of those who are away, so that nobody's only task is lost.

A substitute does it; one who is away too is followed to his own substitute. Where that leads to nobody (none was named, he
left, or two stand in for each other), whoever has the role may take the tasks, as if they were in its queue. The same holds for
who has left for good with tasks in his hands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, LiteralString

from django.db import connection
from django.utils import timezone

from thaki.people.prepared import cursor

if TYPE_CHECKING:
    from thaki.people.models import User


@dataclass(frozen=True, slots=True)
class Cover:
    """Ids of the people whose work falls to one person, or to everyone of their role."""

    mine: tuple[int, ...] = ()
    anybody: tuple[int, ...] = ()


_AWAY: LiteralString = """
SELECT a.user_id, CASE WHEN s.is_active THEN a.substitute_id END
FROM people_absence a LEFT JOIN people_user s ON s.id = a.substitute_id WHERE %(today)s BETWEEN a.from_on AND a.to_on
UNION ALL
SELECT u.id, NULL FROM people_user u WHERE NOT u.is_active
    AND EXISTS (SELECT FROM cases_task t WHERE t.state = 'open' AND t.assignee_id = u.id)"""


def cover_of(user: User, now: datetime) -> Cover:
    """What falls to the person today; read once a person object (one request)."""
    today = timezone.localtime(now).date()
    known: tuple[date, Cover] | None = getattr(user, "_cover", None)
    if known is None or known[0] != today:
        known = today, _cover(user.pk, today)
        user._cover = known  # type: ignore[attr-defined]  # a memory for this request only
    return known[1]


def _cover(user_id: int, today: date) -> Cover:
    with connection.wrap_database_errors:
        doer = who_covers(dict(cursor().execute(_AWAY, {"today": today}).fetchall()))
    return Cover(
        tuple(sorted(away for away, covers in doer.items() if covers == user_id)),
        tuple(sorted(away for away, covers in doer.items() if covers is None)),
    )


def who_covers(away: Mapping[int, int | None]) -> dict[int, int | None]:
    """Who in the end does the work of each one who is away (id -> substitute's id); None: nobody in particular."""
    return {person: _end_of(person, away) for person in away}


def _end_of(person: int, away: Mapping[int, int | None]) -> int | None:
    seen = {person}
    following = away[person]
    while following is not None and following in away:
        if following in seen:
            return None
        seen.add(following)
        following = away[following]
    return following
