"""Facturación's control of recurring payment (R-A13): months with their figures, who owes, files, payments to clear up."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from thaki.people.access import StaffRequest, staff
from thaki.people.roles import Role
from thaki.procedures.sales.billing_closing import XLSX
from thaki.records.billing import control, operations, queries
from thaki.records.billing.control import Filters, Line
from thaki.records.billing.models import RecurringBill, RecurringEnrolment
from thaki.records.billing.rules import first_of_month, next_month
from thaki.records.reasons import RuleError
from thaki.reporting.months import month_name
from thaki.reporting.spreadsheets import Column, Sheet, workbook
from thaki.ui.paging import Page, page_of

WATCHERS = (Role.DIVISION_FACTURACION, Role.EJECUTIVO_VENTAS_DIGITALES, Role.RESPONSABLE_VENTAS_DIGITALES)
SIDE_BY_SIDE = 6  # months
MOST_EXPORTED = 50_000


def month_of(request: HttpRequest) -> date:
    """The month that the address names (`2026-12`); nonsense is this month."""
    this_month = first_of_month(timezone.localdate())
    try:
        month = date.fromisoformat(f"{request.GET.get('mes', '')}-01")
    except ValueError:
        return this_month
    return month if 1900 < month.year < 2200 else this_month


def filters_of(request: HttpRequest) -> Filters:
    """What the address narrows the list to."""
    state, method = request.GET.get("estado", ""), request.GET.get("medio", "")
    return Filters(
        state=state if state in control.STATES else "",
        method=method if method in RecurringEnrolment.Method.values else "",
        text=request.GET.get("q", "").replace("\x00", "").strip()[:80],
    )


@staff(*WATCHERS)
@require_safe
def recurring(request: StaffRequest) -> HttpResponse:
    """A month: enrolled, billed, paid, overdue; who; the months before; first bills left unpaid; payments to clear up."""
    month, today, filters = month_of(request), timezone.localdate(), filters_of(request)
    page: Page[Any] = page_of(control.month_rows(month, filters, today), request)
    side = control.totals(control.months_until(month, SIDE_BY_SIDE), today)
    may_write = request.user.has_role(Role.DIVISION_FACTURACION)
    context = {
        "month": month,
        "before": first_of_month(month - timedelta(days=1)),
        "after": next_month(month),
        "page": page,
        "lines": control.lines(page.rows, today),
        "filters": filters,
        "states": states(),
        "methods": RecurringEnrolment.Method.choices,
        "totals": side[-1],
        "side": side[::-1],
        "query": urlencode(
            {"mes": f"{month:%Y-%m}", "estado": filters.state, "medio": filters.method, "q": filters.text}
        ),
        "first_unpaid": queries.first_bills_unpaid(today).order_by("due_on")[:50],
        "unclear": control.unclear_payments()[:50] if may_write else [],
        "may_write": may_write,
    }
    return render(request, "sales/pages/recurring.html", context)


# ---------------------------------------------------------------- writing
class PayForm(forms.Form):
    """How a month was paid."""

    reference = forms.CharField(max_length=60)


@staff(Role.DIVISION_FACTURACION)
@require_POST
def issue_month(request: StaffRequest) -> HttpResponse:
    """Make the month's bills of every running enrolment that has none yet."""
    month = first_of_month(timezone.localdate())
    made = operations.issue_month(month, by=request.user, now=timezone.now())
    messages.success(request, _("Cobros nuevos de este mes: %(count)s.") % {"count": made})
    return redirect("sales_billing:recurring")


@staff(Role.DIVISION_FACTURACION)
@require_POST
def pay_bill(request: StaffRequest, pk: int) -> HttpResponse:
    """What was missing of a month was paid."""
    bill = get_object_or_404(RecurringBill, pk=pk)
    form = PayForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Indique la referencia del pago."))
        return _back(bill.month, request)
    try:
        operations.pay_bill(pk, reference=form.cleaned_data["reference"], by=request.user, now=timezone.now())
    except RuleError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Pago registrado."))
    return _back(bill.month, request)


@staff(Role.DIVISION_FACTURACION)
@require_POST
def clear_payment(request: StaffRequest, pk: int) -> HttpResponse:
    """Say how a payment that paid no bill was cleared up."""
    try:
        operations.clear_payment(pk, note=request.POST.get("note", ""), by=request.user, now=timezone.now())
    except RuleError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Aclarado."))
    return redirect("sales_billing:recurring")


def _back(month: date, request: HttpRequest) -> HttpResponse:
    kept = {name: request.POST.get(name, "")[:80] for name in ("estado", "medio", "q")}
    query = urlencode({"mes": f"{month:%Y-%m}"} | {name: value for name, value in kept.items() if value})
    return redirect(f"{reverse('sales_billing:recurring')}?{query}")


# ---------------------------------------------------------------- exports
def _columns() -> list[Column]:
    return [
        Column(_("Caso"), width=18),
        Column(_("Orden"), width=18),
        Column(_("Código de cliente"), width=16),
        Column(_("Cliente"), width=32),
        Column(_("Medio de pago"), width=26),
        Column(_("Mes"), width=10),
        Column(_("Factura"), width=16),
        Column(_("Vence"), "date", 12),
        Column(_("Monto (Bs)"), "money", 14),
        Column(_("Pagado (Bs)"), "money", 14),
        Column(_("Estado"), width=12),
        Column(_("Fecha de pago"), "date", 14),
        Column(_("Referencia"), width=20),
    ]


def _words(state: str) -> str:
    words = {"overdue": _("Vencido"), "pending": _("Pendiente"), "paid": _("Pagado"), "unbilled": _("Sin cobro")}
    return words[state]


def _row(line: Line, month: date) -> list[Any]:
    enrolment, bill = line.enrolment, line.bill
    paid_at = timezone.localtime(bill.paid_at).date() if bill and bill.paid_at else None
    return [
        enrolment.case_ref,
        enrolment.order.number if enrolment.order else "",
        enrolment.customer.code,
        str(enrolment.customer),
        str(enrolment.get_method_display()),
        f"{month:%m/%Y}",
        bill.number if bill else "",
        bill.due_on if bill else None,
        bill.amount_bob if bill else None,
        bill.amount_bob if bill and line.state == "paid" and not line.paid_bob else line.paid_bob,
        _words(line.state),
        paid_at,
        bill.paid_reference if bill else "",
    ]


def _exported(request: HttpRequest) -> tuple[date, list[list[Any]]]:
    month, today = month_of(request), timezone.localdate()
    found = control.month_rows(month, filters_of(request), today)[:MOST_EXPORTED]
    return month, [_row(line, month) for line in control.lines(found, today)]


@staff(*WATCHERS)
@require_safe
def recurring_xlsx(request: StaffRequest) -> HttpResponse:
    """The month's list, as filtered, with the months' figures, as a workbook."""
    month, rows = _exported(request)
    title = _("Control de pago recurrente %(month)s") % {"month": month_name(month)}
    figures = [
        (
            f"{each.month:%m/%Y}",
            each.enrolled.count,
            each.billed.count,
            each.billed.amount_bob,
            each.paid.count,
            each.paid.amount_bob,
            each.pending.count,
            each.overdue.count,
            each.overdue.amount_bob,
        )
        for each in control.totals(control.months_until(month, SIDE_BY_SIDE), timezone.localdate())
    ]
    months = [
        Column(_("Mes"), width=10),
        Column(_("Inscritos"), "integer", 11),
        Column(_("Facturados"), "integer", 11),
        Column(_("Facturado (Bs)"), "money", 14),
        Column(_("Pagaron"), "integer", 11),
        Column(_("Pagado (Bs)"), "money", 14),
        Column(_("Pendientes"), "integer", 11),
        Column(_("Vencidos"), "integer", 11),
        Column(_("Vencido (Bs)"), "money", 14),
    ]
    content = workbook(
        [Sheet(f"{month:%Y-%m}", title, _columns(), rows), Sheet(_("Meses"), title, months, figures)], title=title
    )
    headers = {"Content-Disposition": f'attachment; filename="control-recurrente-{month:%Y-%m}.xlsx"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)


@staff(*WATCHERS)
@require_safe
def recurring_csv(request: StaffRequest) -> HttpResponse:
    """The same as CSV: semicolons and a comma in amounts, as spreadsheets here read it."""
    month, rows = _exported(request)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(column.heading for column in _columns())
    writer.writerows([_plain(value) for value in row] for row in rows)
    headers = {"Content-Disposition": f'attachment; filename="control-recurrente-{month:%Y-%m}.csv"'}
    return HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:.2f}".replace(".", ",")
    if isinstance(value, date) and not isinstance(value, datetime):
        return f"{value:%d/%m/%Y}"
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text  # no formula of a stranger's runs


def states() -> Iterable[tuple[str, str]]:
    """The states with their words, for filters."""
    return [(state, _words(state)) for state in control.STATES]
