"""The embedded BSS, what keeps customers: see `port_care`. Our records are its records, so a request finds its row there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from thaki.integrations.bss.answers import once, refusing
from thaki.integrations.bss.port_care import (
    BillingClaimRequest,
    BillingClaimView,
    ServiceBillView,
    WorkOrderRequest,
    WorkOrderView,
)
from thaki.integrations.bss.port_error import BssError
from thaki.records.billing.service_models import BillingClaim, ServiceBill
from thaki.records.work_orders import operations as work_orders
from thaki.records.work_orders.models import WorkOrder

Work = Callable[[], dict[str, Any]]


class EmbeddedCare:
    """See `port_care.CareBss`, whose methods these are."""

    def service_bills(self, customer_code: str, *, since: date) -> tuple[ServiceBillView, ...]:
        """One query."""
        found = (
            ServiceBill.objects.filter(subscription__customer__code=customer_code, month__gte=since)
            .select_related("subscription")
            .order_by("-month", "subscription_id")
        )
        return tuple(
            ServiceBillView(
                bill.subscription.number,
                bill.month,
                bill.amount_bob,
                bill.issued_on,
                bill.due_on,
                bill.paid_at,
                bill.removed_at,
                bill.adjusted_bob,
            )
            for bill in found
        )

    def register_billing_claim(self, request: BillingClaimRequest, *, key: str, now: datetime) -> BillingClaimView:
        """It is in Facturación's inbox as soon as it is in our records."""

        def take() -> dict[str, Any]:
            _claim(request.number)
            return {"number": request.number}

        once(key, "register_billing_claim", now, take)
        claim = _claim(request.number)
        return BillingClaimView(claim.number, claim.state, claim.applied_at)

    def place_work_order(self, request: WorkOrderRequest, *, key: str, now: datetime) -> WorkOrderView:
        """It is on the supervisor's board as soon as it is in our records."""

        def take() -> dict[str, Any]:
            _order(request.number)
            return {"number": request.number}

        once(key, "place_work_order", now, take)
        return _view(_order(request.number))

    def cancel_work_order(self, number: str, *, reason: str, key: str, now: datetime) -> WorkOrderView:
        """Cancel it, unless that was done on our side already."""

        def cancel() -> dict[str, Any]:
            work_orders.cancel(_order(number).pk, why=reason, by=None, now=now)
            return {"number": number}

        refusing(lambda: once(key, "cancel_work_order", now, cancel))
        return _view(_order(number))

    def work_order(self, number: str) -> WorkOrderView | None:
        """As recorded."""
        found = WorkOrder.objects.select_related("assigned_to").filter(number=number).first()
        return _view(found) if found else None


def _claim(number: str) -> BillingClaim:
    claim = BillingClaim.objects.filter(number=number).first()
    if claim is None:
        raise BssError(f"El reclamo de facturación {number} no existe.", retry=False)
    return claim


def _order(number: str) -> WorkOrder:
    order = WorkOrder.objects.select_related("assigned_to").filter(number=number).first()
    if order is None:
        raise BssError(f"La orden de trabajo {number} no existe.", retry=False)
    return order


def _view(order: WorkOrder) -> WorkOrderView:
    technician = order.assigned_to.get_full_name() if order.assigned_to else ""
    return WorkOrderView(order.number, order.state, order.due_at, technician, order.arrived_at, order.closed_at)
