"""What stands beside every step: the customer and the sale."""

from __future__ import annotations

from typing import Any

from thaki.cases.registry import Work
from thaki.procedures.sales import contact, recognition
from thaki.procedures.sales.capacity import reason_words
from thaki.procedures.sales.choices import WantedKind
from thaki.procedures.sales.models import Sale
from thaki.procedures.sales.prospect_attempts import QUICK
from thaki.procedures.sales.rules import AWAITED_STEPS
from thaki.procedures.sales.steps.milestones import milestones
from thaki.records.customers import queries
from thaki.records.customers.readers import may_see_customers
from thaki.records.customers.rules import whatsapp_link


def context(work: Work) -> dict[str, Any]:
    """Three queries at most: telephones, warnings, nothing else."""
    sale: Sale = work.record
    customer = sale.customer
    phone = queries.main_phone(customer) if customer else sale.prospect.phone
    return {
        "customer_phone": phone,
        "customer_page": work.by is not None and may_see_customers(work.by),
        "customer_whatsapp": whatsapp_link(phone, ""),
        # Once the order exists they say nothing that helps, and the running order that they would name is this one.
        "customer_warnings": () if sale.order_id else recognition.warnings_of(sale),
        "wanted": WantedKind(sale.wanted_kind).label if sale.wanted_kind else "",
        "capacity_reason": reason_words(sale.capacity_reason),
        "awaited": contact.open_step(work.case, AWAITED_STEPS) is not None,
        "quick": QUICK,
        "milestones": [(state.label, state.at) for state in milestones(sale)],
    }
