"""A technician's visits as his telephone keeps them: his open orders, and those that he closed today. Reads only."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from thaki.procedures.retention.models import Retention, XpressTask
from thaki.records.claims.models import Claim
from thaki.records.customers.models import Subscription
from thaki.records.work_orders.models import OPEN_STATES, WorkOrder
from thaki.ui.formats import format_instant, format_number, format_phone

if TYPE_CHECKING:
    from thaki.people.models import User
    from thaki.records.network.models import Line

HISTORY = timedelta(days=365)
MOST_CLAIMS = 12
MOST = 60  # more visits than anybody makes in a day


def visits_of(user: User, now: datetime) -> list[dict[str, Any]]:
    """What is first comes first: VIPs, then the hour that was agreed, or until when he has to arrive."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = WorkOrder.objects.filter(
        Q(state__in=OPEN_STATES) | Q(state="closed", closed_at__gte=midnight), assigned_to=user
    ).select_related("customer", "subscription__plan", "subscription__line")
    orders = list(mine.order_by("due_at")[:MOST])
    vips = set(Retention.objects.filter(work_order__in=orders, vip=True).values_list("work_order_id", flat=True))
    services, claims = _services(orders), _claims(orders, now)
    orders.sort(key=lambda order: (not order.is_open, order.pk not in vips, order.agreed_from or order.due_at))
    return [
        visit(order, rank, order.pk in vips, services[order.customer_id], claims[order.subscription_id])
        for rank, order in enumerate(orders)
    ]


def tasks() -> list[dict[str, str]]:
    """The Xpress tasks in force."""
    rows = XpressTask.objects.filter(active=True).order_by("position", "code")
    return [{"code": task.code, "name": task.name, "problem": task.problem} for task in rows]


def _services(orders: list[WorkOrder]) -> dict[int, list[Subscription]]:
    found: dict[int, list[Subscription]] = defaultdict(list)
    customers = {order.customer_id for order in orders}
    for each in (
        Subscription.objects.filter(customer__in=customers, status="active").select_related("plan").order_by("pk")
    ):
        found[each.customer_id].append(each)
    return found


def _claims(orders: list[WorkOrder], now: datetime) -> dict[int, list[Claim]]:
    found: dict[int, list[Claim]] = defaultdict(list)
    rows = Claim.objects.filter(
        subscription__in={order.subscription_id for order in orders}, claimed_at__gte=now - HISTORY
    )
    for claim in rows.order_by("-claimed_at"):
        if len(found[claim.subscription_id]) < MOST_CLAIMS:
            found[claim.subscription_id].append(claim)
    return found


def visit(order: WorkOrder, rank: int, vip: bool, services: list[Subscription], claims: list[Claim]) -> dict[str, Any]:
    """One visit, plain."""
    latest = claims[0] if claims else None
    return {
        "id": order.pk,
        "number": order.number,
        "case": order.case_ref,
        "rank": rank,
        "vip": vip,
        "closed": not order.is_open,
        "customer": order.contact_name or order.customer.full_name,
        "ci": order.customer.ci,
        "phone": order.contact_phone,
        "phone_shown": format_phone(order.contact_phone),
        "address": ", ".join(each for each in (order.address, order.zone) if each),
        "reference": order.address_reference,
        "lat": order.lat,
        "lon": order.lon,
        "product": str(order.subscription.plan),
        "service": order.subscription.number,
        "fault": _fault(latest),
        "claims": [
            {"at": claim.claimed_at, "fault": _fault(claim), "solution": "" if claim.is_open else claim.solution}
            for claim in claims
        ],
        "line": _line(order.subscription.line),
        "observations": order.observations,
        "agreed_from": order.agreed_from,
        "agreed_to": order.agreed_to,
        "due_at": order.due_at,
        "paused_until": order.resumes_at,
        "arrived_at": order.arrived_at,
        "services": [{"id": each.pk, "name": str(each)} for each in services],
    }


def _fault(claim: Claim | None) -> str:
    if claim is None:
        return ""
    return ": ".join(each for each in (str(claim.get_fault_display()), claim.description) if each)


def _line(line: Line | None) -> list[dict[str, str]]:
    if line is None:
        return []
    measured = (
        ("Bajada", f"{format_number(line.sync_down_mbps, 1)} Mbps"),
        ("Subida", f"{format_number(line.sync_up_mbps, 1)} Mbps"),
        ("Atenuación", f"{format_number(line.attenuation_db, 1)} dB"),
        ("Señal/ruido", f"{format_number(line.snr_db, 1)} dB"),
        ("Medida el", format_instant(line.measured_at)),
    )
    return [{"label": label, "value": value} for label, value in measured]
