"""Invoices: issued and voided by the BSS; printed, archived and delivered by Cajas (steps 12 to 17)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction

from thaki.records.billing.control_models import InvoicePrint
from thaki.records.billing.models import Invoice
from thaki.records.money import check_amount
from thaki.records.reasons import RuleError
from thaki.records.text import tidy

if TYPE_CHECKING:
    from thaki.people.models import User
    from thaki.records.documents.models import Document


@dataclass(frozen=True, slots=True)
class Print:
    """One sheet to print: the original, or a copy that says so and which one (R-A12)."""

    invoice: Invoice
    copy_number: int  # 0: the original
    printed_at: datetime | None = None  # None: the sheet that is filed with the case
    printed_by: str = ""

    @property
    def is_copy(self) -> bool:
        """Whether the sheet must be marked as a copy."""
        return self.copy_number > 0


@transaction.atomic
def issue_invoice(
    *,
    number: str,
    cuf: str,
    case_ref: str,
    name: str,
    nit: str,
    concept: str,
    amount_bob: Decimal,
    by: User | None,
    now: datetime,
    **other: Any,
) -> Invoice:
    """Keep an invoice that the BSS issued. Twice the same number is once. `other`: customer, order, plan, agency, document."""
    known = Invoice.objects.filter(number=number).first()
    if known:
        return known
    if not (nit.isascii() and nit.isdigit() and len(nit) <= 15):
        raise RuleError("invoice_tax_id", on="nit")
    return Invoice.objects.create(
        number=number,
        cuf=cuf,
        case_ref=case_ref,
        name=tidy(name)[:160],
        nit=nit,
        concept=tidy(concept)[:200],
        amount_bob=check_amount(amount_bob),
        issued_at=now,
        issued_by=by,
        **other,
    )


@transaction.atomic
def void_invoice(invoice_id: int, *, credit_note: str, reason: str, by: User | None, now: datetime) -> Invoice:
    """Keep that the BSS voided an invoice with a credit note. Twice is once; the first note stands."""
    invoice = Invoice.objects.select_for_update().get(pk=invoice_id)
    if invoice.voided_at is not None:
        return invoice
    if not tidy(reason):
        raise RuleError("reason_missing", on="reason")
    invoice.voided_at, invoice.credit_note, invoice.void_reason = now, credit_note, tidy(reason)[:200]
    invoice.save(update_fields=["voided_at", "credit_note", "void_reason"])
    return invoice


def attach_invoice(invoice_id: int, document: Document, *, by: User | None, now: datetime) -> None:
    """Keep the invoice's PDF with it; the first one stands."""
    Invoice.objects.filter(pk=invoice_id, document=None).update(document=document)


def mark_emailed(invoice_id: int, *, by: User | None, now: datetime) -> None:
    """Step 14: it went to the customer's e-mail; the first time stands."""
    Invoice.objects.filter(pk=invoice_id, emailed_at=None).update(emailed_at=now)


def _locked(invoice_ids: Sequence[int]) -> list[Invoice]:
    """The invoices, locked in the order of their keys, none voided."""
    invoices = list(Invoice.objects.select_for_update().filter(pk__in=invoice_ids).order_by("pk"))
    for invoice in invoices:
        if invoice.voided_at is not None:
            raise RuleError("invoice_voided", number=invoice.number)
    return invoices


@transaction.atomic
def print_invoices(invoice_ids: Sequence[int], *, by: User, now: datetime) -> list[Print]:
    """Step 16: what is to be printed, each sheet marked as original or as copy n; printing is counted."""
    prints = []
    for invoice in _locked(invoice_ids):
        if invoice.printed_at is None:
            invoice.printed_at, invoice.printed_by = now, by
        else:
            invoice.copies += 1
        invoice.save(update_fields=["printed_at", "printed_by", "copies"])
        prints.append(Print(invoice, invoice.copies, now, str(by)))
    InvoicePrint.objects.bulk_create(
        InvoicePrint(invoice=each.invoice, copy_number=each.copy_number, printed_at=now, printed_by=by)
        for each in prints
    )
    return prints


@transaction.atomic
def archive_invoices(invoice_ids: Sequence[int], *, by: User, now: datetime) -> list[Invoice]:
    """Step 17: the file's exemplar is archived; the first time stands. An invoice that was never printed is refused."""
    invoices = _locked(invoice_ids)
    for invoice in invoices:
        if invoice.printed_at is None:
            raise RuleError("invoice_not_printed", number=invoice.number)
        if invoice.archived_at is None:
            invoice.archived_at, invoice.archived_by = now, by
            invoice.save(update_fields=["archived_at", "archived_by"])
    return invoices


def _deliver(invoice_id: int, how: str, to: str, *, by: User, now: datetime, **proof: str) -> Invoice:
    """Note the delivery, once; `proof`: acknowledgement, delivered_id, delivered_proof."""
    (invoice,) = _locked([invoice_id])
    if invoice.delivered_at is not None:
        raise RuleError("invoice_delivered", number=invoice.number, to=invoice.delivered_to)
    if not tidy(to):
        raise RuleError("recipient_missing", on="delivered_to")
    invoice.delivered_at, invoice.delivered_how, invoice.delivered_to = now, how, tidy(to)[:160]
    invoice.delivered_by = by
    for name, value in proof.items():
        setattr(invoice, name, value)
    invoice.save(update_fields=["delivered_at", "delivered_how", "delivered_to", "delivered_by", *proof])
    return invoice


@transaction.atomic
def deliver_in_hand(
    invoice_id: int, *, to: str, id_card: str = "", proof: str = Invoice.Proof.PAPER, by: User, now: datetime
) -> Invoice:
    """Step 17: handed over, to that name with that carnet, who signed on paper or confirmed it otherwise."""
    said = {"delivered_id": tidy(id_card)[:20], "delivered_proof": str(proof)}
    return _deliver(invoice_id, Invoice.Delivery.IN_HAND, to, by=by, now=now, **said)


@transaction.atomic
def deliver_sent(invoice_id: int, *, to: str, acknowledgement: str, by: User, now: datetime) -> Invoice:
    """Step 17: sent to that address, with what acknowledges it."""
    if not tidy(acknowledgement):
        raise RuleError("acknowledgement_missing", on="acknowledgement")
    return _deliver(invoice_id, Invoice.Delivery.SENT, to, by=by, now=now, acknowledgement=tidy(acknowledgement)[:160])
