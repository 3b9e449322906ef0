"""A procedure as its pages show it: what the file says, in the order in which people read it. Pure.

What was signed and what we added are told apart here once: a step with a number was signed; a node without one, a reading and
whatever is marked with a reading's code are ours, and the pages say so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from thaki.engine.procedure import ACTIVITIES, Extra, Flow, Node, Procedure

_LEADING_NUMBER = re.compile(r"^\d+(\.\d+)*\.\s+")
NO_NAMES: dict[str, str] = {}


def title(node: Node) -> str:
    """The node's name without the number of the signed procedure, which the pages show beside it."""
    return _LEADING_NUMBER.sub("", node.name) if node.step else node.name


@dataclass(frozen=True, slots=True)
class Reading:
    """One of our readings, and the places of the procedure that rest on it."""

    code: str
    text: str
    nodes: tuple[Node, ...]

    @property
    def steps(self) -> tuple[str, ...]:
        """The signed numbers that it touches, each once."""
        return tuple(dict.fromkeys(node.step for node in self.nodes if node.step))


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step as the procedure's page lists it."""

    node: Node
    title: str
    role: str  # the lane's name
    reading: Reading | None
    back_to: tuple[Node, ...]

    @property
    def anchor(self) -> str:
        """The fragment of its place on the page."""
        return f"paso-{self.node.step}" if self.node.step else f"nodo-{self.node.id}"


@dataclass(frozen=True, slots=True)
class ProcedurePage:
    """Everything that the page of one version shows."""

    name: str
    summary: str
    attributes: dict[str, str]  # of thaki:procedure: version, date, preparedBy…
    header: dict[str, str]  # objective, scope, units
    definitions: tuple[Extra, ...]
    documents: tuple[Extra, ...]
    kpis: tuple[Extra, ...]
    steps: tuple[StepLine, ...]  # the signed ones
    ours: tuple[StepLine, ...]  # activities that the signed text does not number
    readings: tuple[Reading, ...] = field(default=())


def procedure_page(procedure: Procedure) -> ProcedurePage:
    """Arrange a procedure for its page."""
    attributes = next((dict(e.attributes) for e in procedure.extras_named("procedure")), NO_NAMES)
    readings = {code: _reading(procedure, code, text) for code, text in procedure.readings.items()}
    return ProcedurePage(
        name=procedure.name,
        summary=procedure.documentation,
        attributes=attributes,
        header={e.attributes.get("name", ""): e.text for e in procedure.extras_named("header")},
        definitions=procedure.extras_named("definition"),
        documents=procedure.extras_named("document"),
        kpis=procedure.extras_named("kpi"),
        steps=tuple(_line(procedure, node, readings) for node in procedure.steps()),
        ours=tuple(_line(procedure, node, readings) for node in procedure.nodes.values() if _is_ours(node)),
        readings=tuple(readings.values()),
    )


def step_line(procedure: Procedure, node: Node) -> StepLine:
    """One node alone, with its reading: for "why am I asked this?"."""
    text = procedure.readings.get(node.reading, "")
    readings = {node.reading: _reading(procedure, node.reading, text)} if text else {}
    return _line(procedure, node, readings)


def _is_ours(node: Node) -> bool:
    return not node.step and node.kind in ACTIVITIES


def _reading(procedure: Procedure, code: str, text: str) -> Reading:
    return Reading(code, text, tuple(node for node in procedure.nodes.values() if node.reading == code))


def _line(procedure: Procedure, node: Node, readings: dict[str, Reading]) -> StepLine:
    lane = procedure.lanes.get(node.lane)
    back_to = tuple(procedure.nodes[i] for i in node.back_to if i in procedure.nodes)
    return StepLine(node, title(node), lane.name if lane else "", readings.get(node.reading), back_to)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which a version differs from another."""

    kind: str  # "added", "removed", "changed"
    what: str  # of a node: name, lane, documentation, handler, reading, time, back_to; of a flow: way; "reading"
    label: str
    before: str = ""
    after: str = ""


def differences(before: Procedure, after: Procedure) -> tuple[Difference, ...]:
    """What changed from one version to the next, as its owner would say it: nodes, flows with conditions, readings."""
    return (
        *_compare(_nodes(before), _nodes(after)),
        *_compare(_flows(before), _flows(after)),
        *_compare(_readings(before), _readings(after)),
    )


Things = dict[str, tuple[str, dict[str, str]]]  # id -> (label, what it says by part)


def _nodes(procedure: Procedure) -> Things:
    return {node.id: (node.name or node.id, _parts(procedure, node)) for node in procedure.nodes.values()}


def _parts(procedure: Procedure, node: Node) -> dict[str, str]:
    lane = procedure.lanes.get(node.lane)
    return {
        "name": node.name,
        "lane": lane.name if lane else "",
        "documentation": node.documentation,
        "handler": node.handler,
        "reading": node.reading,
        "time": " · ".join(spec.policy or spec.value for spec in (node.timer, node.due) if spec),
        "back_to": ", ".join(node.back_to),
    }


def _flows(procedure: Procedure) -> Things:
    return {flow.id: (_flow_label(procedure, flow), {"way": _way(flow)}) for flow in procedure.flows.values()}


def _flow_label(procedure: Procedure, flow: Flow) -> str:
    ends = (procedure.nodes.get(flow.source), procedure.nodes.get(flow.target))
    return " → ".join(node.name or node.id for node in ends if node)


def _way(flow: Flow) -> str:
    """What decides where a case goes: the ends by id (their names are told with the nodes) and the condition."""
    condition = flow.condition.text if flow.condition else "else" if flow.is_default else ""
    return f"{flow.source} → {flow.target}" + (f" [{condition}]" if condition else "")


def _readings(procedure: Procedure) -> Things:
    return {code: (code, {"reading": text}) for code, text in procedure.readings.items()}


def _compare(before: Things, after: Things) -> list[Difference]:
    found = [
        Difference("added", "", label, after=_said(parts)) for key, (label, parts) in after.items() if key not in before
    ]
    found += [
        Difference("removed", "", label, _said(parts)) for key, (label, parts) in before.items() if key not in after
    ]
    for key, (label, parts) in after.items():
        old = before[key][1] if key in before else parts
        found += [Difference("changed", what, label, old[what], new) for what, new in parts.items() if old[what] != new]
    return found


def _said(parts: dict[str, str]) -> str:
    return " · ".join(text for text in parts.values() if text)
