"""GVD steps 5 and 6: can the place be served, and the request to Help Desk to make sure of it.

Answer to 5: nothing has to be typed; `lat` and `lon` only if the pin was corrected. What the coverage data said is kept.

Answer to 6: `wanted_mbps` (known from 4), `reference_numbers` (of the nearest lines), `other_reference` (a number that the
customer gives, for example the neighbour's) and `review_note`. With the policy of the automatic answer (R-A8) the line
records answer at once.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.cases.registry import Step, Work
from thaki.people import policies
from thaki.procedures.sales import capacity, places, recognition
from thaki.procedures.sales.forms import MAX_MBPS, StepForm, text_area
from thaki.procedures.sales.models import Sale
from thaki.records.network.rules import check_place


# ---------------------------------------------------------------- 5
class CoverageForm(StepForm):
    """The pin, confirmed or put right."""

    kept = ("lat", "lon")

    lat = forms.FloatField(
        label=_("Latitud"), help_text=_("Mueva el punto si no es el lugar exacto de la instalación.")
    )
    lon = forms.FloatField(label=_("Longitud"))

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """The pin of step 3."""
        sale: Sale = work.record
        return {"lat": sale.lat, "lon": sale.lon}

    def clean(self) -> dict[str, Any]:
        """A pin in the country."""
        super().clean()
        lat, lon = self.cleaned_data.get("lat"), self.cleaned_data.get("lon")
        if lat is not None and lon is not None:
            self.checked("lat", check_place, lat, lon)
        return self.cleaned_data


def coverage_context(work: Work) -> dict[str, Any]:
    """The verdict of each technology; the customer's record in the BSS comes after the page."""
    sale: Sale = work.record
    return {
        "layers": places.layers_url(sale),
        "verdicts": capacity.qualify(sale),
        "warnings": recognition.warnings_of(sale),
    }


def coverage_opened(work: Work) -> None:
    """The place is looked at anew: what was answered for another one does not stand."""
    sale: Sale = work.record
    if sale.coverage:
        sale.coverage, sale.coverage_checked_at = [], None
        sale.save(update_fields=["coverage", "coverage_checked_at"])
    capacity.forget(sale)


def complete_coverage(work: Work, data: dict[str, Any]) -> None:
    """Keep the pin and what the coverage data said of it today."""
    sale: Sale = work.record
    sale.lat, sale.lon = data["lat"], data["lon"]
    verdicts = capacity.qualify(sale)
    sale.coverage = [verdict.to_json() for verdict in verdicts]
    sale.coverage_checked_at = work.now
    sale.save(update_fields=["lat", "lon", "coverage", "coverage_checked_at"])
    work.note(available=[verdict.technology for verdict in verdicts if verdict.available])


# ---------------------------------------------------------------- 6
class ReviewRequestForm(StepForm):
    """What Help Desk is asked to look at."""

    kept = ("wanted_mbps",)

    wanted_mbps = forms.IntegerField(
        label=_("Velocidad que se pide revisar (Mbps)"),
        min_value=1,
        max_value=MAX_MBPS,
        help_text=_("La que pidió en el paso 4."),
    )
    reference_numbers = forms.MultipleChoiceField(
        label=_("Números de referencia"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Líneas vecinas en servicio: sus parámetros dicen lo que soportará la nueva."),
    )
    other_reference = forms.CharField(
        label=_("Otro número de referencia"),
        required=False,
        max_length=16,
        help_text=_("Por ejemplo, el teléfono de un vecino que dio el cliente."),
    )
    review_note = forms.CharField(
        label=_("Nota para Help Desk"),
        required=False,
        max_length=300,
        widget=text_area(),
        help_text=_("Lo que ayude a revisar."),
    )

    def __init__(self, data: Any = None, files: Any = None, *, work: Work, **kwargs: Any) -> None:
        super().__init__(data, files, work=work, **kwargs)
        self.lines = capacity.survey(work.record).lines
        field = self.fields["reference_numbers"]
        assert isinstance(field, forms.MultipleChoiceField)
        known = [line.number for line in self.lines]
        # What was chosen before stays a choice, even if other lines are nearer now.
        field.choices = [
            (number, number) for number in [*known, *(n for n in work.record.reference_numbers if n not in known)]
        ]

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """The wanted speed; the two nearest lines as references."""
        sale: Sale = work.record
        chosen = sale.reference_numbers or [line.number for line in capacity.survey(sale).lines[:2]]
        return {"wanted_mbps": sale.wanted_mbps, "reference_numbers": chosen, "review_note": sale.review_note}

    def clean_other_reference(self) -> str:
        """Digits, as numbers are looked up."""
        return "".join(character for character in self.cleaned_data["other_reference"] if character.isalnum())


def review_context(work: Work) -> dict[str, Any]:
    """The lines that can serve as reference, with what they measure, and the verdicts of step 5."""
    sale: Sale = work.record
    return {"lines": capacity.judged(capacity.survey(sale).lines), "verdicts": capacity.kept_verdicts(sale)}


def review_opened(work: Work) -> None:
    """A new request has no answer yet: the gateway after 6 would else take the old one (R-A8)."""
    capacity.forget(work.record)


def complete_review(work: Work, data: dict[str, Any]) -> None:
    """Keep the request; by policy the line records answer it here and now."""
    sale: Sale = work.record
    numbers = list(dict.fromkeys([*data["reference_numbers"], *filter(None, [data["other_reference"]])]))
    sale.wanted_mbps, sale.reference_numbers, sale.review_note = data["wanted_mbps"], numbers, data["review_note"]
    sale.save(update_fields=["wanted_mbps", "reference_numbers", "review_note"])
    work.note(wanted_mbps=sale.wanted_mbps, references=len(numbers))
    if policies.get("sales.automatic_capacity_answer"):
        capacity.answer_from_records(work)


STEPS = (
    Step(
        handler="sales.check_coverage",
        form=CoverageForm,
        complete=complete_coverage,
        template="sales/steps/check_coverage.html",
        context=coverage_context,
        opened=coverage_opened,
    ),
    Step(
        handler="sales.request_speed_review",
        form=ReviewRequestForm,
        complete=complete_review,
        template="sales/steps/request_speed_review.html",
        context=review_context,
        opened=review_opened,
    ),
)
