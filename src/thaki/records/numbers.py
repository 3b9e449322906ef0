"""Numbers that people can say: `OS-2026-000123`."""

from __future__ import annotations

from datetime import datetime
from itertools import count

from django.db import connection
from django.utils import timezone

from thaki.people.prepared import cursor

REHEARSAL = "REH-"
_rehearsed = count(1)


def next_number(series: str, at: datetime, *, case_ref: str = "") -> str:
    """The next number of a series ("OS", "CC", "FAC"…), from the sequence `records_<series>_seq`.

    A rehearsal touches no sequence, as its transaction is rolled back and sequences are not: its numbers come from a
    counter of the process and start with REH.
    """
    year = timezone.localtime(at).year
    if case_ref.startswith(REHEARSAL):
        return f"{REHEARSAL}{series}-{year}-{next(_rehearsed):06d}"
    return f"{series}-{year}-{take(series):06d}"


def take(series: str) -> int:
    """The next integer of a series' sequence; gaps are possible and harmless."""
    with connection.wrap_database_errors:
        row = cursor().execute("SELECT nextval(%s::regclass)", (f"records_{series.lower()}_seq",)).fetchone()
    assert row is not None  # nextval always answers
    return int(row[0])


def take_many(series: str, count: int) -> list[int]:
    """The next `count` integers of a series' sequence, in one round trip."""
    with connection.cursor() as several:
        several.execute(
            "SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [f"records_{series.lower()}_seq", count]
        )
        return [int(row[0]) for row in several.fetchall()]
