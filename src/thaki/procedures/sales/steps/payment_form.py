"""GVD step 10, Consulta forma de pago: postpaid or prepaid, what each is like, and who the invoice is for (R-A12).

Answer: `payment_form` (prepaid, postpaid), `explained`, `invoice_name`, `invoice_nit`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.cases.registry import Step, Work
from thaki.procedures.sales import money
from thaki.procedures.sales.forms import StepForm, choice_field
from thaki.procedures.sales.models import Deposit, PaymentForm, PaymentRoute, PaymentStep, Sale

# What the executive reads out: each form's characteristics (GVD 10.1).
CHARACTERISTICS = {
    PaymentForm.PREPAID: (
        _("Paga ahora la instalación y el primer mes, por transferencia o en la página web."),
        _("La factura se emite apenas Cobranzas confirma el depósito."),
        _("La instalación se programa con el pago confirmado."),
    ),
    PaymentForm.POSTPAID: (
        _("No paga nada ahora: la instalación y el mes se cobran en su primera factura."),
        _("Queda inscrito en el control de pago recurrente y paga cada mes en la fecha que elija."),
        _("Si la primera factura no se paga, el servicio puede suspenderse."),
    ),
}


class PaymentFormForm(StepForm):
    """The customer's choice and the data of his invoice."""

    kept = ("invoice_name", "invoice_nit")

    payment_form = choice_field(
        _("Forma de pago"),
        [(form.value, form.label) for form in CHARACTERISTICS],
        radio=True,
        help_text=_("Explique las características de cada una; decide el cliente."),
    )
    explained = forms.BooleanField(
        label=_("Expliqué al cliente las características de ambas formas"),
        error_messages={"required": _("Explique ambas formas de pago antes de continuar.")},
    )
    invoice_name = forms.CharField(
        label=_("Factura a nombre de"),
        max_length=160,
        help_text=_("Nombre o razón social tal como debe salir en la factura; confírmelo con el cliente."),
    )
    invoice_nit = forms.CharField(
        label=_("NIT o CI de la factura"),
        max_length=20,
        help_text=_("Solo dígitos: el NIT si pide crédito fiscal, si no su carnet sin complemento."),
    )

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """What was confirmed before, else the customer's own name and number."""
        sale: Sale = work.record
        return {
            "invoice_name": sale.invoice_name or (sale.customer.full_name if sale.customer else ""),
            "invoice_nit": sale.invoice_nit or (sale.customer.tax_id if sale.customer else ""),
        }

    def clean_invoice_nit(self) -> str:
        """The digits alone."""
        digits = re.sub(r"[\s.-]", "", self.cleaned_data["invoice_nit"])
        if not re.fullmatch(r"[0-9]{4,15}", digits):
            raise forms.ValidationError(_("Escriba entre 4 y 15 dígitos, sin letras ni complemento."))
        return digits


def complete(work: Work, cleaned: dict[str, Any]) -> None:
    """Keep the choice. Money that came while it was prepaid goes back if it is postpaid now (R-A7)."""
    sale: Sale = work.record
    sale.payment_form = cleaned["payment_form"]
    sale.invoice_name, sale.invoice_nit = cleaned["invoice_name"], cleaned["invoice_nit"]
    if sale.payment_form == PaymentForm.POSTPAID:
        money.return_all(work, reason="change_form")
        sale.payment_route = PaymentRoute.UNKNOWN
    work.note(payment_form=sale.payment_form)
    sale.save()


def opened(work: Work) -> None:
    """The choice is open (again), and with it everything that hangs on it."""
    sale: Sale = work.record
    sale.payment_form = PaymentForm.UNKNOWN
    sale.payment_step, sale.deposit = PaymentStep.UNKNOWN, Deposit.UNKNOWN
    sale.save(update_fields=["payment_form", "payment_step", "deposit"])


def context(work: Work) -> dict[str, Any]:
    """What each form means for this plan, in bolivianos."""
    sale: Sale = work.record
    tariff, installation = sale.tariff_bob or Decimal(0), sale.installation_bob or Decimal(0)
    return {
        "forms_of_payment": [
            {
                "form": form,
                "points": points,
                "now_bob": tariff + installation if form == PaymentForm.PREPAID else Decimal(0),
            }
            for form, points in CHARACTERISTICS.items()
        ],
        "tariff_bob": tariff,
        "installation_bob": installation,
        "held_bob": money.held_bob(work.case.number),
    }


STEPS = (
    Step(
        handler="sales.choose_payment",
        form=PaymentFormForm,
        complete=complete,
        template="sales/steps/choose_payment.html",
        context=context,
        opened=opened,
    ),
)
