"""GVD step 8: the Oferta Comercial is negotiated with its Carta Comercial, and accepted or refused.

Answer: `offer` (accepted, refused); accepted: `plan` (code of a plan of the letter in force); refused: `refusal_reason`
(price, installation_cost, speed, technology, competitor, no_longer_needed, later, other) and `refusal_note`. Where no letter
was issued before, completing the step issues one for `plans` (codes; the chosen plan alone when left out): there is no
acceptance without it.

The letter is issued and sent beforehand by the action `sales.present_offer`: `plans`, `send_by` (email, whatsapp, link,
read), `note`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from thaki.cases.registry import Action, Step, StepRefused, Work
from thaki.channels.website import links
from thaki.channels.website.models import CustomerLink
from thaki.procedures.sales import contact, letter
from thaki.procedures.sales.choices import RefusalReason, SendBy
from thaki.procedures.sales.forms import StepForm, choice_field, text_area
from thaki.procedures.sales.models import Offer, Sale
from thaki.procedures.sales.operations import stamp, to_unserved
from thaki.procedures.sales.reasons import UnservedReason
from thaki.records.customers.queries import main_phone
from thaki.records.offers import operations as offer_operations
from thaki.records.offers.models import CommercialLetter, Plan
from thaki.records.offers.rules import check_letter_holds
from thaki.records.reasons import RuleError

PROPOSED = 3  # plans ticked for the letter to begin with
State = CommercialLetter.State


class _PlansForm(StepForm):
    """A form that knows the plans which the address can have."""

    def __init__(self, data: Any = None, files: Any = None, *, work: Work, **kwargs: Any) -> None:
        self.today = timezone.localdate(work.now)
        self.sellable = {plan.code: plan for plan in letter.sellable_plans(work.record, self.today)}
        super().__init__(data, files, work=work, **kwargs)

    def offer_choices(self, name: str, codes: Sequence[str]) -> None:
        """Let a field take these plans."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, self.sellable[code].name if code in self.sellable else code) for code in codes]

    def plans_of(self, codes: Sequence[str]) -> list[Plan]:
        """The plans of these codes."""
        return [self.sellable[code] for code in codes]


# ---------------------------------------------------------------- the answer
class OfferForm(_PlansForm):
    """Accepted, with the plan, or refused, with the reason."""

    kept = ("offer", "plan")

    offer = choice_field(
        _("Respuesta del cliente"),
        [(Offer.ACCEPTED, _("Acepta")), (Offer.REFUSED, _("No acepta"))],
        radio=True,
        help_text=_("Si acepta, siguen los requisitos; si no, pasa al reporte de solicitudes no atendidas."),
    )
    plan = choice_field(
        _("Plan que acepta"), [], required=False, help_text=_("Al precio de la Carta Comercial vigente.")
    )
    plans = forms.MultipleChoiceField(
        label=_("Planes de la carta"),
        required=False,
        widget=forms.MultipleHiddenInput,
        help_text=_("Solo si aún no se emitió la carta."),
    )
    refusal_reason = choice_field(
        _("Motivo"), RefusalReason.choices, required=False, help_text=_("Con él se decide en el paso 19 si se retoma.")
    )
    refusal_note = forms.CharField(label=_("Detalle"), required=False, max_length=300, widget=text_area())

    def __init__(self, data: Any = None, files: Any = None, *, work: Work, **kwargs: Any) -> None:
        super().__init__(data, files, work=work, **kwargs)
        in_letter = letter.codes(work.record.letter) if work.record.letter else []
        self.offer_choices("plan", in_letter or list(self.sellable))
        self.offer_choices("plans", list(self.sellable))

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """What the customer answered on his link; else the plan of a letter that offers only one."""
        sale: Sale = work.record
        if sale.letter is None:
            return {}
        if sale.letter.state == State.ACCEPTED and sale.letter.accepted_plan is not None:
            return {"offer": Offer.ACCEPTED, "plan": sale.letter.accepted_plan.code}
        if sale.letter.state == State.REFUSED:
            return {"offer": Offer.REFUSED, "refusal_reason": sale.letter.refusal_reason}
        in_letter = letter.codes(sale.letter)
        return {"plan": in_letter[0]} if len(in_letter) == 1 else {}

    def clean(self) -> dict[str, Any]:
        """A plan at a price that holds, or a reason."""
        super().clean()
        data = self.cleaned_data
        if data.get("offer") == Offer.ACCEPTED:
            self.require("plan", _("Indique qué plan acepta."))
            self._check_letter(self.sale.letter)
        elif data.get("offer") == Offer.REFUSED:
            self.require("refusal_reason", _("Indique el motivo."))
        return data

    def _check_letter(self, issued: CommercialLetter | None) -> None:
        if issued is None or issued.state == State.ACCEPTED:
            return
        self.checked("plan", check_letter_holds, issued.state, issued.valid_until_on, self.today)


def context(work: Work) -> dict[str, Any]:
    """The plans side by side, the letter in force, and the ready WhatsApp message."""
    sale: Sale = work.record
    today = timezone.localdate(work.now)
    issued, address = sale.letter, _address(work)
    plans = letter.sellable_plans(sale, today)
    return {
        "plans": plans,
        "conditions": letter.conditions_of(plans),
        "best": plans[0].pk if plans else None,
        "letter": issued,
        "letter_items": list(issued.items.select_related("plan").order_by("tariff_bob")) if issued else [],
        "letter_holds": issued is not None and letter.holds(issued, today),
        "answered_by_link": issued is not None and issued.state in (State.ACCEPTED, State.REFUSED),
        "link": address,
        "whatsapp": letter.whatsapp(issued, address) if issued else "",
        "present": None if issued else _one_click(sale, plans),
        **contact.attempts_context(work),
    }


def _one_click(sale: Sale, plans: Sequence[Plan]) -> dict[str, str] | None:
    """What sends the letter with the proposed plans by e-mail at once; None where the customer is not reached so."""
    if not plans or _way(sale) != SendBy.EMAIL or sale.customer is None:
        return None
    chosen = plans[:PROPOSED]
    said = {"plans": [plan.code for plan in chosen], "send_by": SendBy.EMAIL.value}
    names = ", ".join(plan.name for plan in chosen)
    return {"vals": json.dumps(said), "to": sale.customer.email, "plans": names}


def _address(work: Work) -> str:
    """The customer's link, if one is alive."""
    alive = CustomerLink.objects.filter(case=work.case, revoked_at=None, expires_at__gt=work.now).first()
    return links.address(alive) if alive else ""


def opened(work: Work) -> None:
    """Opened again, the offer is open again; a letter still in force stays if the address can have all of its plans."""
    sale: Sale = work.record
    today = timezone.localdate(work.now)
    if sale.letter and not (letter.holds(sale.letter, today) and letter.fits_still(sale, sale.letter, today)):
        sale.letter = None
    sale.offer, sale.plan, sale.tariff_bob, sale.installation_bob = Offer.UNKNOWN, None, None, None
    sale.refusal_reason = sale.refusal_note = ""
    sale.save(update_fields=OFFER_FIELDS)


OFFER_FIELDS = ("letter", "offer", "plan", "tariff_bob", "installation_bob", "refusal_reason", "refusal_note")


def complete(work: Work, data: dict[str, Any]) -> None:
    """Keep the answer; the customer was informed in any case (R-A6)."""
    sale: Sale = work.record
    stamp(sale, "informed", work.now)
    sale.offer = data["offer"]
    try:
        if sale.offer == Offer.ACCEPTED:
            _accept(work, data)
        else:
            _refuse(work, data)
    except RuleError as refused:
        raise StepRefused({"plan" if sale.offer == Offer.ACCEPTED else "refusal_reason": str(refused)}) from refused
    sale.save(update_fields=[*OFFER_FIELDS, "visited_at", "informed_at", "unserved", "unserved_reason", "left_at_step"])


def _accept(work: Work, data: dict[str, Any]) -> None:
    sale: Sale = work.record
    issued = sale.letter or _issue_for(work, data)
    plan = Plan.objects.get(code=data["plan"])
    if issued.state == State.ISSUED:
        issued = offer_operations.accept_letter(issued.pk, plan_id=plan.pk, by=work.by, now=work.now)
    item = offer_operations.ITEM_OF.get(issued.pk, plan.pk)
    sale.letter, sale.plan = issued, plan
    sale.tariff_bob, sale.installation_bob = item.tariff_bob, item.installation_bob
    work.note(plan=plan.code, letter=issued.number)


def _issue_for(work: Work, data: dict[str, Any]) -> CommercialLetter:
    """The letter of an offer that was accepted while it was being talked about."""
    wanted = set(data["plans"]) | {data["plan"]}
    sellable = letter.sellable_plans(work.record, timezone.localdate(work.now))
    return letter.issue(work, [plan for plan in sellable if plan.code in wanted])


def _refuse(work: Work, data: dict[str, Any]) -> None:
    sale: Sale = work.record
    sale.refusal_reason, sale.refusal_note = data["refusal_reason"], data["refusal_note"]
    if sale.letter is not None and sale.letter.state not in (State.ACCEPTED, State.REFUSED):
        sale.letter = offer_operations.refuse_letter(
            sale.letter.pk, reason=sale.refusal_reason, by=work.by, now=work.now
        )
    to_unserved(sale, UnservedReason.OFFER_REFUSED, 8, work.now)
    work.note(refusal=sale.refusal_reason)


# ---------------------------------------------------------------- issue and send the letter
class PresentForm(_PlansForm):
    """Which plans, and how the letter reaches the customer."""

    plans = forms.MultipleChoiceField(
        label=_("Planes de la carta"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Elija al menos un plan para la Carta Comercial.")},
        help_text=_("Se comparan lado a lado en la carta, con los precios de hoy."),
    )
    send_by = choice_field(_("Se envía por"), SendBy.choices, radio=True)
    note = forms.CharField(label=_("Observaciones de la carta"), required=False, max_length=300, widget=text_area())

    def __init__(self, data: Any = None, files: Any = None, *, work: Work, **kwargs: Any) -> None:
        super().__init__(data, files, work=work, **kwargs)
        self.offer_choices("plans", list(self.sellable))
        if data is None:
            self.initial.setdefault("plans", list(self.sellable)[:PROPOSED])

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """The plans of the letter in force, and the way that the customer can be reached by."""
        sale: Sale = work.record
        return {"plans": letter.codes(sale.letter) if sale.letter else None, "send_by": _way(sale)}

    def clean(self) -> dict[str, Any]:
        """E-mail needs an address, WhatsApp a mobile."""
        super().clean()
        how, customer = self.cleaned_data.get("send_by"), self.sale.customer
        if how == SendBy.EMAIL and not (customer.email if customer else self.sale.prospect.email):
            self.add_error(
                "send_by", _("El cliente no tiene correo electrónico: envíela por WhatsApp o con su enlace.")
            )
        if how == SendBy.WHATSAPP and not _mobile(self.sale):
            self.add_error("send_by", _("El cliente no tiene celular: envíela por correo electrónico o con su enlace."))
        return self.cleaned_data


def _mobile(sale: Sale) -> str:
    phone = main_phone(sale.customer) if sale.customer else sale.prospect.phone
    return phone if phone[:1] in ("6", "7") else ""


def _way(sale: Sale) -> str:
    customer = sale.customer
    if customer is not None and customer.email and not customer.email_bounced:
        return SendBy.EMAIL
    return SendBy.WHATSAPP if _mobile(sale) else SendBy.LINK


def present(work: Work, data: dict[str, Any]) -> str:
    """Issue the letter, unless the one in force says the same, and send it."""
    sale: Sale = work.record
    today = timezone.localdate(work.now)
    issued = sale.letter
    if (
        issued is None
        or not letter.holds(issued, today)
        or set(letter.codes(issued)) != set(data["plans"])
        or data["note"]
    ):
        plans = [plan for plan in letter.sellable_plans(sale, today) if plan.code in data["plans"]]
        issued = letter.issue(work, plans, data["note"])
    letter.present(work, issued, data["send_by"])
    return ""


def present_context(work: Work) -> dict[str, Any]:
    """The plans, to be ticked."""
    plans = letter.sellable_plans(work.record, timezone.localdate(work.now))
    return {"plans": plans, "conditions": letter.conditions_of(plans)}


STEPS = (
    Step(
        handler="sales.negotiate_offer",
        form=OfferForm,
        complete=complete,
        template="sales/steps/negotiate_offer.html",
        context=context,
        opened=opened,
    ),
)
ACTIONS = (
    Action(
        code="sales.present_offer",
        label=_("Emitir y enviar la Carta Comercial"),
        form=PresentForm,
        perform=present,
        template="sales/actions/present_offer.html",
        roles=contact.WHO_SELLS,
        available=lambda work: contact.open_step(work.case, (8,)) is not None,
        context=present_context,
    ),
)
