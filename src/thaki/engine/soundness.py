"""Whether a procedure may be published: everything a case can run into, found beforehand.

Three kinds of questions, the cheap ones first: does every element say what it must (`_elements`);
does every gateway have one way out, whatever the facts (`gateways.py`); and does every case come to
an end, through every step, leaving nothing behind (`states.py` tries it all out, `_behaviour` reads
the result). Findings are codes and node ids; the words are made where they are shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from thaki.engine import timers
from thaki.engine.findings import CODES, Finding
from thaki.engine.gateways import check_gateways
from thaki.engine.procedure import JOBS, TASKS, Node, NodeKind, Procedure, TimerKind
from thaki.engine.states import MAX_STATES, Space, State, explore, possible_events

__all__ = ["CODES", "Finding", "check"]

_NEEDS_HANDLER = JOBS | {NodeKind.USER_TASK}


def check(
    procedure: Procedure,
    *,
    handlers: Collection[str] | None = None,
    roles: Collection[str] | None = None,
    procedures: Collection[str] | None = None,
    messages: Collection[str] | None = None,
    moments: Collection[str] | None = None,
    limit: int = MAX_STATES,
) -> tuple[Finding, ...]:
    """All findings, in the order of `CODES` and then by the length of the path.

    `handlers`, `roles`, `procedures` (that may be called), `messages` (that somebody receives) and `moments` (from which
    timers may count) are the codes that exist; None leaves them unchecked. `limit` is the
    number of states to try; a procedure with more is found too large.
    """
    space = explore(procedure, limit)
    found = [
        *_elements(procedure, space, handlers, roles),
        *_neighbours(procedure, space, procedures, messages),
        *_moments(procedure, space, moments),
        *check_gateways(procedure, space.path_to),
        *_behaviour(procedure, space, limit),
    ]
    order = {code: number for number, code in enumerate(CODES)}
    return tuple(sorted(found, key=lambda each: (order[each.code], len(each.path), each.node)))


# -- single elements ---------------------------------------------------------------------------


def _elements(
    procedure: Procedure,
    space: Space,
    handlers: Collection[str] | None,
    roles: Collection[str] | None,
) -> Iterator[Finding]:
    for lane in procedure.lanes.values():
        if not lane.role:
            yield Finding("lane_without_role", lane.id)
        elif roles is not None and lane.role not in roles:
            yield Finding("role_unknown", lane.id, {"role": lane.role})
    for node in procedure.nodes.values():
        codes = [*_handler(node, handlers), *_timer(node)]
        if node.kind in TASKS and not node.lane:
            codes.append(("no_lane", {}))
        for code, params in codes:
            yield Finding(code, node.id, params, space.path_to(node.id))


_AWAITING = frozenset({NodeKind.START_EVENT, NodeKind.CATCH_EVENT, NodeKind.BOUNDARY_EVENT, NodeKind.RECEIVE_TASK})


def _neighbours(
    procedure: Procedure, space: Space, procedures: Collection[str] | None, messages: Collection[str] | None
) -> Iterator[Finding]:
    """What it asks of others: the procedures that it calls, and those who give it the messages that it waits for."""
    for node in procedure.nodes.values():
        if procedures is not None and node.called and node.called not in procedures:
            yield Finding("called_unknown", node.id, {"called": node.called}, space.path_to(node.id))
        if messages is not None and node.kind in _AWAITING and node.message and node.message not in messages:
            yield Finding("message_unknown", node.id, {"message": node.message}, space.path_to(node.id))


def _moments(procedure: Procedure, space: Space, moments: Collection[str] | None) -> Iterator[Finding]:
    """Moments that timers and due times count from, and the procedure's record does not know."""
    for node in procedure.nodes.values():
        for spec in (node.timer, node.due):
            if moments is not None and spec is not None and spec.since and spec.since not in moments:
                yield Finding("moment_unknown", node.id, {"moment": spec.since}, space.path_to(node.id))


def _handler(node: Node, handlers: Collection[str] | None) -> Iterator[tuple[str, dict[str, str]]]:
    if not node.handler:
        if node.kind in _NEEDS_HANDLER:
            yield "no_handler", {}
    elif handlers is not None and node.handler not in handlers:
        yield "handler_unknown", {"handler": node.handler}


def _timer(node: Node) -> Iterator[tuple[str, dict[str, str]]]:
    """A timer fires at some time, and not for ever; only a start may go on for ever."""
    for spec in (node.timer, node.due):
        if spec is None:
            continue
        length = spec.value.rpartition("/")[2]
        if spec.kind is not TimerKind.DATE and not spec.since and timers.is_nothing(length):
            yield "timer_at_once", {"value": spec.value}
        elif spec.repetitions is None and node.kind is not NodeKind.START_EVENT:
            yield "timer_unbounded", {"value": spec.value}


# -- what happens when it runs -----------------------------------------------------------------


def _behaviour(procedure: Procedure, space: Space, limit: int) -> Iterator[Finding]:
    for node, path in space.loops.items():
        yield Finding("endless_loop", node, path=path)
    for node, path in space.twice.items():
        yield Finding("twice", node, path=path)
    stuck = list(_stuck(procedure, space))
    yield from stuck
    if not space.complete:
        yield Finding("too_large", "", {"states": str(len(space.states)), "limit": str(limit)})
    else:
        yield from _never_ends(space)
    joins = {join for each in stuck for join in each.params["joins"].split()}
    known = joins | set(space.twice) | set(space.loops)
    yield from _dead_steps(procedure, space, known)


def _stuck(procedure: Procedure, space: Space) -> Iterator[Finding]:
    """States after which nothing can happen, though the case has not ended; one for each place."""
    told: set[tuple[str, str]] = set()
    for index, state in enumerate(space.states):
        if not _is_stuck(space, state):
            continue
        joins = sorted({procedure.flows[flow].target for _, flow in state.marking.arrived})
        code = "token_left" if state.end_reached else "stuck"
        if (code, " ".join(joins)) not in told:
            told.add((code, " ".join(joins)))
            path = space.path(index)
            where = joins[0] if joins else path[-1]
            yield Finding(code, where, {"joins": " ".join(joins)}, path)


def _is_stuck(space: Space, state: State) -> bool:
    """Whether nothing can happen any more; what is cut off has its own finding."""
    if state.cut or state.marking.ended:
        return False
    return next(possible_events(space.procedure, state.marking), None) is None


def _never_ends(space: Space) -> Iterator[Finding]:
    """The first state from which neither an end nor anything reported already can be reached."""
    before: dict[int, list[int]] = {}
    for index, state in enumerate(space.states):
        for after in state.next:
            before.setdefault(after, []).append(index)
    todo = [i for i, state in enumerate(space.states) if _is_told(space, i, state.cut)]
    safe = set(todo)
    while todo:
        for index in before.get(todo.pop(), ()):
            if index not in safe:
                safe.add(index)
                todo.append(index)
    lost = next((i for i in range(len(space.states)) if i not in safe), None)
    if lost is not None:
        path = space.path(lost)
        yield Finding("never_ends", path[-1] if path else "", path=path)


def _is_told(space: Space, index: int, cut: bool) -> bool:
    """Whether the state is an end, or a dead end that has its own finding."""
    return cut or space.states[index].marking.ended or not space.states[index].next


def _dead_steps(procedure: Procedure, space: Space, known: Collection[str]) -> Iterator[Finding]:
    """Nodes that no case comes to; of a stretch of them, where it begins.

    Where the search was cut short, only nodes that no arrows lead to.
    """
    tried_all = space.complete and not space.twice
    alive = set(space.seen) if tried_all else _reachable(procedure, procedure.starts)
    dead = [node for node in procedure.nodes if node not in alive]
    explained = _reachable(procedure, [node for node in known if node not in space.seen])
    told = set(explained)
    entered = {after for node in dead for after in _next(procedure, node) if after != node}
    first = [node for node in dead if node not in entered]
    for node in (*first, *dead):
        if node not in told:
            told |= _reachable(procedure, [node])
            yield Finding("dead_step", node)


def _reachable(procedure: Procedure, nodes: Collection[str]) -> set[str]:
    """The nodes and all that the arrows lead to from them."""
    found: set[str] = set()
    todo = list(nodes)
    while todo:
        here = todo.pop()
        if here not in found:
            found.add(here)
            todo.extend(_next(procedure, here))
    return found


def _next(procedure: Procedure, node: str) -> list[str]:
    place = procedure.places[node]
    return [
        *(flow.target for flow in place.outgoing),
        *(each.id for each in (*place.armed, *place.catchers)),
        *place.starts,
        *([place.link] if place.link else []),
        *place.node.back_to,
    ]
