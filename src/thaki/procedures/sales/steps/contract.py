"""GVD step 23: the Solicitud Contrato de Servicios (form F, one original and one copy): printed, signed, archived (R-A14).

Answer: `accepted_how` (agency, visit, link), `signed_by_name`, and for paper `signed_copy` (the scanned original, optional). The
PDF is made when the step opens. A customer who accepts on his link needs no paper.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from thaki.cases.operations import attach_within
from thaki.cases.registry import Step, StepRefused, Work
from thaki.procedures.sales.forms import StepForm, choice_field
from thaki.procedures.sales.models import Sale
from thaki.records.documents import operations as documents
from thaki.records.orders import operations as orders
from thaki.records.orders.models import ServiceContract
from thaki.records.reasons import RuleError
from thaki.reporting import pdf
from thaki.ui.formats import format_date, format_money, format_phone

Acceptance = ServiceContract.Acceptance


class ContractForm(StepForm):
    """How and by whom the contract was signed."""

    accepted_how = choice_field(
        _("Forma de aceptación"),
        Acceptance.choices,
        radio=True,
        help_text=_("El cliente firma el original y la copia, o acepta en su enlace."),
    )
    signed_by_name = forms.CharField(
        label=_("Firmado por"), max_length=160, help_text=_("Nombre como figura en el carnet.")
    )
    signed_copy = forms.FileField(
        label=_("Original firmado, escaneado"),
        required=False,
        help_text=_("PDF o foto. Puede adjuntarlo después, desde los documentos del caso."),
    )

    kept = ("signed_by_name",)

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """The customer himself signs, unless he says otherwise."""
        sale: Sale = work.record
        contract = sale.contract
        known = {"signed_by_name": sale.customer.full_name if sale.customer else ""}
        if contract is not None and contract.signed_at:
            known |= {"accepted_how": contract.accepted_how, "signed_by_name": contract.signed_by_name}
        return known

    def clean(self) -> dict[str, Any]:
        """An acceptance on the link is the customer's own act: nobody ticks it for him."""
        super().clean()
        contract = self.sale.contract
        on_link = self.cleaned_data.get("accepted_how") == Acceptance.LINK
        if on_link and not (contract and contract.signed_at and contract.accepted_how == Acceptance.LINK):
            self.add_error("accepted_how", _("El cliente todavía no aceptó en su enlace."))
        return self.cleaned_data


def opened(work: Work) -> None:
    """Draft the contract of the order."""
    sale: Sale = work.record
    if sale.order is None:
        return
    sale.contract = orders.draft_contract(sale.order, by=work.by, now=work.now)
    sale.save(update_fields=["contract"])


def render(contract: ServiceContract) -> bytes:
    """The PDF, original and copy on pages of their own; the same contract gives the same bytes."""
    order = contract.order
    return pdf.render(
        "sales/contrato.typ",
        {
            "number": contract.number,
            "order": order.number,
            "case": order.case_ref,
            "on": format_date(contract.drafted_at),
            "customer": order.customer.full_name,
            "ci": order.customer.ci or order.customer.nit,
            "phone": format_phone(order.contact_phone),
            "email": order.contact_email,
            "address": order.address,
            "reference": order.address_reference,
            "zone": order.zone,
            "plan": order.plan.name,
            "technology": order.plan.get_technology_display(),
            "down_mbps": order.down_mbps,
            "tariff_bob": format_money(order.tariff_bob),
            "installation_bob": format_money(order.installation_bob),
            "payment_form": order.get_payment_form_display(),
            "invoice_name": order.invoice_name,
            "invoice_tax_id": order.invoice_tax_id,
            "conditions": order.plan.conditions,
        },
    )


def complete(work: Work, data: dict[str, Any]) -> None:
    """Sign and archive; what was printed for paper counts as printed."""
    contract = _contract(work)
    try:
        if contract.signed_at is None:
            _sign(work, contract, data)
        orders.archive_contract(contract.pk, by=work.by, now=work.now)  # type: ignore[arg-type]  # a person completes a task
    except RuleError as refused:
        raise StepRefused({refused.field or "": str(refused)}) from refused
    work.note(contract=contract.number, accepted=data["accepted_how"])


def _sign(work: Work, contract: ServiceContract, data: dict[str, Any]) -> None:
    signed = _keep(work, data["signed_copy"], contract.number) if data.get("signed_copy") else None
    if contract.printed_at is None:
        print_out(work, contract)
    orders.sign_contract(
        contract.pk,
        how=data["accepted_how"],
        name=data["signed_by_name"],
        signed_document=signed,
        by=work.by,
        now=work.now,
    )


def print_out(work: Work, contract: ServiceContract) -> None:
    """Store the PDF with the case and count the print."""
    document = _keep(work, ContentFile(render(contract), name=f"{contract.number}.pdf"), contract.number)
    orders.print_contract(contract.pk, document=document, by=work.by, now=work.now)


def _keep(work: Work, file: Any, name: str) -> Any:
    document = documents.store(file, name=f"{name}.pdf", kind="contrato", by=work.by, now=work.now)
    attach_within(work, document, "contrato")
    return document


def _contract(work: Work) -> ServiceContract:
    sale: Sale = work.record
    if sale.contract is None:
        raise StepRefused({"": str(_("La venta todavía no tiene una orden de la que hacer el contrato."))})
    return sale.contract


def context(work: Work) -> dict[str, Any]:
    """The contract and where it stands."""
    return {"contract": work.record.contract, "order": work.record.order}


STEPS = (
    Step(
        handler="sales.print_contract",
        form=ContractForm,
        complete=complete,
        template="sales/steps/print_contract.html",
        context=context,
        opened=opened,
    ),
)
