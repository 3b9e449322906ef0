"""The worker's part: receipts that were refused are told again."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from thaki.integrations.payments import operations


@app.periodic(cron="*/2 * * * *")
@app.task(queue="payments", name="payments.tell_again", pass_context=False)
def tell_again(timestamp: int) -> int:
    """Every two minutes."""
    return operations.tell_again(now=timezone.now())
