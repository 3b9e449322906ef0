"""The system's report by which 9 and 10 are made: the order and its work, the claims since then, the line as it is now.

`rows` reads the whole list of a team in a fixed number of queries; the step's own page shows the same for one case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from thaki.cases.models import Case, Task, Timer
from thaki.cases.queries import worklist
from thaki.cases.registry import Work
from thaki.people import policies
from thaki.procedures.retention.models import Quality, Retention
from thaki.procedures.retention.quality_models import QualityAttempt
from thaki.records.claims import queries as claims
from thaki.records.claims.models import Claim
from thaki.records.customers.models import Phone
from thaki.records.customers.rules import whatsapp_link
from thaki.records.work_orders.models import WorkOrder

MOST = 100  # of a list; nobody calls more in a day
TIMERS = {"Step_9": "Timer_Quality", "Step_10": "Timer_Recurrence"}


@dataclass(frozen=True, slots=True)
class Report:
    """What the system says about one retention after its visit."""

    retention: Retention
    order: WorkOrder
    claims: tuple[Claim, ...]  # by which the service is said to fail since the order
    phones: tuple[str, ...]
    attempts: tuple[QualityAttempt, ...]
    since: datetime  # from when the claims are looked at
    task: Task | None = None

    @property
    def line(self) -> Any:
        """The line's parameters as they are now; None for a service without a known line."""
        return self.order.subscription.line

    @property
    def by_report_alone(self) -> bool:
        """Whether 10 is decided without a call (R-B12)."""
        return self.retention.quality == Quality.NOT_REACHED

    @property
    def whatsapp(self) -> str:
        """Where to write to the customer."""
        return next((link for phone in self.phones if (link := whatsapp_link(phone, ""))), "")

    @property
    def last_attempt(self) -> bool:
        """Whether the next call without an answer is the last one."""
        return len(self.attempts) + 1 >= policies.get_int("retention.quality_attempts")


def rows(node: str, *, now: datetime, user: Any = None) -> list[Report]:
    """The open controls of a node in the order of the worklists, each with its report; eight queries at most."""
    found = Task.objects.filter(node=node, state=Task.State.OPEN, case__procedure="retention")
    found = found.filter(case__state=Case.State.OPEN, case__is_rehearsal=False).select_related("case", "assignee")
    tasks = list(found.order_by(*worklist.ORDER)[:MOST])
    return _reports(tasks, now=now)


def _reports(tasks: Sequence[Task], *, now: datetime) -> list[Report]:
    related = (
        "customer",
        "work_order__assigned_to",
        "work_order__subscription__plan",
        "work_order__subscription__line",
    )
    retentions = {
        one.pk: one
        for one in Retention.objects.filter(pk__in=[task.case_id for task in tasks])
        .select_related(*related, "work_order__customer")
        .prefetch_related("work_order__tasks")
    }
    by_claim = _claims([one.work_order for one in retentions.values() if one.work_order])
    phones = _phones(one.customer_id for one in retentions.values())
    attempts = _attempts(retentions)
    return [
        Report(
            retention,
            order,
            by_claim[order.pk],
            phones[retention.customer_id],
            tuple(one for one in attempts[retention.pk] if one.order_id == order.pk),
            order.closed_at or order.issued_at,
            task,
        )
        for task in tasks
        if (retention := retentions.get(task.case_id)) and (order := retention.work_order)
    ]


def _claims(orders: Iterable[WorkOrder]) -> dict[int, tuple[Claim, ...]]:
    """Claims registered, or reopened, on each order's service since it was closed."""
    listed = list(orders)
    found: dict[int, tuple[Claim, ...]] = defaultdict(tuple)
    if not listed:
        return found
    earliest = min(order.closed_at or order.issued_at for order in listed)
    services = {order.subscription_id for order in listed}
    since = list(
        Claim.objects.filter(subscription__in=services, claimed_at__gte=earliest - timedelta(days=400)).order_by(
            "-claimed_at"
        )
    )
    for order in listed:
        begin = order.closed_at or order.issued_at
        found[order.pk] = tuple(
            claim
            for claim in since
            if claim.subscription_id == order.subscription_id
            and max(claim.claimed_at, claim.reopened_at or claim.claimed_at) > begin
        )
    return found


def _phones(customers: Iterable[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for phone in Phone.objects.filter(customer__in=set(customers)).order_by("-is_main", "kind", "number"):
        found[phone.customer_id] += (phone.number,)
    return found


def _attempts(retentions: Iterable[int]) -> dict[int, list[QualityAttempt]]:
    found: dict[int, list[QualityAttempt]] = defaultdict(list)
    for one in (
        QualityAttempt.objects.filter(retention__in=list(retentions), step="9").select_related("by").order_by("at")
    ):
        found[one.retention_id].append(one)
    return found


def coming(node: str, *, now: datetime, days: int = 7) -> list[tuple[date, int]]:
    """How many controls fall due on each of the next days."""
    until = now + timedelta(days=days)
    due = Timer.objects.filter(node=TIMERS[node], due_at__gt=now, due_at__lt=until, case__procedure="retention")
    counted: dict[date, int] = defaultdict(int)
    for at in due.exclude(case__is_rehearsal=True).values_list("due_at", flat=True):
        counted[timezone.localtime(at).date()] += 1
    return sorted(counted.items())


# ---------------------------------------------------------------- one case
def report_of(work: Work) -> Report | None:
    """The report of the case that is worked on."""
    retention: Retention = work.record
    if retention.work_order_id is None:
        return None
    task = work.task or Task(case=work.case)
    found = _reports([task], now=work.now)
    return found[0] if found else None


def said(work: Work) -> list[Claim]:
    """The claims by which the service is said to fail since the order was closed."""
    order = work.record.work_order
    if order is None:
        return []
    begin = order.closed_at or order.issued_at
    return [one.claim for one in claims.since(order.subscription_id, begin, until=work.now)]


def call_context(work: Work) -> dict[str, Any]:
    """Of step 9."""
    return {"report": report_of(work), "control": False}


def control_context(work: Work) -> dict[str, Any]:
    """Of step 10."""
    return {"report": report_of(work), "control": True}
