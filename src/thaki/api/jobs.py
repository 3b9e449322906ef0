"""The worker's tasks of the API."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from thaki.api.models import FirstAnswer
from thaki.cases.store import QUEUE

KEPT = timedelta(hours=24)


@app.periodic(cron="17 * * * *")
@app.task(queue=QUEUE, name="api.forget_answers", pass_context=False)
def forget_answers(timestamp: int) -> None:
    """First answers are kept for a day: who repeats a request does so within minutes."""
    FirstAnswer.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
