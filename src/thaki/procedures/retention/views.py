"""A customer comes and wants to leave: who is he, what is known of him, and his case is opened (RET step 1)."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from thaki.cases import operations, permissions
from thaki.cases.models import Case, Task
from thaki.cases.registry import StepRefused
from thaki.people.access import StaffRequest, staff
from thaki.people.roles import Role
from thaki.procedures.retention import antecedents, opening, screens
from thaki.records.customers import queries
from thaki.records.customers.models import Customer, Subscription

RECEIVERS = (Role.ASESOR_COMERCIAL, Role.RESPONSABLE_RETENCION)
MOST = 20


@staff(*RECEIVERS)
@require_http_methods(["GET", "POST"])
def receive(request: StaffRequest) -> HttpResponse:
    """Look a customer up by telephone, CI, service or name; see his antecedents at once; open his case."""
    customer = _chosen(request)
    if request.method == "POST" and customer is not None:
        return _open(request, customer)
    asked = request.GET.get("q", "").strip()[:80]
    context: dict[str, Any] = {"asked": asked, "customer": customer}
    if customer is not None:
        now = timezone.now()
        known = opening.open_case_of(customer.pk)
        found = antecedents.gather(customer, received_at=now, now=now, but=known.pk if known else None)
        context |= screens.shown(found) | {"known": known, "key": secrets.token_urlsafe(16)}
    elif asked:
        context["matches"] = matches(asked)
    return render(request, "retention/pages/receive.html", context)


def matches(asked: str) -> list[Customer]:
    """By the number of a service that is active, else as everywhere: telephone, CI, code, name."""
    of_service = Subscription.objects.filter(number=asked, status=Subscription.Status.ACTIVE).values("customer")
    found = list(Customer.objects.filter(pk__in=of_service).values_list("pk", flat=True))
    found += list(queries.search(asked, limit=MOST).values_list("pk", flat=True))
    return queries.listed(list(dict.fromkeys(found))[:MOST])


def _chosen(request: StaffRequest) -> Customer | None:
    named = request.POST.get("cliente") or request.GET.get("cliente", "")
    if not (named.isascii() and named.isdigit() and len(named) < 19):
        return None
    return Customer.objects.filter(pk=int(named)).first()


def _open(request: StaffRequest, customer: Customer) -> HttpResponse:
    """Open it; where it is open already, its adviser is led to it."""
    try:
        case = _started(request, customer)
    except StepRefused as refused:
        messages.warning(request, str(refused))
        known = opening.open_case_of(customer.pk)
        return redirect("case", known.case.number) if known else redirect("retention:receive")
    messages.success(request, _("Caso abierto: %(case)s.") % {"case": case.number})
    return redirect("case", case.number)


def _started(request: StaffRequest, customer: Customer) -> Case:
    now, by = timezone.now(), request.user
    key = request.POST.get("submission_key", "")[:64]
    case = operations.start_case("retention", {"customer": customer.pk}, by=by, now=now, submission_key=key)
    task = Task.objects.filter(case=case, state=Task.State.OPEN, step="1", assignee=None).first()
    if task is not None and permissions.can_claim(by, task, now):
        operations.claim(task.pk, by=by, now=now)
    return case
