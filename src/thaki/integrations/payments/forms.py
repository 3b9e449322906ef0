"""The hosted page's forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from thaki.integrations.payments.rules import check_card_number, check_cvv, check_expiry
from thaki.records.customers.rules import tidy_name
from thaki.records.reasons import RuleError


def _ruled(rule: Callable[..., Any], *values: Any) -> Any:
    """A rule's refusal as the field's error."""
    try:
        return rule(*values)
    except RuleError as error:
        raise forms.ValidationError(str(error)) from error


class CardForm(forms.Form):
    """Payment by card; nothing of it but the name and the last four digits is kept."""

    payer = forms.CharField(
        label=_("Nombre en la tarjeta"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "cc-name"})
    )
    card_number = forms.CharField(
        label=_("Número de tarjeta"),
        max_length=25,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "cc-number"}),
    )
    expiry = forms.CharField(
        label=_("Vencimiento (MM/AA)"),
        max_length=9,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "cc-exp", "placeholder": "MM/AA"}),
    )
    cvv = forms.CharField(
        label=_("Código de seguridad"),
        max_length=4,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "cc-csc"}),
    )

    def clean_payer(self) -> str:
        """A person's name."""
        return str(_ruled(tidy_name, self.cleaned_data["payer"]))

    def clean_card_number(self) -> str:
        """Digits with a right check digit."""
        return str(_ruled(check_card_number, self.cleaned_data["card_number"]))

    def clean_expiry(self) -> str:
        """Not yet over."""
        _ruled(check_expiry, self.cleaned_data["expiry"], timezone.localdate())
        return str(self.cleaned_data["expiry"])

    def clean_cvv(self) -> str:
        """Three or four digits."""
        return str(_ruled(check_cvv, self.cleaned_data["cvv"]))


class QrForm(forms.Form):
    """Payment by QR: the customer says that he confirmed it in his bank's application."""

    payer = forms.CharField(label=_("Nombre de quien paga"), max_length=120)

    def clean_payer(self) -> str:
        """A person's name."""
        return str(_ruled(tidy_name, self.cleaned_data["payer"]))
