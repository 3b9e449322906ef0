"""What happens at the nodes that wait for nothing: gateways, and events that only happen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from thaki.engine import moves as mv
from thaki.engine.errors import NoWayOut
from thaki.engine.procedure import Node, NodeKind, Trigger
from thaki.engine.tables import Place

if TYPE_CHECKING:
    from thaki.engine.walk import Walk


def outcome_of(node: Node) -> str:
    """How a case says that it ended, if it ended here."""
    return node.outcome or node.name or node.error or node.id


def _go_through(walk: Walk, place: Place, scope: int) -> None:
    walk.go_through(place, scope)


def _choose_one(walk: Walk, place: Place, scope: int) -> None:
    """An exclusive gateway: the first condition that holds, else the default."""
    if len(place.outgoing) == 1:
        walk.go_through(place, scope)
        return
    for flow in place.conditional:
        if flow.condition is not None and flow.condition.holds(walk.facts):
            walk.go_through(place, scope, (flow,))
            return
    _take_default(walk, place, scope)


def _choose_some(walk: Walk, place: Place, scope: int) -> None:
    """An inclusive gateway: every condition that holds, else the default."""
    if len(place.outgoing) == 1:
        walk.go_through(place, scope)
        return
    flows = tuple(flow for flow in place.conditional if flow.condition is not None and flow.condition.holds(walk.facts))
    if flows:
        walk.go_through(place, scope, flows)
    else:
        _take_default(walk, place, scope)


def _take_default(walk: Walk, place: Place, scope: int) -> None:
    if place.default is None:
        raise NoWayOut(place.node.id)
    walk.go_through(place, scope, (place.default,))


def _throw(walk: Walk, place: Place, scope: int) -> None:
    """An intermediate event that throws: a link jumps, an escalation rises, a message is drawn."""
    if place.link:
        walk.moves.append(mv.Passed(place.node.id))
        walk.enter(walk.places[place.link], scope)
        return
    walk.go_through(place, scope)
    if place.node.trigger is Trigger.ESCALATION:
        _escalate(walk, place, scope)


def _escalate(walk: Walk, place: Place, scope: int) -> None:
    """Rise to the nearest sub-process that catches it; uncaught, it does nothing."""
    caught = walk.catcher(scope, Trigger.ESCALATION, place.node.escalation)
    if caught is not None:
        walk.catch(*caught)


def end(walk: Walk, place: Place, scope: int) -> None:
    """An end event: the token is gone."""
    walk.moves.append(mv.Passed(place.node.id))
    node = place.node
    # An outcome that the procedure names outweighs the mere names of other ends.
    if not scope and (node.outcome or not _names_outcome(walk)):
        walk.outcome = node.id
    walk.emptied.add(scope)
    if node.trigger is Trigger.TERMINATE:
        walk.clear(scope)
        walk.emptied.add(scope)
    elif node.trigger is Trigger.ERROR:
        _throw_error(walk, place, scope)
    elif node.trigger is Trigger.ESCALATION:
        _escalate(walk, place, scope)


def _names_outcome(walk: Walk) -> bool:
    return bool(walk.outcome and walk.places[walk.outcome].node.outcome)


def _throw_error(walk: Walk, place: Place, scope: int) -> None:
    """An error gives up the sub-processes up to the one that catches it; uncaught, the case."""
    caught = walk.catcher(scope, Trigger.ERROR, place.node.error)
    if caught is not None:
        walk.catch(*caught)
        return
    walk.clear(0)
    walk.emptied.clear()
    walk.outcome = place.node.id
    walk.moves.append(mv.EndCase(outcome_of(place.node), place.node.id, place.node.error or place.node.id))


PASS: Mapping[NodeKind, Callable[[Walk, Place, int], None]] = {
    NodeKind.START_EVENT: _go_through,
    NodeKind.END_EVENT: end,
    NodeKind.CATCH_EVENT: _go_through,  # the catching half of a link
    NodeKind.THROW_EVENT: _throw,
    NodeKind.EXCLUSIVE_GATEWAY: _choose_one,
    NodeKind.PARALLEL_GATEWAY: _go_through,
    NodeKind.INCLUSIVE_GATEWAY: _choose_some,
}
