"""What the procedures ask for: the BSS does it, and our records keep it; also as outside effects."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from thaki.cases import registry
from thaki.integrations.bss import operations_care
from thaki.integrations.bss.port import BssError, InvoiceRequest, OrderRequest, OrderView, get_bss
from thaki.records.billing import operations as billing
from thaki.records.billing.models import Invoice
from thaki.records.customers.models import Customer
from thaki.records.offers.models import Plan
from thaki.records.orders.models import ProductOrder
from thaki.records.reasons import RuleError

if TYPE_CHECKING:
    from thaki.cases.models import Effect
    from thaki.people.models import User


def order_request(order: ProductOrder) -> OrderRequest:
    """The order in the BSS's terms."""
    return OrderRequest(
        number=order.number,
        case_ref=order.case_ref,
        customer_code=order.customer.code,
        plan_code=order.plan.code,
        action=order.action,
        technology=order.technology,
        tariff_bob=order.tariff_bob,
        installation_bob=order.installation_bob,
        address=order.address,
        contact_phone=order.contact_phone,
        lat=order.lat,
        lon=order.lon,
        replaces=order.replaces.number if order.replaces else "",
    )


def place_order(order: ProductOrder, *, key: str, now: datetime) -> OrderView:
    """Tell the BSS about an order of our records (step 22)."""
    return get_bss().place_order(order_request(order), key=key, now=now)


def issue_invoice(
    *,
    case_ref: str,
    name: str,
    tax_id: str,
    concept: str,
    amount_bob: Decimal,
    key: str,
    customer: Customer | None = None,
    order: ProductOrder | None = None,
    plan: Plan | None = None,
    agency: str = "",
    by: User | None,
    now: datetime,
) -> Invoice:
    """Have the BSS issue an invoice, and keep number, CUF and date. Twice with one key is once."""
    request = InvoiceRequest(
        case_ref=case_ref,
        name=name,
        tax_id=tax_id,
        concept=concept,
        amount_bob=amount_bob,
        customer_code=customer.code if customer else "",
        order_number=order.number if order else "",
    )
    issued = get_bss().issue_invoice(request, key=key, now=now)
    return billing.issue_invoice(
        number=issued.number,
        cuf=issued.cuf,
        case_ref=case_ref,
        name=name,
        nit=tax_id,
        concept=concept,
        amount_bob=amount_bob,
        customer=customer,
        order=order,
        plan=plan,
        agency=agency,
        by=by,
        now=issued.issued_at,
    )


def void_invoice(invoice: Invoice, *, reason: str, key: str, by: User | None, now: datetime) -> Invoice:
    """Have the BSS void an invoice with a credit note, and keep it. Twice is once."""
    if invoice.voided_at is not None:
        return invoice
    note = get_bss().void_invoice(invoice.number, reason=reason, key=key, now=now)
    return billing.void_invoice(invoice.pk, credit_note=note.number, reason=reason, by=by, now=note.issued_at)


# --- as effects --------------------------------------------------------------------------------------------------------


def _of(model: Any, effect: Effect, name: str) -> Any:
    """The record that an effect's payload names by its key; None when it names none."""
    return model.objects.get(pk=effect.payload[name]) if effect.payload.get(name) else None


def _place_order(effect: Effect) -> dict[str, Any]:
    """bss.place_order {"order": id} -> {"number", "state"}."""
    order = _of(ProductOrder, effect, "order")
    view = place_order(order, key=effect.key, now=timezone.now())
    return {"number": view.number, "state": view.state}


def _cancel_order(effect: Effect) -> dict[str, Any]:
    """bss.cancel_order {"order": id, "reason"?: text} -> {"number", "state"}."""
    order: ProductOrder = _of(ProductOrder, effect, "order")
    reason = effect.payload.get("reason") or order.annul_reason or "Anulada"
    view = get_bss().cancel_order(order.number, reason=reason, key=effect.key, now=timezone.now())
    return {"number": view.number, "state": view.state}


def _issue_invoice(effect: Effect) -> dict[str, Any]:
    """bss.issue_invoice {"case_ref", "name", "tax_id", "concept", "amount_bob", "customer"?, "order"?, "plan"?, "agency"?}

    -> {"invoice": id, "number", "cuf"}.
    """
    payload = effect.payload
    invoice = issue_invoice(
        case_ref=payload["case_ref"],
        name=payload["name"],
        tax_id=payload["tax_id"],
        concept=payload["concept"],
        amount_bob=Decimal(str(payload["amount_bob"])),
        key=effect.key,
        customer=_of(Customer, effect, "customer"),
        order=_of(ProductOrder, effect, "order"),
        plan=_of(Plan, effect, "plan"),
        agency=payload.get("agency", ""),
        by=effect.by,
        now=timezone.now(),
    )
    return {"invoice": invoice.pk, "number": invoice.number, "cuf": invoice.cuf}


def _void_invoice(effect: Effect) -> dict[str, Any]:
    """bss.void_invoice {"invoice": id, "reason": text} -> {"invoice": id, "credit_note"}."""
    invoice = _of(Invoice, effect, "invoice")
    voided = void_invoice(invoice, reason=effect.payload["reason"], key=effect.key, by=effect.by, now=timezone.now())
    return {"invoice": voided.pk, "credit_note": voided.credit_note}


HANDLERS = {
    "bss.place_order": _place_order,
    "bss.cancel_order": _cancel_order,
    "bss.issue_invoice": _issue_invoice,
    "bss.void_invoice": _void_invoice,
    **operations_care.HANDLERS,
}


def _telling(handler: registry.EffectHandler) -> registry.EffectHandler:
    """The port's errors and refused rules in the runtime's terms."""

    def tell(effect: Effect) -> dict[str, Any] | None:
        try:
            return handler(effect)
        except BssError as error:
            raise registry.EffectError(str(error), retry=error.retry) from error
        except RuleError as error:
            raise registry.EffectError(str(error), retry=False) from error

    return tell


def register() -> None:
    """Say who does the BSS's effects."""
    for kind, handler in HANDLERS.items():
        registry.register_effect_handler(kind, _telling(handler))
