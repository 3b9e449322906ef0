"""RET step 3: compensation or removal of the present month's invoice for the affected service, and the Xpress solution (R-B8).

Answer: `answer` (removal, compensation, none); `days` of a compensation; `mobile` where the customer has none on record (it is
asked for here and not after the order); of a refusal `refusal_reason` and `refusal_note`.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.cases.forms import choice_field, phone_field, text_area
from thaki.cases.registry import Step, StepRefused, Work
from thaki.procedures.retention import amounts, antecedents, shelf
from thaki.procedures.retention.forms import StepForm
from thaki.procedures.retention.models import Authorisation, Offered, OfferKind, Petition, Retention, Stage
from thaki.procedures.retention.reading import read_of
from thaki.procedures.retention.screens import offers_context
from thaki.records.customers import operations as customers
from thaki.records.work_orders.operations import mobile_of


class NegotiateForm(StepForm):
    """What the customer says to the two offers."""

    answer = choice_field(
        _("Respuesta del cliente"),
        [
            (Offered.REMOVAL, _("Acepta el retiro de la factura y la solución Xpress")),
            (Offered.COMPENSATION, _("Acepta la compensación y la solución Xpress")),
            (Offered.NONE, _("No acepta")),
        ],
        radio=True,
    )
    days = forms.IntegerField(
        label=_("Días afectados"),
        required=False,
        min_value=1,
        help_text=_("Tarifa mensual ÷ 30 × días, como máximo un mes."),
    )
    mobile = phone_field(
        _("Celular para coordinar la visita"),
        required=False,
        help_text=_("El técnico llama a este número: sin celular no se puede generar la orden."),
    )
    refusal_reason = choice_field(_("Por qué no acepta"), (), required=False)
    refusal_note = forms.CharField(label=_("Nota"), required=False, max_length=300, widget=text_area())

    def __init__(self, data: Any = None, files: Any = None, *, work: Work, **kwargs: Any) -> None:
        super().__init__(data, files, work=work, **kwargs)
        self.choose("refusal_reason", [("", "—"), *shelf.reason_choices(self.retention, "of_refusal")])

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """The days since the first claim, and the mobile on record."""
        found = amounts.of(work.record, now=work.now)
        return {"days": found.days if found else None, "mobile": read_of(work.record, now=work.now).mobile}

    def clean(self) -> dict[str, Any]:
        """Each answer with what it needs."""
        super().clean()
        answer = self.cleaned_data.get("answer")
        if answer == Offered.NONE:
            self.require("refusal_reason", _("Elija por qué no acepta."))
        elif answer:
            self._check_mobile()
        if answer == Offered.COMPENSATION:
            check_days(self)
        return self.cleaned_data

    def _check_mobile(self) -> None:
        self.require("mobile", _("Pida un celular: el técnico coordina la visita por él."))
        if self.cleaned_data.get("mobile", "")[:1] in ("2", "3", "4"):
            self.add_error("mobile", _("Hace falta un celular, no un teléfono fijo."))


def check_days(form: StepForm) -> None:
    """A compensation has its days, a month's at most."""
    form.require("days", _("Indique los días afectados."))
    found, days = amounts.of(form.retention, now=form.work.now), form.cleaned_data.get("days")
    if found is not None and days and days > found.most_days:
        form.add_error("days", _("Como máximo %(days)d días.") % {"days": found.most_days})


def opened(work: Work) -> None:
    """The customer is asked (again): what he said before does not stand; why an amount was refused does."""
    retention: Retention = work.record
    retention.offer, retention.stage = Offered.UNKNOWN, Stage.DAMAGE
    if retention.authorisation != Authorisation.REFUSED:
        retention.authorisation, retention.authorisation_note = Authorisation.NOT_NEEDED, ""
    retention.save(update_fields=["offer", "stage", "authorisation", "authorisation_note"])


def complete(work: Work, data: dict[str, Any]) -> None:
    """Keep the answer; what was accepted fixes the month and the amount."""
    retention: Retention = work.record
    if data["answer"] == Offered.NONE:
        refuse(retention, "damage", data)
        retention.petition = Petition.UNKNOWN
        retention.save(update_fields=["offer", "refused", "refusal_reason", "refusal_note", "petition"])
        work.note(offer="none", refusal=retention.refusal_reason)
        return
    check_offer(work, data["answer"])
    _keep_mobile(work, data["mobile"])
    fields = amounts.agree(retention, data["answer"], days=data["days"], stage=Stage.DAMAGE, now=work.now)
    retention.save(update_fields=fields)
    work.note(offer=retention.offer, amount_bob=str(retention.amount_bob), authorisation=retention.authorisation)


def refuse(retention: Retention, what: str, data: dict[str, Any]) -> None:
    """He did not accept; the caller saves."""
    retention.offer = Offered.NONE
    retention.refused = [*dict.fromkeys([*retention.refused, what])]
    retention.refusal_reason, retention.refusal_note = data["refusal_reason"], data["refusal_note"]


def check_offer(work: Work, kind: str) -> None:
    """The customer may have an offer of that kind; StepRefused says why not."""
    retention: Retention = work.record
    money = amounts.of(retention, now=work.now)
    if money is None:
        raise StepRefused({"answer": str(_("El cliente no tiene un servicio afectado: vuelva al paso 2."))})
    at = shelf.situation(retention, antecedents.of_case(retention, now=work.now), money.month)
    judged = shelf.offers(retention, (kind,), at)
    if not any(why is None for _offer, why in judged):
        why = next((str(why) for _offer, why in judged if why), str(_("No está vigente.")))
        raise StepRefused({"answer": why})


def _keep_mobile(work: Work, mobile: str) -> None:
    """A mobile that was not on record is put there, and stays the main one."""
    retention: Retention = work.record
    if mobile and mobile != mobile_of(retention.customer):
        customers.set_phones(retention.customer, [mobile])


def context(work: Work) -> dict[str, Any]:
    """The two offers with their amounts, and what was given before."""
    return offers_context(work, OfferKind.REMOVAL, OfferKind.COMPENSATION) | {"tasks": shelf.tasks(work.record)}


STEPS = (
    Step(
        handler="retention.negotiate",
        form=NegotiateForm,
        complete=complete,
        template="retention/steps/negotiate.html",
        context=context,
        opened=opened,
    ),
)
