"""RET step 12: a compensation is offered. Refused, 14 may follow, or the baja (R-B4).

Answer: `answer` (accepted, refused), `days`; of a refusal `refusal_reason`, `refusal_note` and `next_offer` (courtesy, none: he
leaves, with what a baja asks).
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.cases.forms import choice_field, text_area
from thaki.cases.registry import Step, Work
from thaki.procedures.retention import amounts, shelf
from thaki.procedures.retention.forms import LeavingFields, keep_leaving
from thaki.procedures.retention.models import Authorisation, NextOffer, Offered, OfferKind, Retention, Stage
from thaki.procedures.retention.screens import offers_context
from thaki.procedures.retention.steps.negotiate import check_days, check_offer, refuse

REFUSED = "refused"


class AnswerForm(LeavingFields):
    """Accepted or not; not accepted: what now."""

    other: NextOffer = NextOffer.COURTESY  # what may be tried next
    what = "compensation"  # as it is kept among what he refused

    answer = choice_field(
        _("Respuesta del cliente"), [("accepted", _("Acepta")), (REFUSED, _("No acepta"))], radio=True
    )
    refusal_reason = choice_field(_("Por qué no acepta"), (), required=False)
    refusal_note = forms.CharField(label=_("Nota"), required=False, max_length=300, widget=text_area())
    next_offer = choice_field(_("Qué sigue"), (), radio=True, required=False)

    def __init__(self, data: Any = None, files: Any = None, *, work: Work, **kwargs: Any) -> None:
        super().__init__(data, files, work=work, **kwargs)
        self.choose("refusal_reason", [("", "—"), *shelf.reason_choices(self.retention, "of_refusal")])
        self.choose("next_offer", self._next_choices())

    def _next_choices(self) -> list[tuple[Any, Any]]:
        words = {
            NextOffer.COURTESY: _("Ofrecer una cortesía (paso 14)"),
            NextOffer.COMPENSATION: _("Ofrecer una compensación (paso 12)"),
        }
        untried = [] if self.other in self.retention.refused else [(self.other, words[self.other])]
        return [*untried, (NextOffer.NONE, _("Se va: baja"))]

    def clean(self) -> dict[str, Any]:
        """A refusal says why, and what follows."""
        super().clean()
        if self.cleaned_data.get("answer") == REFUSED:
            self.require("refusal_reason", _("Elija por qué no acepta."))
            self.require("next_offer", _("Elija qué sigue."))
            if self.cleaned_data.get("next_offer") == NextOffer.NONE:
                self.check_leaving()
        return self.cleaned_data

    def keep_refusal(self, data: dict[str, Any]) -> None:
        """Keep a refusal and what follows."""
        keep_refusal(self.work, self.what, data)


def keep_refusal(work: Work, what: str, data: dict[str, Any]) -> None:
    """Keep a refusal of 12 or 14: what is tried next, or the baja."""
    retention: Retention = work.record
    refuse(retention, what, data)
    retention.next_offer = NextOffer(data["next_offer"])
    names: tuple[str, ...] = ("offer", "refused", "refusal_reason", "refusal_note", "next_offer")
    if retention.next_offer == NextOffer.NONE:
        retention.left_at_step = "12" if what == "compensation" else "14"
        names += ("left_at_step", *keep_leaving(retention, data))
    retention.save(update_fields=names)
    work.note(offer="none", refusal=retention.refusal_reason, next_offer=retention.next_offer)


class CompensationForm(AnswerForm):
    """The days, and what the customer says."""

    days = forms.IntegerField(
        label=_("Días afectados"),
        required=False,
        min_value=1,
        help_text=_("Tarifa mensual ÷ 30 × días, como máximo un mes."),
    )

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """The days since the first claim, or those agreed before."""
        found = amounts.of(work.record, now=work.now)
        return {"days": work.record.days_affected or (found.days if found else None)}

    def clean(self) -> dict[str, Any]:
        """An acceptance has its days."""
        super().clean()
        if self.cleaned_data.get("answer") == "accepted":
            check_days(self)
        return self.cleaned_data


def opened(work: Work) -> None:
    """He is asked (again)."""
    retention: Retention = work.record
    retention.offer, retention.stage, retention.next_offer = Offered.UNKNOWN, Stage.PETITION, NextOffer.NONE
    if retention.authorisation != Authorisation.REFUSED:
        retention.authorisation, retention.authorisation_note = Authorisation.NOT_NEEDED, ""
    retention.save(update_fields=["offer", "stage", "next_offer", "authorisation", "authorisation_note"])


def complete(work: Work, data: dict[str, Any]) -> None:
    """Keep the answer; what was accepted fixes the month and the amount."""
    retention: Retention = work.record
    if data["answer"] == REFUSED:
        keep_refusal(work, "compensation", data)
        return
    check_offer(work, OfferKind.COMPENSATION)
    fields = amounts.agree(retention, Offered.COMPENSATION, days=data["days"], stage=Stage.PETITION, now=work.now)
    retention.save(update_fields=fields)
    work.note(offer=retention.offer, amount_bob=str(retention.amount_bob), authorisation=retention.authorisation)


STEPS = (
    Step(
        handler="retention.offer_compensation",
        form=CompensationForm,
        complete=complete,
        template="retention/steps/compensation.html",
        context=lambda work: offers_context(work, OfferKind.COMPENSATION),
        opened=opened,
    ),
)
