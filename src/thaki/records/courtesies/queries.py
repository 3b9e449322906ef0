"""What is asked about courtesies."""

from __future__ import annotations

from thaki.people.prepared import Prepared
from thaki.records.courtesies.models import Courtesy

MOST = 100
_OF_CUSTOMER = Prepared(
    Courtesy, f"m.customer_id = %s ORDER BY m.starts_on DESC, m.id DESC LIMIT {MOST}", follow=("subscription",)
)
_RUNNING = Prepared(Courtesy, "m.customer_id = %s AND m.ended_at IS NULL ORDER BY m.ends_on", follow=("subscription",))


def of_customer(customer_id: int) -> list[Courtesy]:
    """All that the customer was ever given, the newest first."""
    return _OF_CUSTOMER.all(customer_id)


def running(customer_id: int) -> list[Courtesy]:
    """Those that run now, the first to end first."""
    return _RUNNING.all(customer_id)
