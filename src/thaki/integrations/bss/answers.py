"""How the embedded BSS does a thing once a key, and says what no retry mends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from thaki.integrations.bss.models import BssCall
from thaki.integrations.bss.port_error import BssError
from thaki.records.reasons import RuleError


def once(key: str, operation: str, now: datetime, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Do `work` unless the key was seen; then its first answer. Two at the same time: the second waits for the first."""
    with transaction.atomic():
        call, is_new = BssCall.objects.get_or_create(key=key, defaults={"operation": operation, "at": now})
        if not is_new:
            return dict(call.answer)
        call.answer = work()
        call.save(update_fields=["answer"])
        return dict(call.answer)


def refusing(call: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """A rule that refuses is an error that no retry mends."""
    try:
        return call()
    except RuleError as error:
        raise BssError(str(error), retry=False) from error
