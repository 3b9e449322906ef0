"""Reports: the monthly informes and the requests not served, read and downloaded."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router

from thaki.api import shown
from thaki.api.models import Scope
from thaki.api.problems import not_found
from thaki.api.schemas import Id, ReportData, ReportList, ReportOut, Taken
from thaki.api.tokens import check_scope
from thaki.cases import permissions
from thaki.procedures.sales.models import SalesReport
from thaki.procedures.sales.report_access import CHIEFS, PDF, XLSX
from thaki.procedures.sales.reports import builds, informe, monthly, unserved
from thaki.records.documents import operations as documents

router = Router(tags=["Informes"])
SHOWN = 60  # months: five years


class FileQuery(Taken):
    """Which file."""

    format: Literal["pdf", "xlsx"] = "pdf"


def _check_reader(request: HttpRequest, query: type[Taken] | None = None) -> None:
    if not check_scope(request, Scope.REPORTS_READ, query).user.has_role(*CHIEFS):
        raise permissions.NotAllowed(_("Los informes son de quienes dirigen Ventas Digitales."))


@router.get("", response=ReportList, url_name="reports", summary="Informes de ventas, el mes más nuevo primero")
def list_reports(request: HttpRequest) -> ReportList:
    """The Informes Generales de Ventas Digitales of the last five years. Scope `reports:read`."""
    _check_reader(request)
    found = SalesReport.objects.select_related("case", "sent_by").order_by("-month_on")[:SHOWN]
    return ReportList(items=[ReportOut(**shown.report_values(row, row.data.get("kpi", {}))) for row in found])


@router.get("/unserved", url_name="unserved", summary="Reporte de solicitudes no atendidas")
def unserved_file(request: HttpRequest, asked: Query[FileQuery]) -> HttpResponse:
    """The report of requests not served as it is now, as PDF or XLSX. Scope `reports:read`."""
    _check_reader(request, FileQuery)
    now = timezone.now()
    rows = [unserved.row(item) for item in unserved.requests()]
    name = f"no-atendidas-{timezone.localtime(now):%Y-%m-%d}"
    if asked.format == "pdf":
        return _file(unserved.as_pdf(rows, now=now), PDF, f"{name}.pdf")
    return _file(unserved.as_xlsx(rows, now=now), XLSX, f"{name}.xlsx")


@router.get("/{report_id}", response=ReportData, url_name="report", summary="Un informe con sus cifras")
def read_report(request: HttpRequest, report_id: Id) -> ReportData:
    """The figures of an informe: frozen once it is sent, those of the last build before. Scope `reports:read`."""
    _check_reader(request)
    row = _find(report_id)
    data = _figures(row)
    return ReportData(**shown.report_values(row, data.get("kpi", {})), comment=row.comment, data=data)


@router.get("/{report_id}/file", url_name="report_file", summary="Descargar un informe")
def report_file(request: HttpRequest, report_id: Id, asked: Query[FileQuery]) -> HttpResponse:
    """The informe as PDF (to the byte, once it is sent) or XLSX. Scope `reports:read`."""
    _check_reader(request, FileQuery)
    row = _find(report_id)
    name, is_pdf = f"informe-{row.month_on:%Y-%m}", asked.format == "pdf"
    kept = row.pdf if is_pdf else row.xlsx
    if kept is not None:
        content = documents.read(kept)
    else:
        content = (informe.produce_pdf if is_pdf else informe.produce_xlsx)(row, _figures(row))
    return _file(content, PDF if is_pdf else XLSX, f"{name}.{asked.format}")


def _find(report_id: int) -> SalesReport:
    row = SalesReport.objects.select_related("case", "sent_by", "pdf", "xlsx").filter(pk=report_id).first()
    if row is None:
        raise not_found()
    return row


def _figures(row: SalesReport) -> dict[str, Any]:
    """Those that were sent; before that those of the last build, else counted now."""
    build = None if row.data else builds.shown(row)
    found: dict[str, Any] = row.data or (build.data if build else monthly.compile_report(row.month_on))
    return found


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=media_type, headers=disposition)
