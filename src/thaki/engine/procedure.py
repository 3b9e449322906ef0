"""What a procedure is: nodes joined by flows, done by lanes, branching on declared facts.

Everything here is frozen. Procedures are made by `bpmn.read`; whatever `advance` would otherwise
have to look up at every step (ways out, boundary events, inclusive joins) is worked out once, in
`tables.py`, when the procedure is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from thaki.engine import tables
from thaki.engine.conditions import Condition, Fact


class NodeKind(StrEnum):
    """The BPMN element a node is; the value is the element's name in the file."""

    START_EVENT = "startEvent"
    END_EVENT = "endEvent"
    CATCH_EVENT = "intermediateCatchEvent"
    THROW_EVENT = "intermediateThrowEvent"
    BOUNDARY_EVENT = "boundaryEvent"
    USER_TASK = "userTask"
    MANUAL_TASK = "manualTask"
    SERVICE_TASK = "serviceTask"
    SEND_TASK = "sendTask"
    RECEIVE_TASK = "receiveTask"
    BUSINESS_RULE_TASK = "businessRuleTask"
    CALL_ACTIVITY = "callActivity"
    SUB_PROCESS = "subProcess"
    EXCLUSIVE_GATEWAY = "exclusiveGateway"
    PARALLEL_GATEWAY = "parallelGateway"
    INCLUSIVE_GATEWAY = "inclusiveGateway"
    EVENT_BASED_GATEWAY = "eventBasedGateway"


class Trigger(StrEnum):
    """What an event reacts to or causes; the value is the name of BPMN's event definition."""

    NONE = ""
    MESSAGE = "messageEventDefinition"
    TIMER = "timerEventDefinition"
    ERROR = "errorEventDefinition"
    ESCALATION = "escalationEventDefinition"
    TERMINATE = "terminateEventDefinition"
    LINK = "linkEventDefinition"


TASKS = frozenset({NodeKind.USER_TASK, NodeKind.MANUAL_TASK})
JOBS = frozenset({NodeKind.SERVICE_TASK, NodeKind.SEND_TASK, NodeKind.BUSINESS_RULE_TASK})
ACTIVITIES = TASKS | JOBS | {NodeKind.RECEIVE_TASK, NodeKind.CALL_ACTIVITY, NodeKind.SUB_PROCESS}
GATEWAYS = frozenset(
    {
        NodeKind.EXCLUSIVE_GATEWAY,
        NodeKind.PARALLEL_GATEWAY,
        NodeKind.INCLUSIVE_GATEWAY,
        NodeKind.EVENT_BASED_GATEWAY,
    }
)


class TimerKind(StrEnum):
    """The three kinds of time that BPMN knows."""

    DURATION = "duration"
    DATE = "date"
    CYCLE = "cycle"


@dataclass(frozen=True, slots=True)
class TimerSpec:
    """When a timer fires. The runtime turns it into an instant: the engine has no clock."""

    kind: TimerKind
    value: str  # ISO 8601: a duration, an instant, or a repeating interval ("R3/PT10M")
    calendar: str = "calendar"  # "office" counts office hours only
    policy: str = ""  # code of the policy that gives the number; `value` is then the default
    unit: str = "minutes"  # what the policy's number counts: minutes, hours, days
    since: str = ""  # name of the moment of the record from which it counts ("order_closed"); "": from when it is armed

    @property
    def repetitions(self) -> int | None:
        """How often a cycle fires: a number, or None for one that never stops."""
        if self.kind is not TimerKind.CYCLE:
            return 1
        count = self.value.partition("/")[0].removeprefix("R")
        return int(count) if count else None


@dataclass(frozen=True, slots=True)
class Lane:
    """Who does the nodes drawn inside it."""

    id: str
    name: str
    role: str  # a code of people.roles; "" when the file names none


@dataclass(frozen=True, slots=True)
class Flow:
    """An arrow from a node to the next one."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: Condition | None = None
    is_default: bool = False  # taken when no condition of its gateway holds


@dataclass(frozen=True, slots=True)
class Node:
    """One element of the diagram."""

    id: str
    kind: NodeKind
    name: str = ""
    trigger: Trigger = Trigger.NONE  # of events
    scope: str = ""  # id of the sub-process it is drawn in; "" at the top
    lane: str = ""  # lane's id
    role: str = ""  # the lane's role
    step: str = ""  # number in the signed procedure ("7"); "" when it has none
    handler: str = ""  # what does the work ("sales.review_capacity")
    documentation: str = ""
    reading: str = ""  # the reading of the signed text it rests on ("R-A3")
    timer: TimerSpec | None = None  # of timer events
    due: TimerSpec | None = None  # when the task is due; asks for nothing by itself
    message: str = ""  # name of the message it awaits or sends
    error: str = ""  # code thrown or caught; "" catches any
    escalation: str = ""  # code thrown or caught; "" catches any
    link: str = ""  # joins the two halves of a link
    called: str = ""  # code of the procedure that a call activity starts
    outcome: str = ""  # of end events: how the case ended
    attached_to: str = ""  # of boundary events: the activity
    interrupting: bool = True  # of boundary events: whether the activity is given up
    back_to: tuple[str, ...] = ()  # nodes that this task may be sent back to


@dataclass(frozen=True, slots=True)
class Extra:
    """An element of the `thaki:` namespace that the engine does not read: header, document, KPI…"""

    tag: str
    attributes: Mapping[str, str]
    text: str = ""
    extras: tuple[Extra, ...] = ()


@dataclass(frozen=True)
class Procedure:
    """A procedure as read from its file, with the tables that make `advance` quick."""

    id: str
    name: str
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    lanes: Mapping[str, Lane] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    code: str = ""  # thaki:procedure's code; the process id when it has none
    prefix: str = ""  # of the case numbers
    documentation: str = ""
    readings: Mapping[str, str] = field(default_factory=dict)  # code -> text
    extras: tuple[Extra, ...] = ()
    places: Mapping[str, tables.Place] = field(init=False, repr=False, compare=False)
    starts: tuple[str, ...] = field(init=False, repr=False, compare=False)  # at the top

    def __post_init__(self) -> None:
        """Freeze the mappings and work out the tables."""
        for name in ("nodes", "flows", "lanes", "facts", "readings"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        object.__setattr__(self, "code", self.code or self.id)
        object.__setattr__(self, "places", tables.places(self.nodes, self.flows))
        object.__setattr__(self, "starts", tables.starts(self.nodes, ""))

    def extras_named(self, tag: str) -> tuple[Extra, ...]:
        """All extras with that tag, in the file's order."""
        return tuple(extra for extra in self.extras if extra.tag == tag)

    def steps(self) -> tuple[Node, ...]:
        """The nodes that carry a number of the signed procedure, in the order of the numbers."""
        numbered = [node for node in self.nodes.values() if node.step]
        return tuple(sorted(numbered, key=lambda node: _natural(node.step)))


def _natural(number: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key under which "2" comes before "10", and "10" before "10a"."""
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in number.split("."))
