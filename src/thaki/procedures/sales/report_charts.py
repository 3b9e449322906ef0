"""The charts of the informes: the indicator over the months, the funnel, what each side sold against its meta."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from thaki.procedures.sales.figures import MonthKpi
from thaki.reporting.charts import Bar, Chart, bar
from thaki.reporting.kpi import Verdict
from thaki.reporting.months import NAMES
from thaki.ui.formats import format_money, format_number

TONES = {Verdict.APPROVED.value: "good", Verdict.OBSERVED.value: "bad", Verdict.NO_BASE.value: "neutral"}


def charts(months: Sequence[MonthKpi]) -> dict[str, Chart]:
    """The trend of the indicator for the page of all informes."""
    rows = [
        {
            "month": f"{NAMES[month.month_on.month - 1][:3]} {month.month_on.year}",
            "current_bob": str(month.current_bob),
            "percent": None if month.percent is None else str(month.percent),
            "verdict": month.verdict,
        }
        for month in months
        if month.current_bob or month.verdict != Verdict.NO_BASE
    ]
    return {"trend": trend(rows)}


def trend(rows: Sequence[Mapping[str, Any]]) -> Chart:
    """The billing volume of each month, in the colour of its verdict."""
    most = max((Decimal(row["current_bob"]) for row in rows), default=Decimal(0))
    return Chart(tuple(_month(row, most) for row in rows))


def _month(row: Mapping[str, Any], most: Decimal) -> Bar:
    volume, percent = Decimal(row["current_bob"]), row["percent"]
    note = row["verdict"] if percent is None else f"{format_number(Decimal(percent), 2)} % · {row['verdict']}"
    return bar(row["month"], [(TONES[row["verdict"]], volume, row["verdict"])], most, format_money(volume), note=note)


def funnel(rows: Sequence[Mapping[str, Any]]) -> Chart:
    """How far the prospects received in the month came."""
    most = max((row["cohort"] for row in rows), default=0)
    return Chart(
        tuple(
            bar(row["label"], [("1", row["cohort"], "")], most, str(row["cohort"]), note=row["percent_text"])
            for row in rows
        )
    )


def goals(rows: Sequence[Mapping[str, Any]]) -> Chart:
    """What was sold of each meta, with the meta as a mark."""
    most = max((max(row["sold"], row["goal"]) for row in rows), default=0)
    return Chart(tuple(_goal(row, most) for row in rows))


def _goal(row: Mapping[str, Any], most: int) -> Bar:
    whose = row["executive"] if row["product"] == "Todos los productos" else f"{row['executive']}, {row['product']}"
    tone = "warn" if row["missing"] else "good"
    value = f"{row['sold']} / {row['goal']}"
    return bar(whose, [(tone, row["sold"], row["verdict"])], most, value, note=row["percent_text"], goal=row["goal"])
