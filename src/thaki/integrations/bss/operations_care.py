"""What keeping a customer asks of the BSS, as outside effects: our records say it, the BSS is told once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from thaki.integrations.bss.port import get_bss
from thaki.integrations.bss.port_care import BillingClaimRequest, WorkOrderRequest
from thaki.records.billing.service_models import BillingClaim
from thaki.records.work_orders.models import WorkOrder

if TYPE_CHECKING:
    from thaki.cases.models import Effect


def billing_claim_request(claim: BillingClaim) -> BillingClaimRequest:
    """The claim in the BSS's terms."""
    return BillingClaimRequest(
        number=claim.number,
        customer_code=claim.customer.code,
        service=claim.subscription.number,
        kind=claim.kind,
        reason=claim.reason,
        month=claim.month,
        amount_bob=claim.amount_bob,
        days=claim.days,
    )


def work_order_request(order: WorkOrder) -> WorkOrderRequest:
    """The order in the BSS's terms, with the fields of step 5."""
    return WorkOrderRequest(
        number=order.number,
        customer_code=order.customer.code,
        service=order.subscription.number,
        product=order.product,
        activity=order.activity,
        payment_form=order.payment_form,
        charge_bob=order.charge_bob,
        observations=order.observations,
        due_at=order.due_at,
        address=order.address,
        contact_phone=order.contact_phone,
        lat=order.lat,
        lon=order.lon,
        replaces=order.replaces.number if order.replaces else "",
    )


def _register_billing_claim(effect: Effect) -> dict[str, Any]:
    """bss.register_billing_claim {"billing_claim": id} -> {"number", "state"}."""
    claim = BillingClaim.objects.get(pk=effect.payload["billing_claim"])
    request = billing_claim_request(claim)
    view = get_bss().register_billing_claim(request, key=effect.key, now=timezone.now())
    return {"number": view.number, "state": view.state}


def _place_work_order(effect: Effect) -> dict[str, Any]:
    """bss.place_work_order {"work_order": id} -> {"number", "state"}."""
    order = WorkOrder.objects.get(pk=effect.payload["work_order"])
    view = get_bss().place_work_order(work_order_request(order), key=effect.key, now=timezone.now())
    return {"number": view.number, "state": view.state}


def _cancel_work_order(effect: Effect) -> dict[str, Any]:
    """bss.cancel_work_order {"work_order": id, "reason"?: text} -> {"number", "state"}."""
    order = WorkOrder.objects.get(pk=effect.payload["work_order"])
    reason = effect.payload.get("reason") or order.cancelled_why or "Cancelada"
    view = get_bss().cancel_work_order(order.number, reason=reason, key=effect.key, now=timezone.now())
    return {"number": view.number, "state": view.state}


HANDLERS = {
    "bss.register_billing_claim": _register_billing_claim,
    "bss.place_work_order": _place_work_order,
    "bss.cancel_work_order": _cancel_work_order,
}
