"""What the procedures tell the runtime about themselves at start-up.

`cases` lies below the procedures and never imports them: a procedure registers a `ProcedureApp` when its Django application is
ready, and the runtime, the screens, the rehearsal and the soundness check all read it here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django import forms
    from django.utils.functional import _StrPromise

    from thaki.cases.models import Case, Effect, Task
    from thaki.people.models import User


class EffectError(Exception):
    """An outside effect could not be done; `retry` says whether trying again later may help."""

    def __init__(self, message: str, *, retry: bool) -> None:
        super().__init__(message)
        self.retry = retry


class StepRefused(Exception):
    """The step's own rules refuse the answer; `errors` maps a field's name ("" for the whole form) to a sentence in Spanish."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = dict(errors)


@dataclass(slots=True)
class Work:
    """One stretch of work inside `deliver`'s transaction, handed to a step, a job or a receiver."""

    case: Case
    record: Any  # the procedure's own record (a Sale, a Retention), already locked
    now: datetime  # never earlier than the case's last event
    by: User | None  # None: the system itself (a timer, a job)
    task: Task | None = None  # the task being completed or shown
    node: str = ""  # the BPMN node that is being worked
    effects: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)  # short values and ids for the history event; no personal data
    after: list[tuple[int, str, dict[str, Any]]] = field(
        default_factory=list
    )  # (case id, message, payload): see `tell`

    def effect(self, kind: str, key: str, payload: dict[str, Any]) -> None:
        """Ask for an outside effect (mail, BSS) once this transaction commits; `key` is unique for ever: twice is once."""
        self.effects.append((kind, key, payload))

    def note(self, **values: Any) -> None:
        """Add short values (ids, codes, amounts as text) to the history event of this move."""
        self.notes.update(values)

    def tell(self, case_id: int, message: str, payload: dict[str, Any]) -> None:
        """Offer a message to another case, by a job after the commit: one transaction never touches two cases."""
        self.after.append((case_id, message, payload))


@dataclass(frozen=True, slots=True)
class Step:
    """What the program does at a user task: the form that asks, and what completing it does."""

    handler: str  # the BPMN's thaki:handler, e.g. "sales.review_capacity"
    form: Callable[..., forms.Form]  # built as form(data=None, files=None, *, work: Work); its `prefix` stays empty
    complete: Callable[[Work, dict[str, Any]], None]  # cleaned data -> changes of the record; may raise StepRefused
    template: (
        str  # the fragment that shows it, e.g. "sales/steps/review_capacity.html"; gets `work`, `form` and the context
    )
    context: Callable[[Work], dict[str, Any]] = lambda work: {}  # what its person needs beside the form (reads only)
    decides: bool = False  # its fragment has the buttons that complete it, one a decision: the page adds none
    opened: Callable[[Work], None] | None = None  # runs in the transaction in which the task opens
    sent_back: Callable[[Work, str, str], None] | None = None  # (work, to_node, reason): undo what must not stand


@dataclass(frozen=True, slots=True)
class Job:
    """What the program does at a send or service task, inside the transaction that reaches it.

    A job that needs the outside world asks for effects (`work.effect`): the token then waits at the node until all of them
    are done or skipped, and `done(work, results)` is called (results by effect key). One that asks for none passes at once.
    `work.by` is who completed the step before it (R-A12: 13 to 15 are recorded as done by the Encargado who sent them).
    """

    handler: str
    run: Callable[[Work], None]
    done: Callable[[Work, dict[str, Any]], None] | None = None


@dataclass(frozen=True, slots=True)
class Receiver:
    """What a message does to the record when a case takes it (boundary or catch event), before the engine advances."""

    message: str
    receive: Callable[[Work, dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Action:
    """What may be done on a case beside its tasks: a contact attempt, a withdrawal, another payment form.

    It changes the record and may move the case: `perform` returns the message to deliver to it ("" for none), which must be
    one that the case awaits just now.
    """

    code: str  # "sales.contact_attempt"
    label: str | _StrPromise
    form: Callable[..., forms.Form]  # built like a step's form
    perform: Callable[[Work, dict[str, Any]], str]
    template: str
    roles: frozenset[str]  # who may, beside the supervisors of his team
    available: Callable[[Work], bool] = lambda work: True
    context: Callable[[Work], dict[str, Any]] = lambda work: {}


@dataclass(frozen=True, slots=True)
class Brief:
    """One figure of what waits for somebody who leads others, with the page where he deals with it."""

    label: str
    value: int | str
    href: str
    tone: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ProcedureApp:
    """A procedure as the runtime knows it."""

    code: str  # "sales": the BPMN's thaki:procedure code
    prefix: str  # of the case number: "GVD"
    bpmn: Path  # the shipped file, which seeds the first version
    process: str  # the id of the bpmn:process in that file
    start: Callable[[Work, dict[str, Any]], Any]  # makes the record of a new case from the payload
    load: Callable[[int], Any]  # case id -> record, locked (inside deliver)
    peek: Callable[[int], Any]  # case id -> record, not locked (for screens)
    facts: Callable[[Any], Mapping[str, str]]  # pure: record -> declared facts
    # Moments of the record that timers and due times may count from (`thaki:from`, `thaki:dueFrom`); None: from now on.
    moments: Mapping[str, Callable[[Any], datetime | None]] = field(default_factory=dict)
    subject: Callable[[Any], str] = lambda record: (
        ""
    )  # short label of a case in lists: the customer's name, the product
    steps: tuple[Step, ...] = ()
    jobs: tuple[Job, ...] = ()
    receivers: tuple[Receiver, ...] = ()
    actions: tuple[Action, ...] = ()
    timer_fired: Callable[[Work], None] | None = None  # before the engine advances past a timer
    ended: Callable[[Work, str], None] | None = None  # (work, outcome): in the transaction that ends the case
    panels: tuple[str, ...] = ()  # template fragments beside every step: customer, documents…
    panel_context: Callable[[Work], dict[str, Any]] = lambda work: {}
    scenarios: Path | None = None  # the shipped rehearsals
    # What makes the payload of a new case out of a scenario's `start:` (a prospect, the plan it wants), inside the rehearsal.
    rehearse_start: Callable[[dict[str, Any], datetime], dict[str, Any]] | None = None
    # The payload of a case that the calendar opens at a timer start's occurrence; None: the procedure opens its own.
    scheduled: Callable[[datetime], dict[str, Any] | None] | None = None
    # How the codes read that its moves noted: name of the note -> (value -> words, "" for nothing to say).
    notes: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    # Kind of a case's document -> the roles that may open it, beside the supervisors. None: whoever may see the case.
    document_readers: Mapping[str, frozenset[str]] | None = None
    briefs: Callable[[User, datetime], list[Brief]] = lambda user, now: []  # what waits for those who lead it
    # What sending the case back brings with it, in sentences: what has left and stays, and what is settled by going back.
    consequences: Callable[[Work], list[str]] = lambda work: []
    # What a step did that cannot be taken back as if it had not been: a table that it entered a row into, and why (undoing).
    final: Mapping[str, str | _StrPromise] = field(default_factory=dict)
    # Kinds of documents that the system makes: they go with an undone step; those that were received stay.
    made_documents: frozenset[str] = frozenset()
    taken: tuple[str, ...] = ()  # messages that need no receiver: they change nothing in the record
    supervisors: tuple[str, ...] = ()  # roles that see and steer all of its cases: reassign, suspend, cancel, extend

    def step(self, handler: str) -> Step:
        """The step of a handler's code; KeyError when it is not registered."""
        return next(s for s in self.steps if s.handler == handler)

    def job(self, handler: str) -> Job:
        """The job of a handler's code."""
        return next(j for j in self.jobs if j.handler == handler)

    def action(self, code: str) -> Action:
        """The action of a code."""
        return next(a for a in self.actions if a.code == code)

    @property
    def messages(self) -> frozenset[str]:
        """Every message that a BPMN file of this procedure may wait for."""
        return frozenset([*(receiver.message for receiver in self.receivers), *self.taken])

    @property
    def handlers(self) -> frozenset[str]:
        """Every code that a BPMN file of this procedure may name."""
        return frozenset([*(s.handler for s in self.steps), *(j.handler for j in self.jobs)])


@dataclass(frozen=True, slots=True)
class Happened:
    """What a move does to a case, told to those who listen before it is written, in its own transaction."""

    case: Case  # as it will stand
    seq: int  # of the move's first history event
    now: datetime
    by: User | None
    is_new: bool
    has_ended: bool  # by this move, in whatever way
    completed: Task | None
    opened: Callable[[], list[dict[str, Any]]]  # the rows of the tasks that it opens, with their ids


@dataclass(frozen=True, slots=True)
class Asked:
    """An outside effect that a listener asks for; nothing in the case waits for it."""

    kind: str
    key: str  # unique for ever
    payload: dict[str, Any]


Listener = Callable[[Happened], list[Asked]]
EffectHandler = Callable[["Effect"], "dict[str, Any] | None"]

_apps: dict[str, ProcedureApp] = {}
_effect_handlers: dict[str, EffectHandler] = {}
_rehearsed_effects: dict[str, EffectHandler] = {}
_listeners: list[Listener] = []


def register(app: ProcedureApp) -> None:
    """Make a procedure known; called from its AppConfig.ready."""
    _apps[app.code] = app


def procedure_app(code: str) -> ProcedureApp:
    """The registered procedure of that code; KeyError when there is none."""
    return _apps[code]


def registered_codes() -> frozenset[str]:
    """The codes of every registered procedure: what a call activity may call."""
    return frozenset(_apps)


def procedure_apps() -> tuple[ProcedureApp, ...]:
    """Every registered procedure, in order of registration."""
    return tuple(_apps.values())


def register_effect_handler(kind: str, handler: EffectHandler, *, rehearse: EffectHandler | None = None) -> None:
    """Say who does the outside effects of a kind ("email.send", "bss.place_order"); the handler raises EffectError to fail.

    `rehearse` gives the result in a rehearsal, where nothing may leave the transaction; without it the result is empty.
    """
    _effect_handlers[kind] = handler
    _rehearsed_effects[kind] = rehearse or (lambda effect: {})


def effect_handler(kind: str) -> EffectHandler:
    """Who does the effects of that kind; KeyError when nobody does."""
    return _effect_handlers[kind]


def rehearsed_effect(kind: str) -> EffectHandler:
    """What gives the result of an effect of that kind in a rehearsal; KeyError when nobody does such effects."""
    return _rehearsed_effects[kind]


def register_listener(listener: Listener) -> None:
    """Say who is told of every move (webhooks); asked in each step, so it must be quick when it wants nothing."""
    if listener not in _listeners:
        _listeners.append(listener)


def listeners() -> tuple[Listener, ...]:
    """Those who are told of every move."""
    return tuple(_listeners)
