"""What the forms of steps 9 to 18 share: several files in one field, keeping those files, and the customer's addresses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from thaki.cases.models import CaseDocument
from thaki.cases.operations import attach_within
from thaki.cases.registry import StepRefused, Work
from thaki.channels.website import links
from thaki.channels.website.models import CustomerLink
from thaki.people import agencies as agency_records
from thaki.procedures.sales.models import Sale
from thaki.procedures.sales.rules import whatsapp_link
from thaki.records.documents import operations as documents
from thaki.records.documents.models import Document
from thaki.records.money import parse_bob
from thaki.records.reasons import RuleError
from thaki.ui.widgets import CameraInput, DayInput, MoneyInput


class FilesField(forms.FileField):
    """Several uploads in one field; cleans to a list."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", CameraInput(multiple=True))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Each file by Django's own rules (not empty, a name); an empty list when none was sent."""
        given = [each for each in (data if isinstance(data, list | tuple) else [data]) if each]
        if not given and self.required:
            super().clean(None, initial)
        return [super(FilesField, self).clean(each, initial) for each in given]


class MoneyField(forms.CharField):
    """An amount in bolivianos as people type it: `349`, `349,50`, `1.234,50`; cleans to a Decimal, None when empty."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", MoneyInput())
        super().__init__(max_length=20, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A known amount is shown with its comma."""
        return f"{value:.2f}".replace(".", ",") if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        """The amount."""
        text = super().clean(value if value is None else str(value))
        if not text:
            return None
        try:
            return parse_bob(text)
        except RuleError as refused:
            raise forms.ValidationError(str(refused), code=refused.code) from refused


class PriceField(forms.DecimalField):
    """A price of a plan, which may be nothing; shown and typed as amounts are."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=12, decimal_places=2, min_value=0, widget=MoneyInput(), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A known price is shown with its comma."""
        return f"{value:.2f}".replace(".", ",") if isinstance(value, Decimal) else value


def date_field(label: Any, **kwargs: Any) -> forms.DateField:
    """A date, in the browser's own control."""
    return forms.DateField(
        label=label,
        widget=DayInput(),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"invalid": _("Escriba una fecha que exista, por ejemplo 21/11/2026.")},
        **kwargs,
    )


def keep(work: Work, files: Iterable[UploadedFile], *, kind: str, field: str) -> list[Document]:
    """Store uploads and put them with the case's documents; a file that is refused is told beside its field.

    The bytes lie under their hash, so a move that is repeated or rolled back leaves at most an orphan for the sweeper.
    """
    kept = []
    for file in files:
        try:
            document = documents.store(file, name=file.name or kind, kind=kind, by=work.by, now=work.now)
        except RuleError as refused:
            raise StepRefused({field: f"{file.name}: {refused}"}) from refused
        attach_within(work, document, kind)
        kept.append(document)
    return kept


def documents_of(work: Work, *kinds: str) -> list[Document]:
    """The case's documents of those kinds, the newest first."""
    rows = CaseDocument.objects.filter(case=work.case, kind__in=kinds).select_related("document")
    return [row.document for row in rows.order_by("-attached_at", "-id")]


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
