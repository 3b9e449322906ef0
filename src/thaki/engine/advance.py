"""`advance`: what happened in; where the case now is and what is to be done, out.

This module says which event applies to which token and what it does to it; `walk.py` does the rest.
The work is done on copies: an event that does not apply raises, and the marking is as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from thaki.engine import events as ev
from thaki.engine import moves as mv
from thaki.engine.asking import ASK
from thaki.engine.errors import EndlessLoop, NotApplicable, NoWayOut, ProcedureError
from thaki.engine.marking import Marking
from thaki.engine.procedure import Node, NodeKind, Procedure, TimerKind, Trigger
from thaki.engine.tables import Place, Wait
from thaki.engine.walk import Walk

__all__ = ["ANSWERS", "EndlessLoop", "NoWayOut", "NotApplicable", "ProcedureError", "advance"]

# Which wait each event answers. The rest, `Started` and `Cancelled`, are about the whole case.
ANSWERS: Mapping[type, Wait] = {
    ev.Completed: Wait.TASK,
    ev.SentBack: Wait.TASK,
    ev.Escalated: Wait.TASK,
    ev.TimerFired: Wait.TIMER,
    ev.MessageReceived: Wait.MESSAGE,
    ev.JobDone: Wait.JOB,
    ev.JobFailed: Wait.JOB,
    ev.ChildEnded: Wait.CHILD,
}


def advance(
    procedure: Procedure,
    marking: Marking,
    event: ev.Event,
    facts: Mapping[str, str],
    now: datetime | None = None,
) -> tuple[Marking, tuple[mv.Move, ...]]:
    """Apply an event to a case.

    `facts` holds a value of its domain for every fact that a gateway on the way asks. `now` is part
    of the interface for what may come to need it; today's rules turn on no clock.

    Raises NotApplicable when the event does not apply, ProcedureError when the procedure does not
    say how to go on, and FactError when a fact is missing or outside its domain.
    """
    walk = Walk(procedure, marking, facts)
    _APPLY[type(event)](walk, event)
    walk.settle()
    return walk.marking(), tuple(walk.moves)


def _apply_started(walk: Walk, event: ev.Started) -> None:
    if walk.next_token > 1:
        raise NotApplicable("already_started")
    start = event.start or _plain_start(walk.procedure)
    if start not in walk.procedure.starts:
        raise NotApplicable("no_such_start", start=start)
    walk.next_token += 1  # a case that has begun shows it, even if it waits for nothing
    walk.enter(walk.places[start], 0)


def _plain_start(procedure: Procedure) -> str:
    """The start event without a trigger, else the only one there is."""
    nodes = [procedure.nodes[start] for start in procedure.starts]
    plain = [node.id for node in nodes if node.trigger is Trigger.NONE]
    if len(plain) != 1 and len(nodes) != 1:
        raise NotApplicable("which_start", starts=" ".join(procedure.starts))
    return plain[0] if len(plain) == 1 else nodes[0].id


def _apply_cancelled(walk: Walk, event: ev.Cancelled) -> None:
    if walk.next_token == 1 or not (walk.tokens or walk.arrived):
        raise NotApplicable("not_running")
    walk.clear(0)
    walk.moves.append(mv.EndCase("cancelled", ""))


def _check_token(walk: Walk, token: int, wait: Wait) -> Place:
    """The place of the token, if it rests for just that."""
    at = walk.tokens.get(token)
    if at is None:
        raise NotApplicable("no_such_token", token=str(token))
    place = walk.places[at.node]
    if place.wait is not wait:
        raise NotApplicable("not_waiting_for_that", token=str(token), node=at.node)
    return place


def _apply_answer(walk: Walk, event: ev.Answer) -> None:
    """The token goes on."""
    place = _check_token(walk, event.token, ANSWERS[type(event)])
    at = walk.tokens[event.token]
    if place.node.kind is NodeKind.BOUNDARY_EVENT:
        _fire_boundary(walk, event.token, place)
    elif at.host:  # it won the race behind an event-based gateway
        del walk.tokens[event.token]
        walk.withdraw(at.host)
        walk.go_through(place, at.scope)
    else:
        walk.finish(event.token)


def _fire_boundary(walk: Walk, token: int, place: Place) -> None:
    at = walk.tokens.pop(token)
    if place.node.interrupting:
        walk.withdraw(at.host)
    elif _repeats(place.node, at.fired + 1):
        again = walk.put(at.node, at.scope, at.host, at.fired + 1)
        ASK[place.wait](walk, again, place)
    walk.go_through(place, at.scope)


def _repeats(node: Node, fired: int) -> bool:
    """Whether a boundary event that does not interrupt waits again after firing so often."""
    if node.timer is None:
        return True  # messages may come as long as the activity lasts
    most = node.timer.repetitions
    return node.timer.kind is TimerKind.CYCLE and (most is None or fired < most)


def _apply_sent_back(walk: Walk, event: ev.SentBack) -> None:
    place = _check_token(walk, event.token, Wait.TASK)
    if event.to_node not in place.node.back_to:
        raise NotApplicable("not_back_there", node=place.node.id, to_node=event.to_node)
    at = walk.tokens.pop(event.token)
    walk.moves.append(mv.CloseTask(event.token, at.node, mv.CloseReason.SENT_BACK))
    walk.release(event.token)
    walk.enter(walk.places[event.to_node], at.scope)


def _apply_escalated(walk: Walk, event: ev.Escalated) -> None:
    _check_token(walk, event.token, Wait.TASK)
    caught = walk.catcher(event.token, Trigger.ESCALATION, event.escalation_code)
    if caught is None:
        raise NotApplicable("escalation_not_caught", escalation=event.escalation_code)
    walk.catch(*caught)


def _apply_job_failed(walk: Walk, event: ev.JobFailed) -> None:
    _check_token(walk, event.token, Wait.JOB)
    _fail(walk, event.token, event.error_code)


def _apply_child_ended(walk: Walk, event: ev.ChildEnded) -> None:
    _check_token(walk, event.token, Wait.CHILD)
    if event.error_code:
        _fail(walk, event.token, event.error_code)
    else:
        walk.finish(event.token)


def _fail(walk: Walk, token: int, code: str) -> None:
    """Go on from what catches the error; what nothing catches is for a person to mend."""
    caught = walk.catcher(token, Trigger.ERROR, code)
    if caught is None:
        raise NotApplicable("error_not_caught", error=code)
    walk.catch(*caught)


_APPLY: Mapping[type, Callable[[Walk, Any], None]] = {
    ev.Started: _apply_started,
    ev.Completed: _apply_answer,
    ev.SentBack: _apply_sent_back,
    ev.Escalated: _apply_escalated,
    ev.TimerFired: _apply_answer,
    ev.MessageReceived: _apply_answer,
    ev.JobDone: _apply_answer,
    ev.JobFailed: _apply_job_failed,
    ev.ChildEnded: _apply_child_ended,
    ev.Cancelled: _apply_cancelled,
}
