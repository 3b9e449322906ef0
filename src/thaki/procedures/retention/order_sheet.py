"""The sheet of a work order on paper (RET 6): one PDF for one or many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from thaki.procedures.retention.models import XpressTask
from thaki.records.claims.models import Claim
from thaki.records.customers.models import Subscription
from thaki.records.work_orders.dispatch import Sheet
from thaki.records.work_orders.models import WorkOrder
from thaki.reporting import pdf
from thaki.ui.formats import format_instant, format_money, format_phone, format_time

KIND = "orden_trabajo"
CLAIMS_SHOWN = 6
LOOKED_BACK = timedelta(days=30)


def render(sheets: Sequence[Sheet]) -> bytes:
    """One PDF of all of them, a page each, in their order."""
    orders = [sheet.order for sheet in sheets]
    tasks = [f"{task.problem}: {task.name}" for task in XpressTask.objects.filter(active=True)]
    claims, services = _claims(orders), _services(orders)
    data = [
        _order(sheet)
        | {"tasks": tasks, "claims": claims[sheet.order.pk], "services": services[sheet.order.customer_id]}
        for sheet in sheets
    ]
    return pdf.render("retention/orden_trabajo.typ", {"orders": data})


def _order(sheet: Sheet) -> dict[str, Any]:
    order = sheet.order
    return {
        "number": order.number,
        "copy": sheet.copy,
        "activity": order.activity,
        "payment_form": order.payment_form,
        "charge": format_money(order.charge_bob),
        "case": order.case_ref,
        "issued_at": format_instant(order.issued_at),
        "due_at": format_instant(order.due_at),
        "technician": str(order.assigned_to or ""),
        "agreed": agreed_words(order),
        "printed": format_instant(order.printed_at) if order.printed_at else "",
        "customer": order.contact_name or str(order.customer),
        "customer_code": order.customer.code,
        "phone": format_phone(order.contact_phone) if order.contact_phone else "",
        "address": order.address,
        "zone": order.zone,
        "reference": order.address_reference,
        "service": f"{order.subscription.plan} · {order.subscription.number}",
        "observations": order.observations,
    }


def agreed_words(order: WorkOrder) -> str:
    """`22/11/2026 09:00–11:00`, or nothing."""
    if order.agreed_from is None or order.agreed_to is None:
        return ""
    return f"{format_instant(order.agreed_from)}–{format_time(order.agreed_to)}"


def _claims(orders: Iterable[WorkOrder]) -> dict[int, list[dict[str, str]]]:
    """What each order's service was claimed for in the 30 days before its issue."""
    by_service = {order.subscription_id: order for order in orders}
    found: dict[int, list[dict[str, str]]] = defaultdict(list)
    if not by_service:
        return found
    earliest = min(order.issued_at for order in by_service.values()) - LOOKED_BACK
    for claim in Claim.objects.filter(subscription__in=by_service, claimed_at__gte=earliest).order_by("-claimed_at"):
        order = by_service[claim.subscription_id]
        if claim.claimed_at >= order.issued_at - LOOKED_BACK and len(found[order.pk]) < CLAIMS_SHOWN:
            found[order.pk].append(
                {
                    "at": format_instant(claim.claimed_at),
                    "number": claim.number,
                    "fault": str(claim.get_fault_display()),
                    "state": "abierto" if claim.is_open else "solucionado",
                }
            )
    return found


def _services(orders: Iterable[WorkOrder]) -> dict[int, list[str]]:
    """The customers' services in use, each of which is tried before the technician leaves."""
    found: dict[int, list[str]] = defaultdict(list)
    services = Subscription.objects.filter(customer__in={order.customer_id for order in orders}, status="active")
    for service in services.select_related("plan").order_by("pk"):
        found[service.customer_id].append(f"{service.plan} · {service.number}")
    return found
