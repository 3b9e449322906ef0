"""BPMN 2.0 XML in, procedures out.

What the engine cannot do is refused by name, with the id of the element, rather than skipped: a
diagram that says more than what runs is a lie. Data objects, annotations and the drawing itself
change nothing about what runs and are passed over; so are other tools' extension elements.

Reading is in three parts: the file and its definitions (here), one element at a time
(`bpmn_elements.py`), and what only shows when all are known (`bpmn_structure.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from thaki.engine import bpmn_elements as elements
from thaki.engine import bpmn_structure as structure
from thaki.engine.bpmn_elements import (
    BPMN,
    THAKI,
    BpmnError,
    Definitions,
    local,
    required_id,
    text_of,
)
from thaki.engine.bpmn_way import way_to
from thaki.engine.conditions import ConditionError, Fact, compile_condition, is_name, is_value
from thaki.engine.procedure import Extra, Flow, Lane, Node, NodeKind, Procedure

__all__ = ["BPMN", "THAKI", "BpmnError", "read"]

MAX_BYTES = 2_000_000  # the largest procedure we know is a tenth of that, drawing included
MAX_DEPTH = 20  # of sub-processes, lanes and extras in one another

_ROOT_IGNORED = frozenset(
    [
        "documentation",
        "extensionElements",
        "extension",
        "collaboration",
        "itemDefinition",
        "category",
        "dataStore",
        "message",
        "error",
        "escalation",
    ]
)
_SCOPE_IGNORED = frozenset(
    [
        "documentation",
        "extensionElements",
        "incoming",
        "outgoing",
        "textAnnotation",
        "association",
        "group",
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "ioSpecification",
        "property",
        "dataInputAssociation",
        "dataOutputAssociation",
    ]
)
_KINDS = {kind.value: kind for kind in NodeKind}


def read(xml: bytes) -> tuple[Procedure, ...]:
    """The executable processes of a BPMN 2.0 file, in its order. Raises BpmnError."""
    root = _parse(xml)
    if root.tag != f"{{{BPMN}}}definitions":
        raise BpmnError("not_bpmn", "", element=local(root))
    processes = [each for each in _children(root) if local(each) == "process"]
    for each in _children(root):
        if local(each) not in _ROOT_IGNORED | {"process"}:
            raise BpmnError("unsupported", each.get("id", ""), element=local(each))
    definitions = _definitions(root)
    executable = [each for each in processes if each.get("isExecutable", "true") != "false"]
    if not executable:
        raise BpmnError("no_process", "")
    structure.check_unique(each.get("id", "") for each in root.iter() if each.tag.startswith(f"{{{BPMN}}}"))
    return tuple(_process_or_way(each, definitions) for each in executable)


def _parse(xml: bytes) -> Element:
    if len(xml) > MAX_BYTES:
        raise BpmnError("too_big", "", limit=str(MAX_BYTES))
    try:
        # BPMN needs no document type, and every entity trick needs one.
        root: Element = fromstring(xml, forbid_dtd=True)
    except DefusedXmlException as error:
        raise BpmnError("xml_forbidden", "") from error
    except ParseError as error:
        line, column = error.position
        raise BpmnError("not_xml", "", line=str(line), column=str(column + 1)) from error
    except (LookupError, ValueError) as error:  # an encoding that there is not, or not for XML
        raise BpmnError("not_xml", "", line="1", column="1") from error
    return root


def _children(element: Element) -> Iterator[Element]:
    """Children that are BPMN's own."""
    return (each for each in element if each.tag.startswith(f"{{{BPMN}}}"))


def _definitions(root: Element) -> Definitions:
    """What the elements of the processes refer to by id."""
    names: dict[str, dict[str, str]] = {"message": {}, "error": {}, "escalation": {}}
    for each in _children(root):
        kind = local(each)
        if kind == "message":
            names[kind][required_id(each)] = each.get("name") or required_id(each)
        elif kind in names:
            code = each.get(f"{kind}Code") or each.get("name") or required_id(each)
            names[kind][required_id(each)] = code
    return Definitions(
        messages=names["message"],
        errors=names["error"],
        escalations=names["escalation"],
        language=root.get("expressionLanguage", ""),
    )


def _process_or_way(process: Element, definitions: Definitions) -> Procedure:
    """One process; a refusal tells the way to what is refused."""
    try:
        return _process(process, definitions)
    except BpmnError as error:
        error.path = way_to(process, error.element_id)
        raise


def _process(process: Element, definitions: Definitions) -> Procedure:
    """One process, read and checked."""
    extras = _extras(process)
    header = next((each for each in extras if each.tag == "procedure"), Extra("procedure", {}))
    facts = _facts(extras)
    reading = _Reading(definitions, facts)
    reading.scope(process, "", 0)
    nodes = structure.in_lanes(reading.nodes, reading.lanes, reading.lane_of)
    structure.check(nodes, reading.flows)
    return Procedure(
        id=required_id(process),
        name=process.get("name") or required_id(process),
        nodes=nodes,
        flows=reading.flows,
        lanes=reading.lanes,
        facts=facts,
        code=header.attributes.get("code", ""),
        prefix=header.attributes.get("prefix", ""),
        documentation=text_of(process, "documentation"),
        readings={each.attributes.get("code", ""): each.text for each in extras if each.tag == "reading"},
        extras=tuple(each for each in extras if each.tag not in ("fact", "reading")),
    )


class _Reading:
    """One process while it is being read."""

    def __init__(self, definitions: Definitions, facts: Mapping[str, Fact]) -> None:
        self.definitions = definitions
        self.facts = facts
        self.nodes: dict[str, Node] = {}
        self.flows: dict[str, Flow] = {}
        self.lanes: dict[str, Lane] = {}
        self.lane_of: dict[str, str] = {}  # node id -> lane id
        self._defaults: set[str] = set()  # flow ids

    def scope(self, parent: Element, scope: str, depth: int) -> None:
        """Read a process or sub-process with all inside it."""
        if depth > MAX_DEPTH:
            raise BpmnError("too_deep", scope)
        children = list(_children(parent))
        for each in children:
            kind = local(each)
            if kind in _KINDS:
                self._node(each, scope, depth)
            elif kind == "laneSet":
                self._lane_set(each, depth)
            elif kind != "sequenceFlow" and kind not in _SCOPE_IGNORED:
                raise BpmnError("unsupported", each.get("id", ""), element=kind)
        for each in children:
            if local(each) == "sequenceFlow":
                self._flow(each)

    def _node(self, element: Element, scope: str, depth: int) -> None:
        node = elements.node(element, _KINDS[local(element)], scope, self.definitions)
        self.nodes[node.id] = node
        default = element.get("default")
        if default:
            self._defaults.add(default)
            structure.check_default(element, node.id, default)
        if node.kind is NodeKind.SUB_PROCESS:
            self.scope(element, node.id, depth + 1)

    def _flow(self, element: Element) -> None:
        flow = Flow(
            id=required_id(element),
            source=element.get("sourceRef", ""),
            target=element.get("targetRef", ""),
            name=element.get("name", ""),
            is_default=element.get("id") in self._defaults,
        )
        expression = element.find(f"{{{BPMN}}}conditionExpression")
        if expression is not None:
            flow = self._with_condition(flow, expression)
        self.flows[flow.id] = flow

    def _with_condition(self, flow: Flow, expression: Element) -> Flow:
        language = expression.get("language", "") or self.definitions.language
        if language and "cel" not in language.lower():
            raise BpmnError("expression_language", flow.id, language=language)
        try:
            condition = compile_condition("".join(expression.itertext()).strip(), self.facts)
        except ConditionError as error:
            raise BpmnError(error.code, flow.id, **error.params) from error
        return replace(flow, condition=condition)

    def _lane_set(self, lane_set: Element, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise BpmnError("too_deep", lane_set.get("id", ""))
        for element in _children(lane_set):
            if local(element) == "lane":
                self._lane(element, depth)

    def _lane(self, element: Element, depth: int) -> None:
        lane_id = required_id(element)
        elements.check_thaki_attributes(element, {"role"})
        self.lanes[lane_id] = Lane(id=lane_id, name=element.get("name", ""), role=element.get(f"{{{THAKI}}}role", ""))
        for each in _children(element):
            if local(each) == "flowNodeRef":
                self.lane_of[(each.text or "").strip()] = lane_id
        # Lanes inside come after and take their nodes from the one around them.
        for each in _children(element):
            if local(each) == "childLaneSet":
                self._lane_set(each, depth + 1)


def _extras(process: Element) -> tuple[Extra, ...]:
    """All `thaki:` elements of the process, those inside `thaki:procedure` among them."""
    found: list[Extra] = []
    for holder in process.findall(f"{{{BPMN}}}extensionElements"):
        for each in holder:
            if each.tag.startswith(f"{{{THAKI}}}"):
                extra = _extra(each, 0)
                found.append(extra)
                if extra.tag == "procedure":
                    found.extend(extra.extras)
    return tuple(found)


def _extra(element: Element, depth: int) -> Extra:
    if depth > MAX_DEPTH:
        raise BpmnError("too_deep", element.get("id", ""))
    return Extra(
        tag=local(element),
        attributes=dict(element.attrib),
        text=(element.text or "").strip(),
        extras=tuple(_extra(each, depth + 1) for each in element),
    )


def _facts(extras: tuple[Extra, ...]) -> Mapping[str, Fact]:
    facts: dict[str, Fact] = {}
    for extra in extras:
        if extra.tag == "fact":
            fact = _fact(extra)
            if fact.name in facts:
                raise BpmnError("fact_twice", "", fact=fact.name)
            facts[fact.name] = fact
    return facts


def _fact(extra: Extra) -> Fact:
    name = extra.attributes.get("name", "")
    values = {
        each.attributes.get("name", ""): each.attributes.get("label") or each.attributes.get("name", "")
        for each in extra.extras
        if each.tag == "value"
    }
    if not is_name(name):
        raise BpmnError("fact_name", "", fact=name)
    if not values or not all(is_value(value) for value in values):
        raise BpmnError("fact_values", "", fact=name)
    return Fact(name, extra.attributes.get("label") or name, values)
