"""A customer's claims: what they come to, what was done about them, and registering what he says now."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from thaki.cases.forms import choice_field, moment_field, text_area
from thaki.people.access import StaffRequest, staff
from thaki.people.prepared import BIGGEST
from thaki.records.claims import operations
from thaki.records.claims.models import Claim, Fault
from thaki.records.courtesies import queries as courtesies
from thaki.records.customers.models import Customer, Subscription
from thaki.records.customers.readers import CUSTOMER_READERS
from thaki.records.reasons import RuleError
from thaki.records.withdrawals import queries as withdrawals
from thaki.records.work_orders import queries as work_orders
from thaki.ui.paging import stretch_of
from thaki.web import customer_care, customer_page
from thaki.web.customer_care import CLAIM_TAKERS
from thaki.web.views.customers import PART, frame

SHOWN = 24
CHANNELS = [choice for choice in Claim.Source.choices if choice[0] not in (Claim.Source.IMPORT, Claim.Source.RETENTION)]


@require_safe
@staff(*CUSTOMER_READERS)
def care(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Repeated damage or not, and why; claims, visits, courtesies, bajas, retentions."""
    found = customer_page.find(customer_id)
    services = list(customer_page.subscriptions(found))
    context = {
        **frame(request, found, "customer_care"),
        "verdicts": customer_care.verdicts(found, services, now=timezone.now()),
        "claims": stretch_of(customer_care.claims(found), request, "reclamos", PART),
        "orders": work_orders.of_customer(found.pk)[:SHOWN],
        "courtesies": courtesies.of_customer(found.pk)[:SHOWN],
        "withdrawals": withdrawals.of_customer(found.pk)[:SHOWN],
        "retentions": stretch_of(customer_care.retentions(found, request.user), request, "retenciones", PART),
        "takes_claims": request.user.has_role(*CLAIM_TAKERS),
        "has_service": any(service.status == "active" for service in services),
    }
    return render(request, "web/customer/care.html", context)


class ClaimForm(forms.Form):
    """What the customer says now."""

    subscription = forms.TypedChoiceField(label=lazy("Servicio"), coerce=int)
    fault = choice_field(lazy("Falla"), Fault.choices)
    description = forms.CharField(label=lazy("Lo que dice"), max_length=300, required=False, widget=text_area())
    source = choice_field(lazy("Por dónde"), CHANNELS, initial="phone")
    claimed_at = moment_field(
        lazy("Cuándo reclamó"), required=False, help_text=lazy("Si no es ahora. No puede ser una fecha futura.")
    )

    def __init__(self, *args: Any, services: list[Subscription], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(service.pk, f"{service.plan.name} · {service.number}") for service in services]
        self.fields["subscription"].choices = choices  # type: ignore[attr-defined]  # a field that has choices


@staff(*CLAIM_TAKERS)
def new_claim(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Register a claim on one of the services that he has."""
    found = customer_page.find(customer_id)
    services = [one for one in customer_page.subscriptions(found) if one.status == Subscription.Status.ACTIVE]
    bound = request.method == "POST"
    form = ClaimForm(request.POST if bound else None, services=services)
    if bound and form.is_valid() and _registered(request, found, form, services):
        return redirect("customer_care", customer_id=found.pk)
    context = {**frame(request, found, "customer_care"), "form": form, "services": services}
    return render(request, "web/customer/claim.html", context, status=422 if bound else 200)


def _registered(request: StaffRequest, found: Customer, form: ClaimForm, services: list[Subscription]) -> bool:
    answer = form.cleaned_data
    now = timezone.now()
    service = next(one for one in services if one.pk == answer["subscription"])
    try:
        claim = operations.register(
            customer=found,
            subscription=service,
            fault=answer["fault"],
            description=answer["description"],
            source=answer["source"],
            claimed_at=answer["claimed_at"] or now,
            by=request.user,
            now=now,
        )
    except RuleError as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return False
    messages.success(request, _("Reclamo %(number)s registrado.") % {"number": claim.number})
    return True


@require_POST
@staff(*CLAIM_TAKERS)
def follow_claim(request: StaffRequest, customer_id: int, claim_id: int, verb: str) -> HttpResponse:
    """Said again, solved or failing again."""
    there = Claim.objects.filter(pk=claim_id, customer=customer_id) if claim_id <= BIGGEST else Claim.objects.none()
    claim = there.first() if customer_id <= BIGGEST else None
    if claim is None or verb not in VERBS:
        raise Http404(verb)
    try:
        VERBS[verb](claim, request.POST.get("note", "").replace("\x00", ""), request)
    except RuleError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Reclamo %(number)s: anotado.") % {"number": claim.number})
    return redirect(f"{reverse('customer_care', args=[customer_id])}#reclamos")


def _reiterate(claim: Claim, note: str, request: StaffRequest) -> None:
    operations.reiterate(claim.pk, note=note, by=request.user, now=timezone.now())


def _solve(claim: Claim, note: str, request: StaffRequest) -> None:
    operations.solve(claim.pk, solution=note, by=request.user, now=timezone.now())


def _reopen(claim: Claim, note: str, request: StaffRequest) -> None:
    operations.reopen(claim.pk, note=note, by=request.user, now=timezone.now())


VERBS = {"reiterar": _reiterate, "solucionar": _solve, "reabrir": _reopen}
