"""What only shows when all elements of a process are known: references, and ways in and out.

The rules are BPMN 2.0.2's (the section stands with each); they are kept apart from soundness, which
asks what happens when a diagram that is correct BPMN runs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from xml.etree.ElementTree import Element

from thaki.engine.bpmn_elements import BpmnError, is_activity
from thaki.engine.procedure import Flow, Lane, Node, NodeKind, Trigger

MAX_NODES = 2_000  # nobody can read, let alone sign, a procedure of that many

_CHOOSING = frozenset({NodeKind.EXCLUSIVE_GATEWAY, NodeKind.INCLUSIVE_GATEWAY})
_NO_WAY_IN = frozenset({NodeKind.START_EVENT, NodeKind.BOUNDARY_EVENT})


def check_unique(ids: Iterable[str]) -> None:
    """Ids are the names by which everything else knows an element."""
    for each, count in Counter(ids).items():
        if each and count > 1:
            raise BpmnError("id_twice", each)


def check_default(element: Element, node_id: str, default: str) -> None:
    """A default flow is a way out of its own node."""
    parent_says = [(each.text or "").strip() for each in element if each.tag.endswith("}outgoing")]
    if parent_says and default not in parent_says:
        raise BpmnError("default_elsewhere", node_id, flow=default)


def in_lanes(nodes: Mapping[str, Node], lanes: Mapping[str, Lane], lane_of: Mapping[str, str]) -> dict[str, Node]:
    """The nodes with their lanes; what is in a sub-process is in its lane unless it says more."""
    placed: dict[str, Node] = {}
    for node in nodes.values():  # a sub-process comes before what is inside it
        around = placed[node.scope].lane if node.scope else ""
        host = lane_of.get(node.attached_to, "")
        lane = lane_of.get(node.id) or host or around
        role = lanes[lane].role if lane else ""
        placed[node.id] = replace(node, lane=lane, role=role)
    return placed


def check(nodes: Mapping[str, Node], flows: Mapping[str, Flow]) -> None:
    """Refuse what is not a correct diagram."""
    if len(nodes) > MAX_NODES:
        raise BpmnError("too_many", "", limit=str(MAX_NODES))
    into_node: dict[str, list[Flow]] = defaultdict(list)
    out_of_node: dict[str, list[Flow]] = defaultdict(list)
    for flow in flows.values():
        _check_ends(flow, nodes)
        into_node[flow.target].append(flow)
        out_of_node[flow.source].append(flow)
    attached = {each.attached_to for each in nodes.values()}
    for node in nodes.values():
        into, out = into_node[node.id], out_of_node[node.id]
        _check_ways(node, into, out)
        _check_conditions(node, out)
        _check_attached(node, nodes)
        _check_back_to(node, nodes)
        if node.kind is NodeKind.EVENT_BASED_GATEWAY:
            _check_race(node, out, nodes, into_node, attached)
    _check_links(nodes.values())
    inside: dict[str, list[Node]] = defaultdict(list)
    for node in nodes.values():
        inside[node.scope].append(node)
    for scope in ["", *(n.id for n in nodes.values() if n.kind is NodeKind.SUB_PROCESS)]:
        _check_scope(scope, inside[scope])


def _check_ends(flow: Flow, nodes: Mapping[str, Node]) -> None:
    """A flow joins two nodes of the same process or sub-process (7.6.1)."""
    for end in (flow.source, flow.target):
        if end not in nodes:
            raise BpmnError("flow_end_unknown", flow.id, node=end)
    if nodes[flow.source].scope != nodes[flow.target].scope:
        raise BpmnError("flow_crosses", flow.id)


def _check_ways(node: Node, into: list[Flow], out: list[Flow]) -> None:
    """Starts and boundary events have no way in, ends no way out, all else has one (10.5)."""
    link = node.trigger is Trigger.LINK
    catches_link = link and node.kind is NodeKind.CATCH_EVENT
    throws_link = link and node.kind is NodeKind.THROW_EVENT
    if into and (node.kind in _NO_WAY_IN or catches_link):
        raise BpmnError("flow_into", node.id, flow=into[0].id)
    if node.kind is NodeKind.END_EVENT or throws_link:
        if out:
            raise BpmnError("flow_out_of", node.id, flow=out[0].id)
    elif not out:
        raise BpmnError("no_way_out", node.id)


def _check_conditions(node: Node, out: list[Flow]) -> None:
    """Where a gateway chooses, every way out has a condition or is the default; nowhere else."""
    chooses = node.kind in _CHOOSING and len(out) > 1
    for flow in out:
        if flow.condition is not None and (not chooses or flow.is_default):
            raise BpmnError("condition_not_here", flow.id)
        if chooses and flow.condition is None and not flow.is_default:
            raise BpmnError("condition_missing", flow.id)
        if flow.is_default and not chooses:
            raise BpmnError("default_not_here", flow.id)


def _check_attached(node: Node, nodes: Mapping[str, Node]) -> None:
    """A boundary event sits on an activity beside it (10.5.4)."""
    if node.kind is not NodeKind.BOUNDARY_EVENT:
        return
    host = nodes.get(node.attached_to)
    if host is None or not is_activity(host) or host.scope != node.scope:
        raise BpmnError("attached_nowhere", node.id, node=node.attached_to)


def _check_links(nodes: Iterable[Node]) -> None:
    """A throwing link has exactly one catching half, in its own scope (10.5.5)."""
    links = [node for node in nodes if node.trigger is Trigger.LINK]
    halves = Counter((node.link, node.scope) for node in links if node.kind is NodeKind.CATCH_EVENT)
    for node in links:
        count = halves[node.link, node.scope]
        if node.kind is NodeKind.THROW_EVENT and count != 1:
            raise BpmnError("link_halves", node.id, link=node.link, count=str(count))


def _check_back_to(node: Node, nodes: Mapping[str, Node]) -> None:
    """A task goes back to activities beside it (ours: BPMN does not draw it)."""
    if not node.back_to:
        return
    if node.kind not in (NodeKind.USER_TASK, NodeKind.MANUAL_TASK):
        raise BpmnError("back_to_not_here", node.id)
    for target in node.back_to:
        found = nodes.get(target)
        if found is None or not is_activity(found) or found.scope != node.scope:
            raise BpmnError("back_to_unknown", node.id, node=target)


def _check_race(
    node: Node,
    out: list[Flow],
    nodes: Mapping[str, Node],
    into_node: Mapping[str, list[Flow]],
    attached: Collection[str],
) -> None:
    """Behind an event-based gateway stand events that only it leads to (10.6.6)."""
    for flow in out:
        target = nodes[flow.target]
        waits = target.kind is NodeKind.RECEIVE_TASK or (
            target.kind is NodeKind.CATCH_EVENT and target.trigger is not Trigger.LINK
        )
        if not waits or len(into_node[target.id]) != 1 or target.id in attached:
            raise BpmnError("race_target", target.id, gateway=node.id)


def _check_scope(scope: str, inside: list[Node]) -> None:
    """A scope begins and ends where the diagram says so; a sub-process begins in one place."""
    begins = sum(node.kind is NodeKind.START_EVENT for node in inside)
    if begins == 0:
        raise BpmnError("no_start", scope)
    if scope and begins > 1:
        raise BpmnError("several_starts", scope)
    if not any(node.kind is NodeKind.END_EVENT for node in inside):
        raise BpmnError("no_end", scope)
