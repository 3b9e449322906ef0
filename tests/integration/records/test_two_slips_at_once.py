"""Two people use one slip number at the same moment, on real parallel connections: one is told, none crashes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from thaki.records.billing import operations
from thaki.records.network.models import AccessPoint
from thaki.records.network.operations import occupy_port
from thaki.records.reasons import RuleError

pytestmark = pytest.mark.django_db(transaction=True)


def race(*works: Callable[[], object]) -> list[str]:
    """Run all at once, each on a connection of its own; "ok" or the code of the refusal, sorted."""
    start = Barrier(len(works))

    def run(work: Callable[[], object]) -> str:
        start.wait()
        try:
            work()
        except RuleError as refused:
            return refused.code
        finally:
            connection.close()
        return "ok"

    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(pool.map(run, works))


def test_a_slip_used_twice_at_once_pays_once(now: datetime) -> None:
    def use(case: str) -> Callable[[], object]:
        return lambda: operations.register_payment(
            case_ref=case,
            form="transfer",
            slip_number="123456",
            amount_bob=Decimal(250),
            paid_on=date(2026, 11, 20),
            operation_type="transfer",
            by=None,
            now=now,
        )

    assert race(*(use(f"GVD-2026-00000{n}") for n in range(4))) == ["ok", "slip_used", "slip_used", "slip_used"]


def test_the_last_port_asked_for_by_all_goes_to_one(now: datetime) -> None:
    AccessPoint.objects.create(
        code="FO-1", technology="FO", lat=-17.39, lon=-66.15, ports_total=1, reach_m=500, max_mbps=300
    )
    take = [lambda: occupy_port("FO-1", by=None, now=now)] * 4
    assert race(*take) == ["ok", "ports_full", "ports_full", "ports_full"]
