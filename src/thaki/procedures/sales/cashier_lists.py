"""Lists of Cajas: what was printed and not handed over, and what an agency did on a day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thaki.cases.models import Task
from thaki.people.access import StaffRequest, staff
from thaki.people.roles import Role
from thaki.procedures.sales.billing_closing import XLSX, day_of
from thaki.procedures.sales.cashier_views import LOOKERS, agency_of
from thaki.procedures.sales.form_parts import agencies
from thaki.records.billing import cashier
from thaki.records.billing.models import Invoice
from thaki.reporting.spreadsheets import Column, Sheet, workbook
from thaki.ui.paging import Page, page_of

OLD = timedelta(days=7)  # printed so long ago, somebody should call the customer
MOST_EXPORTED = 5000


def _frame(request: StaffRequest) -> dict[str, Any]:
    agency = agency_of(request)
    return {
        "agency": agency,
        "agencies": [] if request.user.agency else agencies(),
        "counts": cashier.print_counts(agency),
        "may_print": request.user.has_role(Role.CAJERO),
    }


@staff(*LOOKERS)
@require_safe
def undelivered(request: StaffRequest) -> HttpResponse:
    """Invoices on paper that their owner has not yet, the oldest first, with his telephone."""
    context = _frame(request)
    page: Page[Invoice] = page_of(cashier.undelivered(context["agency"]), request)
    references = [invoice.case_ref for invoice in page.rows]
    open_ones = Task.objects.filter(case__number__in=references, step="17", state=Task.State.OPEN)
    tasks = dict(open_ones.values_list("case__number", "pk"))
    now = timezone.now()
    context |= {
        "page": page,
        "rows": [
            (each, tasks.get(each.case_ref), each.printed_at is not None and now - each.printed_at > OLD)
            for each in page.rows
        ],
    }
    return render(request, "sales/pages/undelivered.html", context)


@staff(*LOOKERS)
@require_safe
def undelivered_xlsx(request: StaffRequest) -> HttpResponse:
    """The same as a workbook."""
    agency = agency_of(request)
    columns = [
        Column(_("Factura"), width=18),
        Column(_("A nombre de"), width=34),
        Column(_("Teléfono"), width=12),
        Column(_("Monto (Bs)"), "money", 14),
        Column(_("Impresa"), "instant", 18),
        Column(_("Agencia"), width=20),
        Column(_("Caso"), width=18),
    ]
    rows = [
        (
            each.number,
            each.name,
            each.customer.main_phone if each.customer else "",
            each.amount_bob,
            timezone.localtime(each.printed_at) if each.printed_at else None,
            each.agency,
            each.case_ref,
        )
        for each in cashier.undelivered(agency)[:MOST_EXPORTED]
    ]
    title = _("Facturas sin entregar")
    content = workbook([Sheet(title, f"{title} {agency}".strip(), columns, rows)], title=title)
    headers = {"Content-Disposition": 'attachment; filename="facturas-sin-entregar.xlsx"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)


@staff(*LOOKERS)
@require_safe
def agency_day(request: StaffRequest) -> HttpResponse:
    """What came out of the printer and what was handed over on a day."""
    context, day, today = _frame(request), day_of(request), timezone.localdate()
    context |= {
        "found": cashier.agency_day(day, context["agency"]),
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < today else None,
    }
    return render(request, "sales/pages/agency_day.html", context)


@staff(*LOOKERS)
@require_safe
def agency_day_xlsx(request: StaffRequest) -> HttpResponse:
    """The same as a workbook."""
    day = day_of(request)
    found = cashier.agency_day(day, agency_of(request))
    prints = [
        Column(_("Factura"), width=18),
        Column(_("A nombre de"), width=34),
        Column(_("Monto (Bs)"), "money", 14),
        Column(_("Hoja"), width=12),
        Column(_("Impresa"), "instant", 18),
        Column(_("Por"), width=26),
        Column(_("Agencia"), width=20),
    ]
    sheets = [
        (
            each.invoice.number,
            each.invoice.name,
            each.invoice.amount_bob,
            _("Original") if each.copy_number == 0 else _("Copia %(n)s") % {"n": each.copy_number},
            timezone.localtime(each.printed_at),
            str(each.printed_by),
            each.invoice.agency,
        )
        for each in (*found.originals, *found.copies)
    ]
    given = [
        Column(_("Factura"), width=18),
        Column(_("A nombre de"), width=34),
        Column(_("Monto (Bs)"), "money", 14),
        Column(_("Entregada"), "instant", 18),
        Column(_("Cómo"), width=22),
        Column(_("A quién"), width=34),
        Column(_("Carnet"), width=16),
        Column(_("Constancia"), width=34),
        Column(_("Por"), width=26),
    ]
    handed = [
        (
            each.number,
            each.name,
            each.amount_bob,
            timezone.localtime(each.delivered_at) if each.delivered_at else None,
            each.get_delivered_how_display(),
            each.delivered_to,
            each.delivered_id,
            each.acknowledgement or each.get_delivered_proof_display(),
            str(each.delivered_by or ""),
        )
        for each in found.delivered
    ]
    title = _("Caja del %(day)s") % {"day": f"{day:%d/%m/%Y}"}
    content = workbook(
        [Sheet(_("Impresas"), title, prints, sheets), Sheet(_("Entregadas"), title, given, handed)], title=title
    )
    headers = {"Content-Disposition": f'attachment; filename="caja-{day.isoformat()}.xlsx"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)
