"""What is asked about work orders."""

from __future__ import annotations

from thaki.people.prepared import Prepared
from thaki.records.work_orders.models import WorkOrder

MOST = 100
_OF_CASE = Prepared(WorkOrder, "m.case_ref = %s ORDER BY m.id", follow=("assigned_to",))
_OF_CUSTOMER = Prepared(
    WorkOrder, f"m.customer_id = %s ORDER BY m.issued_at DESC LIMIT {MOST}", follow=("assigned_to", "subscription")
)


def of_case(case_ref: str) -> list[WorkOrder]:
    """The case's orders, the first one first."""
    return _OF_CASE.all(case_ref)


def of_customer(customer_id: int) -> list[WorkOrder]:
    """The customer's orders, the newest first."""
    return _OF_CUSTOMER.all(customer_id)
