"""What each event does to a move: the step's, the message's or the job's own operation, then the engine.

Called by `runtime` under the case's lock; nothing here opens a transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from thaki.cases import policies, store
from thaki.cases.language import of_the_house
from thaki.cases.move import Move
from thaki.cases.policies import NotNow
from thaki.cases.registry import Action, Receiver, Step, StepRefused, Work
from thaki.cases.rows import Kind
from thaki.engine import events as ev
from thaki.engine.advance import NotApplicable
from thaki.engine.procedure import Node


class AnswerInvalid(Exception):
    """The answer to a step cannot be taken; `form` holds what was typed, and the errors beside the fields."""

    def __init__(self, form: forms.Form) -> None:
        super().__init__(form.errors.as_json())
        self.form = form


class NotAwaited(NotNow):
    """The case does not wait for that message (now)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person sent for a step: the fields as they came, and the uploaded files."""

    data: Mapping[str, Any]
    files: Mapping[str, Any] | None = None


def happen(move: Move, event: ev.Event, answer: Any) -> None:
    """Let the event happen. `answer` is what comes with it: an `Answer`, a message's payload, or the reason of a person."""
    _HAPPEN[type(event)](move, event, answer)


def act(action: Action, work: Work, answer: Answer, move: Move) -> None:
    """Do an action, and give the case the message that it leads to; without one the case stays where it is."""
    form = action.form(answer.data, answer.files, work=work)
    if not form.is_valid():
        raise AnswerInvalid(form)
    try:
        with of_the_house():
            message = action.perform(work, form.cleaned_data)
    except StepRefused as refused:
        _add_errors(form, refused)
        raise AnswerInvalid(form) from refused
    if message:
        _receive(move, ev.MessageReceived(awaiting(move, message)), {}, work)
    else:
        move.collect(work)
        move.enter(Kind.NOTED, None, {"notes": work.notes, **move.about})


def _complete(move: Move, event: ev.Completed, answer: Any) -> None:
    assert move.task is not None
    node = move.procedure.nodes[move.task.node]
    work = move.work(node.id, move.task)
    if move.by is not None:
        move.changes.answered.append({"task": move.task.pk, "by_id": move.by.pk})
        if isinstance(answer, Answer) and answer.data:
            move.changes.typed.append({"task": move.task.pk, "row": store.dumps(_typed(answer.data))})
    if node.handler:
        _do_step(move.app.step(node.handler), work, answer)
    move.collect(work)
    if move.by is not None and move.case.owner_id is None and node.role == move.lead_role:
        move.case.owner_id = move.by.pk
    move.advance(event, Kind.COMPLETED, node, work)


def _typed(data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as they came, in the form of a draft: names with all their values."""
    if isinstance(data, QueryDict):
        return dict(data.lists())
    return {name: [str(value)] for name, value in data.items()}


def _do_step(step: Step, work: Work, answer: Answer | None) -> None:
    given = answer or Answer({})
    form = build_form(step, work, given)
    if not form.is_valid():
        raise AnswerInvalid(form)
    try:
        with of_the_house():
            step.complete(work, form.cleaned_data)
    except StepRefused as refused:
        _add_errors(form, refused)
        raise AnswerInvalid(form) from refused


def _add_errors(form: forms.Form, refused: StepRefused) -> None:
    for name, text in refused.errors.items():
        form.add_error(name if name in form.fields else None, text)


def build_form(step: Step, work: Work, answer: Answer | None = None) -> forms.Form:
    """The form of a step, filled with an answer, or empty. Screens, rehearsals and the runtime all build it here."""
    if answer is None:
        return step.form(work=work)
    return step.form(answer.data, answer.files, work=work)


def _send_back(move: Move, event: ev.SentBack, reason: Any) -> None:
    assert move.task is not None
    node = move.procedure.nodes[move.task.node]
    policies.check_can_send_back(node, event.to_node)
    work = move.work(node.id, move.task)
    step = move.app.step(node.handler) if node.handler else None
    if step and step.sent_back:
        step.sent_back(work, event.to_node, str(reason or ""))
    work.note(to=event.to_node)
    move.collect(work)
    move.advance(event, Kind.SENT_BACK, node, work)


def _fire(move: Move, event: ev.TimerFired, answer: Any) -> None:
    node = node_of(move, event.token)
    work = move.work(node.id)
    if move.app.timer_fired:
        move.app.timer_fired(work)
        move.collect(work)
    move.advance(event, Kind.TIMER_FIRED, node, work)


def _receive(move: Move, event: ev.MessageReceived, payload: Any, work: Work | None = None) -> None:
    """`work` is that of the action which the message comes from."""
    node = node_of(move, event.token)
    work = work or move.work(node.id)
    work.node = node.id
    for receiver in _receivers(move, node.message):
        receiver.receive(work, dict(payload or {}))
    work.note(message=node.message)
    move.collect(work)
    move.advance(event, Kind.MESSAGE, node, work)


def _receivers(move: Move, message: str) -> tuple[Receiver, ...]:
    return tuple(receiver for receiver in move.app.receivers if receiver.message == message)


def _answer_job(move: Move, event: ev.JobDone | ev.JobFailed | ev.ChildEnded, answer: Any) -> None:
    node = node_of(move, event.token)
    work = move.work(node.id)
    if isinstance(event, ev.JobFailed):
        work.note(error=event.error_code)
    move.advance(event, Kind.PASSED, node, work)


def _escalate(move: Move, event: ev.Escalated, answer: Any) -> None:
    move.advance(event, Kind.ESCALATED, node_of(move, event.token))


def _cancel(move: Move, event: ev.Cancelled, reason: Any) -> None:
    policies.check_can_cancel(move.case)
    move.advance(event, Kind.CANCELLED, None)


def node_of(move: Move, token: int) -> Node:
    """The node where the token rests; the engine's NotApplicable when it does not (any more)."""
    at = move.marking.tokens.get(token)
    if at is None:
        raise NotApplicable("no_such_token", token=str(token))
    return move.procedure.nodes[at.node]


def awaiting(move: Move, message: str) -> int:
    """The lowest token that rests where the message is awaited."""
    nodes = move.procedure.nodes
    tokens = [token for token, at in move.marking.tokens.items() if nodes[at.node].message == message]
    if not tokens:
        raise NotAwaited(_("El caso no espera eso ahora."))
    return min(tokens)


_HAPPEN: Mapping[type, Callable[[Move, Any, Any], None]] = {
    ev.Completed: _complete,
    ev.SentBack: _send_back,
    ev.TimerFired: _fire,
    ev.MessageReceived: _receive,
    ev.JobDone: _answer_job,
    ev.JobFailed: _answer_job,
    ev.ChildEnded: _answer_job,
    ev.Escalated: _escalate,
    ev.Cancelled: _cancel,
}
