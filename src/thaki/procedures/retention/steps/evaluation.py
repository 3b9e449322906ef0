"""Step_15, a procedure of its own on a monthly timer: Gerencia Comercial evaluates the month and writes its conclusion (R-B5).

The answer is `{"conclusion": "…", "close": "on"}`. From then on its figures are frozen, and its PDF is what was made that day.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.cases.operations import attach_within
from thaki.cases.registry import Step, Work
from thaki.people import house
from thaki.procedures.retention import evaluation_figures, evaluation_pdf
from thaki.procedures.retention.evaluation_models import Evaluation
from thaki.procedures.retention.models import Retention
from thaki.records.documents import operations as documents
from thaki.reporting.months import bounds, month_name, month_of, previous

PDF = "application/pdf"
KIND = "evaluacion"


class EvaluationForm(forms.Form):
    """What is concluded."""

    conclusion = forms.CharField(
        label=_("Conclusión"),
        widget=forms.Textarea(attrs={"rows": 6}),
        min_length=20,
        help_text=_("Qué funcionó, qué no, y qué se retroalimenta o reformula."),
        error_messages={"min_length": _("Escriba una conclusión de al menos una frase.")},
    )
    close = forms.BooleanField(
        label=_("Cerrar la evaluación"),
        help_text=_("Una vez cerrada queda congelada: los números ya no cambian."),
        error_messages={"required": _("Marque la casilla para cerrar la evaluación.")},
    )

    def __init__(self, data: Any = None, files: Any = None, *, work: Work, **kwargs: Any) -> None:
        super().__init__(data, files, initial={"conclusion": work.record.conclusion}, **kwargs)


def start(work: Work, payload: dict[str, Any]) -> Evaluation:
    """The evaluation of `{"month": "2026-10-01"}`, by default of the month before the one that begins."""
    named = payload.get("month")
    month_on = date.fromisoformat(named) if named else previous(month_of(work.now))
    return Evaluation.objects.create(case=work.case, month_on=month_on)


def context(work: Work) -> dict[str, Any]:
    """The figures, as frozen or as they are now."""
    evaluation: Evaluation = work.record
    data = evaluation.data or evaluation_figures.compile_month(evaluation.month_on, now=work.now)
    return {
        "evaluation": evaluation,
        "data": data,
        "month": month_name(evaluation.month_on),
        "changes": list(evaluation.changes.select_related("by").order_by("at")),
    }


def complete(work: Work, data: dict[str, Any]) -> None:
    """Freeze the figures, make the paper, and mark the cases that it counted."""
    evaluation: Evaluation = work.record
    figures = evaluation_figures.compile_month(evaluation.month_on, now=work.now)
    evaluation.data = {**figures, "house": house.words(), "changes": evaluation_pdf.changes_of(evaluation)}
    evaluation.conclusion = data["conclusion"]
    evaluation.concluded_at, evaluation.concluded_by = work.now, work.by
    content = evaluation_pdf.render(evaluation)
    name = f"evaluacion-retencion-{evaluation.month_on:%Y-%m}.pdf"
    evaluation.pdf = documents.keep(content, media_type=PDF, name=name, kind=KIND, by=work.by, now=work.now)
    attach_within(work, evaluation.pdf, KIND)
    evaluation.save()
    since, until = bounds(evaluation.month_on)
    ended = Retention.objects.filter(ended_at__gte=since, ended_at__lt=until, evaluated_in=None)
    counted = ended.update(evaluated_in=evaluation.month_on)
    work.note(month=evaluation.month_on.isoformat(), cases=counted, sha256=evaluation.pdf.sha256)


STEP = Step("retention.evaluate", EvaluationForm, complete, "retention/steps/evaluate.html", context)
