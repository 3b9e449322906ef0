"""Informes frozen before the figures had a version: the same paper and workbook as on the day that they were sent."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from thaki.reporting import pdf
from thaki.reporting.spreadsheets import Column, Sheet, workbook
from thaki.ui.formats import format_instant, format_money, format_number

TABLES = (
    ("by_executive", "Ejecutivo"), ("by_channel", "Canal"), ("by_product", "Producto"), ("by_zone", "Zona"),
    ("funnel", "Estado"), ("unserved", "Motivo no atendida"),
)  # fmt: skip


def as_pdf(data: dict[str, Any], *, comment: str, number: str, sent_at: datetime | None, sent_by: str) -> bytes:
    """Original and copy."""
    sent = f"Enviado el {format_instant(sent_at)} por {sent_by}" if sent_at else "Borrador, sin enviar"
    return pdf.render(
        "sales/informe.typ", {"house": None, **_readable(data), "comment": comment, "number": number, "sent": sent}
    )


def _readable(data: dict[str, Any]) -> dict[str, Any]:
    kpi, totals = data["kpi"], data["totals"]
    return {
        **data,
        "kpi": {
            **kpi,
            "current": format_money(Decimal(kpi["current_bob"])),
            "previous": format_money(Decimal(kpi["previous_bob"])),
            "percent": "—" if kpi["percent"] is None else format_number(Decimal(kpi["percent"]), 2) + " %",
        },
        "totals": {**totals, "monthly_tariff": format_money(Decimal(totals["monthly_tariff_bob"]))},
    }


def as_xlsx(data: dict[str, Any], *, number: str) -> bytes:
    """A summary and a sheet for each view of the sales."""
    title = f"Informe General de Ventas Digitales, {data['month']}"
    kpi, totals = data["kpi"], data["totals"]
    summary = [
        ("Informe", number),
        ("Ventas (sello Venta en el mes)", totals["sales"]),
        ("ATENDIDO/CERRADA", totals["closed"]),
        ("Anuladas", totals["annulled"]),
        ("Prospectos recibidos", totals["prospects"]),
        ("Volumen de facturación del mes (Bs)", Decimal(kpi["current_bob"])),
        ("Volumen de facturación del mes anterior (Bs)", Decimal(kpi["previous_bob"])),
        ("Indicador (%)", None if kpi["percent"] is None else Decimal(kpi["percent"])),
        ("Resultado", kpi["verdict"]),
    ]
    counted = [
        Sheet(head, title, (Column(head, width=36), Column("Cantidad", "integer")), data[k]) for k, head in TABLES
    ]
    first = Sheet("Resumen", title, (Column("Concepto", width=46), Column("Valor", width=22)), summary)
    return workbook([first, *counted], title=title)
