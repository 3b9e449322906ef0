"""What the Responsable authorises: an exception (R-B1), an amount (R-B13). One tap, with the case in view.

Answer of both: `decision` (granted, refused) and `note`, which a refusal needs.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.cases.forms import text_area
from thaki.cases.registry import Step, Work
from thaki.procedures.retention.forms import StepForm
from thaki.procedures.retention.models import Authorisation, Exceptional, Request, Retention
from thaki.procedures.retention.screens import amount_context, antecedents_context


class DecisionForm(StepForm):
    """Yes or no, and why."""

    decision = forms.ChoiceField(
        label=_("Decisión"),
        choices=[("granted", _("Autorizar")), ("refused", _("No autorizar"))],
        error_messages={"required": _("Autorice o rechace con su botón.")},
    )
    note = forms.CharField(
        label=_("Motivo"),
        required=False,
        max_length=300,
        widget=text_area(),
        help_text=_("Hace falta para no autorizar."),
    )

    def clean(self) -> dict[str, Any]:
        """A refusal says why."""
        super().clean()
        if self.cleaned_data.get("decision") == "refused":
            self.require("note", _("Escriba por qué no se autoriza: el Asesor lo lee."))
        return self.cleaned_data


def complete_exception(work: Work, data: dict[str, Any]) -> None:
    """Keep what was decided, with the Responsable's reason or else the adviser's; refused, the customer is asked again."""
    retention: Retention = work.record
    retention.exception = Exceptional(data["decision"])
    retention.exception_by, retention.exception_at = work.by, work.now
    retention.exception_reason = data["note"] or retention.exception_reason
    retention.request = Request.EXCEPTION if retention.exception == Exceptional.GRANTED else Request.UNKNOWN
    retention.save(update_fields=["exception", "exception_by", "exception_at", "exception_reason", "request"])
    work.note(exception=retention.exception)


def complete_amount(work: Work, data: dict[str, Any]) -> None:
    """Keep what was decided; a refused amount goes back to the negotiation with the reason."""
    retention: Retention = work.record
    retention.authorisation = Authorisation(data["decision"])
    retention.authorised_by, retention.authorised_at = work.by, work.now
    retention.authorisation_note = data["note"]
    retention.save(update_fields=["authorisation", "authorised_by", "authorised_at", "authorisation_note"])
    work.note(authorisation=retention.authorisation, amount_bob=str(retention.amount_bob))


STEPS = (
    Step(
        handler="retention.authorise_exception",
        form=DecisionForm,
        complete=complete_exception,
        template="retention/steps/authorise_exception.html",
        context=antecedents_context,
        decides=True,
    ),
    Step(
        handler="retention.authorise_amount",
        form=DecisionForm,
        complete=complete_amount,
        template="retention/steps/authorise_amount.html",
        context=amount_context,
        decides=True,
    ),
)
