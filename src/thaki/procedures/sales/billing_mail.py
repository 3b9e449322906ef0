"""The mails of GVD steps 13 to 15 and of a rejected deposit, and how the Encargado sees them before they go (R-A12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from thaki.cases.registry import Work
from thaki.people import house, policies, texts
from thaki.procedures.sales import money
from thaki.procedures.sales.deposit_form import REASON_LABELS
from thaki.procedures.sales.form_parts import customer_link, email_of, whatsapp
from thaki.procedures.sales.models import PaymentRoute, Sale
from thaki.procedures.sales.rules_payment import DepositReason
from thaki.records.billing.models import Payment
from thaki.records.billing.rules import Comparison

TEMPLATES = {
    "13": "sales.mail.deposit_confirmed",
    "14": "sales.mail.invoice",
    "15": "sales.mail.billing_instruction",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail as it will go out when the Encargado confirms step 12."""

    step: str
    to: str  # an address, or in words how it goes without one
    cc: str
    text: str
    href: str = ""  # a wa.me address where it goes by WhatsApp


def context(work: Work, payment: Payment | None = None) -> dict[str, Any]:
    """What the mails are made of; before step 12 is confirmed there is no invoice yet."""
    sale: Sale = work.record
    return {
        "sale": sale,
        "customer": sale.customer or sale.prospect,
        "payment": payment or sale.payment,
        "invoice": sale.invoice if sale.has_invoice else None,
        "price_bob": money.price_of(sale),
        "agency": sale.billing_agency,
        "note": sale.deposit_note,
        "link": customer_link(work),
    }


def rejection_context(work: Work, payment: Payment, comparison: Comparison | None) -> dict[str, Any]:
    """What the customer is told of a deposit that did not do: the reason, and what is missing."""
    sale: Sale = work.record
    return context(work, payment) | {
        "reason": REASON_LABELS[DepositReason(sale.deposit_reason)],
        "is_short": sale.deposit_reason == DepositReason.SHORT,
        "missing_bob": comparison.missing_bob if comparison else None,
        "due_bob": money.due_of(sale, work.case.number),
        "reference": work.case.number,
    }


def drafts(work: Work, payment: Payment | None) -> list[Draft]:
    """The mails that go out if the deposit is accepted: 13 and 14 for a web payment, 15 for a transfer (R-A1)."""
    sale: Sale = work.record
    channels = str(policies.get("sales.digital_channels_email"))
    if sale.payment_route == PaymentRoute.WEB:
        return [Draft("13", channels, "", text("13", work, payment)), _invoice_draft(work, payment)]
    cashiers = str(policies.get("sales.cashiers_email"))
    return [Draft("15", cashiers, channels, text("15", work, payment))]


def _invoice_draft(work: Work, payment: Payment | None) -> Draft:
    to = email_of(work.record)
    words = text("14", work, payment)
    href = "" if to else whatsapp(work.record, words)
    return Draft("14", to or _("por WhatsApp o por el enlace del cliente"), "", words, href)


def text(step: str, work: Work, payment: Payment | None = None) -> str:
    """The words of a mail, unescaped; whoever shows them in a page escapes them there."""
    around = {"case": work.case, "by": work.by, "house": house.words()}
    return texts.of(TEMPLATES[step], {**around, **context(work, payment)})
