"""The QR of a bank account: what a banking app reads to fill in a transfer; drawn here, as SVG.

The interbank QR of Bolivia is issued by a bank for each charge; without one, the QR carries the account's data as plain text,
which every telephone reads and the customer can copy.
"""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import segno

from thaki.records.billing.models import BankAccount
from thaki.records.money import format_bob

MASK = 3


def account_text(account: BankAccount, amount_bob: Decimal, reference: str) -> str:
    """What the QR says, a line each."""
    return "\n".join(
        (
            account.holder,
            f"Banco: {account.bank}",
            f"Cuenta: {account.number} ({account.currency})",
            f"Monto: {format_bob(amount_bob)}",
            f"Referencia: {reference}",
        )
    )


def account_qr(account: BankAccount, amount_bob: Decimal, reference: str) -> str:
    """The QR of an account as an inline SVG."""
    return svg(account_text(account, amount_bob, reference))


def svg(text: str) -> str:
    """A QR code as SVG markup, of our own making: safe to put into a page."""
    out = BytesIO()
    # A reader takes any of the eight masks; trying all of them for the most even one would cost 6 of 8 ms.
    segno.make(text, error="m", micro=False, mask=MASK).save(
        out, kind="svg", xmldecl=False, border=2, svgclass="tk-qr", lineclass=None, omitsize=True
    )
    return out.getvalue().decode()
