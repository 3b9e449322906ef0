"""Diagrams in a few lines of text, for tests: turned into BPMN 2.0 XML, so the reader is used too.

One statement a line:

    user A handler=x.y back=B,C            an element: its kind, its id, its options
    S -> A -> G                            flows
    G -> B when offer == "yes"             a flow with a condition
    G -> C else                            the default flow
    sub P                                  a sub-process; elements with in=P are inside it
    boundary T on=A timer=P1D soft         a boundary event; soft does not interrupt

Facts are given as {"offer": "unknown yes no"}. User tasks get a handler and everything a lane,
unless they say otherwise (handler=-), so that what a test does not mention is in order.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from thaki.engine.bpmn import BPMN, THAKI, read
from thaki.engine.procedure import Procedure

KINDS = {
    "start": "startEvent", "end": "endEvent", "catch": "intermediateCatchEvent",
    "throw": "intermediateThrowEvent", "boundary": "boundaryEvent", "user": "userTask",
    "manual": "manualTask", "service": "serviceTask", "send": "sendTask", "receive": "receiveTask",
    "rule": "businessRuleTask", "call": "callActivity", "sub": "subProcess", "xor": "exclusiveGateway",
    "and": "parallelGateway", "or": "inclusiveGateway", "race": "eventBasedGateway",
}  # fmt: skip
_TIMES = {"timer": "timeDuration", "date": "timeDate", "cycle": "timeCycle"}
_REFERRED = ("message", "error", "escalation")
_HANDLED = ("user", "service", "send", "rule")


class _Element:
    """One element of the diagram while it is drawn."""

    def __init__(self, kind: str, name: str, options: list[str]) -> None:
        self.kind = kind
        self.id = name
        self.options = dict(each.partition("=")[::2] for each in options)

    def get(self, option: str) -> str:
        return self.options.get(option, "")


def draw(text: str, facts: Mapping[str, str] | None = None, lanes: bool = True) -> bytes:
    """The diagram as BPMN 2.0 XML."""
    elements: dict[str, _Element] = {}
    flows: list[tuple[str, str, str]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if "->" in line:
            flows.extend(_flows(line))
        else:
            kind, name, *options = line.split()
            elements[name] = _Element(kind, name, options)
    return _document(elements, flows, facts or {}, lanes)


def procedure(text: str, facts: Mapping[str, str] | None = None) -> Procedure:
    """The diagram as a procedure."""
    (found,) = read(draw(text, facts))
    return found


def _flows(line: str) -> list[tuple[str, str, str]]:
    """(source, target, condition) of each arrow; the condition stands on the last one."""
    path, _, condition = line.partition(" when ")
    if path.endswith(" else"):
        path, condition = path.removesuffix(" else"), "else"
    nodes = [each.strip() for each in path.split("->")]
    pairs = list(pairwise(nodes))
    return [(a, b, condition.strip() if (a, b) == pairs[-1] else "") for a, b in pairs]


def _document(
    elements: Mapping[str, _Element], flows: list[tuple[str, str, str]], facts: Mapping[str, str], lanes: bool
) -> bytes:
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<definitions xmlns="{BPMN}" xmlns:thaki="{THAKI}" id="Definitions" targetNamespace="urn:test"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" expressionLanguage="https://cel.dev">',
        *_definitions(elements),
        '<process id="test" name="Test" isExecutable="true">',
        _extensions(facts),
    ]
    if lanes:
        refs = "".join(f"<flowNodeRef>{each}</flowNodeRef>" for each, e in elements.items() if not e.get("in"))
        lines.append(f'<laneSet id="Lanes"><lane id="Lane_1" name="Lane" thaki:role="clerk">{refs}</lane></laneSet>')
    lines += [*_scope("", elements, flows), "</process>", "</definitions>"]
    return "\n".join(lines).encode()


def _definitions(elements: Mapping[str, _Element]) -> list[str]:
    used = {(kind, e.get(kind)) for e in elements.values() for kind in _REFERRED if e.get(kind)}
    code = {"message": "", "error": "errorCode", "escalation": "escalationCode"}
    return [
        f'<{kind} id="{kind}_{name}" name="{name}"' + (f' {code[kind]}="{name}"' if code[kind] else "") + "/>"
        for kind, name in sorted(used)
        if name != "any"
    ]


def _extensions(facts: Mapping[str, str]) -> str:
    inner = "".join(
        f'<thaki:fact name="{name}" label="{name}">'
        + "".join(f'<thaki:value name="{value}"/>' for value in values.split())
        + "</thaki:fact>"
        for name, values in facts.items()
    )
    return f'<extensionElements><thaki:procedure code="test" prefix="TST"/>{inner}</extensionElements>'


def _scope(scope: str, elements: Mapping[str, _Element], flows: list[tuple[str, str, str]]) -> list[str]:
    lines: list[str] = []
    numbered = [(f"F{number}", *flow) for number, flow in enumerate(flows, 1)]
    for element in elements.values():
        if element.get("in") == scope:
            lines += _element(element, elements, flows, numbered)
    for name, source, target, condition in numbered:
        if source in elements and elements[source].get("in") != scope:
            continue
        if source not in elements and scope:
            continue
        inside = (
            f'<conditionExpression xsi:type="tFormalExpression">{escape(condition)}</conditionExpression>'
            if condition not in ("", "else")
            else ""
        )
        lines.append(f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>')
    return lines


def _element(
    element: _Element,
    elements: Mapping[str, _Element],
    flows: list[tuple[str, str, str]],
    numbered: list[tuple[str, str, str, str]],
) -> list[str]:
    attributes = {"id": element.id, "name": element.get("name") or element.id}
    handler = element.get("handler") or ("test.work" if element.kind in _HANDLED else "")
    if handler not in ("", "-"):
        attributes["thaki:handler"] = handler
    for option, attribute in {
        "back": "thaki:backTo", "outcome": "thaki:outcome", "on": "attachedToRef", "calls": "calledElement",
        "step": "thaki:step", "due": "thaki:due",
    }.items():  # fmt: skip
        if element.get(option):
            attributes[attribute] = element.get(option).replace(",", " ")
    if element.kind == "receive":
        attributes["messageRef"] = f"message_{element.get('message')}"
    if "soft" in element.options:
        attributes["cancelActivity"] = "false"
    default = [name for name, source, _, condition in numbered if source == element.id and condition == "else"]
    if default:
        attributes["default"] = default[0]
    tag = KINDS.get(element.kind, element.kind)
    inner = _scope(element.id, elements, flows) if element.kind == "sub" else [_event(element)]
    incoming = [f"<incoming>{name}</incoming>" for name, _, target, _ in numbered if target == element.id]
    outgoing = [f"<outgoing>{name}</outgoing>" for name, source, _, _ in numbered if source == element.id]
    opening = " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items())
    return [f"<{tag} {opening}>", *incoming, *outgoing, *inner, f"</{tag}>"]


def _event(element: _Element) -> str:
    """The event definition, if it is an event that has one."""
    if element.kind not in ("start", "end", "catch", "throw", "boundary"):
        return ""
    definition = f'id="def_{element.id}"'
    for option, tag in _TIMES.items():
        if element.get(option):
            time = f'<{tag} xsi:type="tFormalExpression">{element.get(option)}</{tag}>'
            return f"<timerEventDefinition {definition}>{time}</timerEventDefinition>"
    for kind in _REFERRED:
        name = element.get(kind)
        if name:
            ref = f' {kind}Ref="{kind}_{name}"' if name != "any" else ""
            return f"<{kind}EventDefinition {definition}{ref}/>"
    if element.get("link"):
        return f'<linkEventDefinition {definition} name="{element.get("link")}"/>'
    return f"<terminateEventDefinition {definition}/>" if "terminate" in element.options else ""
