"""The case page itself, with or without a task: drawn here for the case's address and for the task's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from thaki.cases import permissions, policies, runtime, undoing
from thaki.cases.drafts import fill_in
from thaki.cases.models import Case, Task
from thaki.cases.queries import CasePage
from thaki.cases.registry import Step, Work
from thaki.people.access import StaffRequest
from thaki.web.case_page import case_buttons, in_words, signed_steps, task_buttons, why_not
from thaki.web.case_reads import Opened
from thaki.web.helpers import new_key
from thaki.web.reading import step_line

RECENT = 8  # events beside the form; the whole history has a page of its own


def show_case(
    request: StaffRequest,
    opened: Opened,
    form: forms.Form | None = None,
    *,
    refused: str = "",
    typed: QueryDict | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page with a task's step in the middle; `form` is one that came back with errors, `typed` what it brought."""
    page = opened.page
    task = opened.task or _first_own(page, request)
    work = page.work(task, request.user)
    context = {
        **frame(page, "work"),
        "task": task,
        "refused": refused,
        "others": [other for other in page.open_tasks if other is not task],
        "events": in_words(page, page.history[:RECENT]),
        "mails": opened.mails,
        "panels": page.version.app.panels,
        "buttons": case_buttons(page.case, request.user),
        "undo": undoing.undoable(page.history, request.user, page.now),
        "work": work,
        "panel_values": page.version.app.panel_context(work),
    }
    if task is not None:
        context |= _task_context(request, page, task)
        context |= {"present": opened.others(task, request.user)}
        step = page.step(task)
        if step is not None:
            context |= _form_context(step, work, form, typed, opened.draft(task, request.user))
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
        ("documents", _("Documentos"), "case_documents", "files", len(page.documents) or None),
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


def _first_own(page: CasePage, request: StaffRequest) -> Task | None:
    """The open task that the person may do, if there is one."""
    if page.case.state != Case.State.OPEN:
        return None
    return next((task for task in page.open_tasks if permissions.can_act(request.user, task, page.now)), None)


def _task_context(request: StaffRequest, page: CasePage, task: Task) -> dict[str, Any]:
    node = page.node(task)
    may_act = (permissions.check_can_act, request.user, task, page.now)
    reason = why_not(may_act, (policies.check_can_complete, page.case, task))
    return {
        "line": step_line(page.version.procedure, node),
        "reason": reason,
        "task_buttons": task_buttons(task, request.user, node.back_to, reason),
        "may_claim": task.assignee_id is None and permissions.can_claim(request.user, task, page.now),
        "may_release": task.assignee_id is not None and permissions.can_reassign(request.user, task),
        "key": new_key(),
    }


def _form_context(
    step: Step, work: Work, form: forms.Form | None, typed: QueryDict | None, draft: Mapping[str, Any] | None
) -> dict[str, Any]:
    has_draft = form is None and typed is None and bool(draft)
    if form is None:
        form = runtime.build_form(step, work, runtime.Answer(typed) if typed is not None else None)
    if has_draft and draft is not None:
        fill_in(form, draft)
    return {
        "form": form,
        "step_template": step.template,
        "decides": step.decides,
        "has_draft": has_draft,
        "step_values": step.context(work),
    }
