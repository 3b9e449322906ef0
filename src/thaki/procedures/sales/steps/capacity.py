"""GVD step 7: Help Desk's diagnosis of capacity and speed parameters; the answer goes out by e-mail.

Answer: `capacity` (yes, no); for yes `technology` (FO, HFC, ADSL, WIRELESS) and `max_mbps`, the most that the line supports;
for no `reason` (no_coverage, out_of_reach, no_ports, line_parameters, saturated, other); `note`. Less speed than asked is a
yes (R-A8).
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.cases.registry import Step, Work
from thaki.procedures.sales import capacity, places
from thaki.procedures.sales.choices import CapacityReason
from thaki.procedures.sales.forms import MAX_MBPS, StepForm, choice_field, text_area
from thaki.procedures.sales.models import Capacity, Sale
from thaki.records.network.rules import ACCESS_TECHNOLOGIES
from thaki.records.offers.models import Technology

TECHNOLOGIES = [(code, Technology(code).label) for code in ACCESS_TECHNOLOGIES]


class CapacityForm(StepForm):
    """Yes with the most that the line supports, or no with the reason."""

    capacity = choice_field(
        _("¿Hay capacidad técnica y parámetros?"),
        [(Capacity.YES, _("Sí hay")), (Capacity.NO, _("No hay"))],
        radio=True,
        help_text=_("Si soporta menos de lo pedido, es un sí con esa velocidad máxima."),
    )
    technology = choice_field(
        _("Tecnología"), TECHNOLOGIES, required=False, help_text=_("Con la que se atenderá el lugar.")
    )
    max_mbps = forms.IntegerField(
        label=_("Velocidad máxima (Mbps)"),
        required=False,
        min_value=1,
        max_value=MAX_MBPS,
        help_text=_("El Ejecutivo ofrecerá solo planes hasta esa velocidad."),
    )
    reason = choice_field(
        _("Motivo"), CapacityReason.choices, required=False, help_text=_("Con él se decide en el paso 19 si se retoma.")
    )
    note = forms.CharField(
        label=_("Diagnóstico"),
        required=False,
        max_length=300,
        widget=text_area(3),
        help_text=_("Va en el correo al Ejecutivo."),
    )

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """What the records propose, so that one look and one key may be enough."""
        found = capacity.survey(work.record).proposal
        if found is None:
            return {}
        return {"technology": found.technology, "max_mbps": found.max_mbps, "reason": found.reason}

    def clean(self) -> dict[str, Any]:
        """A yes names technology and speed, a no its reason."""
        super().clean()
        data = self.cleaned_data
        if data.get("capacity") == Capacity.YES:
            self.require("technology", _("Indique con qué tecnología se atenderá."))
            self.require("max_mbps", _("Indique la velocidad máxima que soporta."))
            data["reason"] = ""
        elif data.get("capacity") == Capacity.NO:
            self.require("reason", _("Indique el motivo."))
            data["technology"], data["max_mbps"] = "", None
        return data


def context(work: Work) -> dict[str, Any]:
    """The reference lines and the nearest neighbours with their parameters, and the verdicts."""
    sale: Sale = work.record
    reference_lines, unknown = capacity.references(sale)
    chosen = {judged.line.number for judged in reference_lines}
    survey = capacity.survey(sale)
    neighbours = [line for line in survey.lines if line.number not in chosen]
    return {
        "reference_lines": reference_lines,
        "unknown_references": unknown,
        "neighbours": capacity.judged(neighbours),
        "layers": places.layers_url(sale),
        "verdicts": survey.verdicts,
        "proposal": survey.proposal,
    }


def opened(work: Work) -> None:
    """Asked again (taken up at 19), the old answer does not stand."""
    capacity.forget(work.record)


def complete(work: Work, data: dict[str, Any]) -> None:
    """Keep the answer and send it."""
    capacity.give_answer(
        work,
        capacity.Answer(data["capacity"], data["technology"], data["max_mbps"], data["reason"], data["note"]),
    )


STEPS = (
    Step(
        handler="sales.review_capacity",
        form=CapacityForm,
        complete=complete,
        template="sales/steps/review_capacity.html",
        context=context,
        opened=opened,
    ),
)
