"""Prospects, and the fragments that the forms of steps 1 to 8 ask for while they are filled in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thaki.cases import operations, permissions
from thaki.cases.models import Case, Task
from thaki.integrations.bss.port import BssError, get_bss
from thaki.integrations.gis.port import get_gis
from thaki.people.access import StaffRequest, staff
from thaki.people.roles import Role
from thaki.procedures.sales import places, recognition
from thaki.procedures.sales.models import Sale
from thaki.procedures.sales.prospect_form import NewProspectForm
from thaki.records.customers import queries as customer_queries
from thaki.records.customers.models import Customer
from thaki.records.prospects import operations as prospect_operations
from thaki.records.reasons import RuleError

SELLERS = (Role.EJECUTIVO_VENTAS_DIGITALES, Role.RESPONSABLE_VENTAS_DIGITALES)
NETWORK = (*SELLERS, Role.AGENTE_HELP_DESK, Role.RESPONSABLE_CANALES_DIGITALES)


# ---------------------------------------------------------------- prospects
@staff(*SELLERS)
@require_http_methods(["GET", "POST"])
def new_prospect(request: StaffRequest) -> HttpResponse:
    """Note a prospect by hand; his case opens at step 1 in the hands of who noted him."""
    form = NewProspectForm(request.POST or None, initial=_known(request))
    if request.method == "POST" and form.is_valid():
        try:
            case = _open(request, form)
        except RuleError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("Prospecto anotado: %(case)s.") % {"case": case.number})
            return _to_case(case)
    return render(request, "sales/pages/new_prospect.html", {"form": form}, status=422 if form.errors else 200)


def _known(request: HttpRequest) -> dict[str, Any]:
    """What the register has of the customer named by `?cliente=`, for a new sale to him."""
    chosen = request.GET.get("cliente", "")
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 19):
        return {}
    customer = Customer.objects.filter(pk=int(chosen)).prefetch_related("phones").first()
    if customer is None:
        return {}
    known = {"name": customer.full_name, "phone": customer.main_phone}
    return known | {name: getattr(customer, name) for name in ("email", "address", "zone")}


@transaction.atomic
def _open(request: StaffRequest, form: NewProspectForm) -> Case:
    now, by = timezone.now(), request.user
    prospect, _is_new = prospect_operations.receive(by=by, now=now, **form.prospect_fields())
    case = operations.start_case(
        "sales", {"prospect": prospect.pk}, by=by, now=now, submission_key=form.cleaned_data["submission_key"]
    )
    task = Task.objects.filter(case=case, state=Task.State.OPEN, step="1", assignee=None).first()
    if task is not None and permissions.can_claim(by, task, now):
        operations.claim(task.pk, by=by, now=now)
    return case


def _to_case(case: Case) -> HttpResponse:
    return redirect("case", case.number)


# ---------------------------------------------------------------- fragments
@staff(*SELLERS)
@require_GET
def recognise(request: StaffRequest) -> HttpResponse:
    """Who in the register may be the person being typed in (R-A10); or the one who was confirmed, with his warnings."""
    chosen = request.GET.get("customer", "")
    if chosen.isascii() and chosen.isdigit() and len(chosen) < 19:
        customer = Customer.objects.filter(pk=int(chosen)).first()
        if customer is not None:
            context = {"confirmed": customer, "warnings": customer_queries.warnings(customer)}
            return render(request, "sales/fragments/confirmed.html", context)
    typed = request.GET.dict()
    found = recognition.described(recognition.matches(typed), typed)
    return render(request, "sales/fragments/matches.html", {"matches": found, "typed": bool(typed.get("ci_number"))})


@staff(*SELLERS)
@require_GET
def find_places(request: StaffRequest) -> HttpResponse:
    """Places for a typed address or a pasted location."""
    text = request.GET.get("lugar", "").strip()[:200]
    return render(request, "sales/fragments/places.html", {"places": places.find(text), "text": text})


@staff(*NETWORK)
@require_GET
def verdicts(request: StaffRequest) -> HttpResponse:
    """What can be installed at a pin."""
    lat, lon = _number(request, "lat"), _number(request, "lon")
    context: dict[str, object] = {"verdicts": ()}
    if lat is not None and lon is not None:
        try:
            context["verdicts"] = get_gis().qualify(lat, lon, wanted_mbps=int(_number(request, "mbps") or 0))
        except RuleError as refused:
            context["refused"] = str(refused)
    return render(request, "sales/fragments/verdicts.html", context)


@staff(*NETWORK)
@require_GET
def bss_record(request: StaffRequest, number: str) -> HttpResponse:
    """The customer's record in the BSS (step 5), asked for once the page stands: an outside system may be slow or away."""
    sale = get_object_or_404(Sale.objects.select_related("case", "customer"), case__number=number)
    permissions.check_can_see_case(request.user, sale.case)
    context: dict[str, object] = {}
    try:
        context["record"] = get_bss().customer_record(sale.customer.code) if sale.customer else None
    except BssError:
        context["away"] = True
    return render(request, "sales/fragments/bss_record.html", context)


@staff(*NETWORK)
@require_GET
def map_layers(request: StaffRequest) -> JsonResponse:
    """Areas and access points around a place, as GeoJSON."""
    return JsonResponse(places.layers(_number(request, "lat"), _number(request, "lon")))


def _number(request: HttpRequest, name: str) -> float | None:
    try:
        value = float(request.GET.get(name, "").replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) < 1e6 else None  # also false for nan
