"""A lead of the public page becomes a prospect and its case (GVD step 1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation

from thaki.cases import runtime
from thaki.cases.models import Case
from thaki.records.offers.models import Plan
from thaki.records.prospects import operations as prospects
from thaki.records.prospects.models import Channel

PROCEDURE = "sales"  # who takes the leads of this page; the room below never learns what a sale is


@transaction.atomic
def submit(data: dict[str, Any], *, now: datetime) -> Case:
    """Take the form's clean data; the same `key` with the same words twice is the same prospect and the same case."""
    key = f"{data['key']}:{data['digest']}"  # somebody who went back and mended his number asks anew
    prospect, _is_new = prospects.receive(
        channel=Channel.WEB,
        name=data["name"],
        phone=data["phone"],
        email=data["email"],
        external_ref=key,
        interest=_in_words(data["interest"]),
        message=data["message"],
        address=data["address"],
        lat=data.get("lat"),
        lon=data.get("lon"),
        by=None,
        now=now,
    )
    return runtime.start(PROCEDURE, {"prospect": prospect.pk}, by=None, now=now, submission_key=key)


def _in_words(kind: str) -> str:
    """The service as the staff reads it, whatever language the visitor chose."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(Plan.Kind(kind).label)
