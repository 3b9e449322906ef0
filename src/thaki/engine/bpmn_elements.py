"""Reading one element of a BPMN file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from thaki.engine import timers
from thaki.engine.procedure import ACTIVITIES, Node, NodeKind, TimerKind, TimerSpec, Trigger

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
THAKI = "urn:thaki:bpmn:1"


class BpmnError(Exception):
    """The file cannot be read as a procedure."""

    def __init__(self, code: str, element_id: str, **params: str) -> None:
        """`code` names what is wrong, `element_id` where; `params` are the particulars."""
        super().__init__(code, element_id, params)
        self.code = code
        self.element_id = element_id
        self.params = params
        self.path: tuple[str, ...] = ()  # names of the nodes on the shortest way there, if known


@dataclass(frozen=True, slots=True)
class Definitions:
    """What the file declares outside its processes; ids to the names that matter."""

    messages: Mapping[str, str]
    errors: Mapping[str, str]
    escalations: Mapping[str, str]
    language: str  # of conditions that do not name their own


# Which triggers an event may have. What BPMN knows besides (signal, conditional, compensation,
# cancel, multiple) is refused by name.
_TRIGGERS: Mapping[NodeKind, frozenset[Trigger]] = {
    NodeKind.START_EVENT: frozenset({Trigger.NONE, Trigger.MESSAGE, Trigger.TIMER}),
    NodeKind.END_EVENT: frozenset(
        {Trigger.NONE, Trigger.MESSAGE, Trigger.TERMINATE, Trigger.ERROR, Trigger.ESCALATION}
    ),
    NodeKind.CATCH_EVENT: frozenset({Trigger.MESSAGE, Trigger.TIMER, Trigger.LINK}),
    NodeKind.THROW_EVENT: frozenset({Trigger.NONE, Trigger.MESSAGE, Trigger.ESCALATION, Trigger.LINK}),
    NodeKind.BOUNDARY_EVENT: frozenset({Trigger.MESSAGE, Trigger.TIMER, Trigger.ERROR, Trigger.ESCALATION}),
}
_DEFINITIONS = {trigger.value: trigger for trigger in Trigger if trigger.value}

_CHILDREN_IGNORED = frozenset(
    [
        "documentation",
        "extensionElements",
        "incoming",
        "outgoing",
        "ioSpecification",
        "property",
        "dataInput",
        "dataOutput",
        "inputSet",
        "outputSet",
        "dataInputAssociation",
        "dataOutputAssociation",
    ]
)
# Attributes that change what the element does, with the one value that we can follow.
_ATTRIBUTES: Mapping[str, str] = {
    "isForCompensation": "false",
    "startQuantity": "1",
    "completionQuantity": "1",
    "instantiate": "false",
    "triggeredByEvent": "false",
    "parallelMultiple": "false",
    "eventGatewayType": "Exclusive",
}
_THAKI_ATTRIBUTES = frozenset(
    [
        "step",
        "handler",
        "backTo",
        "outcome",
        "calendar",
        "policy",
        "unit",
        "from",
        "due",
        "dueFrom",
        "dueCalendar",
        "duePolicy",
        "dueUnit",
        "reading",
    ]
)
_CALENDARS = frozenset({"calendar", "office"})
_UNITS = frozenset({"minutes", "hours", "days"})


def local(element: Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def required_id(element: Element) -> str:
    """The element's id, which it must have."""
    found = element.get("id", "")
    if not found:
        raise BpmnError("no_id", "", element=local(element), name=element.get("name", ""))
    return found


def text_of(element: Element, child: str) -> str:
    """Text of the children of that name, together."""
    found = element.findall(f"{{{BPMN}}}{child}")
    return "\n".join(text for each in found if (text := "".join(each.itertext()).strip()))


def node(element: Element, kind: NodeKind, scope: str, definitions: Definitions) -> Node:
    """The node that an element is."""
    node_id = required_id(element)
    _check_attributes(element)
    check_thaki_attributes(element, _THAKI_ATTRIBUTES)
    definition = _event_definition(element, kind)
    trigger = _DEFINITIONS[local(definition)] if definition is not None else Trigger.NONE
    _check_trigger(kind, trigger, scope, node_id)
    return Node(
        id=node_id,
        kind=kind,
        name=" ".join(element.get("name", "").split()),
        trigger=trigger,
        scope=scope,
        step=_thaki(element, "step"),
        handler=_thaki(element, "handler"),
        documentation=text_of(element, "documentation"),
        reading=_thaki(element, "reading"),
        timer=_timer(element, definition, node_id) if trigger is Trigger.TIMER else None,
        due=_due(element, node_id),
        message=_message(element, kind, definition, definitions),
        error=_referred(definition, "errorRef", definitions.errors, node_id),
        escalation=_referred(definition, "escalationRef", definitions.escalations, node_id),
        link=_link(definition, node_id) if trigger is Trigger.LINK else "",
        called=_called(element, node_id) if kind is NodeKind.CALL_ACTIVITY else "",
        outcome=_thaki(element, "outcome"),
        attached_to=element.get("attachedToRef", "") if kind is NodeKind.BOUNDARY_EVENT else "",
        # An error always ends the activity it happens in.
        interrupting=element.get("cancelActivity", "true") != "false" or trigger is Trigger.ERROR,
        back_to=tuple(_thaki(element, "backTo").split()),
    )


def _thaki(element: Element, name: str) -> str:
    return element.get(f"{{{THAKI}}}{name}", "").strip()


def _check_attributes(element: Element) -> None:
    for name, only in _ATTRIBUTES.items():
        value = element.get(name, only)
        if value != only:
            raise BpmnError(
                "unsupported_attribute",
                element.get("id", ""),
                element=local(element),
                attribute=name,
                value=value,
            )


def check_thaki_attributes(element: Element, known: Collection[str]) -> None:
    """Refuse attributes of our namespace that we do not know: they are slips of the pen."""
    for name in element.attrib:
        if name.startswith(f"{{{THAKI}}}") and name.rpartition("}")[2] not in known:
            raise BpmnError("unknown_attribute", element.get("id", ""), attribute=name.rpartition("}")[2])


def _event_definition(element: Element, kind: NodeKind) -> Element | None:
    """The event's definition; refuses children that would change what the element does."""
    found: list[Element] = []
    for child in element:
        name = local(child)
        if not child.tag.startswith(f"{{{BPMN}}}") or name in _CHILDREN_IGNORED:
            continue
        if kind in _TRIGGERS and name in _DEFINITIONS:
            found.append(child)
        elif kind is not NodeKind.SUB_PROCESS or name.endswith("Characteristics"):
            raise BpmnError("unsupported", element.get("id", ""), element=name)
    if len(found) > 1:
        raise BpmnError("several_triggers", element.get("id", ""))
    return found[0] if found else None


def _check_trigger(kind: NodeKind, trigger: Trigger, scope: str, node_id: str) -> None:
    allowed = _TRIGGERS.get(kind, frozenset({Trigger.NONE}))
    if kind is NodeKind.START_EVENT and scope:
        allowed = frozenset({Trigger.NONE})  # nothing but its token starts a sub-process
    if trigger not in allowed:
        raise BpmnError("unsupported_event", node_id, element=kind.value, trigger=trigger.value)


def _message(element: Element, kind: NodeKind, definition: Element | None, definitions: Definitions) -> str:
    if kind in (NodeKind.RECEIVE_TASK, NodeKind.SEND_TASK):
        source: Element | None = element
    elif definition is not None and local(definition) == Trigger.MESSAGE:
        source = definition
    else:
        return ""
    name = _referred(source, "messageRef", definitions.messages, element.get("id", ""))
    sends = kind in (NodeKind.SEND_TASK, NodeKind.THROW_EVENT, NodeKind.END_EVENT)
    if not name and not sends:
        raise BpmnError("message_missing", element.get("id", ""))
    return name


def _referred(element: Element | None, attribute: str, known: Mapping[str, str], node_id: str) -> str:
    """What a reference stands for; "" when there is none."""
    reference = element.get(attribute, "") if element is not None else ""
    if not reference:
        return ""
    found = known.get(reference) or known.get(reference.rpartition(":")[2])
    if found is None:
        raise BpmnError("reference_unknown", node_id, attribute=attribute, reference=reference)
    return found


def _link(definition: Element | None, node_id: str) -> str:
    name = definition.get("name", "") if definition is not None else ""
    if not name:
        raise BpmnError("link_without_name", node_id)
    return name


def _called(element: Element, node_id: str) -> str:
    called = element.get("calledElement", "")
    if not called:
        raise BpmnError("called_missing", node_id)
    return called


_TIMES: Mapping[str, TimerKind] = {
    "timeDuration": TimerKind.DURATION,
    "timeDate": TimerKind.DATE,
    "timeCycle": TimerKind.CYCLE,
}


def _timer(element: Element, definition: Element | None, node_id: str) -> TimerSpec:
    times = [each for each in definition if local(each) in _TIMES] if definition is not None else []
    if definition is None or len(times) != 1:
        raise BpmnError("timer_malformed", node_id, value="")

    def option(name: str) -> str:
        # Modelers put attributes of ours on the event or on its definition, as they please.
        return _thaki(element, name) or _thaki(definition, name)

    text = "".join(times[0].itertext()).strip()
    options = (option("calendar"), option("policy"), option("unit"), option("from"))
    return _spec(node_id, _TIMES[local(times[0])], text, options)


def _due(element: Element, node_id: str) -> TimerSpec | None:
    value = _thaki(element, "due")
    if not value:
        return None
    names = ("dueCalendar", "duePolicy", "dueUnit", "dueFrom")
    calendar, policy, unit, since = (_thaki(element, name) for name in names)
    options = (calendar, policy, unit, since)
    return _spec(node_id, TimerKind.DURATION, value, options)


def _spec(node_id: str, kind: TimerKind, value: str, options: tuple[str, str, str, str]) -> TimerSpec:
    calendar, policy, unit, since = options
    wellformed = {
        TimerKind.DURATION: timers.is_duration,
        TimerKind.DATE: timers.is_date,
        TimerKind.CYCLE: timers.is_cycle,
    }[kind]
    if not wellformed(value):
        raise BpmnError("timer_malformed", node_id, value=value)
    spec = TimerSpec(kind, value, calendar or "calendar", policy, unit or "minutes", since)
    if spec.calendar not in _CALENDARS or spec.unit not in _UNITS:
        raise BpmnError("timer_option", node_id, calendar=spec.calendar, unit=spec.unit)
    return spec


def is_activity(each: Node) -> bool:
    """Whether boundary events may be attached to it."""
    return each.kind in ACTIVITIES
