"""Pages of the requests not served (GVD step 19)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from thaki.people.access import StaffRequest, staff
from thaki.procedures.sales.report_access import CHIEFS, PDF, XLSX, file
from thaki.procedures.sales.reports import unserved as unserved_report


@staff(*CHIEFS)
def unserved(request: StaffRequest) -> HttpResponse:
    """Reporte de solicitudes no atendidas on the screen."""
    rows = [unserved_report.row(item) for item in unserved_report.requests()]
    return render(request, "sales/pages/unserved.html", {"rows": rows, "by_reason": unserved_report.counts(rows)})


@staff(*CHIEFS)
def unserved_pdf(request: StaffRequest) -> HttpResponse:
    """The same on paper."""
    now = timezone.now()
    rows = [unserved_report.row(item) for item in unserved_report.requests()]
    return file(unserved_report.as_pdf(rows, now=now), PDF, f"no-atendidas-{timezone.localtime(now):%Y-%m-%d}.pdf")


@staff(*CHIEFS)
def unserved_xlsx(request: StaffRequest) -> HttpResponse:
    """The same as a workbook."""
    now = timezone.now()
    rows = [unserved_report.row(item) for item in unserved_report.requests()]
    return file(unserved_report.as_xlsx(rows, now=now), XLSX, f"no-atendidas-{timezone.localtime(now):%Y-%m-%d}.xlsx")
