"""The figures of Gestión de Ventas Digitales, counted in one place for the informe (26), the boards and the dashboards.

Every function counts by set-based SQL and costs what the period holds, not what the house has ever done:

- `breakdown(start, end)`: sales, closures, annulments and tariff sold, in all and by executive, channel, product, zone and
  executive with product;
- `totals(start, end)`: the first three of them in all, where no side is wanted;
- `funnel(start, end)`: how many reached each state of step 24, and how far the prospects received in the period came;
- `step_times(start, end, procedure)`: median and p90 of the time that each signed step took (any procedure);
- `volumes(first, last)`, `indicator(month_on)`, `trend(month_on)`: the billing volume of months and the KPI (R-A15);
- `goals_of(month_on)` and `fulfilment(month_on)`: the metas, and the metas beside what was sold;
- `unserved(start, end)`: arrivals at step 19 by reason.

`start` and `end` are instants, the second outside; months come from `reporting.months.bounds`. Formulas that need no database are
in `reporting.kpi`. A sale counts in the month of its *Venta* stamp, closures and annulments in the month they happen (R-A5).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, LiteralString

from django.db import connection

from thaki.people import policies
from thaki.procedures.sales.models import Goal, SalesReport
from thaki.reporting.kpi import BillingVolume, billing_volume
from thaki.reporting.months import bounds, following, previous

MILESTONES = (("visited", "Visitado"), ("informed", "Informado"), ("presale", "Pre Venta"), ("sold", "Venta"))
TREND_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Line:
    """What was counted of one executive, channel, product, zone, or of all."""

    key: str  # the executive's id, the channel's or the product's code, the zone's name; "" where it is not known
    sold: int
    closed: int  # ATENDIDO/CERRADA
    annulled: int  # orders annulled, whether keyed again or for good
    tariff_bob: Decimal  # monthly tariff of what was sold
    product: str = ""  # of `by_executive_product`


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The sales of a period from every side; each list has the most sold first."""

    total: Line
    by_executive: tuple[Line, ...]
    by_channel: tuple[Line, ...]
    by_product: tuple[Line, ...]
    by_zone: tuple[Line, ...]
    by_executive_product: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Milestone:
    """One state of the funnel."""

    code: str  # received, visited, informed, presale, sold
    label: str
    reached: int  # stamped within the period, whenever its prospect came
    cohort: int  # of the prospects received in the period, how many have reached it


@dataclass(frozen=True, slots=True)
class StepTime:
    """How long a step took, of the tasks finished in the period."""

    step: str
    done: int
    median_s: int
    p90_s: int


def rows(statement: LiteralString, **values: Any) -> list[tuple[Any, ...]]:
    """What a statement of figures answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


# ---------------------------------------------------------------- sales
_BREAKDOWN: LiteralString = """
WITH happened AS (
    SELECT executive_id, prospect_id, plan_id, zone, is_sold::int AS sold, is_closed::int AS closed, 0 AS annulled,
        CASE WHEN is_sold THEN tariff_bob END AS tariff
    FROM sales_sale, LATERAL (SELECT coalesce(sold_at >= %(start)s AND sold_at < %(end)s, false) AS is_sold,
        coalesce(closed_at >= %(start)s AND closed_at < %(end)s AND follow_up = 'attended', false) AS is_closed) told
    WHERE sold_at >= %(start)s AND sold_at < %(end)s
        OR closed_at >= %(start)s AND closed_at < %(end)s AND follow_up = 'attended'
    UNION ALL
    SELECT s.executive_id, s.prospect_id, s.plan_id, s.zone, 0, 0, 1, 0
        FROM orders_productorder o JOIN cases_case c ON c.number = o.case_ref JOIN sales_sale s ON s.case_id = c.id
        WHERE o.annulled_at >= %(start)s AND o.annulled_at < %(end)s
), seen AS (
    SELECT coalesce(h.executive_id::text, '') AS executive, p.channel::text AS channel, coalesce(plan.kind, '') AS product,
        coalesce(nullif(h.zone, ''), p.zone) AS zone,
        sum(h.sold) AS sold, sum(h.closed) AS closed, sum(h.annulled) AS annulled,
        coalesce(sum(h.tariff), 0) AS tariff
    FROM happened h JOIN prospects_prospect p ON p.id = h.prospect_id LEFT JOIN offers_plan plan ON plan.id = h.plan_id
    GROUP BY h.executive_id, p.channel, plan.kind, coalesce(nullif(h.zone, ''), p.zone)
)
SELECT grouping(executive, channel, product, zone), executive, channel, product, zone,
    coalesce(sum(sold), 0), coalesce(sum(closed), 0), coalesce(sum(annulled), 0), coalesce(sum(tariff), 0)
FROM seen GROUP BY GROUPING SETS ((), (executive), (channel), (product), (zone), (executive, product))"""
# Which columns a row of the statement is *not* grouped by, as PostgreSQL's grouping() tells: a bit each, the first the highest.
_ALL, _EXECUTIVE, _CHANNEL, _PRODUCT, _ZONE, _BOTH = 0b1111, 0b0111, 0b1011, 0b1101, 0b1110, 0b0101


def breakdown(start: datetime, end: datetime) -> Breakdown:
    """Sales, closures and annulments of a period, in all and from every side."""
    found: dict[int, list[Line]] = defaultdict(list)
    for sides, executive, channel, product, zone, *counted in rows(_BREAKDOWN, start=start, end=end):
        key = {_EXECUTIVE: executive, _CHANNEL: channel, _PRODUCT: product, _ZONE: zone, _BOTH: executive}.get(
            sides, ""
        )
        sold, closed, annulled, tariff = counted
        line = Line(key, int(sold), int(closed), int(annulled), tariff, product if sides == _BOTH else "")
        found[sides].append(line)
    sides = (_EXECUTIVE, _CHANNEL, _PRODUCT, _ZONE, _BOTH)
    return Breakdown(found[_ALL][0], *(tuple(sorted(found[side], key=_most_sold)) for side in sides))


def _most_sold(line: Line) -> tuple[int, int, str, str]:
    return -line.sold, -line.closed, line.key, line.product


_TOTALS: LiteralString = """SELECT
    (SELECT count(*) FROM sales_sale WHERE sold_at >= %(start)s AND sold_at < %(end)s),
    (SELECT count(*) FROM sales_sale WHERE closed_at >= %(start)s AND closed_at < %(end)s AND follow_up = 'attended'),
    (SELECT count(*) FROM orders_productorder WHERE annulled_at >= %(start)s AND annulled_at < %(end)s)"""


def totals(start: datetime, end: datetime) -> tuple[int, int, int]:
    """Sales, closures and annulments of a period in all: `breakdown`'s first line where no side is wanted."""
    sold, closed, annulled = rows(_TOTALS, start=start, end=end)[0]
    return int(sold), int(closed), int(annulled)


_REKEYED: LiteralString = """SELECT count(*) FROM orders_productorder o
    JOIN orders_productorder again ON again.replaces_id = o.id WHERE o.annulled_at >= %(start)s AND o.annulled_at < %(end)s"""


def rekeyed(start: datetime, end: datetime) -> int:
    """Orders annulled in the period that have been keyed again (step 20)."""
    return int(rows(_REKEYED, start=start, end=end)[0][0])


# ---------------------------------------------------------------- the funnel
_REACHED: LiteralString = """SELECT
    count(*) FILTER (WHERE visited_at >= %(start)s AND visited_at < %(end)s),
    count(*) FILTER (WHERE informed_at >= %(start)s AND informed_at < %(end)s),
    count(*) FILTER (WHERE presale_at >= %(start)s AND presale_at < %(end)s),
    count(*) FILTER (WHERE sold_at >= %(start)s AND sold_at < %(end)s)
FROM sales_sale WHERE visited_at >= %(start)s AND visited_at < %(end)s OR informed_at >= %(start)s AND informed_at < %(end)s
    OR presale_at >= %(start)s AND presale_at < %(end)s OR sold_at >= %(start)s AND sold_at < %(end)s"""
_COHORT: LiteralString = """WITH received AS (
    SELECT id FROM prospects_prospect WHERE received_at >= %(start)s AND received_at < %(end)s)
SELECT (SELECT count(*) FROM received), count(visited_at), count(informed_at), count(presale_at), count(sold_at)
FROM sales_sale WHERE prospect_id IN (SELECT id FROM received)"""


def funnel(start: datetime, end: datetime) -> tuple[Milestone, ...]:
    """The prospects received in the period and the states of step 24 that were reached, the first one first."""
    reached = rows(_REACHED, start=start, end=end)[0]
    received, *cohort = rows(_COHORT, start=start, end=end)[0]
    first = Milestone("received", "Recibido", int(received), int(received))
    return first, *(
        Milestone(code, label, int(n), int(c)) for (code, label), n, c in zip(MILESTONES, reached, cohort, strict=True)
    )


# ---------------------------------------------------------------- time in each step
# Counted by seconds up to an hour and by minutes above: as exact as anybody reads it, and only the counts are sorted. What is
# counted comes from behind an OFFSET, so that the planner, who knows nothing of its spread, counts in a hash and sorts nothing.
_STEP_TIMES: LiteralString = """WITH counted AS (
    SELECT step, CASE WHEN seconds < 3600 THEN seconds ELSE seconds / 60 * 60 END AS seconds, count(*) AS n FROM (
        SELECT t.step, date_part('epoch', t.closed_at - t.opened_at)::int AS seconds
        FROM cases_task t JOIN cases_case c ON c.id = t.case_id
        WHERE t.closed_at >= %(start)s AND t.closed_at < %(end)s AND t.state = 'done' AND t.step <> ''
            AND c.procedure = %(procedure)s
        OFFSET 0
    ) finished GROUP BY 1, 2
), running AS (
    SELECT step, seconds, sum(n) OVER (PARTITION BY step ORDER BY seconds) AS upto, sum(n) OVER (PARTITION BY step) AS done
    FROM counted
)
SELECT step, max(done)::int, min(seconds) FILTER (WHERE upto >= 0.5 * done), min(seconds) FILTER (WHERE upto >= 0.9 * done)
FROM running GROUP BY step"""


def step_times(start: datetime, end: datetime, procedure: str = "sales") -> tuple[StepTime, ...]:
    """Median and 90th percentile of the time from a task's opening to its end, by signed step, in the steps' order.

    Calendar time, nights included: it is what the customer waits.
    """
    found = rows(_STEP_TIMES, start=start, end=end, procedure=procedure)
    times = [StepTime(step, done, median, p90) for step, done, median, p90 in found]
    return tuple(sorted(times, key=lambda time: _natural(time.step)))


def _natural(step: str) -> tuple[int, str]:
    digits = "".join(character for character in step if character.isdigit())
    return int(digits or 0), step


# ---------------------------------------------------------------- the KPI
_VOLUMES: LiteralString = """SELECT date_trunc('month', issued_at AT TIME ZONE 'America/La_Paz')::date, sum(amount_bob)
FROM billing_invoice WHERE issued_at >= %(start)s AND issued_at < %(end)s AND voided_at IS NULL AND case_ref LIKE 'GVD-%%'
GROUP BY 1"""


def volumes(first: date, last: date) -> dict[date, Decimal]:
    """Invoices of digital sales issued in each month less those of them voided, in Bs (R-A15); both months included."""
    found = dict(rows(_VOLUMES, start=bounds(first)[0], end=bounds(last)[1]))
    return {month: found.get(month, Decimal(0)) for month in months(first, last)}


def months(first: date, last: date) -> list[date]:
    """First days of the months from one to another, both included."""
    found = [first]
    while found[-1] < last:
        found.append(following(found[-1]))
    return found


def indicator(month_on: date) -> BillingVolume:
    """The KPI of the month, with the policy's threshold."""
    found = volumes(previous(month_on), month_on)
    return billing_volume(found[month_on], found[previous(month_on)], _threshold())


def _threshold() -> Decimal:
    return policies.get_decimal("sales.kpi_threshold_percent")


@dataclass(frozen=True, slots=True)
class MonthKpi:
    """A month of the trend."""

    month_on: date
    current_bob: Decimal
    percent: Decimal | None
    verdict: str
    reported: bool  # as a sent informe told it; else counted now


def trend(month_on: date, *, count: int = TREND_MONTHS) -> tuple[MonthKpi, ...]:
    """The KPI of so many months up to this one, the oldest first; a month whose informe was sent says what that said."""
    first = month_on
    for _ in range(count):
        first = previous(first)
    found = volumes(first, month_on)
    told = _told(first, previous(month_on))
    return tuple(_month_kpi(month, found, told) for month in list(found)[1:])


def _told(first: date, last: date) -> dict[date, dict[str, Any]]:
    sent = SalesReport.objects.filter(month_on__gte=first, month_on__lte=last, sent_at__isnull=False)
    return {month: data["kpi"] for month, data in sent.values_list("month_on", "data") if "kpi" in data}


def _month_kpi(month: date, found: dict[date, Decimal], told: dict[date, dict[str, Any]]) -> MonthKpi:
    if month in told:
        kpi = told[month]
        percent = None if kpi["percent"] is None else Decimal(kpi["percent"])
        return MonthKpi(month, Decimal(kpi["current_bob"]), percent, kpi["verdict"], True)
    counted = billing_volume(found[month], found[previous(month)], _threshold())
    return MonthKpi(month, counted.current_bob, counted.percent, counted.verdict.value, False)


# ---------------------------------------------------------------- metas
@dataclass(frozen=True, slots=True)
class Meta:
    """A meta beside what was sold of it."""

    executive: str  # id, "" for all of them
    product: str  # code, "" for all products
    goal: int
    sold: int


def goals_of(month_on: date) -> dict[tuple[str, str], int]:
    """The metas of a month by executive's id and product's code; "" means all."""
    found = Goal.objects.filter(month_on=month_on).values_list("executive_id", "product_kind", "sales_count")
    return {(str(executive or ""), product): count for executive, product, count in found}


def fulfilment(month_on: date, sold: Breakdown | None = None) -> tuple[Meta, ...]:
    """Every meta of the month beside what was sold of it; that of all comes first."""
    sold = sold or breakdown(*bounds(month_on))
    counted = {("", ""): sold.total.sold}
    counted |= {(line.key, ""): line.sold for line in sold.by_executive if line.key}
    counted |= {("", line.key): line.sold for line in sold.by_product if line.key}
    counted |= {(line.key, line.product): line.sold for line in sold.by_executive_product if line.key and line.product}
    goals = sorted(goals_of(month_on).items())
    return tuple(Meta(who, what, goal, counted.get((who, what), 0)) for (who, what), goal in goals)


# ---------------------------------------------------------------- not served
_UNSERVED: LiteralString = """SELECT reason, count(*), count(*) FILTER (WHERE decision = 'take_up'),
    count(*) FILTER (WHERE decision = 'leave') FROM sales_unservedrequest
WHERE arrived_at >= %(start)s AND arrived_at < %(end)s GROUP BY reason ORDER BY 2 DESC, 1"""


def unserved(start: datetime, end: datetime) -> Sequence[tuple[str, int, int, int]]:
    """Arrivals at step 19 by reason: its code, how many, how many were taken up again, how many were left."""
    return [(reason, n, taken, left) for reason, n, taken, left in rows(_UNSERVED, start=start, end=end)]
