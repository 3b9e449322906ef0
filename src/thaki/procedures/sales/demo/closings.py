"""The demonstration's closed days: Cobranzas closed every day with deposits but the latest one."""

from __future__ import annotations

from datetime import timedelta

from django.db.models.functions import Mod
from django.utils import timezone

from thaki.people.models import User
from thaki.people.roles import Role
from thaki.records.billing import closing, operations, queries
from thaki.records.billing.control_models import DepositClosing
from thaki.records.billing.models import Payment


def build() -> int:
    """Close them, once; how many."""
    collector = User.objects.filter(roles__contains=[Role.ENCARGADO_COBRANZAS.value]).order_by("pk").first()
    if collector is None or DepositClosing.objects.exists():
        return 0
    _say_to_which_account()
    days = closing.days_left_open(timezone.localdate(), back=timedelta(days=120))[1:]
    for day in reversed(days):
        evening = closing.bounds(day)[0] + timedelta(hours=18, minutes=30)
        operations.close_day(day, by=collector, now=evening)
    return len(days)


def _say_to_which_account() -> None:
    """The transfers went to the accounts in turn."""
    accounts = list(queries.bank_accounts())
    told = Payment.objects.filter(form=Payment.Form.TRANSFER, account=None).annotate(turn=Mod("pk", len(accounts)))
    for turn, account in enumerate(accounts):
        told.filter(turn=turn).update(account=account)
