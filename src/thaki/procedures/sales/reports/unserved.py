"""Reporte de solicitudes no atendidas (GVD step 19): type R, automatic, one original, no copy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from thaki.procedures.sales.choices import CapacityReason, RefusalReason, WithdrawalReason, label_of
from thaki.procedures.sales.models import Unserved, UnservedRequest
from thaki.procedures.sales.reasons import UNSERVED_LABELS, UnservedReason
from thaki.reporting import pdf
from thaki.reporting.months import LA_PAZ
from thaki.reporting.spreadsheets import Column, Sheet, workbook
from thaki.ui.formats import format_instant


@dataclass(frozen=True, slots=True)
class Row:
    """One request, as the report prints it."""

    case: str
    name: str
    phone: str
    zone: str
    reason: str
    detail: str
    left_at_step: int
    arrived_at: datetime
    decision: str
    executive: str


def requests(*, undecided_only: bool = True) -> QuerySet[UnservedRequest]:
    """The requests of the report, the oldest first."""
    rows = UnservedRequest.objects.select_related("sale__case", "sale__prospect", "sale__customer", "sale__executive")
    if undecided_only:
        rows = rows.filter(decided_at=None)
    return rows.order_by("arrived_at", "id")


def row(request: UnservedRequest) -> Row:
    """A request as a row."""
    sale = request.sale
    return Row(
        case=sale.case.number,
        name=str(sale.customer or sale.prospect),
        phone=sale.prospect.phone,
        zone=sale.zone or sale.prospect.zone,
        reason=str(UNSERVED_LABELS[UnservedReason(request.reason)]),
        detail=_detail(request),
        left_at_step=request.left_at_step,
        arrived_at=request.arrived_at,
        decision=str(Unserved(request.decision).label),
        executive=sale.executive.get_full_name() if sale.executive else "",
    )


def _detail(request: UnservedRequest) -> str:
    sale = request.sale
    labels = {
        UnservedReason.NO_CAPACITY: label_of(CapacityReason, sale.capacity_reason),
        UnservedReason.OFFER_REFUSED: label_of(RefusalReason, sale.refusal_reason),
        UnservedReason.WITHDREW: label_of(WithdrawalReason, sale.withdrawal_reason),
    }
    return labels.get(UnservedReason(request.reason), "") or request.note


def as_pdf(rows: list[Row], *, now: datetime) -> bytes:
    """The report on paper."""
    lines = [
        [r.case, r.name, r.phone, r.zone, r.reason, r.detail, str(r.left_at_step), format_instant(r.arrived_at)]
        for r in rows
    ]
    return pdf.render("sales/no_atendidas.typ", {"at": format_instant(now), "rows": lines, "by_reason": counts(rows)})


def counts(rows: list[Row]) -> list[list[Any]]:
    """How many of each reason, the most frequent first."""
    names = sorted({r.reason for r in rows})
    return sorted(([name, sum(r.reason == name for r in rows)] for name in names), key=lambda pair: (-pair[1], pair[0]))


COLUMNS = (
    Column("Caso", width=17),
    Column("Nombre", width=32),
    Column("Teléfono", width=11),
    Column("Zona", width=18),
    Column("Motivo", width=28),
    Column("Detalle", width=34),
    Column("Paso", "integer", 7),
    Column("Llegó el", "instant", 17),
    Column("Decisión", width=20),
    Column("Ejecutivo", width=24),
)


def as_xlsx(rows: list[Row], *, now: datetime) -> bytes:
    """The report as a workbook."""
    title = f"Reporte de solicitudes no atendidas al {format_instant(now)}"
    lines = [
        (
            r.case,
            r.name,
            r.phone,
            r.zone,
            r.reason,
            r.detail,
            r.left_at_step,
            r.arrived_at.astimezone(LA_PAZ),
            r.decision,
            r.executive,
        )
        for r in rows
    ]
    return workbook([Sheet("No atendidas", title, COLUMNS, lines)], title=title)
