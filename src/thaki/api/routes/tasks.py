"""Tasks: list, take, give back, and complete with the step's own form."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from thaki.api import answers, cursors, reach, shown
from thaki.api.models import Scope
from thaki.api.once import once
from thaki.api.schemas import (
    AnswerIn,
    Code,
    CompletedOut,
    Cursor,
    Id,
    Limit,
    Taken,
    TaskOut,
    TaskPage,
    TaskWithForm,
    Text,
)
from thaki.api.tokens import check_scope
from thaki.cases import operations, queries

router = Router(tags=["Tareas"])
LISTS = {"mine": queries.mine, "available": queries.available, "supervised": queries.supervised}


class TaskQuery(Taken):
    """Which worklist, and what it is narrowed down to."""

    list: Literal["mine", "available", "supervised"] = "mine"
    procedure: Code = ""
    node: Code = ""
    step: Code = ""
    late: bool = False
    q: Text = ""
    cursor: Cursor = ""
    limit: Limit = 50


@router.get("", response=TaskPage, url_name="tasks", summary="Tareas pendientes")
def list_tasks(request: HttpRequest, asked: Query[TaskQuery]) -> TaskPage:
    """Open tasks: the person's own, those that he may take, or those that he supervises. Scope `tasks:read`."""
    user, now = check_scope(request, Scope.TASKS_READ, TaskQuery).user, timezone.now()
    filters = queries.Filters(
        text=asked.q.strip(), procedure=asked.procedure, node=asked.node, step=asked.step, late=asked.late
    )
    found = cursors.worklist(LISTS[asked.list](user, now=now, filters=filters), asked.cursor, asked.limit)
    return TaskPage(items=[shown.task(row, now) for row in found.rows], next=found.following or None)


@router.get("/{task_id}", response=TaskWithForm, url_name="task", summary="Una tarea y lo que su paso pregunta")
def read_task(request: HttpRequest, task_id: Id) -> TaskWithForm:
    """A task with the fields of its step's form, filled in as the screen shows them. Scope `tasks:read`."""
    user, now = check_scope(request, Scope.TASKS_READ).user, timezone.now()
    task = reach.find_task(task_id, user)
    return TaskWithForm(**shown.task_values(task, now), fields=answers.fields(task, user, now))


@router.post("/{task_id}/claim", response=TaskOut, url_name="task_claim", summary="Tomar una tarea")
def claim(request: HttpRequest, task_id: Id) -> HttpResponse:
    """Take a task that nobody has. Scope `tasks:write`."""
    caller = check_scope(request, Scope.TASKS_WRITE)

    def do(key: str) -> tuple[int, TaskOut]:
        reach.find_task(task_id, caller.user)
        now = timezone.now()
        operations.claim(task_id, by=caller.user, now=now)
        return 200, shown.task(reach.find_task(task_id, caller.user), now)

    return once(request, caller, do)


@router.post("/{task_id}/return", response=TaskOut, url_name="task_return", summary="Devolver una tarea a la cola")
def give_back(request: HttpRequest, task_id: Id) -> HttpResponse:
    """Give a task back to everyone of its role. Scope `tasks:write`."""
    caller = check_scope(request, Scope.TASKS_WRITE)

    def do(key: str) -> tuple[int, TaskOut]:
        reach.find_task(task_id, caller.user)
        now = timezone.now()
        operations.release(task_id, by=caller.user, now=now)
        return 200, shown.task(reach.find_task(task_id, caller.user), now)

    return once(request, caller, do)


@router.post("/{task_id}/complete", response=CompletedOut, url_name="task_complete", summary="Completar una tarea")
def complete(request: HttpRequest, task_id: Id, body: AnswerIn) -> HttpResponse:
    """Answer the step with the fields of its own form, which checks them as on the screen. Scope `tasks:write`."""
    caller = check_scope(request, Scope.TASKS_WRITE)

    def do(key: str) -> tuple[int, CompletedOut]:
        now = timezone.now()
        task = reach.find_task(task_id, caller.user)
        data, files = answers.filled(task, caller.user, now, body.answer)
        done = operations.complete(task_id, by=caller.user, now=now, data=data, files=files, submission_key=key)
        opened = [each.task_id for each in done.opened]
        return 200, CompletedOut(case=done.number, outcome=done.outcome, ended=done.ended, opened=opened)

    return once(request, caller, do)
