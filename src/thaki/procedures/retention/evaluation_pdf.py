"""The paper of a concluded evaluation: made once from its frozen data, and to the byte whenever it is made again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from thaki.procedures.retention.evaluation_models import Evaluation
from thaki.reporting import pdf
from thaki.ui.formats import format_instant, format_money, format_number


def render(evaluation: Evaluation) -> bytes:
    """The PDF, from what is frozen in the evaluation."""
    data = evaluation.data
    return pdf.render(
        "retention/evaluacion.typ",
        {
            "house": data["house"],
            "number": evaluation.case.number,
            "month": data["month"],
            "concluded": f"{format_instant(evaluation.concluded_at)} · {evaluation.concluded_by or '—'}",
            "conclusion": evaluation.conclusion,
            "total": line(data["total"]),
            "orders": data["orders"],
            "offers": lines(data["offers"]),
            "tasks": lines(data["tasks"]),
            "technicians": lines(data["technicians"]),
            "year": {name: lines(rows) for name, rows in data["year"].items()},
            "reasons": data["reasons"],
            "kpi": data["kpi"],
            "changes": data["changes"],
        },
    )


def lines(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Lines of a table as they are read."""
    return [line(row) for row in rows]


def line(row: Mapping[str, Any]) -> dict[str, str]:
    """One of them: figures become words."""
    percent, of_kept = row["kept_percent"], row["cost_of_kept_bob"]
    return {
        "label": row["label"],
        "cases": str(row["cases"]),
        "kept": str(row["kept"]),
        "pending": str(row["pending"]),
        "percent": f"{format_number(Decimal(percent), 1)} %" if percent is not None else "—",
        "left": str(row["left"]),
        "recurrences": str(row["recurrences"]),
        "cost": format_money(Decimal(row["cost_bob"])),
        "cost_of_kept": format_money(Decimal(of_kept)) if of_kept is not None else "—",
    }


def changes_of(evaluation: Evaluation) -> list[dict[str, str]]:
    """The changes linked to an evaluation, as the paper says them."""
    return [
        {
            "subject": change.subject,
            "before": change.before or "—",
            "after": change.after or "—",
            "reason": change.reason,
            "at": format_instant(change.at),
            "by": str(change.by or "—"),
        }
        for change in evaluation.changes.select_related("by").order_by("at", "pk")
    ]
