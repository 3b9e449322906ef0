"""GVD step 25: the sale ends ATENDIDO/CERRADA, or its order was annulled: keyed again (20) or closed with a reason (R-A4).

Answer: `result` (attended, rekey, annulled); for the last two `annul_reason` and, if there is more to say, `annul_note`.
The job `void_invoice` is what an annulment for good does to the invoice.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.cases.registry import Job, Step, StepRefused, Work
from thaki.procedures.sales.choices import AnnulReason
from thaki.procedures.sales.forms import StepForm, choice_field, text_area
from thaki.procedures.sales.models import FollowUp, Sale
from thaki.records.billing import operations as billing
from thaki.records.orders import operations as orders
from thaki.records.orders import queries as order_queries
from thaki.records.orders.models import ProductOrder
from thaki.records.reasons import RuleError


class FollowUpForm(StepForm):
    """How the order ended."""

    result = choice_field(
        _("Resultado"),
        [
            (FollowUp.ATTENDED, FollowUp.ATTENDED.label),
            (FollowUp.REKEY, FollowUp.REKEY.label),
            (FollowUp.ANNULLED, FollowUp.ANNULLED.label),
        ],
        radio=True,
        help_text=_("Según el estado de la orden en Smartflex."),
    )
    annul_reason = choice_field(
        _("Motivo de la anulación"), AnnulReason.choices, required=False, help_text=_("Cuenta en el informe del mes.")
    )
    annul_note = forms.CharField(label=_("Detalle"), required=False, max_length=300, widget=text_area())

    def clean(self) -> dict[str, Any]:
        """An annulment has its reason."""
        super().clean()
        if self.cleaned_data.get("result") in (FollowUp.REKEY, FollowUp.ANNULLED):
            self.require("annul_reason", _("Elija el motivo de la anulación."))
        return self.cleaned_data


def complete(work: Work, data: dict[str, Any]) -> None:
    """Bring the order to its end and keep how the sale ended."""
    sale: Sale = work.record
    if sale.order is None:
        raise StepRefused({"": str(_("La venta no tiene orden."))})
    try:
        _settle(work, sale.order, data)
    except RuleError as refused:
        raise StepRefused({"result": str(refused)}) from refused
    sale.follow_up = data["result"]
    annulled = data["result"] != FollowUp.ATTENDED
    sale.annul_reason = data["annul_reason"] if annulled else ""
    sale.annul_note = data["annul_note"] if annulled else ""
    if data["result"] != FollowUp.REKEY:
        sale.closed_at = work.now
    sale.save(update_fields=["follow_up", "annul_reason", "annul_note", "closed_at"])
    work.note(result=data["result"], reason=sale.annul_reason, order=sale.order.number)


def _settle(work: Work, order: ProductOrder, data: dict[str, Any]) -> None:
    """The order's own state follows, unless the BSS has told it already."""
    if data["result"] == FollowUp.ATTENDED:
        if order.state != ProductOrder.State.COMPLETED:
            orders.complete_order(order.pk, by=work.by, now=work.now)
        return
    if order.state != ProductOrder.State.CANCELLED:
        reason = str(AnnulReason(data["annul_reason"]).label)
        orders.annul_order(order.pk, reason=f"{reason}. {data['annul_note']}".strip(), by=work.by, now=work.now)
        work.effect("bss.cancel_order", f"{order.number}:cancel", {"order": order.pk})
    if data["result"] == FollowUp.ANNULLED:
        _end_control(work)


def _end_control(work: Work) -> None:
    """An annulment for good ends the recurring control (R-A4)."""
    sale: Sale = work.record
    if sale.enrolment is not None and sale.enrolment.ended_at is None:
        billing.end_enrolment(sale.enrolment.pk, reason=str(_("Venta anulada")), by=work.by, now=work.now)


def context(work: Work) -> dict[str, Any]:
    """The order with its history, and what an annulment will undo."""
    sale: Sale = work.record
    return {"order": sale.order, "orders": order_queries.orders_of(work.case.number), "sale": sale}


def void_invoice(work: Work) -> None:
    """Void the invoice with a credit note in the BSS; the case waits until the BSS has it."""
    sale: Sale = work.record
    if sale.has_invoice and sale.invoice is not None:
        work.effect(
            "bss.void_invoice", f"{sale.invoice.number}:void", {"invoice": sale.invoice.pk, "reason": sale.annul_reason}
        )
        work.note(invoice=sale.invoice.number)


STEPS = (
    Step(
        handler="sales.follow_up",
        form=FollowUpForm,
        complete=complete,
        template="sales/steps/follow_up.html",
        context=context,
    ),
)
JOBS = (Job(handler="sales.void_invoice", run=void_invoice),)
