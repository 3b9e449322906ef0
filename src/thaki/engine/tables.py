"""What `advance` needs to know of each node, worked out once when a procedure is made.

Two tables deserve a word.

*Waits.* A token rests only where something outside must happen first: a person, a job, a clock, a
message, another case, the inside of a sub-process, or the race behind an event-based gateway. What
a node waits for decides which event applies to it and which move asks for it.

*Reach.* An inclusive join fires when no token that could still arrive is missing. BPMN 2.0.2
(table 13.4, "Inclusive Gateway") says so in terms of directed paths that do not visit the join;
`Place.reach` holds, for every incoming flow of the join, the nodes with such a path to it. The
ways on from a node are its flows; and, as further ways out, the boundary events of an activity and
the catching half of a link.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from thaki.engine.procedure import Flow, Node


class Wait(StrEnum):
    """What a token rests for."""

    NONE = "none"  # nothing: the token goes straight on
    TASK = "task"
    JOB = "job"
    TIMER = "timer"
    MESSAGE = "message"
    CHILD = "child"  # another case, started by a call activity
    SCOPE = "scope"  # the inside of a sub-process
    RACE = "race"  # the first of the events behind an event-based gateway


class Join(StrEnum):
    """Whether a node gathers tokens before it goes on."""

    NONE = "none"  # every token goes on by itself
    PARALLEL = "parallel"
    INCLUSIVE = "inclusive"


@dataclass(frozen=True, slots=True)
class Place:
    """One node, with everything that `advance` looks up about it."""

    node: Node
    wait: Wait
    join: Join
    incoming: tuple[str, ...]  # flow ids
    outgoing: tuple[Flow, ...]  # in the order in which conditions are tried
    conditional: tuple[Flow, ...]  # those with a condition
    default: Flow | None
    armed: tuple[Node, ...]  # boundary events that wait for a timer or a message
    catchers: tuple[Node, ...]  # boundary events that catch errors and escalations
    starts: tuple[str, ...]  # of a sub-process: its start event
    link: str  # of a throwing link: id of the catching half
    reach: Mapping[str, frozenset[str]]  # of an inclusive join: flow id -> nodes that can reach it


# Which wait belongs to which element. Events are decided by what triggers them.
_WAITS: Mapping[str, Wait] = {
    "userTask": Wait.TASK,
    "manualTask": Wait.TASK,
    "serviceTask": Wait.JOB,
    "sendTask": Wait.JOB,
    "businessRuleTask": Wait.JOB,
    "receiveTask": Wait.MESSAGE,
    "callActivity": Wait.CHILD,
    "subProcess": Wait.SCOPE,
    "eventBasedGateway": Wait.RACE,
}
_CATCHES: Mapping[str, Wait] = {
    "timerEventDefinition": Wait.TIMER,
    "messageEventDefinition": Wait.MESSAGE,
}
_JOINS: Mapping[str, Join] = {
    "parallelGateway": Join.PARALLEL,
    "inclusiveGateway": Join.INCLUSIVE,
}


def wait_of(node: Node) -> Wait:
    """What a token at this node rests for."""
    if node.kind in ("intermediateCatchEvent", "boundaryEvent"):
        return _CATCHES.get(node.trigger, Wait.NONE)
    if node.kind in ("intermediateThrowEvent", "endEvent"):
        # A message is sent by a job when the procedure names one; else it is only drawn.
        sends = node.trigger == "messageEventDefinition" and node.handler
        return Wait.JOB if sends else Wait.NONE
    return _WAITS.get(node.kind, Wait.NONE)


def starts(nodes: Mapping[str, Node], scope: str) -> tuple[str, ...]:
    """Start events of the scope, in the file's order."""
    return tuple(n.id for n in nodes.values() if n.kind == "startEvent" and n.scope == scope)


def places(nodes: Mapping[str, Node], flows: Mapping[str, Flow]) -> Mapping[str, Place]:
    """The table of all nodes."""
    incoming: dict[str, list[str]] = defaultdict(list)
    outgoing: dict[str, list[Flow]] = defaultdict(list)
    attached: dict[str, list[Node]] = defaultdict(list)
    for flow in flows.values():
        incoming[flow.target].append(flow.id)
        outgoing[flow.source].append(flow)
    for node in nodes.values():
        if node.attached_to:
            attached[node.attached_to].append(node)
    ways_back = _ways_back(nodes, flows)
    return {node.id: _place(node, nodes, flows, incoming, outgoing, attached, ways_back) for node in nodes.values()}


def _place(
    node: Node,
    nodes: Mapping[str, Node],
    flows: Mapping[str, Flow],
    incoming: Mapping[str, list[str]],
    outgoing: Mapping[str, list[Flow]],
    attached: Mapping[str, list[Node]],
    ways_back: Mapping[str, list[str]],
) -> Place:
    out = tuple(outgoing.get(node.id, ()))
    into = tuple(incoming.get(node.id, ()))
    boundary = attached.get(node.id, [])
    # A gateway with one way in gathers nothing.
    join = _JOINS.get(node.kind, Join.NONE) if len(into) > 1 else Join.NONE
    reach = _reach(node.id, into, flows, ways_back) if join is Join.INCLUSIVE else {}
    return Place(
        node=node,
        wait=wait_of(node),
        join=join,
        incoming=into,
        outgoing=out,
        conditional=tuple(flow for flow in out if flow.condition is not None),
        default=next((flow for flow in out if flow.is_default), None),
        armed=tuple(each for each in boundary if wait_of(each) is not Wait.NONE),
        catchers=tuple(each for each in boundary if wait_of(each) is Wait.NONE),
        starts=starts(nodes, node.id) if node.kind == "subProcess" else (),
        link=_catching_half(node, nodes.values()),
        reach=reach,
    )


def _catching_half(node: Node, nodes: Iterable[Node]) -> str:
    """Id of the catching link event for a throwing one; "" for any other node."""
    if node.kind != "intermediateThrowEvent" or not node.link:
        return ""
    return next(
        each.id
        for each in nodes
        if each.kind == "intermediateCatchEvent" and (each.link, each.scope) == (node.link, node.scope)
    )


def _ways_back(nodes: Mapping[str, Node], flows: Mapping[str, Flow]) -> Mapping[str, list[str]]:
    """For each node, the nodes one step before it."""
    back: dict[str, list[str]] = defaultdict(list)
    for flow in flows.values():
        back[flow.target].append(flow.source)
    for node in nodes.values():
        if node.attached_to:
            back[node.id].append(node.attached_to)
        half = _catching_half(node, nodes.values())
        if half:
            back[half].append(node.id)
    return back


def _reach(
    join: str,
    incoming: tuple[str, ...],
    flows: Mapping[str, Flow],
    ways_back: Mapping[str, list[str]],
) -> Mapping[str, frozenset[str]]:
    """For each incoming flow of the join, the nodes with a path to it that avoids the join."""
    return {flow: _upstream(flows[flow].source, join, ways_back) for flow in incoming}


def _upstream(node: str, barred: str, ways_back: Mapping[str, list[str]]) -> frozenset[str]:
    """The node and all before it, not passing through the barred one."""
    seen: set[str] = set()
    todo = [node]
    while todo:
        here = todo.pop()
        if here != barred and here not in seen:
            seen.add(here)
            todo.extend(ways_back.get(here, ()))
    return frozenset(seen)
