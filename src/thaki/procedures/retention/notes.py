"""How the codes that a retention's moves noted in its history read in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

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
from thaki.ui.formats import format_instant

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Words = Callable[[str], str]


def _label(choices: type[models.TextChoices]) -> Words:
    return lambda code: str(choices(code).label) if code in choices.values else ""


def _instant(what: str | _StrPromise) -> Words:
    """An instant that a move noted, with what it was: "llegada 21/11/2026 14:05"."""

    def words(told: str) -> str:
        try:
            return f"{what} {format_instant(datetime.fromisoformat(told))}"
        except ValueError:
            return ""

    return words


WORDS: Mapping[str, Words] = {
    "arrived": _instant(_("llegada")),
    "closed": _instant(_("cierre")),
    "failed": _label(Visit),
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
