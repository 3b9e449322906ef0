"""GVD step 3: who the customer is.

Answer: `customer` (id, or `ci:4567890`, of the existing customer once confirmed; empty for a new one), `request_kind` (new,
upgrade, second), `given_names`, `surnames`, `ci_number`, `ci_complement`, `ci_department`, `phone`, `phone_is_whatsapp`,
`phone_2`, `email`, `address`, `address_reference`, `zone`, `lat`, `lon`; `not_registered` confirms that none of those who
look alike is he. Names, telephone, e-mail and place come from the prospect, and from the existing customer, when left out.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.cases.registry import Step, StepRefused, Work
from thaki.procedures.sales import places, recognition
from thaki.procedures.sales.forms import (
    StepForm,
    choice_field,
    mail_field,
    name_field,
    phone_field,
    with_known,
)
from thaki.procedures.sales.models import RequestKind, Sale
from thaki.records.customers import operations as customer_operations
from thaki.records.customers import queries as customer_queries
from thaki.records.customers.models import Category, Customer
from thaki.records.customers.rules import CI_DEPARTMENTS, Ci, check_ci, parse_ci, split_name
from thaki.records.network.rules import check_place
from thaki.records.reasons import RuleError


class CustomerField(forms.ModelChoiceField):
    """A customer by his id, or by his identity card: `ci:4567890`, as a scenario names him."""

    def to_python(self, value: Any) -> Customer | None:
        """The customer; None for none."""
        if isinstance(value, str) and value.startswith("ci:"):
            try:
                ci = parse_ci(value.removeprefix("ci:"))
            except RuleError:
                ci = None
            found = customer_queries.by_ci(ci.number, ci.complement) if ci else None
            if found is None:
                raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
            return found
        return super().to_python(value)


class BasicDataForm(StepForm):
    """What registers a new customer, or documents one who is there already."""

    kept = (
        "customer", "given_names", "surnames", "ci_number", "ci_complement", "ci_department",
        "phone", "email", "address", "address_reference", "zone", "lat", "lon", "request_kind",
    )  # fmt: skip

    customer = CustomerField(
        Customer.objects.all(),
        label=_("Socio/cliente registrado"),
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": _("Ese socio/cliente no existe: búsquelo de nuevo.")},
    )
    request_kind = choice_field(
        _("Tipo de solicitud"),
        RequestKind.choices,
        radio=True,
        help_text=_("Quien ya es cliente pide mejorar su servicio o un segundo servicio."),
    )
    given_names = name_field(_("Nombres"), max_length=80, help_text=_("Como figuran en el carnet."))
    surnames = name_field(_("Apellidos"), max_length=80, help_text=_("Como figuran en el carnet, el paterno primero."))
    ci_number = forms.CharField(
        label=_("Carnet de identidad"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Identifica al cliente: con él no se lo registra dos veces."),
    )
    ci_complement = forms.CharField(
        label=_("Complemento"), required=False, max_length=2, help_text=_("Solo si su carnet lo lleva, por ejemplo 1A.")
    )
    ci_department = choice_field(_("Expedido en"), list(CI_DEPARTMENTS.items()), required=False)
    phone = phone_field(_("Celular"), help_text=_("Ocho dígitos. Por ahí se le avisa en cada paso."))
    phone_is_whatsapp = forms.BooleanField(label=_("Tiene WhatsApp"), required=False)
    phone_2 = phone_field(_("Otro teléfono"), required=False, help_text=_("Para ubicarlo el día de la instalación."))
    email = mail_field(
        _("Correo electrónico"), required=False, help_text=_("A él van la Carta Comercial y la factura; puede faltar.")
    )
    address = forms.CharField(
        label=_("Dirección de la instalación"), max_length=200, help_text=_("Calle, número y entre qué calles.")
    )
    address_reference = forms.CharField(
        label=_("Referencia"), required=False, max_length=160, help_text=_("Color de la casa, edificio, piso.")
    )
    zone = forms.CharField(label=_("Zona o barrio"), required=False, max_length=80)
    lat = forms.FloatField(
        label=_("Latitud"), required=False, help_text=_("Marque el lugar en el mapa: de él depende la cobertura.")
    )
    lon = forms.FloatField(label=_("Longitud"), required=False)
    not_registered = forms.BooleanField(label=_("Verifiqué que no es ninguno de los que se le parecen"), required=False)

    def __init__(self, data: Any = None, files: Any = None, *, work: Work, **kwargs: Any) -> None:
        # Whoever is confirmed brings his name and card along.
        if data is not None and data.get("customer"):
            data = with_known(data, _identity_of(data["customer"]))
        super().__init__(data, files, work=work, **kwargs)

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """What the prospect told; over it, what is registered of the customer; over that, what this sale has noted."""
        sale: Sale = work.record
        known = _of_prospect(sale)
        if sale.customer_id and sale.customer is not None:
            known |= {
                name: value for name, value in recognition.of_customer(sale.customer).items() if value not in (None, "")
            }
            known["request_kind"] = sale.request_kind
        known["request_kind"] = sale.request_kind or RequestKind.NEW
        return known | {name: value for name, value in _of_sale(sale).items() if value not in (None, "")}

    def clean(self) -> dict[str, Any]:
        """The identity card, the pin, and nobody registered twice (R-A10)."""
        super().clean()
        data = self.cleaned_data
        data["ci"] = self._identity_card()
        self._pin()
        if data.get("customer") is not None:
            self._existing(data["customer"])
        elif not self.errors:
            self._new()
        return data

    def _identity_card(self) -> Ci | None:
        data = self.cleaned_data
        if not data.get("ci_number"):
            return None
        try:
            return check_ci(data["ci_number"], data.get("ci_complement", ""), data.get("ci_department", ""))
        except RuleError as refused:
            self.add_error(refused.field if refused.field in self.fields else "ci_number", str(refused))
            return None

    def _pin(self) -> None:
        lat, lon = self.cleaned_data.get("lat"), self.cleaned_data.get("lon")
        if "lat" in self.errors or "lon" in self.errors:
            return
        if lat is None or lon is None:
            self.add_error("lat", _("Marque en el mapa el lugar de la instalación."))
            return
        self.checked("lat", check_place, lat, lon)

    def _existing(self, customer: Customer) -> None:
        data = self.cleaned_data
        if data.get("request_kind") == RequestKind.NEW:
            self.add_error("request_kind", _("Ya es socio/cliente: elija mejora o segundo servicio."))
        if data["ci"] is not None and customer.ci_number and data["ci"].number != customer.ci_number:
            self.add_error(
                "ci_number", _("El carnet no es el del socio/cliente elegido (%(ci)s).") % {"ci": customer.ci}
            )

    def _new(self) -> None:
        data = self.cleaned_data
        if data.get("request_kind") != RequestKind.NEW:
            self.add_error(
                "request_kind", _("Elija primero al socio/cliente registrado que pide la mejora o el servicio.")
            )
            return
        alike = recognition.matches(data)
        certain = next((match for match in alike if match.certain), None)
        if certain is not None:
            message = _("Ya está registrado: %(name)s (%(code)s). Confirme que es él en lugar de registrarlo otra vez.")
            self.add_error("ci_number", message % {"name": certain.customer.full_name, "code": certain.customer.code})
        elif alike and alike[0].score >= recognition.DOUBTFUL and not data.get("not_registered"):
            message = _("Se parece a %(name)s (%(code)s): confirme si es él, o que no es ninguno de los mostrados.")
            self.add_error(
                "not_registered", message % {"name": alike[0].customer.full_name, "code": alike[0].customer.code}
            )


def _identity_of(chosen: Any) -> dict[str, Any]:
    try:
        customer = CustomerField(Customer.objects.all()).to_python(chosen)
    except forms.ValidationError:
        return {}
    known = recognition.of_customer(customer) if customer else {}
    return {name: known[name] for name in recognition.IDENTITY if known.get(name)}


def _of_prospect(sale: Sale) -> dict[str, Any]:
    if not sale.prospect_id:
        return {}
    prospect = sale.prospect
    given_names, surnames = split_name(prospect.name)
    return {
        "given_names": given_names,
        "surnames": surnames,
        "phone": prospect.phone,
        "phone_is_whatsapp": prospect.channel == "whatsapp",
        "email": prospect.email,
        "address": prospect.address,
        "zone": prospect.zone,
        "lat": prospect.lat,
        "lon": prospect.lon,
    }


def _of_sale(sale: Sale) -> dict[str, Any]:
    return {
        "address": sale.installation_address,
        "address_reference": sale.installation_reference,
        "zone": sale.zone,
        "lat": sale.lat,
        "lon": sale.lon,
    }


def basic_context(work: Work) -> dict[str, Any]:
    """Who looks like this prospect, before anything is typed, and what is to be known of the confirmed one."""
    sale: Sale = work.record
    known = BasicDataForm.known(work)
    return {
        "prospect": sale.prospect,
        "matches": [] if sale.customer_id else recognition.described(recognition.matches(known), known),
        "confirmed": sale.customer,
        "layers": places.layers_url(sale),
        "warnings": recognition.warnings_of(sale),
    }


def complete_basic(work: Work, data: dict[str, Any]) -> None:
    """Register the new customer, or bring the existing one up to date; the place is the sale's."""
    sale: Sale = work.record
    try:
        sale.customer = _amend(work, data) if data["customer"] else _register(work, data)
    except RuleError as refused:
        raise StepRefused({refused.field: str(refused)}) from refused
    sale.request_kind = data["request_kind"]
    sale.installation_address, sale.installation_reference = data["address"], data["address_reference"]
    sale.zone, sale.lat, sale.lon = data["zone"], data["lat"], data["lon"]
    sale.save(
        update_fields=[
            "customer", "request_kind", "installation_address", "installation_reference", "zone", "lat", "lon",
        ]
    )  # fmt: skip
    work.note(customer=sale.customer.pk, request=sale.request_kind)


def _register(work: Work, data: dict[str, Any]) -> Customer:
    customer = customer_operations.register(
        given_names=data["given_names"],
        surnames=data["surnames"],
        ci=data["ci"],
        category=Category.RESIDENTIAL,
        email=data["email"],
        address=data["address"],
        address_reference=data["address_reference"],
        zone=data["zone"],
        lat=data["lat"],
        lon=data["lon"],
        case_ref=work.case.number,
        by=work.by,
        now=work.now,
    )
    _set_phones(customer, data)
    return customer


def _amend(work: Work, data: dict[str, Any]) -> Customer:
    """The existing customer keeps his name and address; what he gave to be reached by is added."""
    changes: dict[str, Any] = {"email": data["email"]}
    if data["ci"] is not None and not data["customer"].ci_number:
        changes["ci"] = data["ci"]
    customer = customer_operations.amend(data["customer"].pk, by=work.by, now=work.now, **changes)
    _set_phones(customer, data)
    return customer


def _set_phones(customer: Customer, data: dict[str, Any]) -> None:
    whatsapp = data["phone"] if data["phone_is_whatsapp"] else ""
    customer_operations.set_phones(customer, [data["phone"], data["phone_2"]], whatsapp=whatsapp)


STEPS = (
    Step(
        handler="sales.basic_data",
        form=BasicDataForm,
        complete=complete_basic,
        template="sales/steps/basic_data.html",
        context=basic_context,
    ),
)
