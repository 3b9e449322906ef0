"""Getting a work order to its technician: who goes, at what hour the customer waits for him, and the sheet on paper (RET 6).

Each verb locks the order, and grows its `version` where a technician's telephone must know of the change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from thaki.people.roles import Role
from thaki.records.reasons import RuleError
from thaki.records.work_orders.models import WorkOrder
from thaki.ui.formats import format_instant

if TYPE_CHECKING:
    from thaki.people.models import User

State = WorkOrder.State


@dataclass(frozen=True, slots=True)
class Sheet:
    """An order as it comes out of the printer, and which print of it this is."""

    order: WorkOrder
    copy: int


@transaction.atomic
def assign(order_id: int, *, to: User, by: User | None, now: datetime) -> WorkOrder:
    """Give an order to a technician, or to another one; refused once somebody is at the customer's door."""
    order = _open(order_id)
    check_technician(to)
    if order.assigned_to_id == to.pk:
        return order
    if order.arrived_at is not None:
        raise RuleError("order_on_site", on="technician", order=order.number)
    order.assigned_to, order.assigned_by, order.assigned_at = to, by, now
    order.version += 1
    order.save(update_fields=["assigned_to", "assigned_by", "assigned_at", "version"])
    return order


def check_technician(person: User) -> None:
    """Only who makes visits is given one. Raises RuleError."""
    if not person.is_active or not person.has_role(Role.TECNICO_MULTISERVICIOS):
        raise RuleError("not_a_technician", on="technician", name=str(person))


@transaction.atomic
def agree_hour(
    order_id: int, *, since: datetime, until: datetime, by: User | None, now: datetime, by_customer: bool = False
) -> WorkOrder:
    """The hour at which the customer waits. One past the order's due time has to be a postponement by the customer (R-B11)."""
    order = _open(order_id)
    if order.arrived_at is not None:
        raise RuleError("order_on_site", on="since", order=order.number)
    check_hour(order, since, until, now)
    order.agreed_from, order.agreed_to, order.state = since, until, State.SCHEDULED
    order.version += 1
    order.save(update_fields=["agreed_from", "agreed_to", "state", "version"])
    return order


def check_hour(order: WorkOrder, since: datetime, until: datetime, now: datetime) -> None:
    """Whether a visit may be agreed for then. Raises RuleError."""
    if until <= since:
        raise RuleError("hour_ends_before", on="until")
    if until <= now:
        raise RuleError("hour_gone", on="since")
    if order.paused_at is None and now <= order.due_at < since:
        raise RuleError("hour_past_due", on="since", due_at=format_instant(order.due_at))


@transaction.atomic
def print_orders(order_ids: Iterable[int], *, by: User | None, now: datetime) -> list[Sheet]:
    """Count a print of each order; the first one makes it *printed*. Cancelled ones are refused."""
    orders = WorkOrder.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(order_ids))
    related = ("customer", "subscription__plan", "assigned_to")
    sheets = [_print(order, now) for order in orders.select_related(*related).order_by("due_at", "pk")]
    if not sheets:
        raise RuleError("nothing_to_print")
    return sheets


def _print(order: WorkOrder, now: datetime) -> Sheet:
    if order.state == State.CANCELLED:
        raise RuleError("order_cancelled", order=order.number)
    order.prints += 1
    order.printed_at = order.printed_at or now
    if order.state == State.ISSUED:
        order.state = State.PRINTED
    order.save(update_fields=["prints", "printed_at", "state"])
    return Sheet(order, order.prints)


def _open(order_id: int) -> WorkOrder:
    """The order, locked; one that is over is refused."""
    order = WorkOrder.objects.select_for_update(no_key=True).get(pk=order_id)
    if not order.is_open:
        raise RuleError("order_over", order=order.number, state=order.get_state_display().lower())
    return order
