"""What the forms of the retention have in common: the record at hand, reasons and services as choices, and the baja."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.cases import forms as house
from thaki.cases.forms import choice_field, text_area
from thaki.cases.registry import Work
from thaki.procedures.retention import shelf
from thaki.procedures.retention.models import Retention
from thaki.procedures.retention.reading import read_of
from thaki.records.customers.models import Subscription


class StepForm(house.StepForm):
    """A step's form of a retention."""

    @property
    def retention(self) -> Retention:
        """The retention that is worked on."""
        retention: Retention = self.work.record
        return retention

    def choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        """Give a field of choices those of this case."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class ManyField(forms.MultipleChoiceField):
    """Several of the answers, as boxes to tick."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.CheckboxSelectMultiple, **kwargs)


def active_services(work: Work) -> list[Subscription]:
    """The services that the customer has, the affected one first."""
    retention: Retention = work.record
    found = read_of(retention, now=work.now).services
    active = [one for one in found if one.status == Subscription.Status.ACTIVE]
    return sorted(active, key=lambda one: (one.pk != retention.subscription_id, one.since_on, one.pk))


def service_choices(services: list[Subscription]) -> list[tuple[Any, Any]]:
    """By their number, of which there is one among the active ones; shown with their plan."""
    return [(one.number, f"{one.plan} · {one.number}") for one in services]


class LeavingFields(StepForm):
    """What a baja asks (R-B4): reason, services, the equipment to return, the member's certificate."""

    withdrawal_reason = choice_field(_("Motivo de la baja"), (), required=False)
    withdrawal_note = forms.CharField(
        label=_("Nota de la baja"),
        required=False,
        max_length=300,
        widget=text_area(),
        help_text=_("Lo que dijo el cliente."),
    )
    leaving = ManyField(
        label=_("Servicios que se retiran"), required=False, choices=(), help_text=_("Uno o varios de los que tiene.")
    )
    equipment = forms.CharField(
        label=_("Equipos por devolver"),
        required=False,
        max_length=600,
        widget=text_area(),
        help_text=_("Uno por línea: módem, decodificador, punto de acceso."),
    )
    certificate_noted = forms.BooleanField(label=_("Se anotó el certificado de aportación del socio"), required=False)

    def __init__(self, data: Any = None, files: Any = None, *, work: Work, **kwargs: Any) -> None:
        super().__init__(data, files, work=work, **kwargs)
        services = active_services(work)
        self.choose("withdrawal_reason", [("", "—"), *shelf.reason_choices(self.retention, "of_withdrawal")])
        self.choose("leaving", service_choices(services))
        if not self.is_bound:
            self.initial.setdefault("leaving", [one.number for one in services])
            self.initial.setdefault("equipment", "\n".join(equipment_of(services)))

    def check_leaving(self) -> None:
        """A baja has its reason and at least one service; all of them where nothing was said."""
        self.require("withdrawal_reason", _("Elija el motivo de la baja."))
        if not self.cleaned_data.get("leaving"):
            self.cleaned_data["leaving"] = [value for value, _label in self.fields["leaving"].choices]  # type: ignore[attr-defined]
        if not self.cleaned_data["leaving"]:
            self.add_error("leaving", _("El cliente no tiene servicios activos que retirar."))


def keys_of(retention: Retention, numbers: list[str]) -> list[int]:
    """The active services of the customer that have these numbers."""
    found = Subscription.objects.filter(customer_id=retention.customer_id, status="active", number__in=numbers)
    return list(found.order_by("pk").values_list("pk", flat=True))


def equipment_of(services: list[Subscription]) -> list[str]:
    """What COMTECO lends with each kind of service: the first guess for what is to be returned."""
    lent = {"internet": _("Módem"), "tv": _("Decodificador"), "package": _("Módem y decodificador")}
    return [f"{lent[one.plan.kind]} · {one.number}" for one in services if one.plan.kind in lent]


def keep_leaving(retention: Retention, data: dict[str, Any]) -> tuple[str, ...]:
    """Keep what a baja says; returns the fields to save."""
    retention.withdrawal_reason = data["withdrawal_reason"]
    retention.withdrawal_note = data["withdrawal_note"]
    retention.leaving = keys_of(retention, data["leaving"])
    retention.equipment_to_return = [line.strip() for line in data["equipment"].splitlines() if line.strip()]
    retention.certificate_noted = data["certificate_noted"]
    return ("withdrawal_reason", "withdrawal_note", "leaving", "equipment_to_return", "certificate_noted")
