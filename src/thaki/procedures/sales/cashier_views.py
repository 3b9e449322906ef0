"""Pages of Cajas (steps 16, 17): the agency's print queue with its batch PDF, delivery, the archive with reprints (R-A12)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from thaki.cases import operations as cases
from thaki.cases.models import Task
from thaki.cases.permissions import NotAllowed, can_act
from thaki.cases.policies import NotNow
from thaki.cases.runtime import AnswerInvalid
from thaki.people.access import StaffRequest, staff
from thaki.people.models import User
from thaki.people.roles import Role
from thaki.procedures.sales import invoice_pdf
from thaki.procedures.sales.form_parts import agencies
from thaki.records.billing import cashier, operations, queries
from thaki.records.billing.models import Invoice
from thaki.records.reasons import RuleError
from thaki.ui.paging import Page, page_of

MOST = 100  # invoices in one batch
LOOKERS = (Role.CAJERO, Role.ENCARGADO_COBRANZAS)


@staff(Role.CAJERO)
@require_safe
def queue(request: StaffRequest) -> HttpResponse:
    """What the agency has to print, and what it has to archive and hand over."""
    agency = agency_of(request)
    waiting = list(queries.print_queue(agency)[:MOST])
    handing = list(queries.delivery_queue(agency)[:MOST])
    tasks = _open_tasks([*waiting, *handing])
    # Issued at 12, it is Cajas' once 15 has told them: printed before, its step 16 would open afterwards and stay open.
    to_print = [(each, task) for each in waiting if (task := tasks.get((each.case_ref, "16")))]
    context = {
        "agency": agency,
        "agencies": [] if request.user.agency else agencies(),
        "counts": cashier.print_counts(agency),
        "to_print": to_print,
        "untold": len(waiting) - len(to_print),
        "to_deliver": [(invoice, tasks.get((invoice.case_ref, "17"))) for invoice in handing],
    }
    return render(request, "sales/pages/cashier.html", context)


@staff(Role.CAJERO)
@require_POST
def print_batch(request: StaffRequest) -> HttpResponse:
    """One PDF of the chosen invoices: originals, or copies marked as such. `complete` ends the step 16 of each.

    `invoice` may come many times. The answer is the PDF itself: an original leaves the system in this answer only.
    """
    chosen = _chosen(request, request.POST.getlist("invoice"))
    if not chosen:
        messages.warning(request, _("Elija al menos una factura."))
        return redirect("sales_billing:queue")
    now = timezone.now()
    try:
        prints = operations.print_invoices([invoice.pk for invoice in chosen], by=request.user, now=now)
    except RuleError as refused:
        messages.error(request, str(refused))
        return redirect("sales_billing:queue")
    if "complete" in request.POST:
        _complete_printing(request.user, [each.invoice for each in prints])
    for each in prints:
        _note_copy(each, request.user)
    name = prints[0].invoice.number if len(prints) == 1 else f"facturas-{timezone.localtime(now):%Y-%m-%d-%H%M}"
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(invoice_pdf.render(prints), content_type="application/pdf", headers=headers)


@staff(Role.CAJERO)
@require_POST
def archive_batch(request: StaffRequest) -> HttpResponse:
    """The file's exemplars of the chosen invoices are in the archive."""
    chosen = _chosen(request, request.POST.getlist("invoice"))
    try:
        operations.archive_invoices([invoice.pk for invoice in chosen], by=request.user, now=timezone.now())
    except RuleError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Archivadas: %(count)s.") % {"count": len(chosen)})
    return redirect("sales_billing:queue")


@staff(*LOOKERS)
@require_safe
def archive(request: StaffRequest) -> HttpResponse:
    """Every invoice of the agency, found by number, name, NIT or case; each can be printed again, as a copy."""
    text = request.GET.get("q", "").strip()[:80]
    found = _visible(request.user).prefetch_related("prints__printed_by")
    rows = _found(found.order_by("-issued_at", "-id"), text)
    page: Page[Invoice] = page_of(rows, request)
    may_print = request.user.has_role(Role.CAJERO)
    return render(request, "sales/pages/invoices.html", {"page": page, "text": text, "may_print": may_print})


# ---------------------------------------------------------------- inside
def agency_of(request: StaffRequest) -> str:
    """The cashier's own; who belongs to none chooses, or sees all."""
    return request.user.agency or request.GET.get("agencia", "")[:60]


def _visible(user: User) -> QuerySet[Invoice]:
    invoices = Invoice.objects.select_related("customer", "order")
    cashier_of = user.agency if not user.has_role(Role.ENCARGADO_COBRANZAS) else ""
    return invoices.filter(agency=cashier_of) if cashier_of else invoices


def _found(rows: QuerySet[Invoice], text: str) -> QuerySet[Invoice]:
    if not text:
        return rows
    return rows.filter(
        Q(number__icontains=text) | Q(name__icontains=text) | Q(nit__startswith=text) | Q(case_ref__iexact=text)
    )


def _chosen(request: StaffRequest, keys: Sequence[str]) -> list[Invoice]:
    """The invoices of those keys that this person may print."""
    numbers = [int(key) for key in keys[:MOST] if key.isascii() and key.isdigit() and len(key) < 19]
    return list(_visible(request.user).filter(pk__in=numbers).order_by("pk"))


def _open_tasks(invoices: Iterable[Invoice]) -> dict[tuple[str, str], Task]:
    """The open tasks 16 and 17 of those invoices' cases, by case number and step."""
    references = {invoice.case_ref for invoice in invoices}
    tasks = Task.objects.filter(case__number__in=references, step__in=("16", "17"), state=Task.State.OPEN)
    return {(task.case.number, task.step): task for task in tasks.select_related("case")}


def _complete_printing(user: User, invoices: Sequence[Invoice]) -> None:
    """End step 16 of each; one that somebody else has, or ended first, is left as it is: its sheet came out all the same."""
    tasks = _open_tasks(invoices)
    for (_case, step), task in sorted(tasks.items()):
        if step != "16" or not can_act(user, task):
            continue
        try:
            cases.complete(task.pk, by=user, now=timezone.now(), data={"printed": "on"})
        except (NotNow, NotAllowed, AnswerInvalid):
            continue


def _note_copy(each: Any, user: User) -> None:
    """A reprint is entered into the history of its case."""
    if not each.is_copy:
        return
    task = Task.objects.filter(case__number=each.invoice.case_ref).order_by("-pk").first()
    if task is not None:
        cases.note(task.case_id, by=user, now=timezone.now(), invoice=each.invoice.pk, copy=each.copy_number)
