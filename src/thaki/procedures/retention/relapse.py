"""The fault came back (R-B3): noted against the order that it followed, and told to the case that waits for it.

A claim on a product of a retention whose order is closed is told by a job: the case goes back to 5 that very day.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from thaki.cases import surroundings
from thaki.cases.registry import Work
from thaki.procedures.retention.models import Retention
from thaki.procedures.retention.quality_models import Relapse
from thaki.records.claims.models import Claim

MESSAGE = "new_claim"


def note_relapse(work: Work, *, found_by: str, claim: Claim | None = None, note: str = "") -> Relapse | None:
    """Charge it to the current order; found in two ways, it is one relapse. None while there is no order."""
    retention: Retention = work.record
    order = retention.work_order
    if order is None:
        return None
    found = Relapse.objects.filter(order=order).first()
    if found is None:
        found = Relapse.objects.create(
            retention=retention,
            order=order,
            technician_id=order.assigned_to_id,
            offer=retention.offer,
            tasks=list(order.tasks.filter(done_at__isnull=False).values_list("task", flat=True)),
            found_by=found_by,
            claim=claim,
            found_at=work.now,
            by=work.by,
            note=note,
        )
    work.note(relapse=found_by, order=order.number, **({"claim": claim.number} if claim else {}))
    return found


def new_claim(work: Work, payload: dict[str, Any]) -> None:
    """The message `new_claim`: `{"claim": id}`."""
    claim = Claim.objects.filter(pk=payload.get("claim") or 0).first()
    note_relapse(work, found_by=Relapse.Found.CLAIM, claim=claim, note=claim.description if claim else "")


def tell(claim: Claim, now: datetime) -> None:
    """A claim was registered, reiterated or reopened: the retention that watches over its service is told once this commits."""
    found = Retention.objects.filter(
        live=True, customer=claim.customer_id, affected__subscription=claim.subscription_id, work_order__state="closed"
    )
    for case_id in found.values_list("case_id", flat=True)[:1]:
        surroundings.current().defer_message(case_id, MESSAGE, {"claim": claim.pk})
