"""Refund_Withdrawn and Refund_Annulled: Cobranzas gives the money back before the case goes on (R-A4, R-A7).

Answer: `method` (transfer, cash, gateway, credit), `reference` (not for a credit), `refunded_on`; and, when a slip was not
verified yet, `arrived` (yes, no): money that never came is not given back.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thaki.cases.registry import Step, StepRefused, Work
from thaki.procedures.sales import money
from thaki.procedures.sales.form_parts import date_field, today
from thaki.procedures.sales.forms import StepForm, choice_field
from thaki.procedures.sales.models import Sale
from thaki.records.billing import operations, queries
from thaki.records.billing.models import Payment
from thaki.records.reasons import RuleError

CREDIT = "credit"
METHODS = (
    ("transfer", _("Transferencia a su cuenta")),
    ("cash", _("Efectivo en agencia")),
    ("gateway", _("Reversión del pago electrónico")),
    (CREDIT, _("Saldo a favor en su cuenta de cliente")),
)
ARRIVED = (("yes", _("Sí, está en la cuenta")), ("no", _("No llegó")))


class RefundForm(StepForm):
    """How and when the money went back."""

    kept = ("refunded_on",)

    arrived = choice_field(
        _("¿Llegó el dinero del comprobante sin validar?"),
        ARRIVED,
        radio=True,
        required=False,
        help_text=_("Revise la cuenta: solo se devuelve lo que entró."),
    )
    method = choice_field(
        _("Cómo se devolvió"), METHODS, required=False, help_text=_("El cliente elige cómo recibirlo.")
    )
    reference = forms.CharField(
        label=_("Comprobante de la devolución"),
        max_length=60,
        required=False,
        help_text=_("Número de la transferencia, del recibo de caja o de la reversión."),
    )
    refunded_on = date_field(_("Fecha de la devolución"), help_text=_("El día en que el dinero salió."))

    def __init__(self, data: Any = None, files: Any = None, *, work: Work) -> None:
        super().__init__(data, files, work=work)
        self.unverified = list(money.held(work.case.number).filter(state=Payment.State.RECEIVED))
        if not self.unverified:
            del self.fields["arrived"]

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """Today."""
        return {"refunded_on": today(work)}

    def clean(self) -> dict[str, Any]:
        """Money that came goes back by some way, with its voucher."""
        super().clean()
        data = self.cleaned_data
        if self.unverified:
            self.require("arrived", _("Indique si el dinero llegó."))
        if not self._nothing_came():
            self.require("method", _("Elija cómo se devolvió."))
            if data.get("method") not in (None, "", CREDIT):
                self.require("reference", _("Indique el número de comprobante de la devolución."))
        if data.get("refunded_on") and data["refunded_on"] > today(self.work):
            self.add_error("refunded_on", _("La fecha no puede ser futura."))
        return data

    def _nothing_came(self) -> bool:
        settled = money.held(self.work.case.number).exclude(state=Payment.State.RECEIVED).exists()
        return self.cleaned_data.get("arrived") == "no" and not settled


def settle_unverified(work: Work, *, arrived: bool) -> None:
    """Decide on the slips that nobody verified: their money came and is taken in, or it did not."""
    for payment in money.held(work.case.number).filter(state=Payment.State.RECEIVED).order_by("pk"):
        if arrived:
            money.take_in(payment, work)
        else:
            operations.reject_payment(payment.pk, reason=_t("No llegó a la cuenta"), by=work.by, now=work.now)


def complete(work: Work, cleaned: dict[str, Any]) -> None:
    """Settle everything that is due; the sale then holds no money."""
    sale: Sale = work.record
    by: Any = work.by  # a person's step
    try:
        settle_unverified(work, arrived=cleaned.get("arrived") == "yes")
        operations.refund_case(work.case.number, reason=reason_of(work), by=by, now=work.now)
        for refund in queries.refunds_due(work.case.number):
            if cleaned["method"] == CREDIT:
                operations.credit_refund(refund.pk, by=by, now=work.now)
            else:
                operations.pay_refund(refund.pk, reference=cleaned["reference"], by=by, now=work.now)
    except RuleError as refused:
        raise StepRefused({refused.field: str(refused)}) from refused
    money.point(sale, work.case.number)
    if sale.has_money:
        raise StepRefused({"": _t("Todavía queda dinero por devolver.")})
    work.note(refund=cleaned["method"], refunded_on=cleaned["refunded_on"].isoformat())
    sale.save()


def reason_of(work: Work) -> str:
    """Why the money goes back, by the node."""
    return _t("Venta anulada") if work.node == "Refund_Annulled" else _t("El cliente desistió")


def context(work: Work) -> dict[str, Any]:
    """What is in, of which payment, and what was given back already."""
    return {
        "payments": money.held(work.case.number).prefetch_related("refunds"),
        "held_bob": money.held_bob(work.case.number),
        "refunds": queries.refunds_due(work.case.number),
        "reason": reason_of(work),
    }


STEPS = (
    Step(
        handler="sales.refund", form=RefundForm, complete=complete, template="sales/steps/refund.html", context=context
    ),
)
