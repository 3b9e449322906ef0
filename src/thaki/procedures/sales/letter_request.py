"""The model of the letter of request (GVD step 9), filled in with what the sale knows; the rest stays lines to write on."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from thaki.people import texts
from thaki.procedures.sales.models import Sale
from thaki.procedures.sales.order_data import contact_phone
from thaki.reporting import pdf
from thaki.ui.formats import format_date, format_money, format_phone


def letter_model(sale: Sale) -> bytes:
    """The PDF."""
    return pdf.render("sales/carta_solicitud.typ", model_data(sale))


def model_data(sale: Sale) -> dict[str, Any]:
    """What the model says."""
    customer = sale.customer
    return {
        "case": sale.case.number,
        "issued_on": format_date(timezone.localdate()),
        "notice": texts.of("sales.letter.request_notice", {}),
        "name": customer.full_name if customer else sale.prospect.name,
        "ci": (customer.ci or customer.nit) if customer else "",
        "plan": str(sale.plan) if sale.plan else "",
        "address": sale.installation_address,
        "zone": sale.zone,
        "reference": sale.installation_reference,
        "tariff": format_money(sale.tariff_bob) if sale.tariff_bob else "",
        "installation": format_money(sale.installation_bob) if sale.installation_bob is not None else "",
        "letter": sale.letter.number if sale.letter else "",
        "phone": format_phone(contact_phone(sale)),
        "email": (customer.email if customer else "") or sale.prospect.email,
    }
