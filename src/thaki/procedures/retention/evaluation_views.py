"""Pages of Gerencia Comercial and the Jefes de División: the monthly evaluation (RET 15), the indicator of the bajas."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from thaki.people import house, policies
from thaki.people.access import StaffRequest, staff
from thaki.people.roles import Role
from thaki.procedures.retention import evaluation_changes, evaluation_charts, evaluation_figures, evaluation_pdf
from thaki.procedures.retention.evaluation_models import Evaluation
from thaki.records.claims.models import Product
from thaki.records.documents import operations as documents
from thaki.records.documents.rules import XLSX
from thaki.records.withdrawals.models import Withdrawal
from thaki.reporting.months import first_day, following, month_name, month_of, previous
from thaki.reporting.spreadsheets import Column, Sheet, workbook
from thaki.ui.paging import Page, page_of

EVALUATORS = (Role.GERENCIA_COMERCIAL,)
READERS = (
    Role.GERENCIA_COMERCIAL,
    Role.JEFE_RELACION_CLIENTE,
    Role.JEFE_RECURSOS,
    Role.RESPONSABLE_RETENCION,
    Role.GESTION_CALIDAD,
)
PDF = "application/pdf"
MOST = 20_000  # rows of a workbook


# ---------------------------------------------------------------- 15
@staff(*READERS)
@require_safe
def evaluations(request: StaffRequest) -> HttpResponse:
    """The months, concluded and under way."""
    found = Evaluation.objects.select_related("case", "concluded_by", "pdf").order_by("-month_on")[:36]
    rows = [(one, month_name(one.month_on), one.data.get("total", {}), one.data.get("kpi", {})) for one in found]
    return render(request, "retention/pages/evaluations.html", {"rows": rows})


@staff(*READERS)
@require_safe
def evaluation(request: StaffRequest, pk: int) -> HttpResponse:
    """The figures of a month: as they were frozen, or as they are now."""
    found = get_object_or_404(Evaluation.objects.select_related("case", "concluded_by", "pdf"), pk=pk)
    now = timezone.now()
    data = found.data or evaluation_figures.compile_month(found.month_on, now=now)
    evaluates = request.user.has_role(*EVALUATORS)
    context = {
        "evaluation": found,
        "month": month_name(found.month_on),
        "data": data,
        "tables": tables(data),
        "trend": evaluation_charts.trend(data["kpi"]["trend"]),
        "evaluates": evaluates and found.concluded_at is None,
    }
    return render(request, "retention/pages/evaluation.html", context)


def tables(data: dict[str, Any]) -> list[tuple[str, str, list[dict[str, str]], Any]]:
    """Heading, name of the first column, lines and chart of each part."""
    parts = (
        (_("Por oferta"), _("Oferta"), data["offers"]),
        (_("Por tarea Xpress"), _("Tarea"), data["tasks"]),
        (_("Por técnico"), _("Técnico"), data["technicians"]),
        (_("Los últimos 12 meses, por oferta"), _("Oferta"), data["year"]["offers"]),
        (_("Los últimos 12 meses, por tarea Xpress"), _("Tarea"), data["year"]["tasks"]),
    )
    return [
        (title, name, evaluation_pdf.lines(rows), evaluation_charts.kept(rows)) for title, name, rows in parts if rows
    ]


@staff(*READERS)
@require_safe
def changes(request: StaffRequest, pk: int) -> HttpResponse:
    """What was changed upon the evaluation, and for who evaluates, what may be linked: it comes after the page."""
    found = get_object_or_404(Evaluation.objects.select_related("case"), pk=pk)
    evaluates = request.user.has_role(*EVALUATORS) and found.concluded_at is None
    context: dict[str, Any] = {
        "evaluation": found,
        "linked": list(found.changes.select_related("by").order_by("at", "pk")),
        "evaluates": evaluates,
    }
    if evaluates:
        context["seen"] = evaluation_changes.since(found, now=timezone.now())
        context["policies"] = evaluation_changes.choices()
    return render(request, "retention/fragments/evaluation_changes.html", context)


@staff(*EVALUATORS)
@require_POST
def link_changes(request: StaffRequest, pk: int) -> HttpResponse:
    """These changes came of the evaluation."""
    found = _open(pk)
    count = evaluation_changes.link(found, request.POST.getlist("change")[:100], now=timezone.now())
    if count:
        messages.success(request, _("Cambios enlazados: %(count)s.") % {"count": count})
    else:
        messages.error(request, _("Marque al menos un cambio."))
    return redirect("retention_ops:evaluation", pk=pk)


@staff(*EVALUATORS)
@require_POST
def change_policy(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a policy of the retention right there; it is linked at once."""
    found, reason = _open(pk), request.POST.get("reason", "").strip()[:300]
    code, value = request.POST.get("code", ""), request.POST.get("value", "").strip()
    if not reason:
        messages.error(request, _("Indique el motivo del cambio."))
        return redirect("retention_ops:evaluation", pk=pk)
    try:
        evaluation_changes.change_policy(found, code, value, reason=reason, by=request.user, now=timezone.now())
    except policies.UnknownPolicy:
        messages.error(request, _("Elija la política."))
    except policies.BadValue as bad:
        messages.error(request, str(bad))
    else:
        messages.success(request, _("La política cambió y queda enlazada a la evaluación."))
    return redirect("retention_ops:evaluation", pk=pk)


def _open(pk: int) -> Evaluation:
    return get_object_or_404(Evaluation.objects.select_related("case"), pk=pk, concluded_at=None)


@staff(*READERS)
@require_safe
def evaluation_paper(request: StaffRequest, pk: int) -> HttpResponse:
    """The bytes that were frozen; before that, a draft of the figures as they are."""
    found = get_object_or_404(Evaluation.objects.select_related("case", "concluded_by", "pdf"), pk=pk)
    if found.pdf is not None:
        return _file(documents.read(found.pdf), PDF, found.pdf.name)
    found.data = {
        **evaluation_figures.compile_month(found.month_on, now=timezone.now()),
        "house": house.words(),
        "changes": evaluation_pdf.changes_of(found),
    }
    found.conclusion = found.conclusion or _("Borrador: todavía sin conclusión.")
    return _file(evaluation_pdf.render(found), PDF, f"borrador-evaluacion-{found.month_on:%Y-%m}.pdf")


@staff(*READERS)
@require_POST
def verify_evaluation(request: StaffRequest, pk: int) -> HttpResponse:
    """Make the paper again from its frozen figures and hold it against the bytes that were kept."""
    found = get_object_or_404(
        Evaluation.objects.select_related("case", "concluded_by", "pdf"), pk=pk, pdf__isnull=False
    )
    assert found.pdf is not None  # just asked for
    kept = hashlib.sha256(documents.read(found.pdf)).hexdigest()
    if kept == found.pdf.sha256 == hashlib.sha256(evaluation_pdf.render(found)).hexdigest():
        messages.success(request, _("Comprobado: producida otra vez da los mismos bytes."))
    else:
        messages.error(request, _("Producida hoy no da los mismos bytes; valen los guardados el día del cierre."))
    return redirect("retention_ops:evaluation", pk=pk)


# ---------------------------------------------------------------- the indicator
@staff(*READERS)
@require_safe
def withdrawals(request: StaffRequest) -> HttpResponse:
    """The bajas of a month against the month before, with their trend, reasons and list."""
    month_on = _month(request)
    shown = evaluation_figures.indicator(month_on)
    names = evaluation_figures.reason_names()
    page: Page[Withdrawal] = page_of(_bajas(month_on, request), request, 40)
    context = {
        "month_on": month_on,
        "month": month_name(month_on),
        "before": previous(month_on),
        "after": following(month_on) if month_on < month_of(timezone.now()) else None,
        "is_current": month_on == month_of(timezone.now()),
        "shown": shown,
        "trend": evaluation_charts.trend([evaluation_figures.plain(one) for one in shown.trend]),
        "reasons": evaluation_charts.reasons(shown.reasons),
        "products": Product.choices,
        "product": request.GET.get("producto", ""),
        "kind": request.GET.get("clase", ""),
        "page": page,
        "rows": [(one, names.get(one.reason, one.reason)) for one in page.rows],
    }
    return render(request, "retention/pages/withdrawals.html", context)


def _month(request: StaffRequest) -> date:
    """The month that the address names (`?mes=2026-11`); nonsense is this month."""
    try:
        named = first_day(date.fromisoformat(f"{request.GET.get('mes', '')}-01"))
    except ValueError:
        return month_of(timezone.now())
    return named if 2000 <= named.year < 2200 else month_of(timezone.now())


def _bajas(month_on: date, request: StaffRequest) -> QuerySet[Withdrawal]:
    last = following(month_on) - timedelta(days=1)
    found = Withdrawal.objects.filter(requested_on__gte=month_on, requested_on__lte=last)
    product, kind = request.GET.get("producto", ""), request.GET.get("clase", "")
    if product in Product.values:
        found = found.filter(product=product)
    if kind in Withdrawal.Kind.values:
        found = found.filter(kind=kind)
    return found.select_related("customer", "subscription__plan").order_by("-requested_on", "-pk")


COLUMNS = (
    Column("Número", width=18),
    Column("Solicitada", "date", 12),
    Column("Socio/cliente", width=32),
    Column("Servicio", width=30),
    Column("Producto", width=14),
    Column("Clase", width=12),
    Column("Motivo", width=28),
    Column("Caso", width=18),
    Column("Efectiva", "date", 12),
)


@staff(*READERS)
@require_safe
def withdrawals_xlsx(request: StaffRequest) -> HttpResponse:
    """The month's bajas as a workbook."""
    month_on, names = _month(request), evaluation_figures.reason_names()
    rows = [
        (
            one.number,
            one.requested_on,
            str(one.customer),
            str(one.subscription),
            one.get_product_display(),
            one.get_kind_display(),
            names.get(one.reason, one.reason),
            one.case_ref,
            one.effective_on,
        )
        for one in _bajas(month_on, request)[:MOST]
    ]
    title = _("Bajas de %(month)s") % {"month": month_name(month_on)}
    content = workbook([Sheet(f"{month_on:%Y-%m}", title, COLUMNS, rows)], title=title)
    return _file(content, XLSX, f"bajas-{month_on:%Y-%m}.xlsx")


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    way = "inline" if media_type == PDF else "attachment"
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": f'{way}; filename="{name}"'})
