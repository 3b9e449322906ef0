"""Informe General de Ventas Digitales (GVD step 26): what it counts, and its PDF and XLSX.

A sale counts in the month of its *Venta* stamp; closures and annulments in the month they happen (R-A5). The indicator compares
the invoices of digital sales issued in the month, less those voided, with the month before (R-A15).
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from thaki.people import policies
from thaki.procedures.sales.models import FollowUp, Goal, Sale, UnservedRequest
from thaki.procedures.sales.reasons import UNSERVED_LABELS, UnservedReason
from thaki.records.billing.models import Invoice
from thaki.records.offers.models import Plan
from thaki.records.prospects.models import Channel, Prospect
from thaki.reporting import pdf
from thaki.reporting.kpi import BillingVolume, billing_volume
from thaki.reporting.months import bounds, month_name, previous
from thaki.reporting.spreadsheets import Column, Sheet, workbook
from thaki.ui.formats import format_instant, format_money, format_number

SALES_CASES = "GVD-"  # the invoices of digital sales name their case


def compile_report(month_on: date) -> dict[str, Any]:
    """Everything that the informe of a month says, as plain JSON: frozen when it is sent, so that it can be produced again."""
    start, end = bounds(month_on)
    sold = Sale.objects.filter(sold_at__gte=start, sold_at__lt=end)
    return {
        "month_on": month_on.isoformat(),
        "month": month_name(month_on),
        "kpi": _kpi(month_on),
        "totals": _totals(start, end, sold),
        "goals": _goals(month_on, sold),
        "funnel": _funnel(start, end),
        "by_executive": _counted(sold, "executive__first_name", "executive__last_name"),
        "by_channel": _labelled(sold, "prospect__channel", dict(Channel.choices)),
        "by_product": _labelled(sold, "plan__kind", dict(Plan.Kind.choices)),
        "by_zone": _counted(sold, "zone"),
        "unserved": _unserved(start, end),
    }


def volume(month_on: date) -> Decimal:
    """Invoices of digital sales issued in the month less those of them voided, in Bs (R-A15)."""
    start, end = bounds(month_on)
    issued = Invoice.objects.filter(case_ref__startswith=SALES_CASES, issued_at__gte=start, issued_at__lt=end)
    total = issued.filter(voided_at=None).aggregate(total=Coalesce(Sum("amount_bob"), Decimal(0)))["total"]
    return Decimal(total)


def indicator(month_on: date) -> BillingVolume:
    """The KPI of the month, with the policy's threshold."""
    threshold = policies.get_decimal("sales.kpi_threshold_percent")
    return billing_volume(volume(month_on), volume(previous(month_on)), threshold)


def _kpi(month_on: date) -> dict[str, Any]:
    kpi = indicator(month_on)
    return {
        "current_bob": str(kpi.current_bob),
        "previous_bob": str(kpi.previous_bob),
        "threshold_percent": str(kpi.threshold_percent),
        "percent": None if kpi.percent is None else str(kpi.percent),
        "verdict": kpi.verdict.value,
    }


def _totals(start: datetime, end: datetime, sold: Any) -> dict[str, Any]:
    closed = Sale.objects.filter(closed_at__gte=start, closed_at__lt=end)
    return {
        "sales": sold.count(),
        "monthly_tariff_bob": str(sold.aggregate(total=Coalesce(Sum("tariff_bob"), Decimal(0)))["total"]),
        "closed": closed.filter(follow_up=FollowUp.ATTENDED).count(),
        "annulled": closed.filter(follow_up=FollowUp.ANNULLED).count(),
        "prospects": Prospect.objects.filter(received_at__gte=start, received_at__lt=end).count(),
    }


def _goals(month_on: date, sold: Any) -> list[dict[str, Any]]:
    """The metas of the month beside what was sold of each."""
    goals = (
        Goal.objects.filter(month_on=month_on)
        .select_related("executive")
        .order_by("product_kind", "executive__last_name", "pk")
    )
    kinds = dict(Plan.Kind.choices)
    return [
        {
            "product": str(kinds.get(goal.product_kind, "Todos los productos")),
            "executive": goal.executive.get_full_name() if goal.executive else "Todos",
            "goal": goal.sales_count,
            "sold": sold.filter(
                **({"plan__kind": goal.product_kind} if goal.product_kind else {}),
                **({"executive": goal.executive} if goal.executive else {}),
            ).count(),
        }
        for goal in goals
    ]


def _funnel(start: datetime, end: datetime) -> list[list[Any]]:
    """How many reached each state of step 24 in the month."""
    stamps = (
        ("Visitado", "visited_at"),
        ("Informado", "informed_at"),
        ("Pre Venta", "presale_at"),
        ("Venta", "sold_at"),
    )
    counts = Sale.objects.aggregate(
        **{column: Count("pk", filter=Q(**{f"{column}__gte": start, f"{column}__lt": end})) for _, column in stamps}
    )
    return [[label, counts[column]] for label, column in stamps]


def _counted(sold: Any, *fields: str) -> list[list[Any]]:
    rows = sold.values_list(*fields).annotate(n=Count("pk")).order_by("-n", *fields)
    return [[" ".join(str(part) for part in row[:-1] if part) or "Sin dato", row[-1]] for row in rows]


def _labelled(sold: Any, field: str, labels: dict[str, Any]) -> list[list[Any]]:
    rows = sold.values_list(field).annotate(n=Count("pk")).order_by("-n", field)
    return [[str(labels.get(value, value or "Sin dato")), n] for value, n in rows]


def _unserved(start: datetime, end: datetime) -> list[list[Any]]:
    rows = (
        UnservedRequest.objects.filter(arrived_at__gte=start, arrived_at__lt=end)
        .values_list("reason")
        .annotate(n=Count("pk"))
        .order_by("-n", "reason")
    )
    return [[str(UNSERVED_LABELS[UnservedReason(reason)]), n] for reason, n in rows]


# ---------------------------------------------------------------- the documents
def as_pdf(data: dict[str, Any], *, comment: str, number: str, sent_at: datetime | None, sent_by: str) -> bytes:
    """The informe on paper: the original for the Jefe División Ventas and the copy for the Responsable de Canales Digitales."""
    return pdf.render(
        "sales/informe.typ", {**_readable(data), "comment": comment, "number": number, "sent": _sent(sent_at, sent_by)}
    )


def _sent(sent_at: datetime | None, sent_by: str) -> str:
    return f"Enviado el {format_instant(sent_at)} por {sent_by}" if sent_at else "Borrador, sin enviar"


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


TABLES = (("by_executive", "Ejecutivo"), ("by_channel", "Canal"), ("by_product", "Producto"), ("by_zone", "Zona"))


def as_xlsx(data: dict[str, Any], *, number: str) -> bytes:
    """The informe as a workbook: a summary and a sheet for each view of the sales."""
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
    counted = [(key, head) for key, head in (*TABLES, ("funnel", "Estado"), ("unserved", "Motivo no atendida"))]
    return workbook(
        [
            Sheet("Resumen", title, (Column("Concepto", width=46), Column("Valor", width=22)), summary),
            *(
                Sheet(head, title, (Column(head, width=36), Column("Cantidad", "integer")), data[key])
                for key, head in counted
            ),
        ],
        title=title,
    )
