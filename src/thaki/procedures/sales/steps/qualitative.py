"""GVD step 4: what the customer needs.

Answer: `use_type`, `browsing_hours`, `customer_record`, `special_needs`, `wanted_kind`, `wanted_mbps`.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.cases.registry import Step, Work
from thaki.procedures.sales import recognition
from thaki.procedures.sales.choices import BrowsingHours, UseType, WantedKind
from thaki.procedures.sales.forms import MAX_MBPS, StepForm, choice_field, text_area
from thaki.procedures.sales.models import Sale
from thaki.procedures.sales.rules import SUGGESTED_MBPS
from thaki.records.offers.models import Plan


class QualitativeForm(StepForm):
    """What the customer does with the service, which decides the plan."""

    kept = ("customer_record", "wanted_kind", "wanted_mbps")

    use_type = choice_field(
        _("Tipo de uso"), UseType.choices, radio=True, help_text=_("Para qué lo usa más: sugiere la velocidad.")
    )
    browsing_hours = choice_field(
        _("Horarios de navegación"), BrowsingHours.choices, help_text=_("A qué hora nota más si va lento.")
    )
    wanted_kind = choice_field(
        _("Servicio que pide"), WantedKind.choices, help_text=_("Se ofrecen primero esos planes.")
    )
    wanted_mbps = forms.IntegerField(
        label=_("Velocidad que pide (Mbps)"),
        required=False,
        min_value=1,
        max_value=MAX_MBPS,
        help_text=_("Help Desk revisa si la línea la soporta."),
    )
    customer_record = forms.CharField(
        label=_("Récord del cliente"),
        required=False,
        max_length=300,
        widget=text_area(),
        help_text=_("Servicios que tiene o tuvo y cómo le fue con ellos."),
    )
    special_needs = forms.CharField(
        label=_("Características especiales"),
        required=False,
        max_length=300,
        widget=text_area(),
        help_text=_("Edificio, varias plantas, adultos mayores, horario de visita."),
    )

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """What was answered before, the customer's record as the register tells it, and a guess from his interest."""
        sale: Sale = work.record
        return {
            "use_type": sale.use_type,
            "browsing_hours": sale.browsing_hours,
            "customer_record": sale.customer_record or (recognition.record_of(sale.customer) if sale.customer else ""),
            "special_needs": sale.special_needs,
            "wanted_kind": sale.wanted_kind or _asked_for(sale.prospect.interest),
            "wanted_mbps": sale.wanted_mbps,
        }

    def clean(self) -> dict[str, Any]:
        """Whatever carries Internet is asked for at a speed."""
        super().clean()
        if self.cleaned_data.get("wanted_kind") in (Plan.Kind.INTERNET, Plan.Kind.PACKAGE):
            self.require("wanted_mbps", _("Indique la velocidad que pide, o la que usted le sugiere."))
        return self.cleaned_data


def _asked_for(interest: str) -> WantedKind:
    """The service that the prospect's own words name; Internet is what most ask for."""
    told = interest.lower()
    return next((kind for kind in WantedKind if str(kind.label).lower() in told), WantedKind.INTERNET)


def context(work: Work) -> dict[str, Any]:
    """Speeds to suggest by use, and what is to be known of the customer."""
    sale: Sale = work.record
    suggestions = [(UseType(use).label, use, mbps) for use, mbps in SUGGESTED_MBPS.items()]
    return {"suggestions": suggestions, "warnings": recognition.warnings_of(sale)}


def complete(work: Work, data: dict[str, Any]) -> None:
    """Keep what the customer needs."""
    sale: Sale = work.record
    names = ("use_type", "browsing_hours", "customer_record", "special_needs", "wanted_kind", "wanted_mbps")
    for name in names:
        setattr(sale, name, data[name])
    sale.save(update_fields=names)
    work.note(wanted=data["wanted_kind"], wanted_mbps=data["wanted_mbps"])


STEPS = (
    Step(
        handler="sales.qualitative_data",
        form=QualitativeForm,
        complete=complete,
        template="sales/steps/qualitative_data.html",
        context=context,
    ),
)
