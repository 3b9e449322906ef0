"""What came to a person since he last asked: for a notice of the desktop, if he wants them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from thaki.cases import queries
from thaki.cases.models import Task
from thaki.people.access import StaffRequest, any_staff
from thaki.web.helpers import asked
from thaki.web.reading import title

FEW = 5
LONGEST = timedelta(hours=1)  # who was away longer looks at the list


@require_safe
@any_staff
def news(request: StaffRequest) -> JsonResponse:
    """The person's tasks given to him, or grown late, since the instant of the address."""
    now = timezone.now()
    since = _since(request) or now
    mine = Task.objects.filter(assignee=request.user, state=Task.State.OPEN).select_related("case")
    fresh = mine.filter(assigned_at__gt=since).exclude(assigned_at__gt=now).order_by("-assigned_at")[:FEW]
    late = mine.filter(due_at__gt=since, due_at__lte=now).order_by("due_at")[:FEW] if since < now else []
    rows = [_row(task, is_late=False) for task in fresh] + [_row(task, is_late=True) for task in late]
    return JsonResponse({"at": now.isoformat(), "tasks": rows}, headers={"Cache-Control": "no-store"})


def _since(request: HttpRequest) -> datetime | None:
    try:
        told = parse_datetime(asked(request, "desde"))
    except ValueError:
        return None
    return max(told, timezone.now() - LONGEST) if told is not None and timezone.is_aware(told) else None


def _row(task: Task, *, is_late: bool) -> dict[str, object]:
    return {
        "id": task.pk,
        "url": reverse("task", args=[task.pk]),
        "title": title(queries.node_of(task)),
        "case": f"{task.case.subject} · {task.case.number}".strip(" ·"),
        "late": is_late,
    }
