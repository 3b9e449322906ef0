"""GVD step 26: the Informe General de Ventas Digitales goes to the Jefe División Ventas, and is frozen (R-A5).

Answer: `comment` (what the Responsable says of the month) and `send` (yes). What is sent are the figures that were
reviewed: those of the last build, or counted at that moment if nobody had any built; they are never counted again.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.cases.operations import attach_within
from thaki.cases.registry import Step, Work
from thaki.channels.email import outbox
from thaki.people import house
from thaki.people.models import User
from thaki.people.roles import Role
from thaki.procedures.sales.models import SalesReport
from thaki.procedures.sales.reports import builds, informe, monthly
from thaki.records.documents import operations as documents
from thaki.records.documents.models import Document
from thaki.records.documents.rules import XLSX
from thaki.reporting.months import month_name, month_of, previous

PDF = "application/pdf"


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
    """The figures as they were sent or last built; while there are none, the page offers to build them."""
    report: SalesReport = work.record
    build = builds.shown(report)
    data = report.data or (build.data if build else {})
    return {
        "report": report,
        "build": build,
        "under_way": builds.under_way(report),
        "data": informe.on_screen(data) if data.get("v") == monthly.VERSION else None,
        "month": month_name(report.month_on),
    }


def complete(work: Work, data: dict[str, Any]) -> None:
    """Freeze the figures that were reviewed, make the documents, send them."""
    report: SalesReport = work.record
    build = builds.shown(report)
    report.data = build.data if build else monthly.compile_report(report.month_on)
    report.data = {**report.data, "house": house.words()}
    report.data_at = build.finished_at if build else work.now
    report.comment = data["comment"]
    report.sent_at, report.sent_by = work.now, work.by
    name = f"informe-{report.month_on:%Y-%m}"
    report.pdf = _keep(work, f"{name}.pdf", PDF, informe.produce_pdf(report))
    report.xlsx = _keep(work, f"{name}.xlsx", XLSX, informe.produce_xlsx(report))
    report.save()
    _send(work, report)
    work.note(month=report.month_on.isoformat(), verdict=report.data["kpi"]["verdict"], sha256=report.pdf.sha256)


def _keep(work: Work, name: str, media_type: str, content: bytes) -> Document:
    document = documents.keep(content, media_type=media_type, name=name, kind="informe", by=work.by, now=work.now)
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
            template="sales.mail.report",
            context={"report": report, "data": report.data},
            attachments=[document for document in (report.pdf, report.xlsx) if document],
        )


def _addresses(role: Role) -> list[str]:
    people = User.objects.filter(is_active=True, roles__contains=[role.value]).exclude(email="")
    return list(people.order_by("pk").values_list("email", flat=True))


STEP = Step("sales.sales_report", ReportForm, complete, "sales/steps/sales_report.html", context)
