"""RET step 11: what the customer who wants to leave asks for; every motive is recorded (R-B9).

Answer: `motives`, `motive_note`, and `petition` (compensation, offer, damage, leave; "" follows the motives); for a baja also
`withdrawal_reason`, `leaving`, `equipment`, `certificate_noted`.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.cases.forms import choice_field, text_area
from thaki.cases.registry import Step, Work
from thaki.procedures.retention import antecedents, rules, shelf
from thaki.procedures.retention.forms import LeavingFields, ManyField, keep_leaving
from thaki.procedures.retention.models import Offered, Petition, Retention, Stage
from thaki.procedures.retention.screens import antecedents_context


class PetitionForm(LeavingFields):
    """Why, and what for."""

    motives = ManyField(
        label=_("Motivos que da"),
        choices=(),
        help_text=_("Marque todos."),
        error_messages={"required": _("Marque al menos un motivo.")},
    )
    motive_note = forms.CharField(label=_("En sus palabras"), required=False, max_length=300, widget=text_area())
    petition = choice_field(
        _("Qué sigue"),
        [
            ("", _("Lo que corresponde a los motivos")),
            (Petition.COMPENSATION, _("Exige compensación (paso 12)")),
            (Petition.OFFER, _("Se va por una mejor oferta (paso 14)")),
            (Petition.DAMAGE, _("Que se arregle el daño (pasos 2 y 3)")),
            (Petition.LEAVE, _("Se va: baja")),
        ],
        radio=True,
        required=False,
    )

    def __init__(self, data: Any = None, files: Any = None, *, work: Work, **kwargs: Any) -> None:
        super().__init__(data, files, work=work, **kwargs)
        self.reasons = shelf.reasons(self.retention, "of_petition")
        self.choose("motives", [(one.code, one.name) for one in self.reasons])

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """What he said at his reception."""
        return {"motives": work.record.motives, "motive_note": work.record.motive_note}

    def clean(self) -> dict[str, Any]:
        """Where the motives lead, unless the person at the counter says otherwise and policy allows it."""
        super().clean()
        motives = self.cleaned_data.get("motives") or []
        if not motives:
            return self.cleaned_data
        led = self._led(motives)
        asked = self.cleaned_data.get("petition") or led
        self.cleaned_data["petition"] = asked
        self._check(asked, led, motives)
        if asked == Petition.LEAVE:
            self.check_leaving()
        return self.cleaned_data

    def _led(self, motives: list[str]) -> str:
        return rules.route(
            motives,
            {one.code: one.leads for one in self.reasons},
            negotiated="damage" in self.retention.refused,
            damage_again=may_ask_again(self.work),
            courtesy=[one.code for one in self.reasons if one.courtesy],
        )

    def _check(self, asked: str, led: str, motives: list[str]) -> None:
        if led == Petition.DAMAGE and asked not in (Petition.DAMAGE, Petition.LEAVE):
            self.add_error("petition", _("Con daños que el cliente confirma, primero va la oferta del paso 3."))
        if asked == Petition.DAMAGE and led != Petition.DAMAGE:
            self.add_error("petition", _("No hay reclamos suficientes para volver al paso 2, o el 3 ya se ofreció."))
        allowed = any(one.code in motives and (one.courtesy or one.leads == "offer") for one in self.reasons)
        if asked == Petition.OFFER and not allowed:
            self.add_error("petition", _("La política no permite una cortesía por esos motivos."))


def may_ask_again(work: Work) -> bool:
    """Whether there are claims enough for the customer to confirm that it fails now (R-B2), and 3 was not offered yet."""
    retention: Retention = work.record
    if "damage" in retention.refused or retention.further_orders or retention.work_order_id:
        return False
    return bool(antecedents.of_case(retention, now=work.now).damaged("yes", "ask"))


def opened(work: Work) -> None:
    """What was agreed or refused before does not stand."""
    retention: Retention = work.record
    retention.petition, retention.stage, retention.offer = Petition.UNKNOWN, Stage.PETITION, Offered.UNKNOWN
    retention.save(update_fields=["petition", "stage", "offer"])


def complete(work: Work, data: dict[str, Any]) -> None:
    """Keep the motives and where they lead."""
    retention: Retention = work.record
    retention.motives, retention.motive_note = data["motives"], data["motive_note"]
    retention.petition = Petition(data["petition"])
    names: tuple[str, ...] = ("motives", "motive_note", "petition")
    if retention.petition == Petition.LEAVE:
        retention.left_at_step = "11"
        names += ("left_at_step", *keep_leaving(retention, data))
    retention.save(update_fields=names)
    work.note(petition=retention.petition, motives=", ".join(retention.motives))


def context(work: Work) -> dict[str, Any]:
    """The antecedents, and whether damage may be asked about again."""
    return antecedents_context(work) | {"damage_again": may_ask_again(work)}


STEPS = (
    Step(
        handler="retention.analyse_request",
        form=PetitionForm,
        complete=complete,
        template="retention/steps/analyse.html",
        context=context,
        opened=opened,
    ),
)
