"""Days that are over are counted once, by set-based SQL over their events alone; the day that runs is counted when asked for.

What was taken back was never done: an undone step and what came of it are left out, as `rules.standing` leaves them out. A step
can be taken back for half an hour at the most, so a day is only counted for good an hour after it is over.

The indexes by `at` and `closed_at` bring just the rows of the days asked for, so a house of a million cases pays for what a
day holds. History never changes, so neither does a counted day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, LiteralString

from django.db import connection, transaction
from django.utils import timezone

from thaki.cases.models import Case, RolledDay, Rollup
from thaki.cases.registry import procedure_apps
from thaki.cases.rules import BUCKETS_A_DOUBLING

AT_ONCE = 31  # days a statement
LIVE = 3  # days that a reader may count by himself: today, and what the job has not reached yet
SETTLED = timedelta(hours=1)  # after a day's end nothing of it can be undone any more
Kind = Rollup.Kind

_COUNTED: LiteralString = """
WITH undone AS MATERIALIZED (
    SELECT case_id, (data->>'from')::int AS first_seq, (data->>'to')::int AS last_seq FROM cases_historyevent
    WHERE kind = 'undone' AND at >= %(start)s AND at < %(end)s::timestamptz + interval '1 hour'
), stood AS NOT MATERIALIZED (
    SELECT h.* FROM cases_historyevent h WHERE h.at >= %(start)s AND h.at < %(end)s AND h.kind <> 'undone'
        AND NOT EXISTS (SELECT FROM undone u WHERE u.case_id = h.case_id AND h.seq BETWEEN u.first_seq AND u.last_seq)
)
SELECT procedure, day, kind, key, bucket, count(*)::int AS n FROM (
    SELECT c.procedure, (t.closed_at AT TIME ZONE 'America/La_Paz')::date AS day, 'time' AS kind, t.node AS key,
        floor(%(doubling)s * ln(greatest(extract(epoch FROM t.closed_at - t.opened_at), 1)::float8) / ln(2::float8))::smallint
            AS bucket
    FROM cases_task t JOIN cases_case c ON c.id = t.case_id
    WHERE t.closed_at >= %(start)s AND t.closed_at < %(end)s AND t.state = 'done'
    UNION ALL
    SELECT c.procedure, (h.at AT TIME ZONE 'America/La_Paz')::date, 'node', h.node, 0::smallint
    FROM stood h JOIN cases_case c ON c.id = h.case_id
    WHERE h.node <> '' AND (h.kind IN ('completed', 'passed', 'timer_fired', 'message') OR h.data->'passed' ? h.node)
    UNION ALL
    SELECT c.procedure, (h.at AT TIME ZONE 'America/La_Paz')::date, 'flow', f.id, 0::smallint
    FROM stood h JOIN cases_case c ON c.id = h.case_id
    CROSS JOIN LATERAL jsonb_array_elements_text(h.data->'flows') AS f(id)
    WHERE h.data ? 'flows'
) happened WHERE %(procedure)s IN ('', procedure) GROUP BY 1, 2, 3, 4, 5"""
_KEEP: LiteralString = "INSERT INTO cases_rollup (procedure, day, kind, key, bucket, n) "
_SUMMED: LiteralString = """SELECT kind, key, bucket, sum(n)::int FROM cases_rollup
WHERE procedure = %(procedure)s AND day >= %(first)s AND day <= %(last)s GROUP BY 1, 2, 3"""


@dataclass(slots=True)
class Counted:
    """What happened in a procedure over some days."""

    times: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    nodes: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    flows: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    missing: int = 0  # days that are not counted yet

    def add(self, kind: str, key: str, bucket: int, n: int) -> None:
        """Count something in."""
        if kind == Kind.TIME:
            self.times[key][bucket] += n
        else:
            (self.nodes if kind == Kind.NODE else self.flows)[key] += n


def roll(*, now: datetime, most: int = 62) -> int:
    """Count the days that are over and not counted yet, the newest first; returns how many."""
    first = _first_day()
    if first is None:
        return 0
    today = timezone.localtime(now - SETTLED).date()
    days = sorted(_uncounted(first, today - timedelta(days=1)), reverse=True)[:most]
    for start, end in _stretches(days):
        _roll(start, end)
    return len(days)


def _roll(first: date, last: date) -> None:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cases.rollups'))")
        if RolledDay.objects.filter(day__in=days).exists():
            return  # another worker was first
        cursor.execute(_KEEP + _COUNTED, _bounds(first, last, ""))
        RolledDay.objects.bulk_create(RolledDay(day=day) for day in days)


def counted(procedure: str, first: date, last: date, *, now: datetime) -> Counted:
    """What happened from a day to another, both included; the last days may be counted here, older ones only by the job."""
    found = Counted()
    today = timezone.localtime(now).date()
    with connection.cursor() as cursor:
        cursor.execute(_SUMMED, {"procedure": procedure, "first": first, "last": last})
        for row in cursor.fetchall():
            found.add(*row)
        began = _first_day(procedure)
        left = sorted(_uncounted(max(first, began), min(last, today)), reverse=True) if began else []
        for start, end in _stretches(left[:LIVE]):
            cursor.execute(_COUNTED, _bounds(start, end, procedure))
            for _procedure, _day, kind, key, bucket, n in cursor.fetchall():
                found.add(kind, key, bucket, n)
    found.missing = len(left[LIVE:])
    return found


def _bounds(first: date, last: date, procedure: str) -> dict[str, Any]:
    start = timezone.make_aware(datetime.combine(first, datetime.min.time()))
    end = timezone.make_aware(datetime.combine(last + timedelta(days=1), datetime.min.time()))
    return {"start": start, "end": end, "procedure": procedure, "doubling": BUCKETS_A_DOUBLING}


def _first_day(procedure: str = "") -> date | None:
    """The day on which the first case opened; one entry of the index a procedure."""
    codes = [procedure] if procedure else [app.code for app in procedure_apps()]
    cases = (
        Case.objects.filter(procedure=code).order_by("opened_at").values_list("opened_at", flat=True) for code in codes
    )
    found = [opened_at for rows in cases if (opened_at := rows.first()) is not None]
    return timezone.localtime(min(found)).date() if found else None


def _uncounted(first: date, last: date) -> set[date]:
    days = {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return days - set(RolledDay.objects.filter(day__gte=first, day__lte=last).values_list("day", flat=True))


def _stretches(days: Iterable[date]) -> list[tuple[date, date]]:
    """Days that follow each other, together, up to a month."""
    found: list[list[date]] = []
    for day in sorted(days):
        if found and day - found[-1][-1] == timedelta(days=1) and len(found[-1]) < AT_ONCE:
            found[-1].append(day)
        else:
            found.append([day])
    return [(stretch[0], stretch[-1]) for stretch in found]
