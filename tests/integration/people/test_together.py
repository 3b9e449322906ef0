"""Reads asked at once give what each gives alone."""

from __future__ import annotations

from typing import Any

import pytest
from tests.integration.retention.deciding import DAMAGED, Decided, ground

from thaki.people.prepared import Prepared
from thaki.people.together import Together
from thaki.procedures.retention.models import Retention
from thaki.records.billing.service_models import ServiceBill
from thaki.records.claims.models import Claim
from thaki.records.customers.models import Debt, Subscription

pytestmark = pytest.mark.django_db
READS: tuple[Prepared[Any], ...] = (
    Prepared(Subscription, "m.customer_id = %s ORDER BY m.id", follow=("plan", "line")),
    Prepared(Retention, "m.customer_id = %s", follow=("case", "courtesy", "work_order", "customer")),
    Prepared(Claim, "m.customer_id = %s ORDER BY m.claimed_at DESC LIMIT 1"),
    Prepared(ServiceBill, "m.amount_bob > %s - 10000"),
    Prepared(Debt, "m.customer_id = %s"),
)


def test_rows_are_those_of_each_read_alone(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    one = Decided(ground(), {"claims": DAMAGED, "bills": [{"service": 0, "months_ago": 1, "amount_bob": "189.10"}]})
    one.does("Step_1", motives=["competitor", "price"])
    who = one.retention.customer_id
    alone = [read.all(who) for read in READS]
    together = Together(*READS).all(*[(who,)] * len(READS))
    assert [len(rows) for rows in together] == [1, 1, 1, 1, 0]
    for reads, rows in zip(alone, together, strict=True):
        assert [seen(row) for row in rows] == [seen(row) for row in reads]


def seen(row: Any) -> dict[str, Any]:
    """Every column, and those of the rows it leads to."""
    columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    followed = {name: seen(there) for name, there in row._state.fields_cache.items() if there is not None}
    return columns | followed
