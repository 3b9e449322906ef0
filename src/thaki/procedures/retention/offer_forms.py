"""The forms of what Gerencia Comercial decides: offers, Xpress tasks, reasons, and the glosa of a compensation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.procedures.retention.models import GlosaVariant, RetentionOffer, RetentionReason, XpressTask
from thaki.records.offers.models import Technology
from thaki.ui.widgets import DayInput, MoneyInput


def _cost() -> forms.DecimalField:
    label = _("Costo para COMTECO (Bs)")
    return forms.DecimalField(label=label, min_value=0, max_digits=12, decimal_places=2, widget=MoneyInput(), initial=0)


class ShelfForm(forms.ModelForm):
    """What they have in common: the code is given once and then stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True


class OfferForm(ShelfForm):
    """An offer."""

    cost_bob = _cost()
    technology = forms.ChoiceField(
        label=_("Tecnología que necesita"), required=False, choices=[("", _("Cualquiera")), *Technology.choices]
    )

    class Meta:
        model = RetentionOffer
        fields = (
            "kind", "code", "name", "product", "technology", "days", "cost_bob", "script",
            "position", "active", "valid_from_on", "valid_to_on",
        )  # fmt: skip
        widgets = {"script": forms.Textarea({"rows": 3}), "valid_from_on": DayInput(), "valid_to_on": DayInput()}

    def clean(self) -> dict[str, Any]:
        """It does not end before it begins."""
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("valid_from_on"), data.get("valid_to_on")
        if first and last and last < first:
            self.add_error("valid_to_on", _("Termina antes de empezar."))
        return data


class TaskForm(ShelfForm):
    """An Xpress task."""

    cost_bob = _cost()

    class Meta:
        model = XpressTask
        fields = ("code", "problem", "name", "cost_bob", "position", "active")


class ReasonForm(ShelfForm):
    """A reason."""

    class Meta:
        model = RetentionReason
        fields = (
            "code",
            "name",
            "leads",
            "courtesy",
            "of_petition",
            "of_refusal",
            "of_withdrawal",
            "position",
            "active",
        )


class GlosaForm(forms.ModelForm):
    """The glosa of an order that promises a compensation (R-B8)."""

    class Meta:
        model = GlosaVariant
        fields = ("text",)
        widgets = {"text": forms.Textarea({"rows": 4})}
        help_texts = {"text": _("{MES} y {CELULAR} se llenan con el mes de la factura y el celular del cliente.")}

    def clean_text(self) -> str:
        """It names the month and the telephone."""
        text = str(self.cleaned_data["text"]).strip()
        if "{MES}" not in text or "{CELULAR}" not in text:
            raise forms.ValidationError(_("La glosa debe llevar {MES} y {CELULAR}."))
        return text
