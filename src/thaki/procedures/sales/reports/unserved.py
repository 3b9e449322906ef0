"""Reporte de solicitudes no atendidas (GVD step 19): type R, automatic, one original, no copy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone, translation

from thaki.channels.email import outbox, post
from thaki.people import policies
from thaki.people.queries import holders
from thaki.people.roles import Role
from thaki.procedures.sales import unserved_list
from thaki.procedures.sales.choices import CapacityReason, RefusalReason, WithdrawalReason
from thaki.procedures.sales.models import Unserved, UnservedReport, UnservedRequest
from thaki.procedures.sales.reasons import UnservedReason
from thaki.records.documents import operations as documents
from thaki.records.documents.rules import XLSX
from thaki.reporting import pdf
from thaki.reporting.months import LA_PAZ
from thaki.reporting.spreadsheets import Column, Sheet, workbook
from thaki.ui.formats import format_date, format_instant, format_phone

KIND = "reporte_no_atendidas"


@dataclass(frozen=True, slots=True)
class Row:
    """One request, as the report prints it."""

    case: str
    name: str
    phone: str
    zone: str
    technology: str
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
        zone=request.zone,
        technology=unserved_list.technology_name(request.technology),
        reason=unserved_list.reason_name(request.reason),
        detail=detail(request),
        left_at_step=request.left_at_step,
        arrived_at=request.arrived_at,
        decision=str(Unserved(request.decision).label),
        executive=str(sale.executive or ""),
    )


def detail(request: UnservedRequest) -> str:
    """What is known beside the reason."""
    sale = request.sale
    if request.note:
        return request.note
    if request.reason == UnservedReason.NO_CAPACITY and sale.capacity_reason in CapacityReason.values:
        return str(CapacityReason(sale.capacity_reason).label)
    if request.reason == UnservedReason.OFFER_REFUSED and sale.refusal_reason in RefusalReason.values:
        return str(RefusalReason(sale.refusal_reason).label)
    if request.reason == UnservedReason.WITHDREW and sale.withdrawal_reason in WithdrawalReason.values:
        return str(WithdrawalReason(sale.withdrawal_reason).label)
    return ""


def counts(rows: Sequence[Row], side: str = "reason") -> list[list[Any]]:
    """How many of each reason (or zone, or technology), the most frequent first."""
    counter = Counter(getattr(r, side) or "—" for r in rows)
    return sorted(([name, n] for name, n in counter.items()), key=lambda pair: (-pair[1], pair[0]))


# ---------------------------------------------------------------- on paper
def as_pdf(rows: Sequence[Row], *, now: datetime, asked: str = "") -> bytes:
    """The report on paper; `asked` says in words what of the list it holds."""
    lines = [
        [
            r.case,
            r.name,
            format_phone(r.phone),
            r.zone,
            r.technology,
            r.reason,
            r.detail,
            str(r.left_at_step),
            format_instant(r.arrived_at),
        ]
        for r in rows
    ]
    data = {
        "at": format_instant(now),
        "asked": asked or "pendientes de decisión",
        "rows": lines,
        "sides": [[name, counts(rows, side)[:12]] for name, side in SIDES],
    }
    return pdf.render("sales/no_atendidas.typ", data)


SIDES = (("Motivo", "reason"), ("Zona", "zone"), ("Tecnología", "technology"))
COLUMNS = (
    Column("Caso", width=17),
    Column("Nombre", width=32),
    Column("Teléfono", width=11),
    Column("Zona", width=18),
    Column("Tecnología", width=16),
    Column("Motivo", width=28),
    Column("Detalle", width=34),
    Column("Paso", "integer", 7),
    Column("Llegó el", "instant", 17),
    Column("Decisión", width=20),
    Column("Ejecutivo", width=24),
)


def as_xlsx(rows: Sequence[Row], *, now: datetime) -> bytes:
    """The report as a workbook: the requests, and a sheet of counts for each side."""
    title = f"Reporte de solicitudes no atendidas al {format_instant(now)}"
    lines = [
        (
            *(r.case, r.name, r.phone, r.zone, r.technology, r.reason, r.detail, r.left_at_step),
            r.arrived_at.astimezone(LA_PAZ),
            *(r.decision, r.executive),
        )
        for r in rows
    ]
    sides = [
        Sheet(name, title, (Column(name, width=34), Column("Cantidad", "integer")), counts(rows, side))
        for name, side in SIDES
    ]
    return workbook([Sheet("No atendidas", title, COLUMNS, lines), *sides], title=title)


# ---------------------------------------------------------------- every working morning
def make(*, now: datetime) -> UnservedReport | None:
    """The report of this morning, frozen and sent to whom it is for; None where it is made already."""
    day = timezone.localdate(now)
    if UnservedReport.objects.filter(made_on=day).exists():
        return None
    try:
        with transaction.atomic():
            made = freeze([row(item) for item in requests()], now=now)
            _send(made, now=now)
    except IntegrityError:  # another worker made it meanwhile
        return None
    return made


def freeze(rows: Sequence[Row], *, now: datetime) -> UnservedReport:
    """A morning's report of these requests, on paper and as a workbook, kept to the byte."""
    name = f"no-atendidas-{timezone.localdate(now):%Y-%m-%d}"
    with translation.override("es"):
        paper, book, by_reason = as_pdf(rows, now=now), as_xlsx(rows, now=now), counts(rows)
    return UnservedReport.objects.create(
        made_on=timezone.localdate(now),
        made_at=now,
        total=len(rows),
        by_reason=by_reason,
        pdf=documents.keep(paper, media_type="application/pdf", name=f"{name}.pdf", kind=KIND, by=None, now=now),
        xlsx=documents.keep(book, media_type=XLSX, name=f"{name}.xlsx", kind=KIND, by=None, now=now),
    )


def recipients() -> list[str]:
    """The Responsables de Canales Digitales, and whoever the policy names besides; what is no address is passed over."""
    people = holders(Role.RESPONSABLE_CANALES_DIGITALES).exclude(email="").values_list("email", flat=True)
    named = [part.strip() for part in str(policies.get("sales.unserved_report_copies")).split(",")]
    return list(dict.fromkeys([*people, *(one for one in named if _is_address(one))]))


def _is_address(text: str) -> bool:
    try:
        outbox.check(text)
    except outbox.BadAddress:
        return False
    return True


def _send(made: UnservedReport, *, now: datetime) -> None:
    for to in recipients():
        post.post(
            key=f"unserved:{made.made_on:%Y-%m-%d}:{to}",
            to=to,
            subject=f"Reporte de solicitudes no atendidas, {format_date(made.made_on)}",
            template="sales/mail/unserved_report",
            context={"report": made},
            attachments=[made.pdf, made.xlsx],
            now=now,
        )
