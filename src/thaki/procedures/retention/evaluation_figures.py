"""The figures of a month's evaluation (RET 15, R-B5) and of the indicator of the bajas (R-B14), as plain data that can be frozen.

A case is of the month in which it ended, ready for the evaluation. With an order it is kept once step 10 found it good;
agreed without one (12, 14) it is kept when the customer gave up nothing in the 30 days that followed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from thaki.people.models import User
from thaki.procedures.retention.models import Offered, Retention, RetentionOffer, RetentionReason, XpressTask
from thaki.procedures.retention.quality_models import Relapse
from thaki.procedures.retention.rules_evaluation import Ended, Evaluation, Fell, Line, as_data, evaluate
from thaki.records.claims.models import Product
from thaki.records.withdrawals import queries as withdrawals
from thaki.records.withdrawals.models import Withdrawal
from thaki.records.work_orders.models import WorkOrder
from thaki.reporting import kpi
from thaki.reporting.months import bounds, following, month_name, previous

VERSION = 1
STAYS = timedelta(days=30)
TREND = 13  # months of the trend
NO_OFFER = "none"
EndedAt = tuple[datetime, Ended]


# ---------------------------------------------------------------- the cases
def ended_cases(since: datetime, until: datetime, costs: Mapping[str, Decimal], *, now: datetime) -> list[EndedAt]:
    """The cases that ended between two instants, each with when; four queries. `costs`: of the Xpress tasks, by code."""
    found = Retention.objects.filter(ended_at__gte=since, ended_at__lt=until).select_related("case", "courtesy")
    listed = list(found.order_by("ended_at", "pk"))
    numbers = [one.case.number for one in listed]
    orders, tasks = _orders(numbers)
    fell = _relapses(one.pk for one in listed)
    gone = _withdrawn_since(listed)
    return [(one.ended_at or now, _ended(one, orders, tasks, fell[one.pk], gone, costs, now)) for one in listed]


def _orders(numbers: Sequence[str]) -> tuple[dict[str, list[int]], dict[str, list[str]]]:
    """By case: the technicians of its orders (0 for none), and the tasks done there."""
    technicians: dict[str, list[int]] = defaultdict(list)
    tasks: dict[str, list[str]] = defaultdict(list)
    seen = set()
    rows = WorkOrder.objects.filter(case_ref__in=numbers).order_by("pk", "tasks__position")
    for pk, case, technician, task, done_at in rows.values_list(
        "pk", "case_ref", "assigned_to", "tasks__task", "tasks__done_at"
    ):
        if pk not in seen:
            seen.add(pk)
            technicians[case].append(technician or 0)
        if done_at is not None:
            tasks[case].append(task)
    return technicians, tasks


def _relapses(retentions: Iterable[int]) -> dict[int, tuple[Fell, ...]]:
    found: dict[int, tuple[Fell, ...]] = defaultdict(tuple)
    for one in Relapse.objects.filter(retention__in=list(retentions)):
        found[one.retention_id] += (Fell(tuple(one.tasks), one.technician_id, one.found_by),)
    return found


def _withdrawn_since(retentions: Sequence[Retention]) -> dict[int, list[date]]:
    """By customer: the days on which he asked for a baja."""
    found: dict[int, list[date]] = defaultdict(list)
    customers = {one.customer_id for one in retentions}
    rows = Withdrawal.objects.filter(customer__in=customers, kind=Withdrawal.Kind.REQUESTED)
    for customer, day in rows.values_list("customer", "requested_on"):
        found[customer].append(day)
    return found


def _ended(
    one: Retention,
    orders: Mapping[str, list[int]],
    tasks: Mapping[str, list[str]],
    fell: tuple[Fell, ...],
    gone: Mapping[int, list[date]],
    costs: Mapping[str, Decimal],
    now: datetime,
) -> Ended:
    number, ended_at = one.case.number, one.ended_at or now
    left = one.case.outcome == "withdrawn"
    done = tuple(tasks.get(number, ()))
    agreed = one.case.outcome == "agreed"
    day = timezone.localtime(ended_at).date()
    went = agreed and any(day <= other <= day + STAYS for other in gone.get(one.customer_id, ()))
    pending = agreed and not went and now < ended_at + STAYS
    return Ended(
        number=number,
        offer=_offer(one),
        kept=one.kept_at is not None or (agreed and not went and not pending),
        left=left or went,
        pending=pending,
        reason=one.withdrawal_reason or ("after" if went else ""),
        cost_bob=_cost(one) + sum((costs.get(code, Decimal(0)) for code in done), Decimal(0)),
        tasks=done,
        technicians=tuple(who for who in orders.get(number, ()) if who),
        fell=fell,
        orders=len(orders.get(number, ())),
    )


def _offer(one: Retention) -> str:
    """The code of what was accepted: a courtesy's own, else the kind."""
    if one.offer == Offered.COURTESY and one.courtesy is not None:
        return one.courtesy.kind
    return one.offer if one.offer in (Offered.REMOVAL, Offered.COMPENSATION) else NO_OFFER


def _cost(one: Retention) -> Decimal:
    if one.offer == Offered.COURTESY:
        return one.courtesy.cost_bob if one.courtesy else Decimal(0)
    return one.amount_bob or Decimal(0) if _offer(one) != NO_OFFER else Decimal(0)


# ---------------------------------------------------------------- the indicator
@dataclass(frozen=True, slots=True)
class Month:
    """The bajas of a month."""

    month_on: date
    requested: int
    arrears: int
    verdict: str
    change_percent: str  # "" without a month before

    @property
    def name(self) -> str:
        """`noviembre de 2026`."""
        return month_name(self.month_on)


@dataclass(frozen=True, slots=True)
class Indicator:
    """The indicator of a month, its trend, and the same by product."""

    month: Month
    before: Month
    trend: tuple[Month, ...]  # the oldest first, the month itself last
    products: tuple[tuple[str, int, int, int, str], ...]  # label, this month, the one before, arrears, verdict
    reasons: tuple[tuple[str, int], ...]


def indicator(month_on: date, *, months: int = TREND, names: Mapping[str, str] | None = None) -> Indicator:
    """The bajas asked for in a month against the month before (R-B14); two queries."""
    first = month_on
    for _back in range(months):
        first = previous(first)
    last = following(month_on) - timedelta(days=1)
    counted: dict[tuple[date, str, str], int] = {
        (row.month, row.product, row.kind): row.count for row in withdrawals.by_month(first, last)
    }
    trend, at = [], following(first)
    while at <= month_on:
        trend.append(_month(counted, at))
        at = following(at)
    return Indicator(
        month=trend[-1],
        before=trend[-2] if len(trend) > 1 else _month(counted, previous(month_on)),
        trend=tuple(trend),
        products=tuple(_product(counted, product, month_on) for product in Product),
        reasons=tuple(_named(withdrawals.reasons(month_on, last), names)),
    )


def _month(counted: Mapping[tuple[date, str, str], int], month_on: date) -> Month:
    requested, arrears = (_sum(counted, month_on, kind) for kind in ("requested", "arrears"))
    found = kpi.withdrawals(requested, _sum(counted, previous(month_on), "requested"))
    change = "" if found.change_percent is None else str(found.change_percent)
    return Month(month_on, requested, arrears, found.verdict.value, change)


def _product(
    counted: Mapping[tuple[date, str, str], int], product: Product, month_on: date
) -> tuple[str, int, int, int, str]:
    now, before = (counted.get((month, product.value, "requested"), 0) for month in (month_on, previous(month_on)))
    arrears = counted.get((month_on, product.value, "arrears"), 0)
    return str(product.label), now, before, arrears, kpi.withdrawals(now, before).verdict.value


def _sum(counted: Mapping[tuple[date, str, str], int], month_on: date, kind: str) -> int:
    return sum(n for (month, _product, what), n in counted.items() if month == month_on and what == kind)


def _named(reasons: Mapping[str, int], known: Mapping[str, str] | None) -> list[tuple[str, int]]:
    names = known or reason_names()
    return [(names.get(code, code), n) for code, n in reasons.items()]


def reason_names() -> dict[str, str]:
    """The reasons as they are called today."""
    return dict(RetentionReason.objects.values_list("code", "name")) | {
        "after": "Pidió la baja después del acuerdo",
        "": "Sin motivo",
    }


# ---------------------------------------------------------------- the report
def compile_month(month_on: date, *, now: datetime) -> dict[str, Any]:
    """Everything that the evaluation of a month says, as plain JSON."""
    since, until = bounds(month_on)
    xpress = list(XpressTask.objects.values_list("code", "problem", "name", "cost_bob"))
    year_ago = month_on
    for _back in range(11):
        year_ago = previous(year_ago)
    costs = {code: cost for code, _problem, _name, cost in xpress}
    all_year = ended_cases(bounds(year_ago)[0], until, costs, now=now)
    cases = [case for ended_at, case in all_year if ended_at >= since]
    found, year = evaluate(cases), evaluate([case for _ended_at, case in all_year])
    reasons = reason_names()
    names = _labels([*found.technicians, *year.technicians], reasons)
    names |= {("task", code): f"{problem}: {name}" for code, problem, name, _cost in xpress}
    shown = indicator(month_on, names=reasons)
    return {
        "v": VERSION,
        "month_on": month_on.isoformat(),
        "month": month_name(month_on),
        "counted_at": now.isoformat(),
        "total": as_data(found.total, ""),
        "orders": sum(case.orders for case in cases),
        **_tables(found, names),
        "year": _tables(year, names),
        "reasons": [[names.get(("reason", code), code), n] for code, n in found.reasons],
        "kpi": {
            "month": plain(shown.month),
            "before": plain(shown.before),
            "trend": [plain(one) for one in shown.trend],
            "products": [list(row) for row in shown.products],
            "reasons": [list(row) for row in shown.reasons],
        },
    }


def plain(month: Month) -> dict[str, Any]:
    """A month as plain JSON."""
    return {**asdict(month), "month_on": month.month_on.isoformat(), "name": month.name}


def _tables(found: Evaluation, names: Mapping[tuple[str, str], str]) -> dict[str, list[dict[str, Any]]]:
    return {
        "offers": [as_data(line, names.get(("offer", line.key), line.key)) for line in found.offers],
        "tasks": [as_data(line, names.get(("task", line.key), line.key)) for line in found.tasks],
        "technicians": [as_data(line, names.get(("person", line.key), line.key)) for line in found.technicians],
    }


def _labels(technicians: Iterable[Line], reasons: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """What the keys of the lines are called."""
    people = User.objects.filter(pk__in={int(line.key) for line in technicians})
    return (
        {("offer", code): name for code, name in RetentionOffer.objects.values_list("code", "name")}
        | {("offer", Offered.REMOVAL.value): str(Offered.REMOVAL.label)}
        | {("offer", Offered.COMPENSATION.value): str(Offered.COMPENSATION.label)}
        | {("offer", NO_OFFER): "Sin acuerdo"}
        | {("person", str(person.pk)): str(person) for person in people}
        | {("reason", code): name for code, name in reasons.items()}
    )
