"""The bank accounts to which customers transfer: entered, changed while nobody paid to them, closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pghistory
from django.db import transaction

from thaki.records.billing.models import BankAccount
from thaki.records.reasons import RuleError

if TYPE_CHECKING:
    from thaki.people.models import User

IDENTITY = ("bank", "number", "currency")  # what payments were compared with


def save_account(account: BankAccount, *, by: User | None, **values: Any) -> BankAccount:
    """Enter an account, or change one; bank and number stand once somebody paid to it. Raises RuleError."""
    with pghistory.context(user=by.pk if by else None), transaction.atomic():
        before = BankAccount.objects.select_for_update(no_key=True).filter(pk=account.pk).first()
        another = before is not None and any(getattr(before, name) != values.get(name) for name in IDENTITY)
        if another and account.payments.exists():
            raise RuleError("account_paid", on="number")
        for name, value in values.items():
            setattr(account, name, value)
        account.save()
    return account


def set_account_active(account_id: int, *, active: bool, by: User | None) -> BankAccount:
    """Show an account to customers or do not any more; the last one stays. Raises RuleError."""
    with pghistory.context(user=by.pk if by else None), transaction.atomic():
        # All of them are locked, in order: of two closed at once the second sees the first.
        accounts = {a.pk: a for a in BankAccount.objects.select_for_update(no_key=True).order_by("pk")}
        account = accounts[account_id]
        if not active and not any(a.active for a in accounts.values() if a.pk != account_id):
            raise RuleError("account_last")
        account.active = active
        account.save(update_fields=["active"])
    return account
