"""Pages of the reports: the requests not served (19), the monthly informe (26), the metas, and the contract's PDF (23)."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from thaki.cases.permissions import check_can_see_case
from thaki.people.access import staff
from thaki.people.models import User
from thaki.people.roles import Role
from thaki.procedures.sales.goals import GoalForm, save_goal
from thaki.procedures.sales.models import Goal, Sale, SalesReport
from thaki.procedures.sales.reports import monthly
from thaki.procedures.sales.reports import unserved as unserved_report
from thaki.procedures.sales.steps import contract as contract_step
from thaki.procedures.sales.steps.sales_report import produce_pdf
from thaki.records.offers.models import Plan
from thaki.records.orders.models import ServiceContract
from thaki.reporting.months import month_name, month_of

CHIEFS = (
    Role.RESPONSABLE_CANALES_DIGITALES,
    Role.RESPONSABLE_VENTAS_DIGITALES,
    Role.JEFE_DIVISION_VENTAS,
    Role.GESTION_CALIDAD,
    Role.ADMINISTRADOR,
)
PDF, XLSX = "application/pdf", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    way = "inline" if media_type == PDF else "attachment"
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": f'{way}; filename="{name}"'})


@staff(Role.EJECUTIVO_VENTAS_DIGITALES, *CHIEFS)
def contract_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The Solicitud Contrato de Servicios, original and copy, for who may see its case."""
    contract = get_object_or_404(ServiceContract.objects.select_related("order__customer", "order__plan"), pk=pk)
    sale = get_object_or_404(Sale.objects.select_related("case"), contract=contract)
    check_can_see_case(cast(User, request.user), sale.case)
    return _file(contract_step.render(contract), PDF, f"{contract.number}.pdf")


@staff(*CHIEFS)
def unserved(request: HttpRequest) -> HttpResponse:
    """Reporte de solicitudes no atendidas on the screen."""
    rows = [unserved_report.row(item) for item in unserved_report.requests()]
    return render(request, "sales/pages/unserved.html", {"rows": rows, "by_reason": unserved_report.counts(rows)})


@staff(*CHIEFS)
def unserved_pdf(request: HttpRequest) -> HttpResponse:
    """The same on paper."""
    now = timezone.now()
    rows = [unserved_report.row(item) for item in unserved_report.requests()]
    return _file(unserved_report.as_pdf(rows, now=now), PDF, f"no-atendidas-{timezone.localtime(now):%Y-%m-%d}.pdf")


@staff(*CHIEFS)
def unserved_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a workbook."""
    now = timezone.now()
    rows = [unserved_report.row(item) for item in unserved_report.requests()]
    return _file(unserved_report.as_xlsx(rows, now=now), XLSX, f"no-atendidas-{timezone.localtime(now):%Y-%m-%d}.xlsx")


@staff(*CHIEFS)
def reports(request: HttpRequest) -> HttpResponse:
    """The informes, sent and under way, with the indicator of each month."""
    found = SalesReport.objects.select_related("case", "sent_by").order_by("-month_on")[:24]
    rows = [(report, month_name(report.month_on), report.data.get("kpi", {})) for report in found]
    return render(request, "sales/pages/reports.html", {"rows": rows})


def _figures(report: SalesReport) -> dict[str, Any]:
    """The frozen figures, or today's while it is not sent."""
    return report.data or monthly.compile_report(report.month_on)


@staff(*CHIEFS)
def report_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The informe: as it was sent, to the byte; before that, a draft with today's figures."""
    report = get_object_or_404(SalesReport.objects.select_related("case", "sent_by"), pk=pk)
    report.data = _figures(report)
    return _file(produce_pdf(report), PDF, f"informe-{report.month_on:%Y-%m}.pdf")


@staff(*CHIEFS)
def report_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """The informe as a workbook."""
    report = get_object_or_404(SalesReport.objects.select_related("case"), pk=pk)
    content = monthly.as_xlsx(_figures(report), number=report.case.number)
    return _file(content, XLSX, f"informe-{report.month_on:%Y-%m}.xlsx")


@staff(Role.JEFE_DIVISION_VENTAS, Role.RESPONSABLE_VENTAS_DIGITALES)
def goals(request: HttpRequest) -> HttpResponse:
    """The metas of a month; the Jefe División Ventas enters them, the Responsable reads them (R-A5)."""
    user = cast(User, request.user)
    may_enter = user.has_role(Role.JEFE_DIVISION_VENTAS)
    form = GoalForm(request.POST or None, initial={"month": month_of(timezone.now())})
    if request.method == "POST" and may_enter and form.is_valid():
        save_goal(**form.cleaned_data, by=user, now=timezone.now())
        messages.success(request, _("Meta guardada."))
        return redirect("sales_reports:goals")
    found = Goal.objects.select_related("executive").order_by("-month_on", "product_kind", "pk")[:60]
    kinds = {code: str(label) for code, label in Plan.Kind.choices}
    rows = [(goal, kinds.get(goal.product_kind, "")) for goal in found]
    today: date = month_of(timezone.now())
    return render(
        request, "sales/pages/goals.html", {"form": form, "rows": rows, "may_enter": may_enter, "month": today}
    )
