"""GVD steps 20 to 22: the order into Smartflex, with the control de calidad de digitación worked out by the system.

21: `ready` (yes). 22 and 20: the data of the order, all of them open with what was agreed, so an answer may be empty; `notes`.
Every finding of the control is green or red with its reason; the order is entered once all are green. 20 does the same for an
annulled order: the new one replaces it, and nothing else of the sale changes hands (R-A3, R-A4).
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.cases.registry import Step, StepRefused, Work
from thaki.procedures.sales import order_data
from thaki.procedures.sales.form_parts import PriceField
from thaki.procedures.sales.forms import StepForm, choice_field, mail_field, phone_field, text_area
from thaki.procedures.sales.models import FollowUp, PaymentForm, Sale
from thaki.procedures.sales.operations import stamp
from thaki.records.offers.models import Plan
from thaki.records.orders import operations as orders
from thaki.records.orders.models import ProductOrder
from thaki.records.orders.rules import Finding, keying_findings, passes
from thaki.records.reasons import RuleError

# check of the control -> field of the form that mends it; the others belong to the whole answer
FIELD_OF = {"plan_code": "plan", "technology": "plan", "down_mbps": "plan", "max_mbps": "plan", "pin": "lat"}
CHECKS = {
    "customer_name": _("Nombre del cliente"),
    "customer_ci": _("Carnet de identidad o NIT"),
    "contact_phone": _("Teléfono de contacto"),
    "contact_email": _("Correo electrónico"),
    "plan_code": _("Plan"),
    "technology": _("Tecnología"),
    "down_mbps": _("Velocidad del plan"),
    "tariff_bob": _("Tarifa mensual"),
    "installation_bob": _("Costo de instalación"),
    "address": _("Dirección de instalación"),
    "payment_form": _("Forma de pago"),
    "invoice_name": _("Nombre en la factura"),
    "invoice_tax_id": _("NIT/CI de la factura"),
    "pin": _("Ubicación en el mapa"),
    "max_mbps": _("Velocidad confirmada por Help Desk"),
    "letter_accepted": _("Carta Comercial"),
    "requirements_complete": _("Requisitos"),
    "payment": _("Pago"),
    "open_order": _("Orden abierta"),
}


class OpenEntryForm(StepForm):
    """The executive opens the order entry."""

    ready = forms.BooleanField(
        label=_("Abrí la digitación de la solicitud de venta"),
        help_text=_("Los datos de la venta están arriba; en el paso 22 se digitan y se controlan."),
        error_messages={"required": _("Marque la casilla cuando haya abierto la digitación.")},
    )

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """Completing the step says it: it asks nothing else."""
        return {"ready": True}


class OrderForm(StepForm):
    """The order, as it is keyed; it opens with what was agreed."""

    kept = (
        *("customer_name", "customer_ci", "contact_phone", "contact_email", "plan", "tariff_bob", "installation_bob"),
        *("address", "address_reference", "lat", "lon", "payment_form", "invoice_name", "invoice_tax_id"),
    )

    customer_name = forms.CharField(label=_("Nombre del cliente"), max_length=160)
    customer_ci = forms.CharField(label=_("Carnet de identidad o NIT"), max_length=20)
    contact_phone = phone_field(_("Teléfono de contacto"))
    contact_email = mail_field(_("Correo electrónico"), required=False)
    plan = forms.ModelChoiceField(label=_("Plan"), queryset=Plan.objects.all())
    tariff_bob = PriceField(label=_("Tarifa mensual"))
    installation_bob = PriceField(label=_("Costo de instalación"))
    address = forms.CharField(label=_("Dirección de instalación"), max_length=200)
    address_reference = forms.CharField(label=_("Referencia"), max_length=160, required=False)
    lat = forms.FloatField(label=_("Latitud"), min_value=-90, max_value=90)
    lon = forms.FloatField(label=_("Longitud"), min_value=-180, max_value=180)
    payment_form = choice_field(
        _("Forma de pago"),
        [(PaymentForm.PREPAID, PaymentForm.PREPAID.label), (PaymentForm.POSTPAID, PaymentForm.POSTPAID.label)],
    )
    invoice_name = forms.CharField(label=_("Nombre en la factura"), max_length=160)
    invoice_tax_id = forms.CharField(label=_("NIT/CI de la factura"), max_length=15)
    notes = forms.CharField(label=_("Observaciones"), max_length=300, required=False, widget=text_area())

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """What was agreed."""
        return order_data.opening(work.record)

    def clean(self) -> dict[str, Any]:
        """The control: every red finding stands beside the field that mends it."""
        super().clean()
        if not self.errors:
            findings = keying_findings(order_data.agreement(self.sale), order_data.keyed(self.cleaned_data))
            self.cleaned_data["findings"] = findings
            for finding in findings:
                if not finding.ok:
                    self._red(finding)
        return self.cleaned_data

    def _red(self, finding: Finding) -> None:
        name = FIELD_OF.get(finding.check, finding.check)
        message = f"{CHECKS[finding.check]}: {finding.reason}"
        if finding.expected:
            message += " " + str(_("Se acordó: %(value)s.")) % {"value": finding.expected}
        self.add_error(name if name in self.fields else None, message)


def agreed_findings(sale: Sale) -> tuple[Finding, ...]:
    """The control as it stands before anything is keyed differently."""
    data = order_data.opening(sale) | {"plan": sale.plan}
    return keying_findings(order_data.agreement(sale), order_data.keyed(data)) if sale.plan else ()


def context(work: Work) -> dict[str, Any]:
    """The control's findings with their names, and the order that is replaced."""
    sale: Sale = work.record
    findings = [(CHECKS[finding.check], finding) for finding in agreed_findings(sale)]
    return {
        "findings": findings,
        "red": sum(not f.ok for _, f in findings),
        "replaced": sale.order,
        "agreed": order_data.agreed(sale),
    }


def open_entry(work: Work, data: dict[str, Any]) -> None:
    """Nothing to keep but who opened it and when, which is the history's."""


def enter(work: Work, data: dict[str, Any]) -> None:
    """Step 22: the order is entered; *Venta* is stamped (R-A6)."""
    sale: Sale = work.record
    _place(work, data, replaces=None)
    stamp(sale, "sold", work.now)
    sale.save(update_fields=["order", "order_checks", "visited_at", "informed_at", "presale_at", "sold_at"])


def rekey(work: Work, data: dict[str, Any]) -> None:
    """Step 20: a new order in place of the annulled one; the first *Venta* stamp stands."""
    sale: Sale = work.record
    _place(work, data, replaces=sale.order)
    sale.follow_up = FollowUp.UNKNOWN
    sale.save(update_fields=["order", "order_checks", "follow_up"])


def _place(work: Work, data: dict[str, Any], *, replaces: ProductOrder | None) -> None:
    sale: Sale = work.record
    findings = data["findings"]  # the form was checked under the case's lock
    if not passes(findings):
        raise StepRefused({"": "; ".join(f"{CHECKS[f.check]}: {f.reason}" for f in findings if not f.ok)})
    try:
        order = orders.place_order(**order_data.order_arguments(sale, data, replaces), by=work.by, now=work.now)
    except RuleError as refused:
        raise StepRefused({"": str(refused)}) from refused
    sale.order = order
    sale.order_checks = [finding.to_json() for finding in findings]
    work.effect("bss.place_order", f"{order.number}:place", {"order": order.pk})
    work.note(order=order.number, replaces=replaces.number if replaces else "")


STEPS = (
    Step("sales.open_order_entry", OpenEntryForm, open_entry, "sales/steps/open_order_entry.html", context),
    Step("sales.enter_order", OrderForm, enter, "sales/steps/enter_order.html", context),
    Step("sales.rekey_annulled", OrderForm, rekey, "sales/steps/rekey_annulled.html", context),
)
