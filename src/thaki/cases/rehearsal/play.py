"""Plays a scenario on a stage: each item as its person would do it, and every move as one line."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thaki.cases import operations, permissions, runtime, timers, versions
from thaki.cases.models import Case, HistoryEvent, Task, Timer, WaitingJob
from thaki.cases.policies import NotNow
from thaki.cases.registry import ProcedureApp, StepRefused, Work, procedure_app
from thaki.cases.rehearsal.answers import UnknownField, fill
from thaki.cases.rehearsal.scenario import Item, Scenario, Unreadable
from thaki.cases.rehearsal.stage import Stage, stage
from thaki.engine.advance import NotApplicable
from thaki.engine.procedure import TASKS, Node
from thaki.people.calendar import next_opening
from thaki.people.models import User
from thaki.people.working_hours import office_calendar

TICK = timedelta(minutes=1)  # each item takes a moment, as for people
Kind = HistoryEvent.Kind


@dataclass(frozen=True, slots=True)
class Line:
    """One move of the case."""

    at: str
    step: str
    node: str
    role: str
    by: str
    outcome: str  # what happened: completed, passed, timer_fired, message, sent_back, ended…
    next: tuple[str, ...]  # what the move opened, by signed number or node


@dataclass(slots=True)
class Result:
    """How the rehearsal went."""

    lines: list[Line] = field(default_factory=list)
    path: list[str] = field(default_factory=list)  # what was done, by signed number or node
    outcome: str = ""
    waiting: list[str] = field(default_factory=list)  # what the case waits for people at
    effects: list[dict[str, Any]] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)  # in words

    @property
    def as_expected(self) -> bool:
        """Whether the case went as the scenario says."""
        return not self.differences


class _Stopped(Exception):
    """An item could not be played; the rest makes no sense."""


def rehearse(scenario: Scenario, bpmn: bytes | None = None) -> Result:
    """Play a scenario; raises Unreadable when it names what is not there."""
    try:
        app = procedure_app(scenario.procedure)
    except KeyError:
        raise Unreadable(scenario.source, 0, _("no hay un procedimiento «%s»") % scenario.procedure) from None
    with stage(app, _beginning(scenario), bpmn) as made:
        return _Player(scenario, app, made).play()


def _beginning(scenario: Scenario) -> datetime:
    """When the scenario says, in the house's time; else at the next opening of the office."""
    if scenario.at is None:
        return next_opening(timezone.now(), office_calendar())
    return scenario.at if scenario.at.tzinfo else timezone.make_aware(scenario.at)


class _Player:
    def __init__(self, scenario: Scenario, app: ProcedureApp, made: Stage) -> None:
        self.scenario = scenario
        self.app = app
        self.stage = made
        self.result = Result()
        self.case: Case
        self._told = 0  # number of the last history event that has become a line

    def play(self) -> Result:
        try:
            self._start()
            for item in self.scenario.items:
                self._play(item)
        except _Stopped as stopped:
            self.result.differences.append(str(stopped))
        if hasattr(self, "case"):
            self._conclude()
        return self.result

    def _start(self) -> None:
        payload = dict(self.scenario.start)
        try:
            with transaction.atomic():
                if self.app.rehearse_start:
                    payload = self.app.rehearse_start(payload, self.stage.now)
                self.case = runtime.start(
                    self.app.code, payload, by=None, now=self.stage.now, start=self.scenario.start_node
                )
        except StepRefused as refused:
            raise _Stopped(_("El caso no empezó: %(error)s") % {"error": refused}) from refused
        except Exception as error:  # of whatever the procedure's own functions did
            raise _Stopped(_("El caso no empezó: %(error)s") % {"error": _where(error)}) from error
        self.stage.settle()
        self._tell()

    def _play(self, item: Item) -> None:
        try:
            with transaction.atomic():
                getattr(self, f"_{item.kind}")(item)
        except runtime.AnswerInvalid as refused:
            raise self._stopped(item, _in_words(refused.form)) from refused
        except UnknownField as error:
            text = _("la respuesta no es de este paso: %(names)s (hay: %(known)s)")
            raise Unreadable(
                self.scenario.source, item.line, text % {"names": error, "known": ", ".join(error.known)}
            ) from error
        except (_Stopped, Unreadable):
            raise
        except (NotNow, permissions.NotAllowed, NotApplicable) as error:
            raise self._stopped(item, str(error) or repr(error)) from error
        except Exception as error:  # of whatever the procedure's own functions did
            raise self._stopped(item, _where(error)) from error
        self.stage.settle()
        self._tell()
        self.stage.now += TICK

    def _stopped(self, item: Item, text: str) -> _Stopped:
        return _Stopped(f"{self.scenario.source}:{item.line}: {item.kind} {item.what}: {text}")

    # ------------------------------------------------------------------ items
    def _step(self, item: Item) -> None:
        task = self._task(item)
        person = self.stage.person(item.by, task.role)
        work = self._work(task, person)
        handler = self._procedure_node(task).handler
        form = self.app.step(handler).form(work=work) if handler else forms.Form()
        data, files = fill(form, item.values)
        operations.complete(task.pk, by=person, now=self.stage.now, data=data, files=files)

    def _action(self, item: Item) -> None:
        action = self.app.action(item.what)
        person = self.stage.person(item.by, min(action.roles, default=""))
        form = action.form(work=self._work(None, person))
        data, files = fill(form, item.values)
        operations.perform(self.case.pk, item.what, by=person, now=self.stage.now, data=data, files=files)

    def _send_back(self, item: Item) -> None:
        task = self._task(item)
        person = self.stage.person(item.by, task.role)
        if person is None:
            raise Unreadable(self.scenario.source, item.line, _("falta «by»"))
        operations.send_back(task.pk, self._node(item.to, item), item.reason, by=person, now=self.stage.now)

    def _message(self, item: Item) -> None:
        person = self.stage.person(item.by, "")
        runtime.offer(self.case.pk, item.what, item.values, by=person, now=self.stage.now)

    def _wait(self, item: Item) -> None:
        self._pass_time(item.span.after(timezone.localtime(self.stage.now)))

    def _until(self, item: Item) -> None:
        assert item.until is not None
        self._pass_time(item.until if item.until.tzinfo else timezone.make_aware(item.until))

    def _pass_time(self, until: datetime) -> None:
        """Every clock rings at its hour on the way."""
        while True:
            due = Timer.objects.filter(case=self.case, due_at__lte=until, is_stuck=False).order_by("due_at").first()
            if due is None:
                break
            self.stage.now = max(self.stage.now, due.due_at)
            if not timers.fire_of(self.case.pk, now=self.stage.now):
                break
            self.stage.settle()
            self._tell()
        self.stage.now = max(self.stage.now, until)
        timers.escalate_of(self.case.pk, now=self.stage.now)

    # ------------------------------------------------------------------ where the case stands
    def _task(self, item: Item) -> Task:
        """The open task at the signed number, or at the node."""
        tasks = Task.objects.filter(case=self.case, state="open")
        found = [task for task in tasks if item.what in (task.step, task.node)]
        if not found:
            self._known_place(item)
            standing = ", ".join(self._waiting()) or _("nada")
            raise _Stopped(
                f"{self.scenario.source}:{item.line}: "
                + _("el caso no está en %(step)s: espera %(standing)s") % {"step": item.what, "standing": standing}
            )
        return found[0]

    def _known_place(self, item: Item) -> None:
        """A step that the procedure does not have at all is a mistake of the scenario."""
        if not any(item.what in (node.step, node.id) for node in self._nodes()):
            raise Unreadable(self.scenario.source, item.line, _("el procedimiento no tiene «%s»") % item.what)

    def _node(self, place: str, item: Item) -> str:
        for node in self._nodes():
            if place in (node.step, node.id):
                return node.id
        raise Unreadable(self.scenario.source, item.line, _("el procedimiento no tiene «%s»") % place)

    def _nodes(self) -> Iterator[Node]:
        yield from versions.of_id(self.case.version_id).procedure.nodes.values()

    def _procedure_node(self, task: Task) -> Node:
        return versions.of_id(self.case.version_id).procedure.nodes[task.node]

    def _work(self, task: Task | None, person: User | None) -> Work:
        self.case.refresh_from_db()
        return Work(self.case, self.app.peek(self.case.pk), self.stage.now, person, task, task.node if task else "")

    def _waiting(self) -> list[str]:
        places = [task.step or task.node for task in Task.objects.filter(case=self.case, state="open")]
        nodes = {node.id: node for node in self._nodes()}
        jobs = [nodes[job.node] for job in WaitingJob.objects.filter(case=self.case)]
        return sorted([*places, *(node.step or node.id for node in jobs)], key=_natural)

    # ------------------------------------------------------------------ telling
    def _tell(self) -> None:
        nodes = {node.id: node for node in self._nodes()}
        events = HistoryEvent.objects.filter(case=self.case, seq__gt=self._told).select_related("by").order_by("seq")
        for event in events:
            self._told = event.seq
            self.result.lines.append(_line(event, nodes))
            if event.kind in (Kind.COMPLETED, Kind.PASSED):
                self.result.path.append(event.step or event.node)

    def _conclude(self) -> None:
        self.case.refresh_from_db()
        self.result.outcome = self.case.outcome
        self.result.waiting = self._waiting()
        self.result.effects = self.stage.effects
        self._compare()

    def _compare(self) -> None:
        expect, result = self.scenario.expect, self.result
        found: dict[str, Any] = {"path": result.path, "outcome": result.outcome, "waiting": result.waiting}
        found["effects"] = [effect["kind"] for effect in result.effects]
        for name, wanted in expect.items():
            had = found[name]
            if name == "outcome":
                wanted, had = str(wanted or ""), str(had)
            elif name == "path":
                wanted = [str(each) for each in wanted or []]
            else:
                wanted, had = sorted(str(each) for each in wanted or []), sorted(had)
            if wanted != had:
                text = _("%(name)s: se esperaba %(wanted)s y fue %(had)s")
                result.differences.append(text % {"name": name, "wanted": wanted, "had": had})


def _line(event: HistoryEvent, nodes: dict[str, Node]) -> Line:
    opened = [nodes[node] for _token, node in event.data.get("opened", []) if node in nodes]
    return Line(
        at=timezone.localtime(event.at).isoformat(timespec="minutes"),
        step=event.step,
        node=event.node,
        role=event.role,
        by=event.by.get_username() if event.by else "",
        outcome=str(event.data.get("outcome") or event.kind),
        next=tuple(node.step or node.id for node in opened if node.kind in TASKS),
    )


def _where(error: Exception) -> str:
    """An unexpected error, and the line of ours that it came from."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "thaki" in frame.filename and "/cases/" not in frame.filename] or frames
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''} ({ours[-1].filename}:{ours[-1].lineno})"


def _in_words(form: forms.Form) -> str:
    return "; ".join(f"{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items())


def _natural(place: str) -> tuple[int, str]:
    return (int(place), "") if place.isdigit() else (10_000, place)
