"""GVD step 26: the Informe General de Ventas Digitales goes to the Jefe División Ventas, and is frozen (R-A5).

Answer: `comment` (what the Responsable says of the month) and `send` (yes). The figures are taken at that moment and never again.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from thaki.cases.operations import attach_within
from thaki.cases.registry import Step, Work
from thaki.channels.email import outbox
from thaki.people.models import User
from thaki.people.roles import Role
from thaki.procedures.sales.models import SalesReport
from thaki.procedures.sales.reports import monthly
from thaki.records.documents import operations as documents
from thaki.records.documents.models import Document
from thaki.reporting.months import month_name, month_of, previous


class ReportForm(forms.Form):
    """The comment of the month, and the word to send."""

    comment = forms.CharField(
        label=_("Comentario"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Qué explica el resultado del mes. Sale en el informe."),
    )
    send = forms.BooleanField(
        label=_("Enviar el informe al Jefe División Ventas"),
        help_text=_("Una vez enviado queda congelado: los números ya no cambian."),
        error_messages={"required": _("Marque la casilla para enviar el informe.")},
    )

    def __init__(self, data: Any = None, files: Any = None, *, work: Work, **kwargs: Any) -> None:
        super().__init__(data, files, initial={"comment": work.record.comment}, **kwargs)


def start(work: Work, payload: dict[str, Any]) -> SalesReport:
    """The report of `{"month": "2026-10-01"}`, by default the month before the one that begins."""
    named = payload.get("month")
    month_on = date.fromisoformat(named) if named else previous(month_of(work.now))
    return SalesReport.objects.create(case=work.case, month_on=month_on)


def context(work: Work) -> dict[str, Any]:
    """The figures as they stand now, or as they were sent."""
    report: SalesReport = work.record
    return {
        "report": report,
        "data": report.data or monthly.compile_report(report.month_on),
        "month": month_name(report.month_on),
    }


def complete(work: Work, data: dict[str, Any]) -> None:
    """Freeze the figures, make the documents, send them."""
    report: SalesReport = work.record
    report.data = monthly.compile_report(report.month_on)
    report.comment = data["comment"]
    report.sent_at, report.sent_by = work.now, work.by
    report.pdf = _keep(work, f"informe-{report.month_on:%Y-%m}.pdf", produce_pdf(report))
    report.save()
    _send(work, report)
    work.note(month=report.month_on.isoformat(), verdict=report.data["kpi"]["verdict"], sha256=report.pdf.sha256)


def produce_pdf(report: SalesReport) -> bytes:
    """The informe from its frozen figures: the same bytes whenever it is asked for."""
    sent_by = report.sent_by.get_full_name() if report.sent_by else ""
    return monthly.as_pdf(
        report.data, comment=report.comment, number=report.case.number, sent_at=report.sent_at, sent_by=sent_by
    )


def _keep(work: Work, name: str, content: bytes) -> Document:
    document = documents.store(ContentFile(content, name=name), name=name, kind="informe", by=work.by, now=work.now)
    attach_within(work, document, "informe")
    return document


def _send(work: Work, report: SalesReport) -> None:
    """The original to the Jefe División Ventas, the copy to the Responsable de Canales Digitales."""
    chiefs = _addresses(Role.JEFE_DIVISION_VENTAS)
    copies = _addresses(Role.RESPONSABLE_CANALES_DIGITALES)
    for to in chiefs:
        outbox.queue(
            work,
            key=f"{work.case.number}:report:{to}",
            to=to,
            cc=[copy for copy in copies if copy != to],
            subject=str(_("Informe General de Ventas Digitales, %(month)s")) % {"month": month_name(report.month_on)},
            template="sales/mail/report",
            context={"report": report, "data": report.data},
            attachments=[report.pdf] if report.pdf else [],
        )


def _addresses(role: Role) -> list[str]:
    people = User.objects.filter(is_active=True, roles__contains=[role.value]).exclude(email="")
    return list(people.order_by("pk").values_list("email", flat=True))


STEP = Step("sales.sales_report", ReportForm, complete, "sales/steps/sales_report.html", context)
