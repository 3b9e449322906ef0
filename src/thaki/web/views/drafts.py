"""What is typed into a task while it is typed, and who else has it open."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thaki.cases import operations, permissions, presence
from thaki.cases.models import Task
from thaki.cases.policies import TaskAlreadyClosed
from thaki.people.access import StaffRequest, any_staff
from thaki.web.helpers import done, find_task

OURS = ("csrfmiddlewaretoken", "submission_key", "next")  # fields of the page, not of the step
DRAFT_MAX = 60_000  # characters; a form is far smaller


@any_staff
@require_POST
def draft(request: StaffRequest, task_id: int) -> HttpResponse:
    """Keep what is typed while it is typed, also once somebody else has finished the task: it is not lost by that."""
    found = find_task(task_id, request.user)
    if found.is_open:
        permissions.check_can_act(request.user, found)
    values = {name: values for name, values in request.POST.lists() if name not in OURS}
    wanted = found.is_open or found.closed_by_id != request.user.pk
    if wanted and sum(len(v) for vs in values.values() for v in vs) <= DRAFT_MAX:
        operations.save_draft(found.pk, values, by=request.user, now=timezone.now())
    return HttpResponse(status=204)


@any_staff
@require_POST
def discard(request: StaffRequest, task_id: int) -> HttpResponse:
    """Begin anew: what was typed and not sent goes away."""
    found = find_task(task_id, request.user)
    operations.discard_draft(found.pk, by=request.user)
    if not found.is_open:
        return done(request, _("El borrador se descartó."), "info", to=f"/casos/{found.case.number}/")
    return redirect("task", task_id=found.pk)


@any_staff
@require_POST
def present(request: StaffRequest, task_id: int) -> HttpResponse:
    """The page has the task before it: enter that, and tell who else has, or who was first."""
    found = find_task(task_id, request.user)
    others = presence.seen(task_id, by=request.user, now=timezone.now()) if found.is_open else []
    context = {"present": others, "task": found, "case": found.case, "too_late": _too_late(found)}
    return render(request, "web/case/present.html", context)


def _too_late(found: Task) -> str:
    return "" if found.is_open else str(TaskAlreadyClosed(found))
