"""The heat map as its page and its diagram show it; worked out at most once a minute a procedure and period."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from thaki.cases import queries, versions
from thaki.cases.queries import Heat
from thaki.cases.queries.heat import NodeHeat
from thaki.engine.procedure import TASKS, Node, Procedure
from thaki.people.models import ROLE_CHOICES
from thaki.ui.formats import format_span
from thaki.web.reading import title

PERIODS = (
    (7, gettext_lazy("7 días")),
    (30, gettext_lazy("30 días")),
    (90, gettext_lazy("90 días")),
    (365, gettext_lazy("1 año")),
)
USUAL = 30
CLASSES = 5  # of colour and of width: more nobody tells apart
SECONDS = 60.0
_known: dict[tuple[int, int], tuple[float, Heat]] = {}


@dataclass(frozen=True, slots=True)
class Row:
    """A step in the table."""

    step: str
    title: str
    role: str
    heat: NodeHeat
    level: int  # 0 to CLASSES
    href: str  # the cases that stand there


@dataclass(frozen=True, slots=True)
class Way:
    """A flow in the table."""

    source: str
    target: str
    name: str
    count: int


def period(asked: str) -> int:
    """The days that an address asks for; what is none of ours is the usual period."""
    return int(asked) if asked in {str(days) for days, _label in PERIODS} else USUAL


def read(version: versions.Version, days: int, now: datetime) -> Heat:
    """The heat of a procedure, of a minute ago at the most."""
    key = (version.id, days)
    known = _known.get(key)
    if known is None or time.monotonic() - known[0] > SECONDS:
        known = time.monotonic(), queries.heat(version.app.code, version.procedure, days=days, now=now)
        _known[key] = known
    return known[1]


def forget() -> None:
    """Read anew: for tests."""
    _known.clear()


def rows(version: versions.Version, heat: Heat) -> list[Row]:
    """Every step on which people work, in the signed order."""
    procedure, levels, roles = version.procedure, _levels(heat), dict(ROLE_CHOICES)
    signed = list(procedure.steps())
    nodes = [*signed, *(node for node in procedure.nodes.values() if not node.step)]
    address = reverse("cases")
    return [
        Row(
            node.step,
            title(node),
            str(roles.get(node.role, node.role)),
            heat.nodes.get(node.id, NodeHeat()),
            levels.get(node.id, 0),
            f"{address}?paso={version.app.code}.{node.id}&estado=open",
        )
        for node in nodes
        if node.kind in TASKS
    ]


def ways(procedure: Procedure, heat: Heat) -> list[Way]:
    """The flows that were taken, the busiest first."""
    found = [flow for flow in procedure.flows.values() if heat.flows.get(flow.id)]
    found.sort(key=lambda flow: -heat.flows[flow.id])
    return [
        Way(_name(procedure, flow.source), _name(procedure, flow.target), flow.name, heat.flows[flow.id])
        for flow in found
    ]


def _name(procedure: Procedure, node_id: str) -> str:
    node: Node | None = procedure.nodes.get(node_id)
    if node is None:
        return node_id
    return f"{node.step}. {title(node)}" if node.step else title(node) or _("cruce")


def diagram(heat: Heat) -> dict[str, Any]:
    """What static/ui/diagram.js paints: colour by median, width by volume, a mark where cases wait."""
    levels = _levels(heat)
    most = max(heat.flows.values(), default=0)
    nodes = {
        node: {
            "heat": levels.get(node, 0),
            "text": f"{format_span(found.median)} · p90 {format_span(found.p90)}" if found.done else "",
            "now": _waiting(found),
            "late": bool(found.late),
        }
        for node, found in heat.nodes.items()
    }
    flows = [
        {"id": flow, "level": max(1, math.ceil(CLASSES * math.sqrt(count / most))), "text": str(count)}
        for flow, count in heat.flows.items()
        if count
    ]
    return {"nodes": nodes, "flows": flows, "focus": ""}


def _waiting(found: NodeHeat) -> str:
    if not found.waiting:
        return ""
    return ngettext("%(n)d espera", "%(n)d esperan", found.waiting) % {"n": found.waiting}


def _levels(heat: Heat) -> dict[str, int]:
    """1 to CLASSES by the median on a scale of doublings: minutes and days stand on the same diagram."""
    times = {node: max(found.median.total_seconds(), 1.0) for node, found in heat.nodes.items() if found.done}
    if not times:
        return {}
    low, high = math.log2(min(times.values())), math.log2(max(times.values()))
    reach = (high - low) or 1.0
    return {node: 1 + min(CLASSES - 1, int((math.log2(t) - low) / reach * CLASSES)) for node, t in times.items()}
