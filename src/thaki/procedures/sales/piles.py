"""Boards of sales under way: how many stand in each column, how many of them are late, and the first of each, the late first.

One statement for all columns. The sales are found once; when each is due comes from the open tasks alone, put together in one go
where many sales are looked at and case by case where few are, as the planner knows; and no column is sorted further than it is
shown. So a board of everybody's sales costs a read of the open ones, and nothing for those that have ended.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

_BOARD = """
WITH mine AS MATERIALIZED ({found}),
due AS (
    SELECT t.case_id, min(t.due_at) AS due FROM cases_task t
    WHERE t.state = 'open' AND t.case_id IN (SELECT m.id FROM mine m) GROUP BY 1
),
placed AS MATERIALIZED (
    SELECT m.id, m.pile, m.since, d.due FROM mine m LEFT JOIN due d ON d.case_id = m.id WHERE NOT %s OR d.due < %s
)
SELECT c.pile, c.n, c.late, f.id, f.due
FROM (SELECT p.pile, count(*) AS n, count(*) FILTER (WHERE p.due < %s) AS late FROM placed p GROUP BY 1) c
CROSS JOIN LATERAL (
    SELECT p.id, p.due, p.since FROM placed p WHERE p.pile = c.pile ORDER BY p.due, p.since, p.id
    LIMIT coalesce((%s::jsonb->>c.pile)::int, %s)
) f ORDER BY c.pile, f.due, f.since, f.id"""


@dataclass(slots=True)
class Heap:
    """A column."""

    total: int
    late: int
    first: dict[int, datetime | None]  # id of the sale -> when its first task is due, in order


def heaps(
    found: QuerySet[Any], *, now: datetime, size: int, late: bool = False, sizes: Mapping[str, int] | None = None
) -> dict[str, Heap]:
    """The columns of the sales found, which carry `pile` (which column) and `since` (which of two due at once comes first).

    `size` of each are brought, or what `sizes` says of a column; with `late`, only what is late counts.
    """
    text, values = found.order_by().values_list("pk", "pile", "since").query.sql_with_params()
    named = f"SELECT x.* FROM ({text}) x (id, pile, since)"  # noqa: S608  # Django's own text
    with connection.cursor() as cursor:
        cursor.execute(_BOARD.format(found=named), (*values, late, now, now, json.dumps(dict(sizes or {})), size))
        rows = cursor.fetchall()
    columns: dict[str, Heap] = {}
    for pile, total, so_late, key, due in rows:
        columns.setdefault(pile, Heap(total, so_late, {})).first[key] = due
    return columns
