"""GVD step 1: the first contact with a prospect.

Answer: `channel` (call, whatsapp, email, facebook, visit), and whatever the talk corrected: `name`, `phone`, `email`,
`interest`; `note`. All but the channel are known already and may be left out. Tries that fail are no answer to this step:
they are the action `sales.contact_attempt` (R-A9).
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.cases.registry import Step, Work
from thaki.procedures.sales import contact
from thaki.procedures.sales.forms import StepForm, choice_field, mail_field, name_field, phone_field, text_area
from thaki.procedures.sales.models import Sale
from thaki.records.customers.rules import whatsapp_link
from thaki.records.prospects import operations as prospect_operations
from thaki.records.prospects import queries as prospect_queries
from thaki.records.prospects.models import ContactAttempt
from thaki.records.prospects.rules import check_reachable


class ProspectForm(StepForm):
    """Whom we talked to, and what interests him."""

    kept = ("name", "phone", "email", "interest")

    channel = choice_field(
        _("Medio del contacto"),
        ContactAttempt.Way.choices,
        radio=True,
        help_text=_("Por dónde habló con el prospecto: queda sellado como Visitado."),
    )
    name = name_field(_("Nombre"), max_length=160, help_text=_("Como se presenta; el carnet se pide en el paso 3."))
    phone = phone_field(_("Celular o teléfono"), required=False, help_text=_("Ocho dígitos; por ahí seguirá la venta."))
    email = mail_field(
        _("Correo electrónico"),
        required=False,
        help_text=_("Para la Carta Comercial y la factura; puede faltar."),
    )
    interest = forms.CharField(
        label=_("Qué le interesa"),
        required=False,
        max_length=80,
        help_text=_("El servicio por el que escribió o llamó."),
    )
    note = forms.CharField(label=_("Nota de la conversación"), required=False, max_length=300, widget=text_area())

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """What the prospect wrote himself."""
        sale: Sale = work.record
        if not sale.prospect_id:
            return {}
        prospect = sale.prospect
        way = {"whatsapp": "whatsapp", "facebook": "facebook"}.get(
            prospect.channel, "call" if prospect.phone else "email"
        )
        return {
            "channel": way,
            "name": prospect.name,
            "phone": prospect.phone,
            "email": prospect.email,
            "interest": prospect.interest,
        }

    def clean(self) -> dict[str, Any]:
        """Somebody without telephone and e-mail cannot be reached."""
        super().clean()
        if "phone" not in self.errors and "email" not in self.errors:
            self.checked(
                "phone", check_reachable, self.cleaned_data.get("phone", ""), self.cleaned_data.get("email", "")
            )
        return self.cleaned_data


def context(work: Work) -> dict[str, Any]:
    """The tries so far, and other prospects who may be the same person."""
    prospect = work.record.prospect
    others = prospect_queries.same_person(prospect).prefetch_related("sales__case")[:3]
    return {
        "prospect": prospect,
        "same_person": others,
        "whatsapp": whatsapp_link(prospect.phone, ""),
        **contact.attempts_context(work),
    }


def complete(work: Work, data: dict[str, Any]) -> None:
    """The prospect was reached: Visitado; whoever reached him leads the sale."""
    sale: Sale = work.record
    corrected = {name: data[name] for name in ("name", "phone", "email", "interest")}
    if any(getattr(sale.prospect, name) != value for name, value in corrected.items()):
        sale.prospect = prospect_operations.amend(sale.prospect_id, by=work.by, now=work.now, **corrected)
    if sale.executive_id is None and work.by is not None:
        sale.executive = work.by
    sale.save(update_fields=["executive"])
    contact.record_attempt(work, {"channel": data["channel"], "result": "talked", "note": data["note"]})


STEPS = (
    Step(
        handler="sales.work_prospect",
        form=ProspectForm,
        complete=complete,
        template="sales/steps/work_prospect.html",
        context=context,
    ),
)
ACTIONS = contact.ACTIONS
RECEIVERS = contact.RECEIVERS
