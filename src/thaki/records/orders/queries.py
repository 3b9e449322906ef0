"""What is asked about orders."""

from __future__ import annotations

from django.db.models import QuerySet

from thaki.people.prepared import Prepared
from thaki.records.orders.models import OPEN_STATES, ProductOrder


def orders_of(case_ref: str) -> QuerySet[ProductOrder]:
    """The orders of a sale, the latest first, with plan, customer and contract."""
    return (
        ProductOrder.objects.filter(case_ref=case_ref)
        .select_related("plan", "customer", "contract")
        .order_by("-placed_at", "-id")
    )


def current_order(case_ref: str) -> ProductOrder | None:
    """The latest order of a sale, whatever its state."""
    return orders_of(case_ref).first()


_OPEN = Prepared(ProductOrder, "m.case_ref = %s AND m.state = ANY(%s) ORDER BY m.id LIMIT 1")


def open_order(case_ref: str) -> ProductOrder | None:
    """The order of a sale that is being carried out."""
    return _OPEN.first(case_ref, list(OPEN_STATES))


def running_orders(customer_id: int) -> QuerySet[ProductOrder]:
    """The open orders of a customer (R-A10)."""
    return ProductOrder.objects.filter(customer=customer_id, state__in=OPEN_STATES).select_related("plan")
