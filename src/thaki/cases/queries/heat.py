"""The heat map: how long each step took, how often each flow was taken, and where cases wait now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString

from django.db import connection
from django.utils import timezone

from thaki.cases import rollups
from thaki.cases.rules import quantile
from thaki.engine.procedure import Procedure


@dataclass(frozen=True, slots=True)
class NodeHeat:
    """A node over a period, and now."""

    done: int = 0  # tasks finished
    median: timedelta = timedelta()
    p90: timedelta = timedelta()
    waiting: int = 0  # cases that stand there now
    late: int = 0


@dataclass(frozen=True, slots=True)
class Heat:
    """A procedure over a period."""

    nodes: dict[str, NodeHeat]
    flows: dict[str, int]
    missing: int  # days that are not counted yet


_WAITING: LiteralString = """
SELECT t.node, count(*), count(*) FILTER (WHERE t.due_at < %(now)s) FROM cases_task t JOIN cases_case c ON c.id = t.case_id
WHERE t.state = 'open' AND c.procedure = %(procedure)s GROUP BY 1
UNION ALL
SELECT j.node, count(*), 0 FROM cases_waitingjob j JOIN cases_case c ON c.id = j.case_id
WHERE c.procedure = %(procedure)s GROUP BY 1"""


def heat(code: str, procedure: Procedure, *, days: int, now: datetime) -> Heat:
    """The last `days` days, today included. Cost: what is counted of them, today's events and the open tasks."""
    today = timezone.localtime(now).date()
    found = rollups.counted(code, today - timedelta(days=days - 1), today, now=now)
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"procedure": code, "now": now})
        waiting = {node: (count, late) for node, count, late in cursor.fetchall()}
    nodes = {node: _node(found.times.get(node, {}), *waiting.get(node, (0, 0))) for node in {*found.times, *waiting}}
    flows = dict(found.flows)
    for node, count in found.nodes.items():
        place = procedure.places.get(node)
        for flow in (
            place.outgoing if place else ()
        ):  # the engine tells what it passes by itself; out of a task leads one way
            flows[flow.id] = flows.get(flow.id, 0) + count
    return Heat(nodes, flows, found.missing)


def _node(buckets: dict[int, int], waiting: int, late: int) -> NodeHeat:
    median, p90 = (timedelta(seconds=round(quantile(buckets, share))) for share in (0.5, 0.9))
    return NodeHeat(sum(buckets.values()), median, p90, waiting, late)
