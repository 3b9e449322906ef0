"""What was agreed along a sale, and what is keyed at 22: the two sides of the control de calidad de digitación."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from thaki.people.prepared import Prepared
from thaki.procedures.sales.models import Offer, PaymentForm, Requirements, Sale
from thaki.procedures.sales.rules_payment import amount_due
from thaki.records.billing.models import Payment
from thaki.records.customers.models import Phone
from thaki.records.offers.models import Plan
from thaki.records.orders import queries as orders
from thaki.records.orders.rules import Agreement, SaleData

if TYPE_CHECKING:
    from thaki.records.orders.models import ProductOrder

ZERO = Decimal("0.00")
ACTIONS = {"new": "new", "upgrade": "upgrade", "second": "second_service"}


def agreed(sale: Sale) -> SaleData:
    """The data of the sale as the case learned them; nothing is asked twice."""
    customer, plan = sale.customer, sale.plan
    return SaleData(
        customer_name=customer.full_name if customer else "",
        customer_ci=(customer.ci or customer.nit) if customer else "",
        contact_phone=contact_phone(sale),
        contact_email=(customer.email if customer else "") or sale.prospect.email,
        plan_code=plan.code if plan else "",
        technology=sale.capacity_technology or (plan.technology if plan else ""),
        down_mbps=plan.down_mbps if plan else 0,
        tariff_bob=sale.tariff_bob or ZERO,
        installation_bob=sale.installation_bob or ZERO,
        address=sale.installation_address,
        lat=sale.lat,
        lon=sale.lon,
        payment_form=sale.payment_form,
        invoice_name=sale.invoice_name,
        invoice_tax_id=sale.invoice_nit,
    )


_MAIN_PHONE = Prepared(Phone, "m.customer_id = %s ORDER BY m.is_main DESC, m.is_whatsapp DESC, m.id LIMIT 1")


def contact_phone(sale: Sale) -> str:
    """The customer's main telephone, else the prospect's; asked several times of the same sale in hand, read once."""
    known: dict[str, str] = sale.__dict__.setdefault("_contact_phone", {})
    if "number" not in known:
        phone = _MAIN_PHONE.first(sale.customer_id) if sale.customer_id else None
        known["number"] = phone.number if phone else sale.prospect.phone
    return known["number"]


def agreement(sale: Sale) -> Agreement:
    """The agreed side, with what the case knows beside the data."""
    prepaid = sale.payment_form == PaymentForm.PREPAID
    running = orders.open_order(sale.case.number)
    return Agreement(
        data=agreed(sale),
        max_mbps=sale.max_mbps,
        letter_accepted=sale.offer == Offer.ACCEPTED,
        requirements_complete=sale.requirements == Requirements.COMPLETE,
        paid_bob=accepted_bob(sale.case.number),
        due_bob=amount_due(sale.tariff_bob or ZERO, sale.installation_bob or ZERO) if prepaid else ZERO,
        open_order=running.number if running else "",
    )


def accepted_bob(case_ref: str) -> Decimal:
    """The money of the sale that Cobranzas accepted."""
    payments = Payment.objects.filter(case_ref=case_ref, state=Payment.State.ACCEPTED)
    return sum(payments.values_list("amount_bob", flat=True), ZERO)


def keyed(data: dict[str, Any]) -> SaleData:
    """The keyed side, from the form's clean data; the plan tells its technology and speed."""
    plan: Plan = data["plan"]
    return SaleData(
        customer_name=data["customer_name"],
        customer_ci=data["customer_ci"],
        contact_phone=data["contact_phone"],
        contact_email=data["contact_email"],
        plan_code=plan.code,
        technology=plan.technology,
        down_mbps=plan.down_mbps,
        tariff_bob=data["tariff_bob"],
        installation_bob=data["installation_bob"],
        address=data["address"],
        lat=data["lat"],
        lon=data["lon"],
        payment_form=data["payment_form"],
        invoice_name=data["invoice_name"],
        invoice_tax_id=data["invoice_tax_id"],
    )


def opening(sale: Sale) -> dict[str, Any]:
    """What the form of 22 opens with."""
    data = agreed(sale)
    return {
        "customer_name": data.customer_name,
        "customer_ci": data.customer_ci,
        "contact_phone": data.contact_phone,
        "contact_email": data.contact_email,
        "plan": sale.plan_id,
        "tariff_bob": data.tariff_bob,
        "installation_bob": data.installation_bob,
        "address": data.address,
        "address_reference": sale.installation_reference,
        "lat": data.lat,
        "lon": data.lon,
        "payment_form": data.payment_form,
        "invoice_name": data.invoice_name,
        "invoice_tax_id": data.invoice_tax_id,
    }


def order_arguments(sale: Sale, data: dict[str, Any], replaces: ProductOrder | None) -> dict[str, Any]:
    """What `records.orders.operations.place_order` takes."""
    return {
        "case_ref": sale.case.number,
        "customer": sale.customer,
        "plan": data["plan"],
        "payment_form": data["payment_form"],
        "tariff_bob": data["tariff_bob"],
        "installation_bob": data["installation_bob"],
        "address": data["address"],
        "contact_phone": data["contact_phone"],
        "letter": sale.letter,
        "replaces": replaces,
        "action": ACTIONS[sale.request_kind],
        "address_reference": data["address_reference"],
        "zone": sale.zone,
        "lat": data["lat"],
        "lon": data["lon"],
        "contact_email": data["contact_email"],
        "invoice_name": data["invoice_name"],
        "invoice_tax_id": data["invoice_tax_id"],
        "notes": data["notes"],
    }
