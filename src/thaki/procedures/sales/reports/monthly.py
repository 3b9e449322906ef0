"""What the Informe General de Ventas Digitales says of a month (GVD step 26), as plain JSON: counted once, then frozen.

All parts are counted from one snapshot of the database, so they agree with each other whatever happens meanwhile. The documents
are made from these figures alone (`informe`), so the same figures give the same bytes. Texts are Spanish, whoever asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from itertools import dropwhile
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import translation

from thaki.cases import versions
from thaki.people.models import User
from thaki.procedures.sales import figures
from thaki.procedures.sales.reasons import UNSERVED_LABELS, UnservedReason
from thaki.records.offers.models import Plan
from thaki.records.prospects.models import Channel
from thaki.reporting.kpi import goal_result, share
from thaki.reporting.months import NAMES, bounds, month_name, previous

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION = 2  # of the shape of the figures
NO_DATA = "Sin dato"
MEMORY = "64MB"  # for sorting the times of a great month
PARTS = ("Indicador y tendencia", "Ventas, cierres y anulaciones", "Embudo", "Tiempo en cada paso", "No atendidas")

Tell = Callable[[int, str], None]  # how many of PARTS are done, and the one that is being counted


def nobody(done: int, part: str) -> None:
    """For whom progress is of no interest."""


def compile_report(month_on: date, *, tell: Tell = nobody) -> dict[str, Any]:
    """Everything that the informe of a month says."""
    with translation.override("es"), _one_snapshot():
        found = {"v": VERSION, "month_on": month_on.isoformat(), "month": month_name(month_on)}
        for done, (name, count) in enumerate(zip(PARTS, (_kpi, _sales, _funnel, _times, _unserved), strict=True)):
            tell(done, name)
            found |= count(month_on)
        tell(len(PARTS), "")
        return found


@contextmanager
def _one_snapshot() -> Iterator[None]:
    """A read of its own transaction sees one instant; inside another's (step 26 completed) it sees what that sees."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT set_config('work_mem', %s, true), set_config('jit', 'off', true)", [MEMORY])
        yield


# ---------------------------------------------------------------- the indicator
def _kpi(month_on: date) -> dict[str, Any]:
    kpi = figures.indicator(month_on)
    return {
        "kpi": {
            "current_bob": str(kpi.current_bob),
            "previous_bob": str(kpi.previous_bob),
            "threshold_percent": str(kpi.threshold_percent),
            "percent": None if kpi.percent is None else str(kpi.percent),
            "verdict": kpi.verdict.value,
        },
        "trend": [_trend_row(month) for month in _since_the_first(figures.trend(month_on))],
    }


def _since_the_first(months: Sequence[figures.MonthKpi]) -> list[figures.MonthKpi]:
    """Without the months in which nothing had been billed yet; the last one always stays."""
    return list(dropwhile(lambda month: not month.current_bob, months[:-1])) + list(months[-1:])


def _trend_row(month: figures.MonthKpi) -> dict[str, Any]:
    return {
        "month_on": month.month_on.isoformat(),
        "month": f"{NAMES[month.month_on.month - 1][:3]} {month.month_on.year}",
        "current_bob": str(month.current_bob),
        "percent": None if month.percent is None else str(month.percent),
        "verdict": month.verdict,
    }


# ---------------------------------------------------------------- sales from every side
def _sales(month_on: date) -> dict[str, Any]:
    start, end = bounds(month_on)
    sold = figures.breakdown(start, end)
    before = dict(zip(("sales", "closed", "annulled"), figures.totals(*bounds(previous(month_on))), strict=True))
    people = _people(sold, month_on)
    metas = figures.fulfilment(month_on, sold)
    goals = {(meta.executive, meta.product): meta.goal for meta in metas}
    kinds = {code: str(label) for code, label in Plan.Kind.choices}
    channels = {code: str(label) for code, label in Channel.choices}
    return {
        "totals": {
            "sales": sold.total.sold,
            "monthly_tariff_bob": str(sold.total.tariff_bob),
            "closed": sold.total.closed,
            "annulled": sold.total.annulled,
            "rekeyed": figures.rekeyed(start, end),
        },
        "before": before,
        "goals": [_meta(meta, kinds, people) for meta in metas],
        "by_executive": [_line(line, people, goals.get((line.key, ""))) for line in sold.by_executive],
        "by_channel": [_line(line, channels) for line in sold.by_channel],
        "by_product": [_line(line, kinds, goals.get(("", line.key)) if line.key else None) for line in sold.by_product],
        "by_zone": [_line(line, {}) for line in sold.by_zone],
    }


def _people(sold: figures.Breakdown, month_on: date) -> dict[str, str]:
    """Names by id of who sold, and of who has a meta."""
    ids = {line.key for line in sold.by_executive} | {who for who, _product in figures.goals_of(month_on)}
    found = User.objects.filter(pk__in=[int(one) for one in ids if one])
    return {str(user.pk): str(user) for user in found}


def _line(line: figures.Line, labels: dict[str, str], goal: int | None = None) -> dict[str, Any]:
    return {
        "label": labels.get(line.key, line.key) or NO_DATA,
        "sold": line.sold,
        "closed": line.closed,
        "annulled": line.annulled,
        "tariff_bob": str(line.tariff_bob),
        "goal": goal,
    }


def _meta(meta: figures.Meta, kinds: dict[str, str], people: dict[str, str]) -> dict[str, Any]:
    result = goal_result(meta.sold, meta.goal)
    return {
        "product": kinds.get(meta.product, meta.product) if meta.product else "Todos los productos",
        "executive": people.get(meta.executive, NO_DATA) if meta.executive else "Todos",
        "goal": meta.goal,
        "sold": meta.sold,
        "percent": None if result.percent is None else str(result.percent),
        "missing": result.missing,
        "verdict": result.verdict.value,
    }


# ---------------------------------------------------------------- funnel, times, not served
def _funnel(month_on: date) -> dict[str, Any]:
    found = figures.funnel(*bounds(month_on))
    received = found[0].cohort
    return {
        "funnel": [
            {
                "label": one.label,
                "reached": one.reached,
                "cohort": one.cohort,
                "percent": _text(share(one.cohort, received)),
            }
            for one in found
        ]
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _times(month_on: date) -> dict[str, Any]:
    names = _step_names()
    found = figures.step_times(*bounds(month_on))
    return {
        "times": [
            {
                "step": one.step,
                "name": names.get(one.step, ""),
                "done": one.done,
                "median_s": one.median_s,
                "p90_s": one.p90_s,
            }
            for one in found
        ]
    }


def _step_names() -> dict[str, str]:
    """What the version in force calls each step, without its number."""
    try:
        steps = versions.in_force("sales").procedure.steps()
    except versions.NotInForce:
        return {}
    return {node.step: node.name.removeprefix(f"{node.step}.").strip() for node in reversed(steps)}


def _unserved(month_on: date) -> dict[str, Any]:
    return {
        "unserved": [
            {"label": _reason(reason), "n": n, "taken_up": taken, "left": left}
            for reason, n, taken, left in figures.unserved(*bounds(month_on))
        ]
    }


def _reason(code: str) -> str:
    return str(UNSERVED_LABELS[UnservedReason(code)]) if code in _known() else code


def _known() -> Iterable[str]:
    return {reason.value for reason in UnservedReason}
