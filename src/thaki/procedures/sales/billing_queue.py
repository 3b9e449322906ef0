"""Cobranzas' validation queue (step 12): one deposit after another, on the step's own form and by its own operation."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from thaki.cases import drafts, runtime, versions
from thaki.cases import operations as cases
from thaki.cases.models import Draft, Task
from thaki.cases.permissions import NotAllowed, can_act, check_can_act, check_can_see_case
from thaki.cases.policies import NotNow, TaskAlreadyClosed
from thaki.cases.registry import Step, Work
from thaki.cases.runtime import AnswerInvalid
from thaki.people.access import StaffRequest, staff
from thaki.people.roles import Role
from thaki.procedures.sales import deposit_queue
from thaki.procedures.sales.deposit_form import DepositForm
from thaki.procedures.sales.deposit_queue import NODE, Queue

OURS = ("csrfmiddlewaretoken", "submission_key")
LISTED = 60  # lines of the queue shown beside the deposit


@staff(Role.ENCARGADO_COBRANZAS)
@require_http_methods(["GET", "HEAD", "POST"])
def validate(request: StaffRequest) -> HttpResponse:
    """The door of the queue: how much waits; POST takes the first and opens it. Who has one already goes on there."""
    now = timezone.now()
    waiting = deposit_queue.queue(request.user, now=now)
    if request.method == "POST":
        first = deposit_queue.held_first(waiting, request.user)
        return _take(request, waiting, [first, *waiting.after(first.pk)] if first else [])
    context = {
        "queue": waiting,
        "lines": deposit_queue.lines(waiting.tasks[:LISTED]),
        "decided": deposit_queue.decided_today(request.user, now=now),
        "own": next((task for task in waiting.tasks if task.assignee_id == request.user.pk), None),
        "now": now,
    }
    return render(request, "sales/pages/deposit_queue_door.html", context)


@staff(Role.ENCARGADO_COBRANZAS)
@require_http_methods(["GET", "HEAD", "POST"])
def validate_one(request: StaffRequest, task_id: int) -> HttpResponse:
    """One deposit of the queue; POST answers its step and opens the next one."""
    if request.method == "POST":
        return _decide(request, task_id)
    found = _find(request, task_id)
    if not found.is_open:
        messages.info(request, str(TaskAlreadyClosed(found)))
        return redirect("sales_billing:validate")
    if not can_act(request.user, found):
        messages.warning(request, _("Ese depósito lo tiene un colega."))
        return redirect("sales_billing:validate")
    return _show(request, found)


@staff(Role.ENCARGADO_COBRANZAS)
@require_POST
def leave(request: StaffRequest, task_id: int) -> HttpResponse:
    """Leave a deposit for later: it is free for everybody again, what was typed stays, and the next one opens."""
    waiting = deposit_queue.queue(request.user, now=timezone.now())
    following = waiting.after(task_id)
    with suppress(NotNow, NotAllowed):  # it was free already, or somebody else's by now: either way it is left
        cases.release(task_id, by=request.user, now=timezone.now())
    if "salir" in request.POST:
        return redirect("sales_billing:validate")
    return _take(request, waiting, following)


# ---------------------------------------------------------------- deciding
def _decide(request: StaffRequest, task_id: int) -> HttpResponse:
    waiting = deposit_queue.queue(request.user, now=timezone.now())
    try:
        delivered = cases.complete(
            task_id,
            by=request.user,
            now=timezone.now(),
            data=request.POST,
            submission_key=request.POST.get("submission_key", "")[:64],
        )
    except AnswerInvalid as invalid:
        return _show(request, _find(request, task_id), _Again(form=invalid.form, status=422))
    except (TaskAlreadyClosed, NotAllowed) as late:
        return _too_late(request, task_id, waiting, str(late))
    except NotNow as refused:
        again = _Again(typed=request.POST, refused=str(refused), status=409)
        return _show(request, _find(request, task_id), again)
    words = {"accept": _("%(number)s: depósito aceptado."), "reject": _("%(number)s: depósito devuelto al paso 11.")}
    text = words.get(request.POST.get("decision", ""), _("%(number)s: decidido."))
    messages.success(request, text % {"number": delivered.number})
    return _take(request, waiting, waiting.after(task_id))


def _take(request: StaffRequest, waiting: Queue, tasks: list[Task]) -> HttpResponse:
    """Take the first of these that is still free and open it; a colleague who was quicker is no trouble."""
    for task in tasks:
        if task.assignee_id != request.user.pk:
            try:
                cases.claim(task.pk, by=request.user, now=timezone.now())
            except (NotNow, NotAllowed):
                continue
        return redirect("sales_billing:validate_one", task_id=task.pk)
    return redirect("sales_billing:validate")


def _too_late(request: StaffRequest, task_id: int, waiting: Queue, reason: str) -> HttpResponse:
    """Somebody was first: say who, give back every word that was typed, and lead on."""
    fields: Mapping[str, Any] = DepositForm.base_fields
    typed = [
        (fields[name].label, ", ".join(values))
        for name, values in request.POST.lists()
        if name in fields and any(values)
    ]
    context = {
        "task": _find(request, task_id),
        "reason": reason,
        "typed": typed,
        "queue": waiting,
        "left": len(waiting.after(task_id)),
    }
    return render(request, "sales/pages/deposit_queue_late.html", context, status=409)


# ---------------------------------------------------------------- showing
@dataclass(frozen=True, slots=True)
class _Again:
    """What a deposit is shown again with: the form with its errors, or what was typed, and why it was refused."""

    form: forms.Form | None = None
    typed: QueryDict | None = None
    refused: str = ""
    status: int = 200


def _find(request: StaffRequest, task_id: int) -> Task:
    task = Task.objects.select_related("case", "assignee", "closed_by").filter(pk=task_id, node=NODE).first()
    if task is None or task.case.procedure != "sales" or task.case.is_rehearsal:
        raise Http404(str(task_id))
    check_can_see_case(request.user, task.case)
    return task


def _show(request: StaffRequest, task: Task, again: _Again | None = None) -> HttpResponse:
    again = again or _Again()
    check_can_act(request.user, task)
    now = timezone.now()
    version = versions.of_id(task.case.version_id)
    step = version.app.step(version.procedure.nodes[task.node].handler)
    work = Work(task.case, version.app.peek(task.case_id), now, request.user, task, task.node)
    answer = runtime.Answer(again.typed) if again.typed is not None else None
    form = again.form or runtime.build_form(step, work, answer)
    draft = Draft.objects.filter(task=task, user=request.user).values_list("data", flat=True).first()
    if draft and not form.is_bound:
        drafts.fill_in(form, draft)
    waiting = deposit_queue.queue(request.user, now=now)
    following = waiting.after(task.pk)
    context = {
        "task": task,
        "case": task.case,
        "form": form,
        "refused": again.refused,
        "has_draft": bool(draft) and not form.is_bound,
        "key": uuid4().hex,
        "now": now,
        "queue": waiting,
        "place": waiting.place(task.pk),
        "ahead": deposit_queue.slips(following[:1]),
        "decided": deposit_queue.decided_today(request.user, now=now),
        "step_fragment": _fragment(request, step, work, form),
        "leave_url": reverse("sales_billing:leave", args=[task.pk]),
    }
    return render(request, "sales/pages/deposit_queue.html", context, status=again.status)


def _fragment(request: StaffRequest, step: Step, work: Work, form: forms.Form) -> SafeString:
    """The step's own fragment, with the names that the case's page gives it; its files are in this page's head already."""
    values = {**step.context(work), "work": work, "form": form, "in_queue": True}
    return render_to_string(step.template, values, request)
