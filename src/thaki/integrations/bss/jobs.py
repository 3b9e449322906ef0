"""What the embedded BSS and the commercial records do by the clock. Hours are UTC; La Paz is four behind."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from thaki.integrations.bss import embedded
from thaki.integrations.bss.port import get_bss
from thaki.records.billing import operations as billing
from thaki.records.courtesies import operations as courtesies
from thaki.records.documents import operations as documents
from thaki.records.offers import operations as offers

QUEUE = "records"


@app.periodic(cron="20 4 * * *", periodic_id="records.daily")
@app.task(queue=QUEUE, name="records.daily")
def daily(timestamp: int) -> None:
    """At night: what is past its date ends, the month's bills are made, files that nobody owns go."""
    now = timezone.now()
    offers.expire_letters(now=now)
    courtesies.end_due(now=now)
    billing.issue_month(timezone.localdate(now), by=None, now=now)
    if isinstance(get_bss(), embedded.EmbeddedBss):
        embedded.bill_services(now=now)
    documents.sweep(now=now)


@app.periodic(cron="*/15 * * * *", periodic_id="bss.advance_orders")
@app.task(queue=QUEUE, name="bss.advance_orders")
def advance_orders(timestamp: int) -> int:
    """In the demonstration there is no field: the embedded BSS completes the orders that were long enough under way."""
    if not settings.DEMO or not isinstance(get_bss(), embedded.EmbeddedBss):
        return 0
    return embedded.advance_orders(now=timezone.now())
