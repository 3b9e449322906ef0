"""What Thaki asks of the Central de Riesgos: is this person on the list?

The embedded one (`embedded.py`) answers from a list that is brought in by file; an adapter for a bureau says the same method.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class BureauError(Exception):
    """The bureau did not answer; trying again may help."""


@dataclass(frozen=True, slots=True)
class RiskView:
    """One entry."""

    entity: str
    listed_on: date
    amount_bob: Decimal | None = None
    name: str = ""
    cleared_on: date | None = None  # off the list from that day on


class CreditBureau(Protocol):
    """The port."""

    def look_up(self, *, ci_number: str = "", ci_complement: str = "", nit: str = "", on: date) -> tuple[RiskView, ...]:
        """The entries that stand against this identity card or tax number on a day, the oldest first."""
        ...


def get_bureau() -> CreditBureau:
    """The bureau of this installation: `THAKI_CREDIT_BUREAU` in the settings names its class; the embedded one by default."""
    factory: Callable[[], CreditBureau] = import_string(
        getattr(settings, "THAKI_CREDIT_BUREAU", "thaki.integrations.credit_bureau.embedded.EmbeddedBureau")
    )
    return factory()
