"""What came from a telephone too late: the supervisor reads it whole, and says when it is settled."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from thaki.people.access import StaffRequest, staff
from thaki.people.roles import Role
from thaki.procedures.retention.field.payload import Sent, Unreadable, read
from thaki.procedures.retention.models import XpressTask
from thaki.records.documents.models import Document
from thaki.records.work_orders.models import Submission, VisitFailure, VisitSignature
from thaki.records.work_orders.rules_visit import LARGE_SKEW
from thaki.ui.paging import Page, page_of

WATCHERS = (Role.SUPERVISOR_CENTRO_OPERACIONES, Role.RESPONSABLE_RETENCION)
KINDS = {
    "arrival": gettext_lazy("Llegada"),
    "report": gettext_lazy("Visita terminada"),
    "failure": gettext_lazy("Visita no realizada"),
}


@staff(*WATCHERS)
@require_safe
def conflicts(request: StaffRequest) -> HttpResponse:
    """Those that nobody has settled yet; `?todos` shows the settled ones too."""
    rows = Submission.objects.filter(outcome=Submission.Outcome.CONFLICT).select_related("order__customer", "user")
    every = "todos" in request.GET
    if not every:
        rows = rows.filter(settled_at=None)
    page: Page[Submission] = page_of(rows.order_by("-received_at", "-pk"), request, 25)
    return render(request, "retention/pages/visit_conflicts.html", {"page": page, "every": every, "kinds": KINDS})


@staff(*WATCHERS)
@require_safe
def conflict(request: StaffRequest, pk: int) -> HttpResponse:
    """The technician's work as he sent it."""
    found = get_object_or_404(
        Submission.objects.select_related("order__customer", "order__assigned_to", "user", "settled_by"),
        pk=pk,
        outcome=Submission.Outcome.CONFLICT,
    )
    return render(request, "retention/pages/visit_conflict.html", {"found": found, **_context(found)})


def _context(found: Submission) -> dict[str, Any]:
    skewed = found.skew_s is not None and abs(found.skew_s) > LARGE_SKEW.total_seconds()
    pictures: dict[str, int] = found.conflict.get("pictures", {})
    known = Document.objects.in_bulk(pictures.values())
    context: dict[str, Any] = {
        "kind": KINDS.get(found.kind, found.kind),
        "message": found.conflict.get("message", ""),
        "skewed": skewed,
        "pictures": [known[pk] for pk in pictures.values() if pk in known],
    }
    try:
        return context | _work(read(found.payload))
    except Unreadable:
        return context


def _work(sent: Sent) -> dict[str, Any]:
    names = {task.code: task.name for task in XpressTask.objects.filter(code__in=[each.code for each in sent.tasks])}
    papers, failures = dict(VisitSignature.Paper.choices), dict(VisitFailure.Kind.choices)
    return {
        "sent": sent,
        "tasks": [(names.get(task.code, task.code), task) for task in sent.tasks],
        "papers": [(papers.get(each.paper, each.paper), each) for each in sent.signatures],
        "failure": failures.get(sent.failure, ""),
    }


@staff(*WATCHERS)
@require_POST
def settle(request: StaffRequest, pk: int) -> HttpResponse:
    """The supervisor has read it and done what it asks for."""
    open_ones = Submission.objects.filter(pk=pk, outcome=Submission.Outcome.CONFLICT, settled_at=None)
    if open_ones.update(settled_at=timezone.now(), settled_by=request.user):
        messages.success(request, _("El conflicto quedó resuelto; el trabajo del técnico sigue guardado."))
    else:
        messages.info(request, _("El conflicto ya estaba resuelto."))
    return redirect("field:conflicts")


def waiting(user: Any) -> int:
    """How many wait, for the line in the navigation."""
    return Submission.objects.filter(outcome=Submission.Outcome.CONFLICT, settled_at=None).count()
