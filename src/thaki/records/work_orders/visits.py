"""What is noted of a visit: the arrival, the tasks, what was used, photographs, signatures, each service tried; how it ended.

Every verb takes the order locked (`lock`), which its caller took after the case. All of it may come from a telephone that was
without signal: a `Stamp` says the server's time and the telephone's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from thaki.records.customers.models import Subscription
from thaki.records.documents.models import Document
from thaki.records.reasons import RuleError
from thaki.records.work_orders import rules_visit
from thaki.records.work_orders.models import (
    Material,
    ServiceCheck,
    VisitFailure,
    VisitPhoto,
    VisitSignature,
    WorkOrder,
    WorkOrderTask,
)
from thaki.records.work_orders.rules_visit import Stamp

if TYPE_CHECKING:
    from thaki.people.models import User

State = WorkOrder.State


@dataclass(frozen=True, slots=True)
class Used:
    """Some material."""

    name: str
    quantity: Decimal
    unit: str = "u"


@dataclass(frozen=True, slots=True)
class Done:
    """One of the Xpress tasks, as it went."""

    code: str
    name: str
    found: str
    done: str
    materials: tuple[Used, ...] = field(default=())


def lock(order_id: int) -> WorkOrder:
    """The order, locked; the case was locked before it."""
    return WorkOrder.objects.select_for_update().get(pk=order_id)


def check_open(order: WorkOrder) -> None:
    """There is a visit to make still."""
    if not order.is_open:
        raise RuleError("visit_order_over", number=order.number, state=order.get_state_display())


def arrive(order: WorkOrder, stamp: Stamp) -> None:
    """The technician is at the door: the 24 hours end. The first arrival stands."""
    check_open(order)
    if order.arrived_at is not None:
        return
    order.arrived_at, order.arrived_device_at = stamp.at, stamp.device_at
    order.arrived_lat, order.arrived_lon = stamp.lat, stamp.lon
    order.state = State.ON_SITE
    order.paused_at = order.resumes_at = None
    _save(order, "arrived_at", "arrived_device_at", "arrived_lat", "arrived_lon", "state", "paused_at", "resumes_at")


def record_tasks(order: WorkOrder, tasks: Iterable[Done], *, review: str, at: datetime) -> None:
    """What was found and done; noted again, the last stands."""
    check_open(order)
    tasks = list(tasks)
    order.tasks.all().delete()
    order.materials.all().delete()
    for position, task in enumerate(tasks):
        WorkOrderTask.objects.create(
            order=order,
            task=task.code,
            name=task.name,
            found=task.found,
            done=task.done,
            done_at=at if task.done else None,
            position=position,
        )
        for used in task.materials:
            Material.objects.create(order=order, name=used.name, quantity=used.quantity, unit=used.unit or "u")
    order.review = review
    _save(order, "review")


def add_photo(order: WorkOrder, document: Document, *, kind: str, stamp: Stamp) -> VisitPhoto:
    """A photograph of the visit."""
    return VisitPhoto.objects.create(
        order=order,
        kind=kind,
        document=document,
        taken_at=stamp.at,
        taken_device_at=stamp.device_at,
        lat=stamp.lat,
        lon=stamp.lon,
    )


def sign(order: WorkOrder, *, paper: str, name: str, ci: str, image: Document, stamp: Stamp) -> VisitSignature:
    """The customer's signature on a paper; signed again, the last stands."""
    check_open(order)
    if not name.strip():
        raise RuleError("visit_signer", on="signatures")
    order.signatures.filter(paper=paper).delete()
    return VisitSignature.objects.create(
        order=order,
        paper=paper,
        signer_name=name.strip(),
        signer_ci=ci.strip(),
        image=image,
        signed_at=stamp.at,
        signed_device_at=stamp.device_at,
        lat=stamp.lat,
        lon=stamp.lon,
    )


def check_services(order: WorkOrder, works: Mapping[int, tuple[bool, str]], *, at: datetime) -> None:
    """Each service of the customer, by the id of its subscription: whether it works, and a note."""
    check_open(order)
    order.checks.all().delete()
    for subscription_id, (does, note) in works.items():
        ServiceCheck.objects.create(order=order, subscription_id=subscription_id, works=does, note=note, at=at)


def check_closable(order: WorkOrder) -> None:
    """RET 8: nothing lacks. Raises RuleError with what does."""
    check_open(order)
    services = {str(check.subscription): check.works for check in order.checks.select_related("subscription__plan")}
    rules_visit.check_complete(
        arrived=order.arrived_at is not None,
        tasks=order.tasks.filter(done_at__isnull=False).count(),
        services=services,
        wanted=frozenset(str(each) for each in services_of(order)),
        papers={signature.paper: True for signature in order.signatures.all()},
    )


def close(order: WorkOrder, stamp: Stamp, *, by: User | None, result: str = "") -> None:
    """The visit is made and everything works."""
    check_closable(order)
    order.state = State.CLOSED
    order.closed_at, order.closed_device_at = max(stamp.at, order.arrived_at or stamp.at), stamp.device_at
    order.closed_by, order.result = by, result
    _save(order, "state", "closed_at", "closed_device_at", "closed_by", "result")


def fail(
    order: WorkOrder,
    *,
    kind: str,
    stamp: Stamp,
    note: str,
    proof: Document | None,
    until: datetime | None,
    by: User | None,
) -> VisitFailure:
    """The visit could not be made (R-B11). A plant fault leaves the order; a postponed one stops its clock until then."""
    check_open(order)
    rules_visit.check_failure(kind, at=stamp.at, note=note, proof=proof is not None, until=until)
    failure = VisitFailure.objects.create(
        order=order,
        kind=kind,
        at=stamp.at,
        device_at=stamp.device_at,
        note=note.strip(),
        proof=proof,
        until=until if kind == "postponed" else None,
        by=by,
    )
    if kind == "postponed" and until is not None:
        pause(order, at=stamp.at, until=until)
    elif order.state == State.ON_SITE:
        # He was there, and nobody opened: the next visit has an arrival of its own.
        order.state = State.PRINTED if order.printed_at else State.ISSUED
        order.arrived_at = order.arrived_device_at = order.arrived_lat = order.arrived_lon = None
        _save(order, "state", "arrived_at", "arrived_device_at", "arrived_lat", "arrived_lon")
    return failure


def pause(order: WorkOrder, *, at: datetime, until: datetime) -> None:
    """The clock of the 24 hours stands still until the hour that the customer named: what was left is left from then on."""
    left = max(order.due_at - at, timedelta(0))
    order.paused_at, order.resumes_at = at, until
    order.due_at = until + left
    order.agreed_from, order.agreed_to = None, None
    order.state = State.PRINTED if order.printed_at else State.ISSUED
    order.arrived_at = order.arrived_device_at = order.arrived_lat = order.arrived_lon = None
    _save(
        order,
        "paused_at",
        "resumes_at",
        "due_at",
        "agreed_from",
        "agreed_to",
        "state",
        "arrived_at",
        "arrived_device_at",
        "arrived_lat",
        "arrived_lon",
    )


def services_of(order: WorkOrder) -> list[Subscription]:
    """The customer's services in use: those that are tried before he leaves."""
    return list(order.customer.subscriptions.filter(status="active").select_related("plan").order_by("pk"))


def _save(order: WorkOrder, *names: str) -> None:
    order.version += 1
    order.save(update_fields=[*names, "version"])
