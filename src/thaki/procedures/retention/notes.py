"""How the codes that a retention's moves noted in its history read in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db import models

from thaki.procedures.retention import shelf
from thaki.procedures.retention.models import (
    Authorisation,
    Decision,
    Eligible,
    Exceptional,
    NextOffer,
    Offered,
    Petition,
    Quality,
    Recurrence,
    Repeated,
    Request,
    Visit,
)

Words = Callable[[str], str]


def _label(choices: type[models.TextChoices]) -> Words:
    return lambda code: str(choices(code).label) if code in choices.values else ""


WORDS: Mapping[str, Words] = {
    "eligible": _label(Eligible),
    "request": _label(Request),
    "exception": _label(Exceptional),
    "repeated": _label(Repeated),
    "offer": _label(Offered),
    "next_offer": _label(NextOffer),
    "authorisation": _label(Authorisation),
    "petition": _label(Petition),
    "visit": _label(Visit),
    "quality": _label(Quality),
    "recurrence": _label(Recurrence),
    "decision": _label(Decision),
    "refusal": shelf.reason_name,
    "withdrawal": shelf.reason_name,
}
