"""When coverage reaches the place of a sale that was left for lack of it, the sale comes back to step 19 as a proposal (R-A3).

Looked for on every working morning (`jobs.py`), and around the place as soon as our own network records grow. Each sale comes
back once: its case opens under a key of its own, and the database keeps one comeback a sale.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from thaki.cases import operations, runtime
from thaki.cases.models import Case
from thaki.procedures.sales import capacity
from thaki.procedures.sales.choices import CapacityReason
from thaki.procedures.sales.models import Sale, Unserved
from thaki.procedures.sales.reasons import UnservedReason
from thaki.records.network.changes import Box
from thaki.records.network.rules import TechnologyVerdict

# The reasons that the GIS can see mended. Poor lines and a saturated network are Help Desk's to judge, not the map's.
SEEN_BY_THE_GIS = (CapacityReason.NO_COVERAGE, CapacityReason.OUT_OF_REACH, CapacityReason.NO_PORTS)


def left_for_lack_of_coverage(box: Box | None = None) -> QuerySet[Sale]:
    """The sales left unserved for that, whose customer has begun none since, the oldest first; all, or those within the box."""
    begun_since = Sale.objects.filter(case_id__gt=OuterRef("case_id"))
    sales = Sale.objects.filter(
        unserved_reason=UnservedReason.NO_CAPACITY,
        unserved=Unserved.LEAVE,
        capacity_reason__in=SEEN_BY_THE_GIS,
        case__state=Case.State.ENDED,
        comeback=None,
        lat__isnull=False,
    ).exclude(Exists(begun_since.filter(prospect=OuterRef("prospect"))))
    sales = sales.exclude(Exists(begun_since.filter(customer=OuterRef("customer"))))
    if box is not None:
        sales = sales.filter(lat__range=(box.min_lat, box.max_lat), lon__range=(box.min_lon, box.max_lon))
    return sales.order_by("case_id")


def is_reached(sale: Sale) -> bool:
    """Whether the network can do for the sale's place today what it could not when the sale looked (step 5)."""
    before = {verdict.technology: verdict for verdict in capacity.kept_verdicts(sale)}
    return any(_grew(before.get(now.technology), now) for now in capacity.qualify(sale))


def _grew(before: TechnologyVerdict | None, now: TechnologyVerdict) -> bool:
    """What the records called available already then was refused by Help Desk: only more ports than then speak against that."""
    if not now.available:
        return False
    return before is None or not before.available or now.ports_free > before.ports_free


def bring_back(*, now: datetime, box: Box | None = None) -> list[Case]:
    """Open the proposal at step 19 of every sale that coverage reached; returns the new cases."""
    return list(_brought_back(now, box))


def _brought_back(now: datetime, box: Box | None) -> Iterator[Case]:
    for sale in left_for_lack_of_coverage(box).select_related("case"):
        if is_reached(sale):
            yield _come_back(sale, now)


def _come_back(sale: Sale, now: datetime) -> Case:
    """The new case, and a word in the history of the old one."""
    key = f"coverage:{sale.pk}"
    with transaction.atomic():
        case = runtime.start("sales", {"sale": sale.pk}, by=None, now=now, start="Start_Coverage", submission_key=key)
        operations.note(sale.pk, by=None, now=now, came_back_as=case.number)
    return case


def network_grew(box: Box) -> None:
    """Look around the place by a job, when somebody was left there; in the transaction of the change."""
    from thaki.procedures.sales.jobs import coverage_around  # the jobs import this module

    if left_for_lack_of_coverage(box).exists():
        coverage_around.defer(box=list(box))
