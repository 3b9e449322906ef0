"""Asking for what a token waits for, and taking it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from thaki.engine import moves as mv
from thaki.engine.errors import ProcedureError
from thaki.engine.tables import Place, Wait

if TYPE_CHECKING:
    from thaki.engine.walk import Walk


def _open_task(walk: Walk, token: int, place: Place) -> None:
    walk.moves.append(mv.OpenTask(token, place.node.id))


def _run_job(walk: Walk, token: int, place: Place) -> None:
    walk.moves.append(mv.RunJob(token, place.node.id))


def _arm_timer(walk: Walk, token: int, place: Place) -> None:
    if place.node.timer is None:  # the reader lets none through
        raise ProcedureError(place.node.id)
    walk.moves.append(mv.ArmTimer(token, place.node.id, place.node.timer))


def _await_message(walk: Walk, token: int, place: Place) -> None:
    walk.moves.append(mv.AwaitMessage(token, place.node.id, place.node.message))


def _start_case(walk: Walk, token: int, place: Place) -> None:
    walk.moves.append(mv.StartCase(token, place.node.id, place.node.called))


def _go_inside(walk: Walk, token: int, place: Place) -> None:
    for start in place.starts:
        walk.go_through(walk.places[start], token)


def _race(walk: Walk, token: int, place: Place) -> None:
    scope = walk.tokens[token].scope
    for flow in place.outgoing:
        walk.rest(walk.places[flow.target], scope, token)


ASK: Mapping[Wait, Callable[[Walk, int, Place], None]] = {
    Wait.TASK: _open_task,
    Wait.JOB: _run_job,
    Wait.TIMER: _arm_timer,
    Wait.MESSAGE: _await_message,
    Wait.CHILD: _start_case,
    Wait.SCOPE: _go_inside,
    Wait.RACE: _race,
}


def _cancel_task(token: int, node: str) -> mv.Move:
    return mv.CloseTask(token, node, mv.CloseReason.CANCELLED)


TAKE_BACK: Mapping[Wait, Callable[[int, str], mv.Move]] = {
    Wait.TASK: _cancel_task,
    Wait.JOB: mv.DropJob,
    Wait.TIMER: mv.DisarmTimer,
    Wait.MESSAGE: mv.ForgetMessage,
    Wait.CHILD: mv.DropCase,
}
