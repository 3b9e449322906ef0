"""RET step 14: a promotion or OTT without cost, of those that this customer may have. Refused, 12 may follow (R-B4).

Answer: `answer` (accepted, refused) and `courtesy`, the code of the offer; of a refusal as step 12.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from thaki.cases.forms import choice_field
from thaki.cases.registry import Step, StepRefused, Work
from thaki.procedures.retention import antecedents, rules, shelf
from thaki.procedures.retention.models import NextOffer, Offered, OfferKind, Retention, RetentionOffer, Stage
from thaki.procedures.retention.screens import offers_context
from thaki.procedures.retention.steps.compensation import REFUSED, AnswerForm, keep_refusal
from thaki.records.courtesies import operations as courtesies
from thaki.records.reasons import RuleError


class CourtesyForm(AnswerForm):
    """Which one, and what the customer says."""

    other = NextOffer.COMPENSATION
    what = "courtesy"

    courtesy = choice_field(_("Cortesía"), (), required=False)

    def __init__(self, data: Any = None, files: Any = None, *, work: Work, **kwargs: Any) -> None:
        super().__init__(data, files, work=work, **kwargs)
        rows = [one for one in shelf.on_offer(self.retention, OfferKind.COURTESY) if one.active]
        self.choose("courtesy", [("", "—"), *((one.code, one.name) for one in rows)])

    def clean(self) -> dict[str, Any]:
        """An acceptance names the courtesy."""
        super().clean()
        if self.cleaned_data.get("answer") == "accepted":
            self.require("courtesy", _("Elija la cortesía."))
        return self.cleaned_data


def opened(work: Work) -> None:
    """He is asked (again)."""
    retention: Retention = work.record
    retention.offer, retention.stage, retention.next_offer = Offered.UNKNOWN, Stage.PETITION, NextOffer.NONE
    retention.save(update_fields=["offer", "stage", "next_offer"])


def complete(work: Work, data: dict[str, Any]) -> None:
    """Let the courtesy run on the service that carries it, from today to its date."""
    retention: Retention = work.record
    if data["answer"] == REFUSED:
        keep_refusal(work, "courtesy", data)
        return
    offer = RetentionOffer.objects.get(code=data["courtesy"])
    found = antecedents.of_case(retention, now=work.now)
    at = shelf.situation(retention, found, timezone.localdate(work.now).replace(day=1))
    terms = shelf.terms_of(offer)
    why, carrier = rules.refusal(terms, at), rules.service_for(terms, at.services, at.affected)
    service = found.service(carrier.pk) if carrier else None
    if why is not None or service is None:
        raise StepRefused({"courtesy": str(why or _("El cliente no tiene el servicio que necesita."))})
    try:
        retention.courtesy = courtesies.give(
            customer=retention.customer,
            subscription=service,
            kind=offer.code,
            name=offer.name,
            days=offer.days,
            cost_bob=offer.cost_bob,
            case_ref=work.case.number,
            by=work.by,
            now=work.now,
        )
    except RuleError as refused:
        raise StepRefused({"courtesy": str(refused)}) from refused
    retention.offer = Offered.COURTESY
    retention.save(update_fields=["courtesy", "offer"])
    work.note(offer="courtesy", courtesy=offer.code)


STEPS = (
    Step(
        handler="retention.courtesy",
        form=CourtesyForm,
        complete=complete,
        template="retention/steps/courtesy.html",
        context=lambda work: offers_context(work, OfferKind.COURTESY),
        opened=opened,
    ),
)
