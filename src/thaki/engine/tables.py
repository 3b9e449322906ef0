"""What `advance` needs to know of each node, worked out once when a procedure is made.

Two tables deserve a word.

*Waits.* A token rests only where something outside must happen first: a person, a job, a clock, a
message, another case, the inside of a sub-process, or the race behind an event-based gateway. What
a node waits for decides which event applies to it and which move asks for it.

*Reach.* An inclusive join fires when no token that could still arrive is missing. BPMN 2.0.2
(table 13.3, "Inclusive Gateway Execution Semantics") says so in terms of directed paths that do not visit the join;
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
    around = _Around(nodes, flows)
    return {node.id: _place(node, around) for node in nodes.values()}


class _Around:
    """What stands around each node: the diagram, looked at from its nodes."""

    def __init__(self, nodes: Mapping[str, Node], flows: Mapping[str, Flow]) -> None:
        self.flows = flows
        self.incoming: dict[str, list[str]] = defaultdict(list)
        self.outgoing: dict[str, list[Flow]] = defaultdict(list)
        self.attached: dict[str, list[Node]] = defaultdict(list)
        self.starts: dict[str, list[str]] = defaultdict(list)  # of each sub-process
        self.halves = _halves(nodes.values())
        self.before: dict[str, list[str]] = defaultdict(list)  # the nodes one step before
        for flow in flows.values():
            self.incoming[flow.target].append(flow.id)
            self.outgoing[flow.source].append(flow)
            self.before[flow.target].append(flow.source)
        for node in nodes.values():
            if node.attached_to:
                self.attached[node.attached_to].append(node)
                self.before[node.id].append(node.attached_to)
            if node.kind == "startEvent":
                self.starts[node.scope].append(node.id)
        for throwing, catching in self.halves.items():
            self.before[catching].append(throwing)


def _place(node: Node, around: _Around) -> Place:
    out = tuple(around.outgoing[node.id])
    into = tuple(around.incoming[node.id])
    boundary = around.attached[node.id]
    # A gateway with one way in gathers nothing.
    join = _JOINS.get(node.kind, Join.NONE) if len(into) > 1 else Join.NONE
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
        starts=tuple(around.starts[node.id]),
        link=around.halves.get(node.id, ""),
        reach=_reach(node.id, around) if join is Join.INCLUSIVE else {},
    )


def _halves(nodes: Iterable[Node]) -> Mapping[str, str]:
    """For each throwing link event, the id of its catching half."""
    links = [node for node in nodes if node.link]
    catching = {(node.link, node.scope): node.id for node in links if node.kind == "intermediateCatchEvent"}
    return {node.id: catching[node.link, node.scope] for node in links if node.kind == "intermediateThrowEvent"}


def _reach(join: str, around: _Around) -> Mapping[str, frozenset[str]]:
    """For each incoming flow of the join, the nodes with a path to it that avoids the join."""
    return {flow: _upstream(around.flows[flow].source, join, around.before) for flow in around.incoming[join]}


def _upstream(node: str, barred: str, before: Mapping[str, list[str]]) -> frozenset[str]:
    """The node and all before it, not passing through the barred one."""
    seen: set[str] = set()
    todo = [node]
    while todo:
        here = todo.pop()
        if here != barred and here not in seen:
            seen.add(here)
            todo.extend(before.get(here, ()))
    return frozenset(seen)
