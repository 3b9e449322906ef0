"""The papers that a customer may take from his link: those of his own sale, and only these."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from thaki.cases.models import Case
from thaki.procedures.sales import registration
from thaki.procedures.sales.letter_request import letter_model
from thaki.procedures.sales.steps.contract import render as render_contract
from thaki.records.documents import operations as documents
from thaki.records.documents.models import Document


def file_for(case: Case, name: str) -> HttpResponse:
    """The file of that name: carta, modelo, contrato or factura. Raises Http404 when the sale has none (yet)."""
    sale = registration.peek(case.pk)
    if name == "carta" and sale.letter is not None and sale.letter.document is not None:
        return _stored(sale.letter.document)
    if name == "modelo":
        return _pdf(letter_model(sale), "carta-de-solicitud.pdf")
    if name == "contrato" and sale.contract is not None:
        return _pdf(render_contract(sale.contract), f"{sale.contract.number}.pdf")
    if name == "factura" and sale.invoice is not None and sale.invoice.document is not None:
        return _stored(sale.invoice.document)
    raise Http404


def _stored(document: Document) -> HttpResponse:
    return _pdf(documents.read(document), document.name)


def _pdf(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )
