"""Step_9 and Step_10: the controls after the visit, from the system's report; and who decides once the orders are spent.

Answers. 9: `result` good, bad or not_reached (the last of the attempts that the policy allows, R-B12), `note`. 10: `result` good
or bad, `note`; a customer whom 9 did not reach is decided by the report alone. Propose_Recurrence: `proposal`. Decide_Recurrence:
`decision` order, offer or close, `note` (R-B3). The action `retention.no_answer` notes a call that nobody answered.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thaki.cases.forms import StepForm, choice_field, text_area
from thaki.cases.models import Task
from thaki.cases.registry import Action, Receiver, Step, StepRefused, Work
from thaki.people import policies
from thaki.people.roles import Role
from thaki.procedures.retention import quality_report, relapse
from thaki.procedures.retention.models import Decision, Quality, Recurrence, Retention
from thaki.procedures.retention.quality_models import QualityAttempt, Relapse

CALL, CONTROL = "Step_9", "Step_10"
CALL_RESULTS = (
    (Quality.GOOD.value, _("Todo funciona")),
    (Quality.BAD.value, _("La falla sigue")),
    (Quality.NOT_REACHED.value, _("No se lo ubicó")),
)
CONTROL_RESULTS = ((Recurrence.GOOD.value, _("El daño no volvió")), (Recurrence.BAD.value, _("El daño volvió")))
DECISIONS = (
    (Decision.ORDER.value, _("Otra orden de trabajo, sin cobro")),
    (Decision.OFFER.value, _("Otra oferta (paso 11)")),
    (Decision.CLOSE.value, _("Cerrar el caso con reincidencia")),
)


def attempts_allowed() -> int:
    """How many calls are tried (R-B12)."""
    return policies.get_int("retention.quality_attempts")


def _current_attempts(work: Work) -> int:
    """How many calls nobody answered about the current order, within the days that the policy counts."""
    since = work.now - timedelta(days=policies.get_int("retention.quality_attempt_days"))
    retention: Retention = work.record
    return QualityAttempt.objects.filter(
        retention=retention, order=retention.work_order_id, step="9", at__gte=since
    ).count()


# ---------------------------------------------------------------- 9
class CallForm(StepForm):
    """What the customer said."""

    result = choice_field(_("Resultado de la llamada"), CALL_RESULTS, radio=True)
    note = forms.CharField(label=_("Nota"), max_length=300, required=False, widget=text_area())

    def clean(self) -> dict[str, Any]:
        """Nobody is given up before the calls that the policy asks for; a fault that is there is told in words."""
        super().clean()
        data = self.cleaned_data
        if data.get("result") == Quality.NOT_REACHED:
            missing = attempts_allowed() - 1 - _current_attempts(self.work)  # this call is one of them
            if missing > 0:
                text = _t("Faltan %(n)d intentos más antes de darlo por no ubicado.")
                self.add_error("result", text % {"n": missing})
        return data


def complete_call(work: Work, data: dict[str, Any]) -> None:
    """Good and not reached wait for 10; bad goes back to 5 (R-B3)."""
    retention: Retention = work.record
    if data["result"] == Quality.NOT_REACHED:
        _note_attempt(work, data.get("note", ""))
    elif data["result"] == Quality.BAD:
        relapse.note_relapse(work, found_by=Relapse.Found.QUALITY, note=data["note"])
    retention.quality = data["result"]
    retention.save()
    work.note(quality=data["result"])


def _note_attempt(work: Work, note: str) -> None:
    retention: Retention = work.record
    if retention.work_order is None:
        raise StepRefused({"": _t("El caso no tiene orden de trabajo.")})
    QualityAttempt.objects.create(
        retention=retention, order=retention.work_order, step="9", at=work.now, by=work.by, note=note[:200]
    )
    retention.quality_attempts += 1


class NoAnswerForm(StepForm):
    """A call that nobody answered."""

    note = forms.CharField(label=_("Nota"), max_length=200, required=False, help_text=_("A qué número se llamó."))


def no_answer(work: Work, data: dict[str, Any]) -> str:
    """Note the call; the last one that the policy allows is the step's own answer."""
    if attempts_allowed() - 1 <= _current_attempts(work):
        raise StepRefused({"": _t("Es el último intento: complete el paso 9 como «No se lo ubicó».")})
    _note_attempt(work, data.get("note", ""))
    work.record.save()
    work.note(attempt=work.record.quality_attempts)
    return ""


def awaits_call(work: Work) -> bool:
    """While step 9 is open."""
    return Task.objects.filter(case=work.case, node=CALL, state=Task.State.OPEN).exists()


# ---------------------------------------------------------------- 10
class ControlForm(StepForm):
    """What the report, or the customer, says after 30 days."""

    kept = ("result",)

    result = choice_field(_("Control de daños reiterados"), CONTROL_RESULTS, radio=True)
    note = forms.CharField(label=_("Nota"), max_length=300, required=False, widget=text_area())

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """What the report says where nobody can be asked; a claim since then says it as well."""
        said = quality_report.said(work)
        if said or work.record.quality == Quality.NOT_REACHED:
            return {"result": Recurrence.BAD.value if said else Recurrence.GOOD.value}
        return {}

    def clean(self) -> dict[str, Any]:
        """A customer whom 9 did not reach is decided by the report alone (R-B12)."""
        super().clean()
        by_report = self.known(self.work).get("result") if self.work.record.quality == Quality.NOT_REACHED else None
        if by_report and self.cleaned_data.get("result") not in (None, by_report):
            self.add_error("result", _t("En el paso 9 no se lo ubicó: aquí decide solo el reporte del sistema."))
        return self.cleaned_data


def complete_control(work: Work, data: dict[str, Any]) -> None:
    """Only a good control makes it a kept retention (R-B3)."""
    retention: Retention = work.record
    retention.recurrence = data["result"]
    if data["result"] == Recurrence.GOOD:
        retention.kept_at = work.now
    else:
        relapse.note_relapse(work, found_by=Relapse.Found.CONTROL, note=data["note"])
    retention.save()
    work.note(recurrence=data["result"])


# ---------------------------------------------------------------- once the orders are spent
class ProposalForm(StepForm):
    """What the supervisor thinks should be done."""

    proposal = forms.CharField(
        label=_("Propuesta"),
        max_length=600,
        widget=text_area(4),
        help_text=_("Qué se encontró en las visitas y qué conviene hacer. La lee Gerencia Comercial."),
    )


def complete_proposal(work: Work, data: dict[str, Any]) -> None:
    """It goes to Gerencia Comercial."""
    work.record.proposal = data["proposal"]
    work.record.save()


class DecisionForm(StepForm):
    """What is done."""

    decision = choice_field(_("Decisión"), DECISIONS, radio=True)
    note = forms.CharField(label=_("Por qué"), max_length=600, widget=text_area(3))


def complete_decision(work: Work, data: dict[str, Any]) -> None:
    """Another order, another offer, or the end."""
    work.record.decision, work.record.decision_note = data["decision"], data["note"]
    work.record.save()
    work.note(decision=data["decision"])


def decision_context(work: Work) -> dict[str, Any]:
    """The orders so far and what each was followed by."""
    relapses = Relapse.objects.filter(retention=work.record).select_related("order", "technician", "claim")
    return {"relapses": list(relapses.order_by("found_at")), "further": work.record.further_orders}


STEPS = (
    Step(
        "retention.quality_call",
        CallForm,
        complete_call,
        "retention/steps/quality_call.html",
        quality_report.call_context,
    ),
    Step(
        "retention.recurrence_control",
        ControlForm,
        complete_control,
        "retention/steps/recurrence_control.html",
        quality_report.control_context,
    ),
    Step(
        "retention.propose_recurrence",
        ProposalForm,
        complete_proposal,
        "retention/steps/propose_recurrence.html",
        decision_context,
    ),
    Step(
        "retention.decide_recurrence",
        DecisionForm,
        complete_decision,
        "retention/steps/decide_recurrence.html",
        decision_context,
    ),
)
ACTIONS = (
    Action(
        code="retention.no_answer",
        label=_("Control de calidad: no contesta"),
        form=NoAnswerForm,
        perform=no_answer,
        template="retention/actions/no_answer.html",
        roles=frozenset({Role.SEGUIMIENTO_INCIDENTES}),
        available=awaits_call,
    ),
)
RECEIVERS = (Receiver(relapse.MESSAGE, relapse.new_claim),)
