"""The case page: where the case stands, the signed steps with their stamps, what happened, and what hangs on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from thaki.cases import permissions, versions
from thaki.cases.models import (
    Case,
    CaseDocument,
    Draft,
    HistoryEvent,
    Incident,
    Remark,
    Task,
    Timer,
    Wait,
    WaitingJob,
)
from thaki.cases.registry import Action, Step, Work
from thaki.cases.rules import standing
from thaki.cases.versions import Version
from thaki.engine.procedure import Node

if TYPE_CHECKING:
    from thaki.people.models import User

Kind = HistoryEvent.Kind
DONE_BY = (Kind.COMPLETED, Kind.PASSED)  # the events by which a step was done


@dataclass(frozen=True, slots=True)
class StepState:
    """A signed step of one case."""

    node: Node
    state: str  # done, current, late, ahead, skipped (the case is over without it)
    times: int = 0  # how often it was done
    at: datetime | None = None  # last done, or opened when it is current
    by: User | None = None  # who did it last, or has it now
    task_id: int | None = None  # its open task
    incident: bool = False

    @property
    def number(self) -> str:
        """The number in the signed procedure."""
        return self.node.step

    @property
    def label(self) -> str:
        """The step's name."""
        return self.node.name


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything the case page shows but the step's own form."""

    case: Case
    version: Version
    record: Any
    open_tasks: tuple[Task, ...]  # the person's own first
    steps: tuple[StepState, ...]
    history: tuple[HistoryEvent, ...]  # the newest first
    remarks: dict[int, str]  # number of the event -> what the person wrote
    documents: tuple[CaseDocument, ...]
    timers: tuple[Timer, ...]
    waits: tuple[Wait, ...]
    jobs: tuple[WaitingJob, ...]
    incidents: tuple[Incident, ...]
    actions: tuple[Action, ...]  # that the person may do now
    now: datetime

    def task(self, task_id: int | None = None) -> Task | None:
        """The open task of that id; without one, the first that the person sees."""
        if task_id is None:
            return self.open_tasks[0] if self.open_tasks else None
        return next((task for task in self.open_tasks if task.pk == task_id), None)

    def node(self, task: Task) -> Node:
        """The task's node."""
        return self.version.procedure.nodes[task.node]

    def step(self, task: Task) -> Step | None:
        """What the program does at the task; None for one without a handler."""
        handler = self.node(task).handler
        return self.version.app.step(handler) if handler else None

    def work(self, task: Task | None, user: User | None) -> Work:
        """The stretch of work that forms, contexts and panels are built with, here only for reading."""
        return Work(self.case, self.record, self.now, user, task, task.node if task else "")

    def draft(self, task: Task, user: User) -> dict[str, Any] | None:
        """What the person typed into the task and did not send."""
        return Draft.objects.filter(task=task, user=user).values_list("data", flat=True).first()


def case_page(case_id: int, *, user: User | None, now: datetime) -> CasePage:
    """Read a case's page; Case.DoesNotExist when there is none. Whether the person may see it is for the caller to ask."""
    case = Case.objects.select_related("owner", "opened_by").get(pk=case_id)
    version = versions.of_id(case.version_id)
    tasks = list(Task.objects.filter(case=case).select_related("assignee", "closed_by").order_by("pk"))
    for task in tasks:
        task.case = case
    events = list(history(case))
    jobs = tuple(WaitingJob.objects.filter(case=case))
    incidents = tuple(Incident.objects.filter(case=case, resolved_at=None).select_related("effect"))
    record = version.app.peek(case_id)
    work = Work(case, record, now, user)
    return CasePage(
        case=case,
        version=version,
        record=record,
        open_tasks=_own_first(tasks, user, now),
        steps=stepper(version, case, tasks, events, jobs, incidents, now),
        history=tuple(events),
        remarks=remarks(case),
        documents=tuple(
            CaseDocument.objects.filter(case=case).select_related("document", "attached_by").order_by("attached_at")
        ),
        timers=tuple(Timer.objects.filter(case=case).order_by("due_at")),
        waits=tuple(Wait.objects.filter(case=case)),
        jobs=jobs,
        incidents=incidents,
        actions=_actions(work, user) if case.state == Case.State.OPEN else (),
        now=now,
    )


def history(case: Case) -> QuerySet[HistoryEvent]:
    """What happened, the newest first."""
    return HistoryEvent.objects.filter(case=case).select_related("by").order_by("-seq")


def remarks(case: Case) -> dict[int, str]:
    """What people wrote, by the number of the event."""
    return dict(Remark.objects.filter(case=case).values_list("seq", "text"))


def stepper(
    version: Version,
    case: Case,
    tasks: Iterable[Task],
    events: Iterable[HistoryEvent],
    jobs: Iterable[WaitingJob],
    incidents: Iterable[Incident],
    now: datetime,
) -> tuple[StepState, ...]:
    """The signed steps in the order of their numbers, each with how it stands in this case."""
    open_tasks = {task.node: task for task in tasks if task.is_open}
    busy = {job.node: job for job in jobs}
    stuck = {incident.node for incident in incidents}
    done: dict[str, list[HistoryEvent]] = defaultdict(list)
    for event in standing(events):
        if event.kind in DONE_BY:
            done[event.node].append(event)
    return tuple(
        _step_state(node, case, open_tasks.get(node.id), busy.get(node.id), done[node.id], node.id in stuck, now)
        for node in version.procedure.steps()
    )


def _step_state(
    node: Node,
    case: Case,
    task: Task | None,
    job: WaitingJob | None,
    done: list[HistoryEvent],
    stuck: bool,
    now: datetime,
) -> StepState:
    if task is not None:
        state = "late" if task.is_late(now) else "current"
        return StepState(node, state, len(done), task.opened_at, task.assignee, task.pk, stuck)
    if job is not None:
        return StepState(node, "late" if stuck else "current", len(done), job.since_at, None, None, stuck)
    if done:
        last = max(done, key=lambda event: event.seq)
        return StepState(node, "done", len(done), last.at, last.by)
    return StepState(node, "ahead" if case.is_open else "skipped")


def _own_first(tasks: list[Task], user: User | None, now: datetime) -> tuple[Task, ...]:
    """Open tasks: what the person has, what he may take, then the rest; the late ones first among equals."""

    def rank(task: Task) -> tuple[int, float]:
        due = task.due_at.timestamp() if task.due_at else float("inf")
        if user is None:
            return 2, due
        if task.assignee_id == user.pk:
            return 0, due
        return (1 if task.assignee_id is None and permissions.can_act(user, task, now) else 2), due

    return tuple(sorted((task for task in tasks if task.is_open), key=rank))


def _actions(work: Work, user: User | None) -> tuple[Action, ...]:
    actions = versions.of_id(work.case.version_id).app.actions
    if user is None:
        return ()
    return tuple(
        action for action in actions if permissions.can_perform(user, action, work.case) and action.available(work)
    )
