"""The documents of the Informe General de Ventas Digitales (type I, one original, one copy): PDF and XLSX from frozen figures.

The same figures, comment and signature give the same bytes (R-A5); no clock is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import translation

from thaki.people import house
from thaki.procedures.sales import report_charts
from thaki.procedures.sales.models import SalesReport
from thaki.procedures.sales.reports import informe_v1
from thaki.reporting import pdf
from thaki.reporting.spreadsheets import Column, Sheet, workbook
from thaki.ui.formats import format_instant, format_money, format_number, format_span

BOTH, ORIGINAL, COPY = "", "original", "copia"  # which of the two sheets; the frozen document holds both
Data = Mapping[str, Any]


def produce_pdf(report: SalesReport, data: dict[str, Any] | None = None, *, which: str = BOTH) -> bytes:
    """The informe on paper: the original for the Jefe División Ventas, the copy for the Responsable de Canales Digitales.

    `data` are a draft's figures, where the report has none of its own yet.
    """
    shown = report.data or data or {}
    sent_by = str(report.sent_by) if report.sent_by else ""
    if shown.get("v") != 2:
        name = report.sent_by.get_full_name() if report.sent_by else ""
        return informe_v1.as_pdf(
            shown, comment=report.comment, number=report.case.number, sent_at=report.sent_at, sent_by=name
        )
    with translation.override("es"):
        words = {
            **readable(shown),
            "house": shown.get("house") if report.sent_at else house.words(),
            "comment": report.comment,
            "number": report.case.number,
            "sent": f"Enviado el {format_instant(report.sent_at)} por {sent_by}"
            if report.sent_at
            else "Borrador, sin enviar",
            "which": which,
        }
    return pdf.render("sales/informe_mensual.typ", words)


def produce_xlsx(report: SalesReport, data: dict[str, Any] | None = None, *, which: str = ORIGINAL) -> bytes:
    """The informe as a workbook: a summary and a sheet for each view."""
    shown = report.data or data or {}
    if shown.get("v") != 2:
        return informe_v1.as_xlsx(shown, number=report.case.number)
    with translation.override("es"):
        return _workbook(shown, report, "COPIA" if which == COPY else "ORIGINAL")


# ---------------------------------------------------------------- what people read
def readable(data: Data) -> dict[str, Any]:
    """The figures in words: money, per cents and times as the house writes them."""
    kpi, totals, before = data["kpi"], data["totals"], data["before"]
    return {
        **data,
        "kpi": {
            **kpi,
            "current": format_money(Decimal(kpi["current_bob"])),
            "previous": format_money(Decimal(kpi["previous_bob"])),
            "percent": percent(kpi["percent"], 2),
            "threshold": format_number(Decimal(kpi["threshold_percent"]), 0),
        },
        "totals": {**totals, "tariff": format_money(Decimal(totals["monthly_tariff_bob"]))},
        "before": before,
        "trend": [
            {
                **month,
                "volume": format_money(Decimal(month["current_bob"])),
                "percent_text": percent(month["percent"], 2),
            }
            for month in data["trend"]
        ],
        "funnel": [{**one, "percent_text": percent(one["percent"])} for one in data["funnel"]],
        "goals": [{**goal, "percent_text": percent(goal["percent"])} for goal in data["goals"]],
        "times": [{**one, "median": span(one["median_s"]), "p90": span(one["p90_s"])} for one in data["times"]],
        **{side: [_line(line) for line in data[side]] for side in SIDES},
    }


def on_screen(data: Data) -> dict[str, Any]:
    """The figures in words, with the charts that only the screen has."""
    words = readable(data)
    drawn = {
        "trend": report_charts.trend(data["trend"]),
        "funnel": report_charts.funnel(words["funnel"]),
        "goals": report_charts.goals(words["goals"]),
    }
    return {
        **words,
        "charts": drawn,
        "sides": [(head, words[side], side in WITH_GOALS) for side, head in SIDES.items()],
    }


WITH_GOALS = ("by_executive", "by_product")
SIDES = {"by_executive": "Ejecutivo", "by_channel": "Canal", "by_product": "Producto", "by_zone": "Zona"}


def _line(line: Data) -> dict[str, Any]:
    goal = line["goal"]
    reached = None if not goal else Decimal(line["sold"]) * 100 / goal
    return {
        **line,
        "tariff": format_money(Decimal(line["tariff_bob"])),
        "percent_text": "" if reached is None else f"{format_number(reached, 1)} %",
    }


def percent(value: str | None, places: int = 1) -> str:
    """`98,4 %`, or a dash."""
    return "—" if value is None else f"{format_number(Decimal(value), places)} %"


def span(seconds: int) -> str:
    """`1 h 15 min`; what is shorter than a minute says so."""
    return format_span(timedelta(seconds=seconds)) if seconds >= 60 else "< 1 min"


# ---------------------------------------------------------------- the workbook
def _workbook(data: Data, report: SalesReport, which: str) -> bytes:
    title = f"Informe General de Ventas Digitales, {data['month']} · {which}"
    sheets = [
        Sheet(
            "Resumen", title, (Column("Concepto", width=46), Column("Valor", width=24)), _summary(data, report, which)
        ),
        _trend(data, title),
        _sheet("Metas", title, data["goals"], _GOALS),
        *(_sheet(head, title, data[side], {"label": Column(head, width=34), **_SALES}) for side, head in SIDES.items()),
        _sheet("Embudo", title, data["funnel"], _FUNNEL),
        Sheet("Tiempo por paso", title, _TIMES, [_time(one) for one in data["times"]]),
        _sheet("No atendidas", title, data["unserved"], _UNSERVED),
    ]
    return workbook(sheets, title=title)


_SALES = {
    "sold": Column("Ventas", "integer", 10), "closed": Column("ATENDIDO/CERRADA", "integer", 20),
    "annulled": Column("Anuladas", "integer", 11), "tariff_bob": Column("Tarifa mensual (Bs)", "money", 20),
    "goal": Column("Meta", "integer", 8),
}  # fmt: skip
_GOALS = {
    "product": Column("Producto", width=24), "executive": Column("Ejecutivo", width=34), "goal": Column("Meta", "integer", 8),
    "sold": Column("Ventas", "integer", 8), "percent": Column("Cumplimiento (%)", "percent", 18),
    "missing": Column("Faltan", "integer", 8), "verdict": Column("Resultado", width=16),
}  # fmt: skip
_FUNNEL = {
    "label": Column("Estado", width=20), "reached": Column("Alcanzado en el mes", "integer", 22),
    "cohort": Column("De los recibidos en el mes", "integer", 28), "percent": Column("% de los recibidos", "percent", 20),
}  # fmt: skip
_UNSERVED = {
    "label": Column("Motivo", width=34), "n": Column("Llegaron", "integer", 10),
    "taken_up": Column("Se retomaron", "integer", 14), "left": Column("Se dejaron", "integer", 12),
}  # fmt: skip
_TIMES = (
    Column("Paso", "integer", 8), Column("Nombre", width=48), Column("Hechos", "integer", 10),
    Column("Mediana (horas)", "percent", 18), Column("p90 (horas)", "percent", 18),
)  # fmt: skip
_NUMBERS = frozenset({"money", "percent"})


def _sheet(name: str, title: str, found: Sequence[Data], columns: Mapping[str, Column]) -> Sheet:
    rows = [[_value(row[key], column) for key, column in columns.items()] for row in found]
    return Sheet(name, title, tuple(columns.values()), rows)


def _value(value: Any, column: Column) -> Any:
    return Decimal(value) if column.format in _NUMBERS and value is not None else value


def _time(one: Data) -> tuple[Any, ...]:
    step = int(one["step"]) if str(one["step"]).isdigit() else one["step"]
    return step, one["name"], one["done"], _hours(one["median_s"]), _hours(one["p90_s"])


def _hours(seconds: int) -> Decimal:
    return (Decimal(seconds) / 3600).quantize(Decimal("0.01"))


def _trend(data: Data, title: str) -> Sheet:
    columns = (
        Column("Mes", width=14), Column("Facturación (Bs)", "money", 20), Column("Indicador (%)", "percent", 16),
        Column("Resultado", width=16),
    )  # fmt: skip
    rows = [
        (
            one["month"],
            Decimal(one["current_bob"]),
            None if one["percent"] is None else Decimal(one["percent"]),
            one["verdict"],
        )
        for one in data["trend"]
    ]
    return Sheet("Tendencia", title, columns, rows)


def _summary(data: Data, report: SalesReport, which: str) -> list[tuple[str, Any]]:
    kpi, totals, before = data["kpi"], data["totals"], data["before"]
    return [
        ("Informe", report.case.number),
        ("Ejemplar", which),
        ("Enviado", format_instant(report.sent_at) if report.sent_at else "Borrador, sin enviar"),
        ("Enviado por", str(report.sent_by or "")),
        ("Ventas (sello Venta en el mes)", totals["sales"]),
        ("Ventas del mes anterior", before["sales"]),
        ("ATENDIDO/CERRADA", totals["closed"]),
        ("Órdenes anuladas", totals["annulled"]),
        ("De ellas, redigitadas", totals["rekeyed"]),
        ("Prospectos recibidos", data["funnel"][0]["cohort"]),
        ("Tarifa mensual vendida (Bs)", Decimal(totals["monthly_tariff_bob"])),
        ("Volumen de facturación del mes (Bs)", Decimal(kpi["current_bob"])),
        ("Volumen de facturación del mes anterior (Bs)", Decimal(kpi["previous_bob"])),
        ("Indicador (%)", None if kpi["percent"] is None else Decimal(kpi["percent"])),
        ("Resultado", kpi["verdict"]),
        ("Comentario", report.comment),
    ]
