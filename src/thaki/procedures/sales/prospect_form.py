"""The form of a prospect who did not come in by himself: he called, was referred, or wrote where no channel is connected."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.cases.models import Case
from thaki.procedures.sales.forms import choice_field, mail_field, name_field, phone_field, text_area
from thaki.procedures.sales.models import Sale
from thaki.records.prospects.models import Channel
from thaki.records.prospects.rules import check_reachable
from thaki.records.reasons import RuleError


class NewProspectForm(forms.Form):
    """Who asks, how he can be reached, and for what."""

    channel = choice_field(_("Llegó por"), Channel.choices, help_text=_("El canal por el que mostró interés."))
    name = name_field(_("Nombre"), max_length=160)
    phone = phone_field(
        _("Celular o teléfono"), required=False, help_text=_("Ocho dígitos. Hace falta esto o el correo.")
    )
    email = mail_field(_("Correo electrónico"), required=False)
    interest = forms.CharField(label=_("Qué le interesa"), required=False, max_length=80)
    message = forms.CharField(label=_("Mensaje"), required=False, max_length=2000, widget=text_area(3))
    address = forms.CharField(label=_("Dirección"), required=False, max_length=200)
    zone = forms.CharField(label=_("Zona o barrio"), required=False, max_length=80)
    campaign = forms.CharField(
        label=_("Campaña"), required=False, max_length=80, help_text=_("Si vino por una campaña, su nombre.")
    )
    again = forms.BooleanField(label=_("Es otra solicitud: anotarla de todos modos"), required=False)
    submission_key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A form sent twice opens one case.
        self.initial.setdefault("submission_key", secrets.token_urlsafe(16))

    def clean(self) -> dict[str, Any]:
        """Reachable, and not in the middle of a sale already."""
        super().clean()
        data = self.cleaned_data
        if "phone" not in self.errors and "email" not in self.errors:
            try:
                check_reachable(data.get("phone", ""), data.get("email", ""))
            except RuleError as refused:
                self.add_error("phone", str(refused))
        if not data.get("again"):
            self._warn_of_open_sale()
        return data

    def _warn_of_open_sale(self) -> None:
        phone = self.cleaned_data.get("phone")
        if not phone:
            return
        open_sales = Sale.objects.filter(prospect__phone=phone, case__state=Case.State.OPEN).select_related(
            "case", "prospect"
        )
        sale = open_sales.exclude(case__submission_key=self.data.get("submission_key") or "-").first()
        if sale is not None:
            message = _("Ese teléfono ya tiene una solicitud en curso: %(case)s, %(name)s.")
            self.add_error("again", message % {"case": sale.case.number, "name": sale.prospect.name})

    def prospect_fields(self) -> dict[str, Any]:
        """What `prospects.operations.receive` takes."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("again", "submission_key")}
