"""Who has a task open at this moment, so that two people in one task see each other.

A page that shows a task says so every fifteen seconds. That is one small statement, so nothing is held open for it: a stream of
events would keep one of the few threads that serve.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, LiteralString

from django.db import connection

from thaki.cases.models import Draft, Presence
from thaki.people.prepared import cursor

if TYPE_CHECKING:
    from thaki.people.models import User

GONE_AFTER = timedelta(seconds=40)  # two missed sights of the page
WRITING = timedelta(minutes=10)  # who typed so lately is still at it
KEPT_AFTER_CLOSING = timedelta(days=7)  # what somebody typed into a task that another one finished


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else who is in the task."""

    name: str
    writing: bool  # typed something and did not send it


# Its own row is renewed and the others' are read by one statement; a draft counts as being there while it is young.
_SEEN: LiteralString = """WITH mine AS (
    INSERT INTO cases_presence (task_id, user_id, seen_at) VALUES (%(task)s, %(user)s, %(now)s)
    ON CONFLICT (task_id, user_id) DO UPDATE SET seen_at = EXCLUDED.seen_at
)
SELECT coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.username), d.user_id IS NOT NULL
FROM people_user u
LEFT JOIN cases_presence p ON p.task_id = %(task)s AND p.user_id = u.id AND p.seen_at > %(here)s
LEFT JOIN cases_draft d ON d.task_id = %(task)s AND d.user_id = u.id AND d.saved_at > %(wrote)s
WHERE u.id <> %(user)s AND (p.user_id IS NOT NULL OR d.user_id IS NOT NULL) AND u.id IN (
    SELECT user_id FROM cases_presence WHERE task_id = %(task)s UNION SELECT user_id FROM cases_draft WHERE task_id = %(task)s
)
ORDER BY 1"""


def seen(task_id: int, *, by: User, now: datetime) -> list[Other]:
    """Enter that the person has the task before him; returns who else has."""
    values = {"task": task_id, "user": by.pk, "now": now, "here": now - GONE_AFTER, "wrote": now - WRITING}
    with connection.wrap_database_errors:
        return [Other(*row) for row in cursor().execute(_SEEN, values).fetchall()]


def sweep(*, now: datetime) -> None:
    """Forget who is long gone, and what nobody came back for."""
    Presence.objects.filter(seen_at__lt=now - timedelta(minutes=10)).delete()
    Draft.objects.exclude(task__state="open").filter(saved_at__lt=now - KEPT_AFTER_CLOSING).delete()
