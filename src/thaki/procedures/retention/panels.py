"""What stands beside every step: the customer, and the retention so far."""

from __future__ import annotations

from typing import Any

from thaki.cases.registry import Work
from thaki.procedures.retention import shelf
from thaki.procedures.retention.models import Retention
from thaki.records.customers import queries
from thaki.records.customers.readers import may_see_customers


def context(work: Work) -> dict[str, Any]:
    """Telephone and reasons; two queries at most."""
    retention: Retention = work.record
    names = {one.code: one.name for one in shelf.reasons(retention, "of_petition")} if retention.motives else {}
    return {
        "retention": retention,
        "customer_phone": queries.main_phone(retention.customer),
        "customer_page": work.by is not None and may_see_customers(work.by),
        "motive_names": [names.get(code, code) for code in retention.motives],
    }
