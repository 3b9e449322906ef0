"""Pages of the informe (26): its months, its figures with their build, its documents; and the contract's PDF (23)."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from thaki.cases.models import Task
from thaki.cases.permissions import check_can_see_case
from thaki.people.access import StaffRequest, staff
from thaki.people.roles import Role
from thaki.procedures.sales import figures
from thaki.procedures.sales.models import Sale, SalesReport
from thaki.procedures.sales.report_access import CHIEFS, PDF, XLSX, file
from thaki.procedures.sales.report_charts import charts
from thaki.procedures.sales.reports import builds, informe, monthly
from thaki.procedures.sales.steps import contract as contract_step
from thaki.records.documents import operations as documents
from thaki.records.documents.models import Document
from thaki.records.orders.models import ServiceContract
from thaki.reporting.months import month_name, month_of

RELATED = ("case", "sent_by", "pdf", "xlsx")


@staff(Role.EJECUTIVO_VENTAS_DIGITALES, *CHIEFS)
@require_safe
def contract_pdf(request: StaffRequest, pk: int) -> HttpResponse:
    """The Solicitud Contrato de Servicios, original and copy, for who may see its case."""
    contract = get_object_or_404(ServiceContract.objects.select_related("order__customer", "order__plan"), pk=pk)
    sale = get_object_or_404(Sale.objects.select_related("case"), contract=contract)
    check_can_see_case(request.user, sale.case)
    return file(contract_step.render(contract), PDF, f"{contract.number}.pdf")


@staff(*CHIEFS)
@require_safe
def reports(request: StaffRequest) -> HttpResponse:
    """The informes, sent and under way, with the indicator of each month."""
    found = SalesReport.objects.select_related("case", "sent_by").order_by("-month_on")[:36]
    rows = [(report, month_name(report.month_on), report.data.get("kpi", {})) for report in found]
    months = figures.trend(month_of(timezone.now()))
    return render(request, "sales/pages/reports.html", {"rows": rows, **charts(months)})


@staff(*CHIEFS)
@require_safe
def report(request: StaffRequest, pk: int) -> HttpResponse:
    """The figures of a month: as they were sent, or as they were last built."""
    found = get_object_or_404(SalesReport.objects.select_related(*RELATED), pk=pk)
    build = builds.shown(found)
    data = found.data or (build.data if build else {})
    context = {
        "report": found,
        "month": month_name(found.month_on),
        "build": build,
        "under_way": builds.under_way(found),
        "failed": builds.last_failed(found),
        "data": informe.on_screen(data) if data.get("v") == monthly.VERSION else None,
        "task": Task.objects.filter(case=found.case_id, state=Task.State.OPEN).first() if _sends(request) else None,
    }
    return render(request, "sales/pages/report.html", context)


def _sends(request: StaffRequest) -> bool:
    return request.user.has_role(Role.RESPONSABLE_VENTAS_DIGITALES)


@staff(*CHIEFS)
@require_POST
def build_report(request: StaffRequest, pk: int) -> HttpResponse:
    """Have the figures counted; while they are being counted for somebody else, his count is shown."""
    found = get_object_or_404(SalesReport, pk=pk)
    try:
        builds.ask(found, by=request.user, now=timezone.now())
    except builds.AlreadySent:
        messages.error(request, _("El informe ya se envió: sus números no cambian."))
    return redirect("sales_reports:report", pk=pk)


@staff(*CHIEFS)
@require_safe
def build_progress(request: StaffRequest, pk: int) -> HttpResponse:
    """How far the build is; once it is over the page loads itself again."""
    found = get_object_or_404(SalesReport, pk=pk)
    running = builds.under_way(found)
    response = render(request, "sales/fragments/build.html", {"report": found, "under_way": running})
    if running is None:
        response["HX-Refresh"] = "true"
    return response


# ---------------------------------------------------------------- the documents
@staff(*CHIEFS)
@require_safe
def report_pdf(request: StaffRequest, pk: int) -> HttpResponse:
    """The bytes that were sent; before that, a draft of the last figures. `?ejemplar=` gives one sheet of the two."""
    found = get_object_or_404(SalesReport.objects.select_related(*RELATED), pk=pk)
    which = _which(request)
    name = f"informe-{found.month_on:%Y-%m}{'-' + which if which else ''}.pdf"
    if found.pdf is not None and not which:
        return file(documents.read(found.pdf), PDF, name)
    return file(informe.produce_pdf(found, _draft(found), which=which), PDF, name)


@staff(*CHIEFS)
@require_safe
def report_xlsx(request: StaffRequest, pk: int) -> HttpResponse:
    """The informe as a workbook: the bytes that were sent, its copy, or a draft."""
    found = get_object_or_404(SalesReport.objects.select_related(*RELATED), pk=pk)
    which = informe.COPY if _which(request) == informe.COPY else informe.ORIGINAL
    name = f"informe-{found.month_on:%Y-%m}{'-copia' if which == informe.COPY else ''}.xlsx"
    if found.xlsx is not None and which == informe.ORIGINAL:
        return file(documents.read(found.xlsx), XLSX, name)
    return file(informe.produce_xlsx(found, _draft(found), which=which), XLSX, name)


def _which(request: HttpRequest) -> str:
    asked = request.GET.get("ejemplar", "")
    return asked if asked in (informe.ORIGINAL, informe.COPY) else informe.BOTH


def _draft(found: SalesReport) -> dict[str, Any]:
    """The figures of an informe that is not sent: those of its last build, else counted now."""
    if found.data:
        return {}
    build = builds.shown(found)
    return build.data if build else monthly.compile_report(found.month_on)


@staff(*CHIEFS)
@require_POST
def verify_report(request: StaffRequest, pk: int) -> HttpResponse:
    """Make the sent documents again from their figures and hold them against the bytes that were kept."""
    found = get_object_or_404(SalesReport.objects.select_related(*RELATED), pk=pk, sent_at__isnull=False)
    made: list[tuple[Document | None, bytes]] = [(found.pdf, informe.produce_pdf(found))]
    if found.xlsx is not None:
        made.append((found.xlsx, informe.produce_xlsx(found)))
    if all(_same(kept, again) for kept, again in made):
        messages.success(request, _("Comprobado: producido otra vez da los mismos bytes."))
    else:
        messages.error(request, _("Producido hoy no da los mismos bytes; valen los guardados el día del envío."))
    return redirect("sales_reports:report", pk=pk)


def _same(kept: Document | None, again: bytes) -> bool:
    """Whether the bytes kept are whole, and those made again the same."""
    if kept is None:
        return False
    return hashlib.sha256(documents.read(kept)).hexdigest() == kept.sha256 == hashlib.sha256(again).hexdigest()
