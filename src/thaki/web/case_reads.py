"""The case page in few queries: one for the case with all that hangs on it, one for its history, one for its record.

A page may cost fifteen queries at the most, the step's own included, so the rows that hang on a case (open tasks, documents,
mails, incidents, drafts) come as JSON arrays in the case's own row (sql/case_page.sql) and are made into instances here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from django.db.models import CharField, Model, OuterRef, Subquery
from django.http import Http404

from thaki.cases import permissions, queries, versions
from thaki.cases.models import Case, CaseDocument, Incident, Remark, Task, WaitingJob
from thaki.cases.presence import WRITING, Other
from thaki.cases.queries import CasePage
from thaki.cases.registry import Action, Work
from thaki.channels.email.models import OutboundMail
from thaki.engine.marking import Marking
from thaki.engine.procedure import JOBS, NodeKind
from thaki.people.models import User
from thaki.records.documents.models import Document
from thaki.web.badges import remember_open_tasks

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Opened:
    """A case as one person opened it."""

    page: CasePage
    task: Task | None  # the one that was asked for, open or closed
    drafts: tuple[Mapping[str, Any], ...]  # what was typed into its tasks and not sent, by whomever
    mails: tuple[OutboundMail, ...]

    def draft(self, task: Task, user: User) -> Mapping[str, Any] | None:
        """What the person typed into the task."""
        mine = (row for row in self.drafts if row["task_id"] == task.pk and row["user_id"] == user.pk)
        return next((row["data"] for row in mine), None)

    def others(self, task: Task, user: User) -> list[Other]:
        """Who else typed into the task a moment ago."""
        rows = [row for row in self.drafts if row["task_id"] == task.pk and row["user_id"] != user.pk]
        lately = [row for row in rows if self.page.now - datetime.fromisoformat(row["saved_at"]) < WRITING]
        return [Other(str(_made(User, row["user"])), True) for row in lately]


def open_case(number: str, *, user: User, now: datetime) -> Opened:
    """Read a case by its number; 404 where there is none, NotAllowed where the person has no part in it."""
    return _open(_read(user, number=number.replace("\x00", "").upper()), 0, user, now)


def open_task(task_id: int, *, user: User, now: datetime) -> Opened:
    """Read the case of a task, with the task also when it is closed."""
    return _open(_read(user, task=task_id), task_id, user, now)


def _open(case: Any, task_id: int, user: User, now: datetime) -> Opened:
    permissions.check_can_see_case(user, case)
    remember_open_tasks(user, case.own_open)
    tasks = _tasks(case, case.task_rows)
    documents = tuple(_document(row, case) for row in case.document_rows)
    incidents = tuple(_made(Incident, row) for row in case.incident_rows)
    page = _page(case, tasks, documents, incidents, user, now)
    task = next((task for task in tasks if task.pk == task_id), None)
    mails = tuple(_made(OutboundMail, row) for row in case.mail_rows)
    return Opened(page, task, tuple(case.draft_rows), mails)


# ---------------------------------------------------------------------- the case's row
# Written by hand: Django takes longer to build and compile this query than PostgreSQL to answer it.
_CASE_PAGE = (Path(__file__).parent / "sql" / "case_page.sql").read_text()
_HANGING = ("owner_row", "task_rows", "document_rows", "mail_rows", "incident_rows", "draft_rows")


def _read(user: User, *, task: int = 0, number: str = "") -> Any:
    """The case with what hangs on it; 404 when there is none."""
    values = {"task": task, "number": number, "user": user.pk}
    case: Any = next(iter(Case.objects.raw(_CASE_PAGE, values)), None)
    if case is None:
        raise Http404
    for name in _HANGING:
        value = getattr(case, name)
        setattr(case, name, json.loads(value) if isinstance(value, str) else value)
    case.owner = _person(case.owner_row)
    return case


# ---------------------------------------------------------------------- JSON into instances
def _made(model: type[M], row: Mapping[str, Any]) -> M:
    """An instance as if it had been read by itself; columns that the row has not are read when asked for."""
    fields = [field for field in model._meta.concrete_fields if field.attname in row]
    return model.from_db("default", [f.attname for f in fields], [f.to_python(row[f.attname]) for f in fields])


def _person(row: Mapping[str, Any] | None) -> User | None:
    return _made(User, row) if row else None


def _tasks(case: Case, rows: Sequence[Mapping[str, Any]]) -> list[Task]:
    found = []
    for row in rows:
        task = _made(Task, row)
        task.case = case
        task.assignee, task.closed_by = _person(row["assignee"]), _person(row["closed_by"])
        found.append(task)
    return found


def _document(row: Mapping[str, Any], case: Case) -> CaseDocument:
    link = _made(CaseDocument, row)
    link.case = case
    link.document = _made(Document, row["document"])
    link.attached_by = _person(row["attached_by"])
    return link


# ---------------------------------------------------------------------- the page
def _page(
    case: Case,
    tasks: Sequence[Task],
    documents: tuple[CaseDocument, ...],
    incidents: tuple[Incident, ...],
    user: User,
    now: datetime,
) -> CasePage:
    version = versions.of_id(case.version_id)
    remark = Remark.objects.filter(case=OuterRef("case_id"), seq=OuterRef("seq")).values("text")
    events: list[Any] = list(queries.history(case).annotate(said=Subquery(remark, output_field=CharField())))
    jobs = tuple(WaitingJob.objects.filter(case=case)) if _rests_at_job(case, version) else ()
    record = version.app.peek(case.pk)
    if isinstance(record, Model) and "case" in {field.name for field in record._meta.fields}:
        setattr(record, "case", case)  # noqa: B010 - a record of any procedure; it would read the same row again
    return CasePage(
        case=case,
        version=version,
        record=record,
        open_tasks=tuple(sorted((task for task in tasks if task.is_open), key=_own_first(user, now))),
        steps=queries.stepper(version, case, tasks, events, jobs, incidents, now),
        history=tuple(events),
        remarks={event.seq: event.said for event in events if event.said},
        documents=documents,
        timers=(),  # the page shows the diagram's state instead
        waits=(),
        jobs=jobs,
        incidents=incidents,
        actions=_actions(Work(case, record, now, user), user),
        now=now,
    )


def _rests_at_job(case: Case, version: versions.Version) -> bool:
    marking = Marking.from_json(case.marking) if case.marking else Marking()
    kinds = {version.procedure.nodes[token.node].kind for token in marking.tokens.values()}
    return bool(kinds & {*JOBS, NodeKind.CALL_ACTIVITY})


def _own_first(user: User, now: datetime) -> Callable[[Task], tuple[int, float]]:
    """What the person has, what he may take, then the rest; the late ones first among equals."""

    def rank(task: Task) -> tuple[int, float]:
        due = task.due_at.timestamp() if task.due_at else float("inf")
        if task.assignee_id == user.pk:
            return 0, due
        return (1 if task.assignee_id is None and permissions.can_act(user, task, now) else 2), due

    return rank


def _actions(work: Work, user: User) -> tuple[Action, ...]:
    """What the person may do beside the tasks; an action without a template is for the customer's link alone."""
    if work.case.state != Case.State.OPEN:
        return ()
    app = versions.of_id(work.case.version_id).app
    wanted = [a for a in app.actions if a.template and permissions.can_perform(user, a, work.case)]
    return tuple(a for a in wanted if a.available(work))
