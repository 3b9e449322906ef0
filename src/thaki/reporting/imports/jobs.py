"""The worker's task: one import at a time, so that the day's other jobs keep their worker."""

from __future__ import annotations

import structlog
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from thaki.cases.store import QUEUE
from thaki.reporting.imports import running
from thaki.reporting.imports.models import Import

log = structlog.get_logger(__name__)
AWAY = (OperationalError, InterfaceError)  # of the database: no row is to blame, and it comes back


@app.task(
    queue=QUEUE, name="reporting.run_import", retry=RetryStrategy(max_attempts=30, wait=20, retry_exceptions=AWAY)
)
def run_import(import_id: int) -> None:
    """Settle the rows that are left. A worker that dies leaves whole batches; `cases.rescue` gives the job to another."""
    found = Import.objects.filter(pk=import_id, state=Import.State.RUNNING).first()
    if found is None:
        return
    try:
        table = running.content_of(found)
        while running.run_batch(import_id, table, now=timezone.now()):
            pass
    except AWAY:
        raise  # tried again as it is
    except Exception:
        log.exception("import_failed", import_id=import_id)
        running.fail(import_id, _("Un error interno la interrumpió; lo ya importado quedó."), now=timezone.now())


def defer(import_id: int) -> None:
    """Leave the job in the queue, in the transaction that started the import."""
    run_import.configure(lock="imports").defer(import_id=import_id)
