"""The invoice on paper: the original once, every later print marked as a copy (R-A12), several in one PDF for the batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from thaki.cases.operations import attach_within
from thaki.cases.registry import Work
from thaki.procedures.sales.amount_words import in_words
from thaki.procedures.sales.bank_qr import svg
from thaki.records.billing import operations
from thaki.records.billing.models import Invoice
from thaki.records.billing.operations import Print
from thaki.records.documents import operations as documents
from thaki.reporting import pdf
from thaki.ui.formats import format_instant, format_number

KIND = "factura"


def issuer_nit() -> str:
    """COMTECO's NIT in this installation."""
    return str(getattr(settings, "THAKI_ISSUER_NIT", "1000000000"))


def sheet(each: Print) -> dict[str, Any]:
    """One invoice as the template takes it."""
    invoice = each.invoice
    total = format_number(invoice.amount_bob, 2)
    # The content of the QR that the national tax service specifies: its address with NIT, CUF, number and amount.
    qr = f"https://siat.impuestos.gob.bo/consulta/QR?nit={issuer_nit()}&cuf={invoice.cuf}&numero={invoice.number}&t=1"
    return {
        "number": invoice.number,
        "cuf": invoice.cuf,
        "issued_at": format_instant(invoice.issued_at),
        "name": invoice.name,
        "nit": invoice.nit,
        "customer_code": invoice.customer.code if invoice.customer else "",
        "case": invoice.case_ref,
        "agency": invoice.agency,
        "order": invoice.order.number if invoice.order else "",
        "lines": [{"quantity": "1", "concept": invoice.concept, "price": total, "subtotal": total}],
        "total": total,
        "words": in_words(invoice.amount_bob),
        "copy": each.is_copy,
        "copy_number": each.copy_number,
        "printed": _printed(each),
        "voided": invoice.voided_at is not None,
        "credit_note": invoice.credit_note or "",
        "qr": svg(qr),
    }


def _printed(each: Print) -> str:
    """When and by whom a copy came out: `21/11/2026 14:05, Juana Rojas`."""
    return f"{format_instant(each.printed_at)}, {each.printed_by}" if each.is_copy and each.printed_at else ""


def render(prints: Sequence[Print]) -> bytes:
    """One PDF of all of them, a page each."""
    return pdf.render("sales/factura.typ", {"issuer_nit": issuer_nit(), "invoices": [sheet(each) for each in prints]})


def file_original(work: Work, invoice: Invoice) -> None:
    """Keep the invoice's PDF with it and with the case."""
    name = f"factura-{invoice.number}.pdf"
    document = documents.store(render([Print(invoice, 0)]), name=name, kind=KIND, by=work.by, now=work.now)
    operations.attach_invoice(invoice.pk, document, by=work.by, now=work.now)
    invoice.document = document
    attach_within(work, document, KIND)
