"""Two inboxes: Facturación's billing claims (RET 4 and 13), and what is handed to the neighbouring procedures."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from thaki.people.access import StaffRequest, staff
from thaki.people.roles import Role
from thaki.records.billing import claims_operations, claims_queries
from thaki.records.billing.service_models import BillingClaim
from thaki.records.hand_overs import operations, queries
from thaki.records.hand_overs.models import HandOver
from thaki.records.reasons import RuleError
from thaki.ui.paging import page_of

DECIDERS = (Role.DIVISION_FACTURACION,)
CLAIM_WATCHERS = (
    Role.DIVISION_FACTURACION,
    Role.ASESOR_COMERCIAL,
    Role.RESPONSABLE_RETENCION,
    Role.JEFE_RELACION_CLIENTE,
    Role.GERENCIA_COMERCIAL,
)
UNITS = {
    HandOver.To.SOLICITUDES.value: Role.GESTION_SOLICITUDES,
    HandOver.To.INCIDENTES.value: Role.SOLUCION_INCIDENTES,
}
INBOXES = {
    HandOver.To.SOLICITUDES.value: "retention_ops:hand_overs_requests",
    HandOver.To.INCIDENTES.value: "retention_ops:hand_overs_incidents",
}
SENDERS = (Role.ASESOR_COMERCIAL, Role.RESPONSABLE_RETENCION, Role.JEFE_RELACION_CLIENTE)
OPENERS = (Role.ASESOR_COMERCIAL, Role.RESPONSABLE_RETENCION, Role.JEFE_RELACION_CLIENTE, Role.GERENCIA_COMERCIAL)
MOST = 100


# ---------------------------------------------------------------- billing claims
@staff(*CLAIM_WATCHERS)
@require_safe
def claims(request: StaffRequest) -> HttpResponse:
    """What waits for Facturación, what waits for its bill, and what was decided."""
    state = request.GET.get("estado", "")
    state = state if state in BillingClaim.State.values else ""
    counts = claims_queries.waiting_counts()
    names = (
        (BillingClaim.State.REGISTERED.value, _("Por aplicar"), counts["registered"]),
        (BillingClaim.State.WAITING_BILL.value, _("Esperan la factura"), counts["waiting_bill"]),
        (BillingClaim.State.APPLIED.value, _("Aplicados"), None),
        (BillingClaim.State.REJECTED.value, _("Rechazados"), None),
    )
    state = state or BillingClaim.State.REGISTERED.value
    context = {
        "state": state,
        "page": page_of(claims_queries.inbox(state), request, 30),
        "undecided": state in claims_queries.UNDECIDED,
        "may_open": request.user.has_role(*OPENERS),
        "may_decide": request.user.has_role(*DECIDERS),
        "tabs": [
            {"label": label, "href": f"?estado={code}", "active": code == state, "count": count}
            for code, label, count in names
        ],
    }
    return render(request, "retention/pages/billing_claims.html", context)


@staff(*DECIDERS)
@require_POST
def apply_claims(request: StaffRequest) -> HttpResponse:
    """Apply the chosen ones: to their bill, or they wait for it."""
    states: Counter[str] = Counter()
    for pk in _numbers(request.POST.getlist("claim")):
        try:
            states[claims_operations.apply(pk, by=request.user, now=timezone.now()).state] += 1
        except (RuleError, BillingClaim.DoesNotExist) as refused:
            messages.warning(request, str(refused))
    applied, waiting = states[BillingClaim.State.APPLIED], states[BillingClaim.State.WAITING_BILL]
    if applied:
        text = ngettext("%(n)s reclamo aplicado a su factura.", "%(n)s reclamos aplicados a sus facturas.", applied)
        messages.success(request, text % {"n": applied})
    if waiting:
        text = ngettext(
            "%(n)s espera la factura de su mes: se aplica al emitirla.",
            "%(n)s esperan la factura de su mes: se aplican al emitirla.",
            waiting,
        )
        messages.info(request, text % {"n": waiting})
    if not states:
        messages.error(request, _("Elija al menos un reclamo."))
    return redirect("retention_ops:claims")


@staff(*DECIDERS)
@require_POST
def reject_claim(request: StaffRequest, pk: int) -> HttpResponse:
    """Refuse one, with the reason."""
    try:
        claim = claims_operations.reject(pk, note=request.POST.get("note", ""), by=request.user, now=timezone.now())
    except BillingClaim.DoesNotExist as missing:
        raise Http404 from missing
    except RuleError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(number)s: rechazado.") % {"number": claim.number})
    return redirect("retention_ops:claims")


def _numbers(texts: list[str]) -> list[int]:
    return [int(text) for text in texts[:MOST] if text.isascii() and text.isdigit() and len(text) < 18]


# ---------------------------------------------------------------- hand-overs
@staff(Role.GESTION_SOLICITUDES, *SENDERS)
@require_safe
def requests_inbox(request: StaffRequest) -> HttpResponse:
    """What Gestión de Solicitudes is handed."""
    return _letters(request, HandOver.To.SOLICITUDES.value)


@staff(Role.SOLUCION_INCIDENTES, *SENDERS)
@require_safe
def incidents_inbox(request: StaffRequest) -> HttpResponse:
    """What Solución de Incidentes is handed."""
    return _letters(request, HandOver.To.INCIDENTES.value)


def _letters(request: StaffRequest, to: str) -> HttpResponse:
    """What a unit has not acknowledged, or what it has."""
    waiting = request.GET.get("estado", "") != "recibidos"
    context: dict[str, Any] = {
        "to": to,
        "unit": HandOver.To(to).label,
        "waiting": waiting,
        "page": page_of(queries.inbox(to, waiting=waiting), request, 25),
        "may_open": request.user.has_role(*OPENERS),
        "may_acknowledge": request.user.has_role(UNITS[to]),
        "tabs": [
            {"label": _("Por acusar recibo"), "href": "?", "active": waiting, "count": queries.waiting_count(to)},
            {"label": _("Recibidos"), "href": "?estado=recibidos", "active": not waiting},
        ],
    }
    return render(request, "retention/pages/hand_overs.html", context)


@staff(*UNITS.values())
@require_POST
def acknowledge(request: StaffRequest, pk: int) -> HttpResponse:
    """The unit has it."""
    found = HandOver.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    if not request.user.has_role(UNITS[found.to]):
        raise Http404
    try:
        operations.acknowledge(pk, note=request.POST.get("note", ""), by=request.user, now=timezone.now())
    except RuleError as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("Recibo acusado: %(subject)s.") % {"subject": found.subject})
    return redirect(INBOXES[found.to])
