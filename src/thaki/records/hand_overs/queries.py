"""The inboxes of the neighbouring procedures."""

from __future__ import annotations

from django.db.models import QuerySet

from thaki.records.hand_overs.models import HandOver


def inbox(to: str, *, waiting: bool = True) -> QuerySet[HandOver]:
    """What waits to be acknowledged, the oldest first; or what was, the newest first."""
    found = HandOver.objects.filter(to=to).select_related("customer", "sent_by", "acknowledged_by")
    if waiting:
        return found.filter(acknowledged_at=None).order_by("sent_at", "pk")
    return found.filter(acknowledged_at__isnull=False).order_by("-sent_at", "-pk")


def of_case(case_ref: str) -> QuerySet[HandOver]:
    """What a case handed over."""
    return HandOver.objects.filter(case_ref=case_ref).select_related("acknowledged_by").order_by("sent_at", "pk")


def waiting_count(to: str) -> int:
    """How much waits in an inbox."""
    return HandOver.objects.filter(to=to, acknowledged_at=None).count()
