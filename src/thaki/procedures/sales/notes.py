"""How the codes that a sale's moves noted in its history read in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db import models
from django.utils.translation import gettext as _

from thaki.procedures.sales.choices import (
    AnnulReason,
    CapacityReason,
    RefusalReason,
    SendBy,
    WithdrawalReason,
    label_of,
)
from thaki.procedures.sales.deposit_form import REASON_LABELS
from thaki.procedures.sales.models import RequestKind, Unserved
from thaki.procedures.sales.reasons import UNSERVED_LABELS, UnservedReason
from thaki.procedures.sales.rules_payment import DepositReason
from thaki.records.prospects.models import ContactAttempt

Words = Callable[[str], str]


def _label(choices: type[models.TextChoices]) -> Words:
    return lambda code: label_of(choices, code)


def _unserved(code: str) -> str:
    return str(UNSERVED_LABELS[UnservedReason(code)]) if code in set(UnservedReason) else ""


def _deposit(code: str) -> str:
    return str(REASON_LABELS[DepositReason(code)]) if code in set(DepositReason) else ""


def _any_reason(code: str) -> str:
    """The steps that note a plain `reason` each have codes of their own."""
    readers = (_label(CapacityReason), _label(AnnulReason), _deposit, _unserved)
    return next((words for reader in readers if (words := reader(code))), "")


WORDS: Mapping[str, Words] = {
    "attempt": _label(ContactAttempt.Result),
    "channel": _label(ContactAttempt.Way),
    "request": _label(RequestKind),
    "refusal": _label(RefusalReason),
    "withdrawal": _label(WithdrawalReason),
    "unserved_reason": _unserved,
    "decision": _label(Unserved),
    "reason": _any_reason,
    "letter_sent": _label(SendBy),
    "came_back_as": lambda number: _("La cobertura llegó a su ubicación: vuelve como %(number)s") % {"number": number},
    "comes_from": lambda number: _("Viene de %(number)s") % {"number": number},
    "first_bill_unpaid": lambda month: _("Primera factura sin pagar: se avisó a Ventas por correo"),
}
