"""The public form: a service asked for in a minute."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.records.customers.rules import parse_email, parse_phone, tidy_name
from thaki.records.network.rules import check_place
from thaki.records.offers.models import Plan
from thaki.records.reasons import RuleError


class RequestForm(forms.Form):
    """Who asks, how to reach him, and what for. One way to reach him is enough."""

    name = forms.CharField(
        label=_("Su nombre completo"), max_length=160, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=_("Celular o teléfono"),
        required=False,
        max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "placeholder": "7xx xxxxx"}),
    )
    email = forms.CharField(
        label=_("Correo electrónico"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    interest = forms.ChoiceField(label=_("¿Qué servicio le interesa?"), choices=Plan.Kind.choices)
    address = forms.CharField(
        label=_("Dirección donde lo quiere"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    message = forms.CharField(
        label=_("¿Algo más que debamos saber?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)  # the same form sent twice is one request
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = secrets.token_urlsafe(24)

    def clean_key(self) -> str:
        """Of whatever was sent, a key of harmless letters."""
        return hashlib.sha256(self.cleaned_data["key"].encode()).hexdigest()[:31]

    def clean_name(self) -> str:
        """A name of letters."""
        return self._ruled(tidy_name, self.cleaned_data["name"])

    def clean_phone(self) -> str:
        """The 8 digits; seven are answered with the area digit's message."""
        text = self.cleaned_data["phone"].strip()
        return self._ruled(lambda value: parse_phone(value).number, text) if text else ""

    def clean_email(self) -> str:
        """An address that can be written to."""
        text = self.cleaned_data["email"].strip()
        return self._ruled(parse_email, text) if text else ""

    def clean(self) -> dict[str, Any]:
        """One way to reach him, and a pin within the country if there is one."""
        data = super().clean() or {}
        if not (data.get("phone") or data.get("email") or {"phone", "email"} & self.errors.keys()):
            self.add_error("phone", _("Déjenos un teléfono o un correo electrónico para poder contactarlo."))
        if data.get("lat") is not None and data.get("lon") is not None:
            self._check_pin(data["lat"], data["lon"])
        return data

    @property
    def digest(self) -> str:
        """What the clean answer says, as a fingerprint: the same words sent again are the same request."""
        said = {name: self.cleaned_data[name] for name in self.fields if name not in ("key", "website")}
        return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]

    @property
    def is_trap(self) -> bool:
        """Whether the field that people do not see was filled in."""
        return bool(self.data.get("website"))

    def _check_pin(self, lat: float, lon: float) -> None:
        try:
            check_place(lat, lon)
        except RuleError as refused:
            self.add_error("address", str(refused))

    @staticmethod
    def _ruled(rule: Any, text: str) -> str:
        try:
            return str(rule(text))
        except RuleError as refused:
            raise forms.ValidationError(str(refused), code=refused.code) from refused
