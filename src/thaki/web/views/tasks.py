"""A task: its step's form on the case page, its completion, its return to an earlier step, its draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from thaki.cases import operations, permissions, queries, undoing, versions
from thaki.cases.delivered import Delivered
from thaki.cases.models import Task
from thaki.cases.policies import NotNow, TaskAlreadyClosed
from thaki.cases.registry import Work
from thaki.cases.runtime import AnswerInvalid
from thaki.people.access import StaffRequest, any_staff
from thaki.people.models import User
from thaki.ui.tags.frame import offer
from thaki.web.case_reads import Opened, open_task
from thaki.web.forms import SendBack
from thaki.web.helpers import done, find_task, go, submission_key
from thaki.web.views.asking import ask
from thaki.web.views.case_view import show_case
from thaki.web.views.drafts import OURS


@any_staff
@require_http_methods(["GET", "HEAD", "POST"])
def task(request: StaffRequest, task_id: int) -> HttpResponse:
    """Show a task on its case's page; POST answers it."""
    if request.method == "POST":
        return _complete(request, task_id)
    opened = _opened(request, task_id)
    if opened.task is not None and not opened.task.is_open:
        return _closed(request, opened, opened.task)
    return show_case(request, opened)


def _undo(delivered: Delivered) -> str:
    """The toast's button that takes the step back."""
    url = reverse("case_undo", args=[delivered.number, delivered.seq])
    return offer(url, _("Deshacer"), timezone.now() + undoing.window()) if undoing.window() else ""


def _closed(request: StaffRequest, opened: Opened, closed: Task) -> HttpResponse:
    """Say who was first; whoever had typed into it and was not that one finds his words."""
    reason = str(TaskAlreadyClosed(closed))
    typed = opened.draft(closed, request.user)
    if typed and closed.closed_by_id != request.user.pk:
        return too_late(request, closed, reason, typed, status=200)
    messages.info(request, reason)
    return redirect("case", number=opened.page.case.number)


def _opened(request: StaffRequest, task_id: int) -> Opened:
    return open_task(task_id, user=request.user, now=timezone.now())


def _complete(request: StaffRequest, task_id: int) -> HttpResponse:
    # Nothing is read before the move: it checks all by itself, and most answers are good ones.
    try:
        delivered = operations.complete(
            task_id,
            by=request.user,
            now=timezone.now(),
            data=request.POST,
            files=request.FILES,
            submission_key=submission_key(request),
        )
    except AnswerInvalid as invalid:
        return show_case(request, _opened(request, task_id), invalid.form, status=422)
    except (TaskAlreadyClosed, permissions.NotAllowed) as late:
        return too_late(request, find_task(task_id, request.user), str(late), dict(request.POST.lists()))
    except NotNow as refused:
        return show_case(request, _opened(request, task_id), refused=str(refused), typed=request.POST, status=409)
    return _go_on(request, delivered)


def _go_on(request: StaffRequest, delivered: Delivered) -> HttpResponse:
    """The next task opens by itself: the case's own next step if it is the person's, else the first of the list."""
    text = _("%(number)s: el paso quedó hecho.") % {"number": delivered.number}
    messages.success(request, text, extra_tags=_undo(delivered))
    opened = delivered.next_for(request.user)
    if opened is not None:
        return go(request, reverse("task", args=[opened.task_id]))
    following = queries.next_task(request.user, now=timezone.now())
    return go(request, reverse("task", args=[following.pk]) if following else reverse("my_work"))


def too_late(
    request: StaffRequest, found: Task, reason: str, typed: Mapping[str, list[str]], status: int = 409
) -> HttpResponse:
    """Somebody was first: say who and when, and give back every word that was typed."""
    context = {
        "task": found,
        "case": found.case,
        "reason": reason,
        "typed": typed_in_words(found, typed),
        "files": [upload.name for _name, uploads in request.FILES.lists() for upload in uploads],
        "kept": status == 200,
    }
    return render(request, "web/case/too_late.html", context, status=status)


def typed_in_words(found: Task, data: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """What was typed, each with the label of its field where the step's form still tells it."""
    labels: Mapping[str, Any] = {}
    version = versions.of_id(found.case.version_id)
    handler = version.procedure.nodes[found.node].handler
    if handler:
        step_form = version.app.step(handler).form
        labels = {name: field.label for name, field in getattr(step_form, "base_fields", {}).items()}
    return [
        (str(labels.get(name) or name), ", ".join(values))
        for name, values in data.items()
        if name not in OURS and any(values)
    ]


@any_staff
def send_back(request: StaffRequest, task_id: int) -> HttpResponse:
    """Send the case back to an earlier step, where its procedure allows it."""
    found = find_task(task_id, request.user)
    procedure = versions.of_id(found.case.version_id).procedure
    steps = [(name, procedure.nodes[name].name) for name in procedure.nodes[found.node].back_to]
    form = SendBack(request.POST or None, steps=steps)
    if request.method == "POST" and form.is_valid():
        answer = _send_back(request, found, form)
        if answer is not None:
            return answer
    return ask(
        request,
        form,
        title=_("Devolver a un paso anterior"),
        label=_("Devolver"),
        back=reverse("task", args=[found.pk]),
        text=_("El caso vuelve a ese paso con su motivo; lo que ya se sabe queda escrito."),
        points=_consequences(found, request.user),
    )


def _consequences(found: Task, user: User) -> list[str]:
    """What has left already, and what going back settles, as the procedure says it."""
    app = versions.of_id(found.case.version_id).app
    work = Work(found.case, app.peek(found.case_id), timezone.now(), user, found, found.node)
    return app.consequences(work)


def _send_back(request: StaffRequest, found: Task, form: forms.Form) -> HttpResponse | None:
    to_node, reason = form.cleaned_data["to_node"], form.cleaned_data["reason"]
    try:
        delivered = operations.send_back(found.pk, to_node, reason, by=request.user, now=timezone.now())
    except (NotNow, permissions.NotAllowed) as refused:
        form.add_error(None, str(refused))
        return None
    opened = delivered.next_for(request.user)
    to = reverse("task", args=[opened.task_id]) if opened else reverse("my_work")
    return done(request, _("%(number)s volvió a un paso anterior.") % {"number": delivered.number}, to=to)
