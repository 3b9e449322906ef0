"""What the dashboards count beside `cases.queries` and `procedures.sales.figures`: open queues by age, work done by day.

Open queues are read by their partial index. Past days come from what is counted of them already (`cases.rollups`), the day that
runs from its own rows, one's own sales from their index: nothing grows with how many cases there were.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, LiteralString

from django.db import connection
from django.db.models import QuerySet

from thaki.cases import versions
from thaki.cases.models import Rollup, Task
from thaki.cases.registry import procedure_apps
from thaki.procedures.sales.models import Sale
from thaki.reporting.months import LA_PAZ, midnight

if TYPE_CHECKING:
    from thaki.people.models import User

AGES = (timedelta(hours=1), timedelta(hours=4), timedelta(days=1))  # the last class is older than all of them


@dataclass(frozen=True, slots=True)
class Queue:
    """The open tasks of some roles."""

    count: int
    late: int
    free: int  # nobody has them
    ages: tuple[int, ...]  # by AGES, and the older ones
    oldest_at: datetime | None


_QUEUE: LiteralString = """
SELECT count(*), count(*) FILTER (WHERE t.due_at < %(now)s), count(*) FILTER (WHERE t.assignee_id IS NULL),
    count(*) FILTER (WHERE t.opened_at > %(a)s), count(*) FILTER (WHERE t.opened_at <= %(a)s AND t.opened_at > %(b)s),
    count(*) FILTER (WHERE t.opened_at <= %(b)s AND t.opened_at > %(c)s), count(*) FILTER (WHERE t.opened_at <= %(c)s),
    min(t.opened_at)
FROM cases_task t JOIN cases_case k ON k.id = t.case_id
WHERE t.state = 'open' AND k.state = 'open' AND t.role = ANY(%(roles)s) AND (%(agency)s = '' OR t.agency IN ('', %(agency)s))"""


def queue(roles: Collection[str], agency: str, now: datetime) -> Queue:
    """How much waits for these roles, and since when."""
    limits = {name: now - age for name, age in zip("abc", AGES, strict=True)}
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE, {"now": now, "roles": list(roles), "agency": agency, **limits})
        count, late, free, *ages, oldest_at = cursor.fetchone()
    return Queue(count, late, free, tuple(ages), oldest_at)


def today_of(now: datetime) -> date:
    """The day that runs in La Paz."""
    return now.astimezone(LA_PAZ).date()


def done_on(day: date) -> QuerySet[Task]:
    """The tasks that people finished on a day, by its rows alone."""
    start, end = midnight(day), midnight(day + timedelta(days=1))
    return Task.objects.filter(closed_at__gte=start, closed_at__lt=end, state=Task.State.DONE)


def throughput(roles: Collection[str], now: datetime, days: int = 14) -> list[tuple[date, int]]:
    """How many tasks of these roles were finished on each of the last days; that of today as it stands."""
    today = today_of(now)
    first = today - timedelta(days=days - 1)
    nodes = _nodes(roles)
    rows = Rollup.objects.filter(
        procedure__in={code for code, _node in nodes},
        key__in={node for _code, node in nodes},
        day__gte=first,
        kind="time",
    )
    found: dict[date, int] = {}
    for row in rows.values_list("procedure", "key", "day", "n"):
        if (row[0], row[1]) in nodes:
            found[row[2]] = found.get(row[2], 0) + row[3]
    found[today] = done_on(today).filter(role__in=roles).count()
    return [(day, found.get(day, 0)) for day in (first + timedelta(days=n) for n in range(days))]


def _nodes(roles: Collection[str]) -> set[tuple[str, str]]:
    """(procedure, node) of the steps of these roles, by the versions in force."""
    found = set()
    for app in procedure_apps():
        try:
            procedure = versions.in_force(app.code).procedure
        except versions.NotInForce:
            continue
        found |= {(app.code, node.id) for node in procedure.nodes.values() if node.role in roles and node.handler}
    return found


# ---------------------------------------------------------------------- sales
def sold(first: date, last: date, executive: int | None = None) -> QuerySet[Sale]:
    """The sales whose Venta stamp falls on these days, both included (R-A5)."""
    found = Sale.objects.filter(sold_at__gte=midnight(first), sold_at__lt=midnight(last + timedelta(days=1)))
    return found.filter(executive=executive) if executive else found


def own_sales(user: User, now: datetime) -> dict[date, int]:
    """One's own sales of this month and this week, by day."""
    today = today_of(now)
    first = min(today.replace(day=1), today - timedelta(days=today.weekday()))
    found: dict[date, int] = {}
    stamps: Any = sold(first, today, user.pk).values_list("sold_at", flat=True)
    for at in stamps:
        day = today_of(at)
        found[day] = found.get(day, 0) + 1
    return found
