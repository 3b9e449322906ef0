"""The case page itself, with or without a task: drawn here for the case's address and for the task's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thaki.cases import permissions, policies, queries, runtime
from thaki.cases.models import Case, Task
from thaki.cases.queries import CasePage
from thaki.cases.registry import Step, Work
from thaki.channels.email.models import OutboundMail
from thaki.people.access import StaffRequest
from thaki.web.case_page import case_buttons, in_words, signed_steps, task_buttons, why_not
from thaki.web.helpers import new_key
from thaki.web.reading import step_line

RECENT = 8  # events beside the form; the whole history has a page of its own


def show_case(
    request: StaffRequest,
    case: Case,
    task: Task | None = None,
    form: forms.Form | None = None,
    *,
    refused: str = "",
    typed: QueryDict | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page with a task's step in the middle; `form` is one that came back with errors, `typed` what it brought."""
    now = timezone.now()
    page = queries.case_page(case.pk, user=request.user, now=now)
    shown = page.task(task.pk) if task else _first_own(page, request, now)
    work = page.work(shown, request.user)
    context = {
        **frame(page, "work"),
        "task": shown,
        "refused": refused,
        "others": [other for other in page.open_tasks if other is not shown],
        "events": in_words(page, page.history[:RECENT]),
        "mails": mails_of(page.case)[:4],
        "panels": page.version.app.panels,
        "buttons": case_buttons(page.case, request.user),
        **page.version.app.panel_context(work),
    }
    if shown is not None:
        context |= _task_context(request, page, shown, work, form, typed)
    return render(request, "web/case/case.html", context, status=status)


def frame(page: CasePage, tab: str) -> dict[str, Any]:
    """What every page of a case has: its head, the signed steps, the tabs."""
    return {
        "page": page,
        "case": page.case,
        "now": page.now,
        "steps": signed_steps(page),
        "tabs": _tabs(page, tab),
    }


def _tabs(page: CasePage, active: str) -> list[dict[str, Any]]:
    tabs = (
        ("work", _("Trabajo"), "case", "checklist", None),
        ("diagram", _("Diagrama"), "case_diagram", "sitemap", None),
        ("documents", _("Documentos"), "case_documents", "files", len(page.documents)),
        ("messages", _("Mensajes"), "case_messages", "message", None),
        ("history", _("Historia"), "case_history", "history", len(page.history)),
    )
    return [
        {
            "label": label,
            "href": reverse(name, args=[page.case.number]),
            "icon": icon,
            "count": count,
            "active": key == active,
        }
        for key, label, name, icon, count in tabs
    ]


def mails_of(case: Case) -> QuerySet[OutboundMail]:
    """The mails that left, or are to leave, on behalf of the case."""
    return OutboundMail.objects.filter(case=case).defer("html", "calendar").order_by("-created_at", "-id")


def _first_own(page: CasePage, request: StaffRequest, now: datetime) -> Task | None:
    """The open task that the person may do, if there is one."""
    if page.case.state != Case.State.OPEN:
        return None
    return next((task for task in page.open_tasks if permissions.can_act(request.user, task, now)), None)


def _task_context(
    request: StaffRequest, page: CasePage, task: Task, work: Work, form: forms.Form | None, typed: QueryDict | None
) -> dict[str, Any]:
    node = page.node(task)
    reason = why_not(
        (permissions.check_can_act, request.user, task, page.now), (policies.check_can_complete, page.case, task)
    )
    context: dict[str, Any] = {
        "line": step_line(page.version.procedure, node),
        "reason": reason,
        "task_buttons": task_buttons(task, page.case, request.user, node.back_to, page.now),
        "may_claim": task.assignee_id is None and permissions.can_claim(request.user, task, page.now),
        "may_release": task.assignee_id is not None and permissions.can_reassign(request.user, task),
        "key": new_key(),
    }
    step = page.step(task)
    if step is not None:
        context |= _form_context(request, page, task, work, step, form, typed)
    return context


def _form_context(
    request: StaffRequest,
    page: CasePage,
    task: Task,
    work: Work,
    step: Step,
    form: forms.Form | None,
    typed: QueryDict | None,
) -> dict[str, Any]:
    if form is None:
        answer = runtime.Answer(typed) if typed is not None else None
        form = runtime.build_form(step, work, answer)
        saved = page.draft(task, request.user) if answer is None else None
        if saved:
            fill_in(form, saved)
    else:
        saved = None
    return {"work": work, "form": form, "step_template": step.template, "has_draft": bool(saved), **step.context(work)}


def fill_in(form: forms.Form, draft: Mapping[str, Any]) -> None:
    """Open a form with what its person had typed; a box that was not ticked in the draft is not ticked now."""
    for name, field in form.fields.items():
        values = draft.get(name)
        if isinstance(field, forms.FileField):
            continue
        if isinstance(field, forms.MultipleChoiceField):
            form.initial[name] = values or []
        elif isinstance(field, forms.BooleanField):
            form.initial[name] = bool(values)
        elif values:
            form.initial[name] = values[-1] if isinstance(values, list) else values
