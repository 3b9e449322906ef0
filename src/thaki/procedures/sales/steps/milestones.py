"""GVD step 24: the four states of the sale in the FreeLancer's chronology, confirmed by the executive (R-A6).

Answer: `confirmed` (yes). The stamps are set when each state is reached; here they are shown in order and confirmed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.cases.registry import Step, StepRefused, Work
from thaki.procedures.sales.forms import StepForm
from thaki.procedures.sales.models import Sale

LABELS = {
    "visited": _("Visitado"),
    "informed": _("Informado"),
    "presale": _("Pre Venta"),
    "sold": _("Venta"),
}
MEANINGS = {
    "visited": _("Primer contacto con el cliente"),
    "informed": _("Se le presentó la Oferta Comercial"),
    "presale": _("Aceptó y sus requisitos están completos"),
    "sold": _("La orden está en Smartflex"),
}


class Milestone(NamedTuple):
    """A state of the sale as the screen shows it."""

    label: Any
    meaning: Any
    at: datetime | None


class MilestonesForm(StepForm):
    """The executive confirms what the case stamped."""

    confirmed = forms.BooleanField(
        label=_("Confirmo los estados de la venta"),
        help_text=_("Cada estado lleva la fecha y hora en que se alcanzó; quedan como están."),
        error_messages={"required": _("Marque la casilla para confirmar los estados.")},
    )

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """The stamps are there to be read, and completing the step confirms them."""
        return {"confirmed": True}


def milestones(sale: Sale) -> list[Milestone]:
    """The four states in their order."""
    return [Milestone(LABELS[name], MEANINGS[name], getattr(sale, f"{name}_at")) for name in LABELS]


def complete(work: Work, data: dict[str, Any]) -> None:
    """Confirm the states; all four must have been reached, because the order is in."""
    sale: Sale = work.record
    missing = [str(milestone.label) for milestone in milestones(sale) if milestone.at is None]
    if missing:
        raise StepRefused({"": str(_("Falta alcanzar: %(states)s.")) % {"states": ", ".join(missing)}})
    sale.milestones_confirmed_at = work.now
    sale.save(update_fields=["milestones_confirmed_at"])


def context(work: Work) -> dict[str, Any]:
    """The states with their stamps."""
    return {"milestones": milestones(work.record)}


STEPS = (
    Step(
        handler="sales.record_milestones",
        form=MilestonesForm,
        complete=complete,
        template="sales/steps/record_milestones.html",
        context=context,
    ),
)
