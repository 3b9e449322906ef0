"""What the forms of steps 9 to 18 share: the customer's addresses, and the house's fields and papers."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from thaki.cases.forms import FilesField, MoneyField, PriceField, date_field
from thaki.cases.papers import documents_of, keep
from thaki.cases.registry import Work
from thaki.channels.website import links
from thaki.channels.website.models import CustomerLink
from thaki.people import agencies as agency_records
from thaki.procedures.sales.models import Sale
from thaki.records.customers.rules import whatsapp_link

__all__ = [
    "FilesField",
    "MoneyField",
    "PriceField",
    "agencies",
    "customer_link",
    "date_field",
    "documents_of",
    "email_of",
    "keep",
    "today",
    "whatsapp",
]


def customer_link(work: Work) -> str:
    """The customer's own address, if one is alive; a screen only reads."""
    link = CustomerLink.objects.filter(case=work.case, revoked_at=None, expires_at__gt=work.now).first()
    return links.address(link) if link else ""


def email_of(sale: Sale) -> str:
    """Where mails to the customer go: "" when he has no address or it sent mails back."""
    if sale.customer is not None:
        return "" if sale.customer.email_bounced else sale.customer.email
    return sale.prospect.email


def whatsapp(sale: Sale, text: str) -> str:
    """A wa.me address to the customer's mobile with that text; "" without a mobile."""
    customer = sale.customer
    phones = customer.phones.filter(kind="mobile").order_by("-is_whatsapp", "-is_main") if customer else []
    numbers = [phone.number for phone in phones] or [sale.prospect.phone]
    return whatsapp_link(numbers[0], text) if numbers[0] else ""


def agencies() -> list[str]:
    """The agencies that print and hand over invoices."""
    return agency_records.names()


def today(work: Work) -> date:
    """The date of the work in the house's time zone."""
    return timezone.localtime(work.now).date()
