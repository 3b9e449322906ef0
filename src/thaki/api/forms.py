"""Forms of the pages: a new token, a subscription."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.api.models import Event, Scope, Subscription
from thaki.api.webhooks import addresses
from thaki.cases import versions
from thaki.cases.registry import procedure_apps

DAYS = ((7, _("7 días")), (30, _("30 días")), (90, _("90 días")), (180, _("6 meses")), (365, _("1 año")))


class TokenForm(forms.Form):
    """What a program is let do, and for how long."""

    name = forms.CharField(
        label=_("Para qué"), max_length=60, help_text=_("El programa que la usará, por ejemplo «Planilla de Botmaker».")
    )
    scopes = forms.MultipleChoiceField(
        label=_("Alcances"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Solo lo que el programa necesita. Nunca podrá más que usted."),
    )
    days = forms.TypedChoiceField(label=_("Vence en"), choices=DAYS, coerce=int, initial=90)


class SubscriptionForm(forms.ModelForm):
    """Who is told, and of what."""

    events = forms.MultipleChoiceField(
        label=_("Qué se avisa"), choices=Event.choices, widget=forms.CheckboxSelectMultiple
    )

    url = forms.CharField(
        label=_("Dirección"),
        max_length=300,
        widget=forms.URLInput,
        help_text=_("Recibe cada aviso por POST, en JSON y firmado. Empieza por https://."),
    )

    class Meta:
        model = Subscription
        fields = ("name", "url", "procedure", "events", "is_active")
        labels = {
            "name": _("Sistema"),
            "procedure": _("Procedimiento"),
            "is_active": _("Se avisa"),
        }
        help_texts = {
            "is_active": _("Sin marcar queda en pausa: lo que pase mientras tanto no se avisa después."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Todos")), *((app.code, _name(app.code)) for app in procedure_apps())]
        self.fields["procedure"] = forms.ChoiceField(label=_("Procedimiento"), choices=choices, required=False)
        self.order_fields(self.Meta.fields)

    def clean_url(self) -> str:
        """An address outside the house."""
        url: str = self.cleaned_data["url"]
        try:
            addresses.check_form(url)
        except addresses.Refused as refused:
            raise forms.ValidationError(str(refused)) from None
        return url


def _name(code: str) -> str:
    try:
        return versions.in_force(code).procedure.name
    except versions.NotInForce:
        return code
