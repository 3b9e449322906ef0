"""The accounts to which the demonstration's customers transfer."""

from __future__ import annotations

from thaki.records.billing.models import BankAccount

HOLDER = "COMTECO R.L."
_ACCOUNTS = (
    ("Banco Unión", "1-0000012345"),
    ("Banco Nacional de Bolivia", "300-0067890"),
    ("Banco Mercantil Santa Cruz", "4010-112233"),
    ("Banco BISA", "045678-001-9"),
)


def build_accounts() -> list[BankAccount]:
    """Four invented accounts."""
    accounts = [BankAccount(bank=bank, number=number, holder=HOLDER) for bank, number in _ACCOUNTS]
    return BankAccount.objects.bulk_create(accounts, ignore_conflicts=True)
