"""The lists of the two teams of quality (RET 9 and 10): what falls due, from the system's report, with one-click results."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from thaki.cases import operations as cases
from thaki.cases.models import Task
from thaki.cases.permissions import NotAllowed, can_act
from thaki.cases.policies import NotNow, TaskAlreadyClosed
from thaki.cases.runtime import AnswerInvalid
from thaki.people.access import StaffRequest, staff
from thaki.people.roles import Role
from thaki.procedures.retention import quality_report
from thaki.procedures.retention.quality_report import Report
from thaki.procedures.retention.steps.quality import CALL, CONTROL
from thaki.records.documents.rules import XLSX
from thaki.reporting.spreadsheets import Column, Sheet, workbook

NODES = {"calidad": CALL, "reiterados": CONTROL}
PAGES = {"calidad": "retention_ops:quality", "reiterados": "retention_ops:recurrence"}
TEAMS = {"calidad": Role.SEGUIMIENTO_INCIDENTES, "reiterados": Role.CALIDAD_RELACIONES}
WATCHERS = (
    Role.SEGUIMIENTO_INCIDENTES,
    Role.CALIDAD_RELACIONES,
    Role.RESPONSABLE_RETENCION,
    Role.JEFE_RELACION_CLIENTE,
    Role.GERENCIA_COMERCIAL,
)
NO_ANSWER = "no_answer"


@staff(*WATCHERS)
@require_safe
def control(request: StaffRequest, which: str) -> HttpResponse:
    """The controls that wait, the late ones first, each with what the system knows."""
    node, now = _node(which), timezone.now()
    found = quality_report.rows(node, now=now)
    context = {
        "which": which,
        "control": node == CONTROL,
        "rows": [(row, row.task is not None and can_act(request.user, row.task, now)) for row in found],
        "late": sum(1 for row in found if row.task and row.task.is_late(now)),
        "coming": quality_report.coming(node, now=now),
        "now": now,
    }
    return render(request, "retention/pages/control.html", context)


@staff(Role.SEGUIMIENTO_INCIDENTES, Role.CALIDAD_RELACIONES)
@require_POST
def answer(request: StaffRequest, task_id: int) -> HttpResponse:
    """One click: the result of a control, or a call that nobody answered."""
    task = get_object_or_404(Task.objects.select_related("case"), pk=task_id, node__in=(CALL, CONTROL))
    which = next(name for name, node in NODES.items() if node == task.node)
    if not request.user.has_role(TEAMS[which]):
        raise Http404
    result, note = request.POST.get("result", ""), request.POST.get("note", "")
    key = request.POST.get("submission_key", "")[:64]
    now = timezone.now()
    try:
        if result == NO_ANSWER:
            data = {"note": note}
            cases.perform(task.case_id, "retention.no_answer", by=request.user, now=now, data=data, submission_key=key)
        else:
            data = {"result": result, "note": note}
            cases.complete(task.pk, by=request.user, now=now, data=data, submission_key=key)
    except AnswerInvalid as invalid:
        messages.error(request, " ".join(str(error) for errors in invalid.form.errors.values() for error in errors))
    except (TaskAlreadyClosed, NotAllowed, NotNow) as late:
        messages.error(request, str(late))
    else:
        messages.success(request, _said(result, task.case.number))
    return redirect(PAGES[which])


def _said(result: str, number: str) -> str:
    words = {
        "good": _("%(number)s: resuelto."),
        "bad": _("%(number)s: la falla está ahí; vuelve al Asesor para otra orden."),
        "not_reached": _("%(number)s: no se lo ubicó; sigue al control de 30 días."),
        NO_ANSWER: _("%(number)s: intento anotado."),
    }
    return words.get(result, _("%(number)s: anotado.")) % {"number": number}


@staff(*WATCHERS)
@require_safe
def control_xlsx(request: StaffRequest, which: str) -> HttpResponse:
    """The report as a workbook."""
    node, now = _node(which), timezone.now()
    rows = [_cells(row) for row in quality_report.rows(node, now=now)]
    name = _("Control de calidad a los 2 días") if node == CALL else _("Control de daños reiterados a los 30 días")
    content = workbook([Sheet(str(which), str(name), COLUMNS, rows)], title=str(name))
    filename = f"control-{which}-{timezone.localtime(now):%Y-%m-%d}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)


COLUMNS = (
    Column("Caso", width=18),
    Column("Socio/cliente", width=30),
    Column("Celular", width=12),
    Column("Servicio", width=28),
    Column("Orden", width=18),
    Column("Técnico", width=24),
    Column("Cerrada", "instant"),
    Column("Tareas hechas", width=40),
    Column("Reclamos desde entonces", "integer"),
    Column("Vence", "instant"),
)


def _cells(row: Report) -> tuple[object, ...]:
    order = row.order
    done = ", ".join(task.name or task.task for task in order.tasks.all() if task.done_at)
    return (
        order.case_ref,
        str(row.retention.customer),
        row.phones[0] if row.phones else "",
        str(order.subscription),
        order.number,
        str(order.assigned_to or ""),
        timezone.localtime(order.closed_at) if order.closed_at else None,
        done,
        len(row.claims),
        timezone.localtime(row.task.due_at) if row.task and row.task.due_at else None,
    )


def _node(which: str) -> str:
    if which not in NODES:
        raise Http404
    return NODES[which]
