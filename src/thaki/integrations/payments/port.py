"""What Thaki asks of an electronic payment provider: a checkout page to send the customer to, and a receipt when he has paid.

The receipt comes as a signed message (`read_receipt`), at least once. It is handed upward to whoever registered with
`receive_with`: the payments room does not know what a sale is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class PaymentsError(Exception):
    """The provider could not do it, or what it sent cannot be trusted."""


class BadSignature(PaymentsError):
    """The message was not signed with our secret; nothing of it is believed."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A payment page made for one debt."""

    token: str  # unguessable; names the checkout from now on
    url: str  # where to send the customer
    expires_at: datetime
    state: str = "open"  # open | paid | cancelled | expired


@dataclass(frozen=True, slots=True)
class Receipt:
    """The provider's word that a checkout was paid."""

    token: str
    reference: str  # ours: the case number
    amount_bob: Decimal
    paid_at: datetime
    number: str  # the provider's receipt number: capitals and digits, unique
    method: str  # "card" | "qr"
    payer: str = ""


class Payments(Protocol):
    """The port."""

    def create_checkout(
        self, *, reference: str, amount_bob: Decimal, description: str, return_url: str, now: datetime
    ) -> Checkout:
        """A page where `reference` can be paid; an open one for the same reference and amount is given again."""
        ...

    def checkout(self, token: str, *, now: datetime) -> Checkout | None:
        """How far a checkout is; None when there is none of that token."""
        ...

    def cancel_checkout(self, token: str, *, now: datetime) -> None:
        """Close an open checkout, so that it can no longer be paid; one that is closed already stays as it is."""
        ...

    def read_receipt(self, body: bytes, signature: str) -> Receipt:
        """The receipt in a message of the provider's; BadSignature or PaymentsError when it cannot be trusted or read."""
        ...


def get_payments() -> Payments:
    """The provider of this installation: `THAKI_PAYMENTS` in the settings names its class; the embedded one by default."""
    factory: Callable[[], Payments] = import_string(
        getattr(settings, "THAKI_PAYMENTS", "thaki.integrations.payments.embedded.EmbeddedPayments")
    )
    return factory()


Receiver = Callable[[Receipt], None]
_receivers: list[Receiver] = []


def receive_with(receiver: Receiver) -> None:
    """Register who is told of a receipt, in the transaction that takes it; registering twice is once.

    A receiver that raises refuses the receipt for now: it comes again. It may see a receipt again only if it raised.
    """
    if receiver not in _receivers:
        _receivers.append(receiver)


def receivers() -> tuple[Receiver, ...]:
    """Who is told of receipts."""
    return tuple(_receivers)
