"""RET step 1, and what follows when the customer may have no offer (R-B1).

Answers: step 1 `motives`, `motive_note`; Confirm_Request `request` (stands, dropped, exception), for a baja `withdrawal_reason`,
`leaving`, `equipment`, `certificate_noted`; for an exception `exception_reason`; for one who desists `fault_live`, `fault_note`.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.cases.forms import choice_field, text_area
from thaki.cases.registry import Job, Step, Work
from thaki.procedures.retention import antecedents, shelf, telling
from thaki.procedures.retention.forms import LeavingFields, ManyField, StepForm, keep_leaving
from thaki.procedures.retention.models import Eligible, Request, Retention
from thaki.procedures.retention.reading import read_of
from thaki.procedures.retention.screens import antecedents_context
from thaki.records.hand_overs import operations as hand_overs
from thaki.records.hand_overs.models import HandOver


# ---------------------------------------------------------------- 1
class AntecedentsForm(StepForm):
    """What the customer says; all else is worked out."""

    motives = ManyField(
        label=_("Por qué quiere irse"),
        required=False,
        choices=(),
        help_text=_("Todo lo que diga; se completa en el paso 11."),
    )
    motive_note = forms.CharField(
        label=_("En sus palabras"),
        required=False,
        max_length=300,
        widget=text_area(),
        help_text=_("Lo que cuenta el cliente."),
    )

    def __init__(self, data: Any = None, files: Any = None, *, work: Work, **kwargs: Any) -> None:
        super().__init__(data, files, work=work, **kwargs)
        self.choose("motives", shelf.reason_choices(self.retention, "of_petition"))

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """What was said when the case was opened."""
        return {"motives": work.record.motives, "motive_note": work.record.motive_note}


def complete(work: Work, data: dict[str, Any]) -> None:
    """Keep what was found, and whether he may have an offer (1.1) and is a VIP (1.2)."""
    retention: Retention = work.record
    found = antecedents.of_case(retention, now=work.now)
    retention.eligible = Eligible.YES if found.eligible.holds else Eligible.NO
    retention.antecedents = antecedents.snapshot(found)
    retention.motives, retention.motive_note = data["motives"], data["motive_note"]
    retention.request = Request.UNKNOWN
    retention.save(update_fields=["eligible", "antecedents", "motives", "motive_note", "request"])
    work.note(eligible=retention.eligible, vip=retention.vip)


# ---------------------------------------------------------------- R-B1
class RequestForm(LeavingFields):
    """He may have no offer: does his request stand?"""

    request = choice_field(
        _("¿Mantiene la petición de baja?"),
        [
            (Request.STANDS, _("Sí: se registra la baja")),
            (Request.DROPPED, _("No: desiste")),
            (Request.EXCEPTION, _("Pedir una excepción al Responsable")),
        ],
        radio=True,
    )
    exception_reason = forms.CharField(
        label=_("Por qué se pide la excepción"),
        required=False,
        max_length=300,
        widget=text_area(),
        help_text=_("Lo lee el Responsable al decidir."),
    )
    fault_live = forms.BooleanField(
        label=_("Su servicio sigue fallando"), required=False, help_text=_("La falla pasa a Solución de Incidentes.")
    )
    fault_note = forms.CharField(label=_("Qué falla"), required=False, max_length=300, widget=text_area())

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """A claim that is open is a fault that lives."""
        retention: Retention = work.record
        open_claims = [one.claim for one in read_of(retention, now=work.now).claims if one.claim.is_open]
        if not open_claims:
            return {"exception_reason": retention.exception_reason}
        said = "; ".join(f"{one.number}: {one.get_fault_display()}" for one in open_claims[:5])
        return {"fault_live": True, "fault_note": said[:300], "exception_reason": retention.exception_reason}

    def clean(self) -> dict[str, Any]:
        """Each answer with what it needs."""
        super().clean()
        answer = self.cleaned_data.get("request")
        if answer == Request.STANDS:
            self.check_leaving()
        if answer == Request.EXCEPTION:
            self.require("exception_reason", _("Escriba por qué se pide la excepción."))
        if answer == Request.DROPPED and self.cleaned_data.get("fault_live"):
            self.require("fault_note", _("Diga qué falla."))
        return self.cleaned_data


def request_opened(work: Work) -> None:
    """Asked anew each time: an exception may have been refused meanwhile."""
    retention: Retention = work.record
    retention.request = Request.UNKNOWN
    retention.save(update_fields=["request"])


def complete_request(work: Work, data: dict[str, Any]) -> None:
    """Keep the answer."""
    retention: Retention = work.record
    retention.request = data["request"]
    names: tuple[str, ...] = ("request",)
    if retention.request == Request.STANDS:
        retention.left_at_step = "1"
        names += ("left_at_step", *keep_leaving(retention, data))
    elif retention.request == Request.EXCEPTION:
        retention.exception, retention.exception_reason = "unknown", data["exception_reason"]
        names += ("exception", "exception_reason")
    else:
        retention.fault_live, retention.fault_note = data["fault_live"], data["fault_note"]
        names += ("fault_live", "fault_note")
    retention.save(update_fields=names)
    work.note(request=retention.request)


def hand_over_fault(work: Work) -> None:
    """The fault that lives goes to Solución de Incidentes, to be acknowledged there."""
    retention: Retention = work.record
    hand_overs.send(
        key=f"{work.case.number}:fault",
        to=HandOver.To.INCIDENTES,
        case_ref=work.case.number,
        customer=retention.customer,
        subject=str(_("Falla viva de un socio/cliente que desiste de la baja")),
        body=telling.fault(retention),
        by=work.by,
        now=work.now,
    )


def request_context(work: Work) -> dict[str, Any]:
    """Why he may have no offer, and what the Responsable said of an exception."""
    return antecedents_context(work) | {"exception": work.record.exception}


STEPS = (
    Step(
        handler="retention.review_antecedents",
        form=AntecedentsForm,
        complete=complete,
        template="retention/steps/antecedents.html",
        context=antecedents_context,
    ),
    Step(
        handler="retention.confirm_request",
        form=RequestForm,
        complete=complete_request,
        template="retention/steps/confirm_request.html",
        context=request_context,
        opened=request_opened,
    ),
)
JOBS = (Job(handler="retention.hand_over_fault", run=hand_over_fault),)
