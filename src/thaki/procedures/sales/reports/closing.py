"""The daily closing of deposits on paper and as a workbook; a closed day gives the same bytes again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from thaki.records.billing.closing import Day
from thaki.records.billing.rules_closing import Group, Line
from thaki.reporting import pdf
from thaki.reporting.spreadsheets import Column, Sheet, workbook
from thaki.ui.formats import format_date, format_instant, format_number


def _bob(amount: Decimal | str) -> str:
    return format_number(Decimal(amount), 2)


def _closed(day: Day) -> str:
    if day.closing is None:
        return "Sin cerrar"
    return f"Cerrado el {format_instant(day.closing.closed_at)} por {day.closing.closed_by}"


def _groups(groups: list[Group]) -> list[list[str]]:
    return [[group.name, str(group.count), _bob(group.amount_bob)] for group in groups]


def as_pdf(day: Day) -> bytes:
    """The closing on paper; a draft says so."""
    values: dict[str, Any] = {
        "day": format_date(day.day),
        "closed": _closed(day),
        "draft": day.closing is None,
        "accepted": str(len(day.accepted)),
        "rejected_count": str(len(day.rejected)),
        "waiting": str(day.waiting),
        "total": _bob(day.total_bob),
        "by_account": _groups(day.by_account),
        "by_operation": _groups(day.by_operation),
        "lines": [
            [
                line.decided_at,
                line.slip,
                line.customer,
                line.case,
                line.account,
                format_date(line.paid),
                _bob(line.amount_bob),
            ]
            for line in day.accepted
        ],
        "rejected": [
            [line.decided_at, line.slip, line.customer, line.case, line.reason, _bob(line.amount_bob)]
            for line in day.rejected
        ],
        "refunds": [
            [each["case"], each["customer"], each["reason"], each["state"], each["reference"], _bob(each["amount_bob"])]
            for each in day.refunds
        ],
        "note": day.closing.note if day.closing else "",
        "digest": day.closing.digest if day.closing else "",
    }
    return pdf.render("sales/cierre.typ", values)


DEPOSITS = (
    Column("Hora", width=8),
    Column("Número", width=16),
    Column("Cliente", width=32),
    Column("Caso", width=18),
    Column("Cuenta", width=34),
    Column("Tipo de operación", width=22),
    Column("Depositante", width=30),
    Column("Fecha del depósito", "date", 14),
    Column("Monto (Bs)", "money", 14),
    Column("Resultado", width=14),
    Column("Motivo", width=30),
    Column("Decidió", width=26),
)
GROUPED = (Column("Nombre", width=36), Column("Depósitos", "integer", 12), Column("Monto (Bs)", "money", 16))


def as_xlsx(day: Day) -> bytes:
    """The closing as a workbook: totals by account and by method, and every deposit."""
    title = f"Cierre de depósitos {format_date(day.day)}. {_closed(day)}"
    totals = [
        Sheet(name, title, GROUPED, [(each.name, each.count, each.amount_bob) for each in groups])
        for name, groups in (("Por cuenta", day.by_account), ("Por operación", day.by_operation))
    ]
    return workbook([*totals, Sheet("Depósitos", title, DEPOSITS, [_row(line) for line in day.lines])], title=title)


def _row(line: Line) -> tuple[Any, ...]:
    return (
        line.decided_at,
        line.slip,
        line.customer,
        line.case,
        line.account,
        line.operation,
        line.depositor,
        line.paid,
        line.amount,
        "Aceptado" if line.is_in else "Devuelto",
        line.reason,
        line.decided_by,
    )
