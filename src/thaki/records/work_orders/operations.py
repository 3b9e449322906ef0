"""Work orders: issue and cancel. Dispatching is in `dispatch`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from thaki.people.prepared import Prepared
from thaki.records.claims.operations import check_service
from thaki.records.customers.models import Phone
from thaki.records.numbers import next_number
from thaki.records.reasons import RuleError
from thaki.records.text import tidy
from thaki.records.work_orders.models import OPEN_STATES, WorkOrder
from thaki.records.work_orders.rules import check_cancellable, check_replaceable, due_at

if TYPE_CHECKING:
    from thaki.people.models import User
    from thaki.records.customers.models import Customer, Subscription

State = WorkOrder.State
_LOCKED = Prepared(WorkOrder, "m.id = %s", lock=True)
_OF_KEY = Prepared(WorkOrder, "m.key = %s")
_OPEN = Prepared(WorkOrder, "m.case_ref = %s AND m.state IN ('issued', 'printed', 'scheduled', 'on_site')")
_MOBILE = Prepared(Phone, "m.customer_id = %s AND m.kind = 'mobile' ORDER BY m.is_main DESC, m.id LIMIT 1")


@transaction.atomic
def issue(
    *,
    key: str,
    case_ref: str,
    customer: Customer,
    subscription: Subscription,
    observations: str,
    hours: int = 24,
    contact_phone: str = "",
    replaces: WorkOrder | None = None,
    by: User | None,
    now: datetime,
) -> WorkOrder:
    """Make the order of *Servicio de Ingeniería*; twice with one key makes one.

    The place is the service's line's, or else the customer's; the telephone his mobile. `replaces`: the order before it in
    the same case, which must be over. Refused while the case has an open one.
    """
    known = _OF_KEY.first(key)
    if known is not None:
        return known
    check_service(customer, subscription)
    if not observations.strip():
        raise RuleError("glosa_missing", on="observations")
    if replaces is not None:
        check_replaceable(replaces.state, number=replaces.number)
    running = _OPEN.first(case_ref)
    if running is not None:
        raise RuleError("work_order_open", number=running.number)
    mobile = contact_phone or mobile_of(customer)
    return WorkOrder.objects.create(
        number=next_number("OT", now, case_ref=case_ref),
        key=key,
        case_ref=case_ref,
        customer=customer,
        subscription=subscription,
        product=subscription.plan.kind,
        observations=observations.strip(),
        contact_name=customer.full_name[:160],
        contact_phone=mobile,
        issued_at=now,
        issued_by=by,
        due_at=due_at(now, hours),
        replaces=replaces,
        **_place(customer, subscription),
    )


def mobile_of(customer: Customer) -> str:
    """The mobile to coordinate with, "" when he has none: said before step 5, not after."""
    found = _MOBILE.first(customer.pk)
    return found.number if found is not None else ""


def _place(customer: Customer, subscription: Subscription) -> dict[str, object]:
    """Where the visit goes."""
    line = subscription.line
    return {
        "address": (line.address if line else "") or customer.address,
        "address_reference": customer.address_reference,
        "zone": (line.zone if line else "") or customer.zone,
        "lat": line.lat if line else customer.lat,
        "lon": line.lon if line else customer.lon,
    }


@transaction.atomic
def cancel(order_id: int, *, why: str, by: User | None, now: datetime) -> WorkOrder:
    """Cancel an open order, with its reason; one that is cancelled already stays as it was."""
    order = _LOCKED.get(order_id)
    if order.state == State.CANCELLED:
        return order
    check_cancellable(order.state, number=order.number)
    if not tidy(why):
        raise RuleError("reason_missing", on="why")
    order.state, order.cancelled_at, order.cancelled_why = State.CANCELLED, now, tidy(why)[:200]
    order.version += 1
    order.save(update_fields=["state", "cancelled_at", "cancelled_why", "version"])
    return order


def cancel_open(case_ref: str, *, why: str, by: User | None, now: datetime) -> int:
    """Cancel what is open of a case (a baja does, R-B4); how many there were."""
    found = list(WorkOrder.objects.filter(case_ref=case_ref, state__in=OPEN_STATES).order_by("pk"))
    for order in found:
        cancel(order.pk, why=why, by=by, now=now)
    return len(found)
