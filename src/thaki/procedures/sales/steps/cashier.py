"""GVD steps 16 and 17, of one agency (R-A12): print the invoice, then archive it and hand it over.

The agency's queue prints and archives many at once (`billing_views`); each still ends its own step. Answers: 16 `printed`; 17
`archived`, `delivered_how` (in_hand, sent), `delivered_to`; in hand `delivered_id` (carnet) and `delivered_proof` (paper,
confirmed), when sent `acknowledgement`.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.cases.registry import Step, StepRefused, Work
from thaki.procedures.sales.forms import StepForm, choice_field
from thaki.procedures.sales.models import Sale
from thaki.records.billing import operations
from thaki.records.billing.models import Invoice
from thaki.records.reasons import RuleError
from thaki.records.text import fold


class PrintForm(StepForm):
    """The invoice came out of the printer."""

    printed = forms.BooleanField(
        label=_("La factura se imprimió bien"),
        help_text=_("Imprímala con el botón; si hay que repetirla, saldrá marcada como copia."),
        error_messages={"required": _("Imprima la factura antes de continuar.")},
    )


class DeliveryForm(StepForm):
    """Archived, and in the customer's hands."""

    kept = ("delivered_to", "delivered_id", "delivered_proof")

    archived = forms.BooleanField(
        label=_("El ejemplar de archivo está archivado"), error_messages={"required": _("Archive primero el ejemplar.")}
    )
    delivered_how = choice_field(
        _("Entrega"), Invoice.Delivery.choices, radio=True, help_text=_("En mano, o enviada con acuse.")
    )
    delivered_to = forms.CharField(
        label=_("Entregada a"),
        max_length=160,
        help_text=_("Nombre de quien la recibe, o la dirección a la que se envió."),
    )
    delivered_id = forms.CharField(
        label=_("Carnet de quien la recibe"),
        max_length=20,
        required=False,
        help_text=_("Obligatorio si la recibe otra persona que el cliente."),
    )
    delivered_proof = choice_field(
        _("Constancia"), Invoice.Proof.choices, required=False, help_text=_("Cómo consta que la recibió.")
    )
    acknowledgement = forms.CharField(
        label=_("Acuse de recibo"),
        max_length=160,
        required=False,
        help_text=_("Solo si se envió: guía, firma o mensaje que lo acredita."),
    )

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """The customer himself, mostly."""
        sale: Sale = work.record
        return {
            "delivered_to": sale.customer.full_name if sale.customer else "",
            "delivered_id": sale.customer.ci if sale.customer else "",
            "delivered_proof": Invoice.Proof.PAPER,
        }

    def clean(self) -> dict[str, Any]:
        """What was sent is acknowledged; who takes it for the customer says who he is."""
        super().clean()
        data = self.cleaned_data
        if data.get("delivered_how") == Invoice.Delivery.SENT:
            self.require("acknowledgement", _("Indique el acuse de recibo del envío."))
        elif data.get("delivered_how") == Invoice.Delivery.IN_HAND:
            self.require("delivered_proof", _("Indique cómo consta la entrega."))
            if self._is_another(data.get("delivered_to", "")):
                self.require("delivered_id", _("La recibe otra persona: anote su carnet."))
        return data

    def _is_another(self, name: str) -> bool:
        """Whether somebody else than the customer takes it; then the customer's own carnet is not his."""
        customer = self.sale.customer
        another = customer is not None and fold(name) != fold(customer.full_name)
        if another and customer is not None and self.cleaned_data.get("delivered_id") == customer.ci:
            self.cleaned_data["delivered_id"] = ""
        return another


def invoice_of(work: Work) -> Invoice:
    """The sale's invoice; step 12 issued it."""
    sale: Sale = work.record
    assert sale.invoice is not None
    return sale.invoice


def of_agency(work: Work) -> None:
    """The task belongs to the agency that Cobranzas chose."""
    if work.task is not None:
        work.task.agency = work.record.billing_agency


def printed(work: Work, cleaned: dict[str, Any]) -> None:
    """Stamp the original, unless the print button did."""
    invoice = invoice_of(work)
    by: Any = work.by
    if invoice.printed_at is None:
        _refusing(lambda: operations.print_invoices([invoice.pk], by=by, now=work.now))
    work.note(invoice=invoice.pk)


def delivered(work: Work, cleaned: dict[str, Any]) -> None:
    """Archive it and note who has it."""
    invoice = invoice_of(work)
    by: Any = work.by
    to = cleaned["delivered_to"]
    _refusing(lambda: operations.archive_invoices([invoice.pk], by=by, now=work.now))
    if cleaned["delivered_how"] == Invoice.Delivery.SENT:
        acknowledgement = cleaned["acknowledgement"]
        _refusing(
            lambda: operations.deliver_sent(invoice.pk, to=to, acknowledgement=acknowledgement, by=by, now=work.now)
        )
    else:
        said = {"id_card": cleaned["delivered_id"], "proof": cleaned["delivered_proof"]}
        _refusing(lambda: operations.deliver_in_hand(invoice.pk, to=to, by=by, now=work.now, **said))
    work.note(invoice=invoice.pk, delivered=cleaned["delivered_how"])


def _refusing(operation: Any) -> None:
    try:
        operation()
    except RuleError as refused:
        raise StepRefused({refused.field: str(refused)}) from refused


def context(work: Work) -> dict[str, Any]:
    """The invoice, and the agency's queue that it is part of."""
    return {"invoice": invoice_of(work), "agency": work.record.billing_agency}


STEPS = (
    Step(
        handler="sales.print_invoices",
        form=PrintForm,
        complete=printed,
        template="sales/steps/print_invoices.html",
        context=context,
        opened=of_agency,
    ),
    Step(
        handler="sales.deliver_invoices",
        form=DeliveryForm,
        complete=delivered,
        template="sales/steps/deliver_invoices.html",
        context=context,
        opened=of_agency,
    ),
)
