"""What the customer himself does on his link: answer the Carta Comercial (step 8), set the pin of
his house (9) and accept the contract (23).

His word stands as his own: the executive finds it in the step's form and goes on from there. Nobody of the staff may do
these in his name, so they are available only where nobody has signed in.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thaki.cases.registry import Action, StepRefused, Work
from thaki.procedures.sales import letter
from thaki.procedures.sales.choices import RefusalReason
from thaki.procedures.sales.contact import open_step, sign_of_life
from thaki.procedures.sales.forms import StepForm, choice_field
from thaki.procedures.sales.models import Requirement, Sale
from thaki.records.network.rules import check_place
from thaki.records.offers import operations as offers
from thaki.records.orders import operations as orders
from thaki.records.orders.models import ServiceContract
from thaki.records.reasons import RuleError

NOBODY: frozenset[str] = frozenset()


class LetterAnswerForm(StepForm):
    """Takes one of the letter's plans, or none and says why."""

    answer = forms.ChoiceField(choices=[("accept", _("Acepto")), ("refuse", _("No acepto"))])
    plan = forms.IntegerField(required=False)  # the plan's id
    refusal_reason = choice_field(_("Motivo"), RefusalReason.choices, required=False)

    def clean(self) -> dict[str, Any]:
        """Each answer with what it needs."""
        super().clean()
        if self.cleaned_data.get("answer") == "accept":
            self.require("plan", _("Elija el plan que acepta."))
        else:
            self.require("refusal_reason", _("Cuéntenos por qué no le conviene."))
        return self.cleaned_data


def answer_letter(work: Work, data: dict[str, Any]) -> str:
    """Note the answer on the letter; the step stays with the executive, who confirms it."""
    sale: Sale = work.record
    if sale.letter is None:
        raise StepRefused({"": _t("Todavía no hay una Carta Comercial que responder.")})
    try:
        if data["answer"] == "accept":
            offers.accept_letter(sale.letter.pk, plan_id=data["plan"], by=None, now=work.now)
        else:
            offers.refuse_letter(sale.letter.pk, reason=data["refusal_reason"], by=None, now=work.now)
    except RuleError as refused:
        raise StepRefused({"": str(refused)}) from refused
    sign_of_life(work.case, now=work.now)
    work.note(letter=sale.letter.number, answer=data["answer"])
    return ""


class PinForm(StepForm):
    """Where he wants the service, set on the map."""

    lat = forms.FloatField(error_messages={"required": _("Toque el mapa para poner el pin sobre su casa.")})
    lon = forms.FloatField(required=False)

    def clean(self) -> dict[str, Any]:
        """A place within the country."""
        super().clean()
        data = self.cleaned_data
        if data.get("lat") is not None:
            self.checked("lat", check_place, data["lat"], data.get("lon") or 0.0)
        return data


def pin_location(work: Work, data: dict[str, Any]) -> str:
    """Keep the pin with the paper "ubicación": the executive sees it at 9, and another place than before goes back to 5."""
    paper, _is_new = Requirement.objects.get_or_create(sale=work.record, kind=Requirement.Kind.LOCATION)
    paper.lat, paper.lon = data["lat"], data["lon"]
    paper.state, paper.channel, paper.received_at = Requirement.State.RECEIVED, "link", work.now
    paper.reason, paper.decided_at, paper.decided_by = "", None, None
    paper.save()
    sign_of_life(work.case, now=work.now)
    work.note(pinned=True)
    return ""


class ContractAnswerForm(StepForm):
    """The customer's name stands for his signature."""

    signed_by_name = forms.CharField(label=_("Su nombre completo"), max_length=160)
    agrees = forms.BooleanField(
        label=_("Leí la Solicitud Contrato de Servicios y la acepto"),
        error_messages={"required": _("Marque la casilla si la acepta.")},
    )


def accept_contract(work: Work, data: dict[str, Any]) -> str:
    """Sign the contract by the link (R-A14)."""
    sale: Sale = work.record
    if sale.contract is None:
        raise StepRefused({"": _t("El contrato todavía no está listo.")})
    try:
        orders.sign_contract(
            sale.contract.pk,
            how=ServiceContract.Acceptance.LINK,
            name=data["signed_by_name"],
            by=None,
            now=work.now,
        )
    except RuleError as refused:
        raise StepRefused({"": str(refused)}) from refused
    work.note(contract=sale.contract.number, accepted="link")
    return ""


def _waits_for_answer(work: Work) -> bool:
    issued = work.record.letter
    at_eight = work.by is None and open_step(work.case, (8,)) is not None
    return at_eight and issued is not None and letter.holds(issued, timezone.localdate(work.now))


def _waits_for_place(work: Work) -> bool:
    if work.by is not None or open_step(work.case, (9,)) is None:
        return False
    accepted = Requirement.State.ACCEPTED
    return not work.record.papers.filter(kind=Requirement.Kind.LOCATION, state=accepted).exists()


def _waits_for_signature(work: Work) -> bool:
    contract = work.record.contract
    at_contract = work.by is None and open_step(work.case, (23,)) is not None
    return at_contract and contract is not None and contract.signed_at is None


ACTIONS = (
    Action(
        code="sales.customer_answers",
        label=_("Responder la Carta Comercial"),
        form=LetterAnswerForm,
        perform=answer_letter,
        template="",
        roles=NOBODY,
        available=_waits_for_answer,
    ),
    Action(
        code="sales.customer_pins",
        label=_("Marcar su casa en el mapa"),
        form=PinForm,
        perform=pin_location,
        template="",
        roles=NOBODY,
        available=_waits_for_place,
    ),
    Action(
        code="sales.customer_signs",
        label=_("Aceptar el contrato"),
        form=ContractAnswerForm,
        perform=accept_contract,
        template="",
        roles=NOBODY,
        available=_waits_for_signature,
    ),
)
