"""Cobranzas' daily closing of deposits: the day by account and method, closed with who and when, differences told beside."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from thaki.people.access import StaffRequest, staff
from thaki.people.roles import Role
from thaki.procedures.sales.reports import closing as report
from thaki.records.billing import closing, operations
from thaki.records.reasons import RuleError

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 200  # lines on the page; the PDF and the workbook have all
FIELD_WORDS = {
    "slip_number": gettext_lazy("número"),
    "amount_bob": gettext_lazy("monto"),
    "account": gettext_lazy("cuenta"),
    "operation": gettext_lazy("tipo de operación"),
    "state": gettext_lazy("estado"),
}


@staff(Role.ENCARGADO_COBRANZAS)
@require_safe
def day_closing(request: StaffRequest) -> HttpResponse:
    """A day's deposits with totals; closed, they are the frozen ones, and what changed since is listed apart."""
    today, day = timezone.localdate(), day_of(request)
    found = closing.day_of(day)
    context = {
        "found": found,
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < today else None,
        "accepted": found.accepted[:SHOWN],
        "rejected": found.rejected[:SHOWN],
        "more": max(len(found.accepted) - SHOWN, 0),
        "changes": [(each, _words(each.fields)) for each in found.differences],
        "changed_bob": sum(each.amount_bob for each in found.differences),
        "open_days": closing.days_left_open(today)[:10],
        "may_close": found.closing is None and day <= today,
    }
    return render(request, "sales/pages/deposit_closing.html", context)


def _words(fields: tuple[str, ...]) -> str:
    return ", ".join(str(FIELD_WORDS[name]) for name in fields)


def day_of(request: HttpRequest) -> date:
    """The day that the address or the form names; nonsense and days to come are today."""
    today = timezone.localdate()
    try:
        day = parse_date(request.POST.get("dia") or request.GET.get("dia", "")) or today
    except ValueError:
        return today
    return day if day.year > 1900 and day <= today else today


@staff(Role.ENCARGADO_COBRANZAS)
@require_POST
def close(request: StaffRequest) -> HttpResponse:
    """Freeze the day."""
    day = day_of(request)
    try:
        operations.close_day(day, note=request.POST.get("note", ""), by=request.user, now=timezone.now())
    except RuleError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Día cerrado. Lo que cambie después se mostrará aparte."))
    return redirect(f"{reverse('sales_billing:closing')}?dia={day.isoformat()}")


@staff(Role.ENCARGADO_COBRANZAS)
@require_safe
def closing_pdf(request: StaffRequest) -> HttpResponse:
    """The closing on paper."""
    day = day_of(request)
    headers = {"Content-Disposition": f'inline; filename="cierre-depositos-{day.isoformat()}.pdf"'}
    return HttpResponse(report.as_pdf(closing.day_of(day)), content_type="application/pdf", headers=headers)


@staff(Role.ENCARGADO_COBRANZAS)
@require_safe
def closing_xlsx(request: StaffRequest) -> HttpResponse:
    """The closing as a workbook."""
    day = day_of(request)
    headers = {"Content-Disposition": f'attachment; filename="cierre-depositos-{day.isoformat()}.xlsx"'}
    return HttpResponse(report.as_xlsx(closing.day_of(day)), content_type=XLSX, headers=headers)
