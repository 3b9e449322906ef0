"""Pages of Cobranzas and Facturación: the deposits, the refunds, and the monthly list of the recurring control."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from thaki.cases import operations as cases
from thaki.cases import store
from thaki.cases.models import Case, Task
from thaki.cases.permissions import check_can_open
from thaki.cases.registry import Work
from thaki.people.access import StaffRequest, any_staff, staff
from thaki.people.roles import Role
from thaki.procedures.sales import billing_mail, letter_request, money, registration
from thaki.procedures.sales.deposit_form import DepositForm, FoundForm, rows
from thaki.procedures.sales.form_parts import whatsapp
from thaki.procedures.sales.models import Sale
from thaki.procedures.sales.steps.refund import settle_unverified
from thaki.records.billing import operations, queries
from thaki.records.billing.models import Payment
from thaki.records.reasons import RuleError

WATCHERS = (Role.DIVISION_FACTURACION, Role.EJECUTIVO_VENTAS_DIGITALES, Role.RESPONSABLE_VENTAS_DIGITALES)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# ---------------------------------------------------------------- step 9: the model of the letter
@any_staff
@require_safe
def letter_model(request: StaffRequest, number: str) -> HttpResponse:
    """The model of the letter of request, filled with what the case knows."""
    case = get_object_or_404(Case, number=number, procedure="sales")
    check_can_open(request.user, case, "carta_solicitud")
    content = letter_request.letter_model(registration.peek(case.pk))
    headers = {"Content-Disposition": f'inline; filename="carta-solicitud-{number}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


# ---------------------------------------------------------------- step 12: deposits
@staff(Role.ENCARGADO_COBRANZAS)
@require_safe
def compare(request: StaffRequest, number: str) -> HttpResponse:
    """The comparison of a deposit while its data are being typed."""
    case = get_object_or_404(Case, number=number, procedure="sales")
    work = Work(case, registration.peek(case.pk), timezone.now(), request.user)
    form = FoundForm(request.GET, work=work)
    over = DepositForm(work=work, data=request.GET)  # only for its field on what was paid too much
    context: dict[str, Any] = {"form": over, "due_bob": money.due_of(work.record, number), "comparison": None}
    if form.is_valid():
        context["comparison"] = form.comparison()
        context["rows"] = rows(context["comparison"])
    else:
        context["problems"] = [error for errors in form.errors.values() for error in errors]
    return render(request, "sales/fragments/comparison.html", context)


@staff(Role.ENCARGADO_COBRANZAS)
@require_safe
def deposits(request: StaffRequest) -> HttpResponse:
    """The deposits of a day: those that wait, those decided; refunds that are due; slips that no step waits for."""
    day = _day(request)
    start = timezone.make_aware(datetime.combine(day, time()))
    decided = Payment.objects.filter(decided_at__gte=start, decided_at__lt=start + timedelta(days=1))
    waiting = list(
        Payment.objects.filter(state=Payment.State.RECEIVED).select_related("customer").order_by("received_at")[:200]
    )
    tasks = _tasks_of({payment.case_ref for payment in waiting})
    context = {
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "waiting": [(payment, tasks[payment.case_ref]) for payment in waiting if payment.case_ref in tasks],
        "stray": [payment for payment in waiting if payment.case_ref not in tasks],
        "decided": decided.select_related("customer", "decided_by").order_by("-decided_at")[:200],
        "refunds": queries.refunds_due()[:200],
        "to_send": _invoices_to_send(request, start),
    }
    return render(request, "sales/pages/deposits.html", context)


def _invoices_to_send(request: StaffRequest, start: datetime) -> list[tuple[Sale, str]]:
    """The day's invoices that go by WhatsApp (step 14 without an e-mail address), each with its ready message."""
    related = ("case", "customer", "prospect", "invoice", "payment", "plan")
    issued = Q(invoice__issued_at__gte=start, invoice__issued_at__lt=start + timedelta(days=1))
    sales = (
        Sale.objects.filter(issued, invoice_by="whatsapp").select_related(*related).order_by("-invoice__issued_at")[:50]
    )
    found = []
    for sale in sales:
        work = Work(sale.case, sale, timezone.now(), request.user)
        found.append((sale, whatsapp(sale, billing_mail.text("14", work))))
    return found


def _day(request: StaffRequest) -> date:
    """The day that the address names; nonsense is today."""
    today = timezone.localdate()
    try:
        day = parse_date(request.GET.get("dia", "")) or today
    except ValueError:
        return today
    return day if _sensible(day) else today


def _sensible(day: date) -> bool:
    """Whether the calendar goes on before and after it, with a lifetime to spare."""
    return 1900 < day.year < 2200


def _tasks_of(references: set[str]) -> dict[str, Task]:
    """Where a received payment is somebody's task: 11 and 12, or the refund of a withdrawal or an annulment."""
    nodes = ("Step_11", "Step_12", "Refund_Withdrawn", "Refund_Annulled")
    tasks = Task.objects.filter(case__number__in=references, node__in=nodes, state=Task.State.OPEN)
    return {task.case.number: task for task in tasks.select_related("case")}


@staff(Role.ENCARGADO_COBRANZAS)
@require_POST
def verify(request: StaffRequest, pk: int) -> HttpResponse:
    """Decide on a slip that no step waits for, as the customer pays otherwise: its money came and goes back, or it never came."""
    payment = get_object_or_404(Payment, pk=pk, state=Payment.State.RECEIVED)
    if payment.case_ref in _tasks_of({payment.case_ref}):
        messages.error(request, _("Ese depósito se decide en su paso."))
        return redirect("sales_billing:deposits")
    arrived = request.POST.get("arrived") == "yes"
    with transaction.atomic():
        work = _locked(payment.case_ref, request)
        settle_unverified(work, arrived=arrived)
        if arrived:
            operations.refund_case(payment.case_ref, reason=_("Pago sin uso"), by=request.user, now=work.now)
        money.point(work.record, payment.case_ref)
        work.record.save(update_fields=["payment"])
        cases.note(work.case.pk, by=request.user, now=work.now, payment=pk, arrived=arrived)
    messages.success(request, _("Decidido."))
    return redirect("sales_billing:deposits")


@staff(Role.ENCARGADO_COBRANZAS)
@require_POST
def settle_refund(request: StaffRequest, pk: int) -> HttpResponse:
    """A refund that is due was paid, or stays as a credit."""
    refund = get_object_or_404(queries.refunds_due(), pk=pk)
    try:
        with transaction.atomic():
            work = _locked(refund.case_ref, request)
            if request.POST.get("method") == "credit":
                operations.credit_refund(pk, by=request.user, now=work.now)
            else:
                operations.pay_refund(pk, reference=request.POST.get("reference", ""), by=request.user, now=work.now)
            money.point(work.record, refund.case_ref)
            work.record.save(update_fields=["payment"])
            cases.note(work.case.pk, by=request.user, now=work.now, refund=pk)
    except RuleError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Devolución registrada."))
    return redirect("sales_billing:deposits")


def _locked(case_ref: str, request: StaffRequest) -> Work:
    """The case of a payment and its sale, locked in that order."""
    case_id = Case.objects.filter(number=case_ref).values_list("pk", flat=True).first()
    if case_id is None:
        raise Http404(case_ref)
    case, _task = store.lock_and_read(case_id)
    sale: Sale = registration.load(case_id)
    return Work(case, sale, max(timezone.now(), case.last_event_at), request.user)
