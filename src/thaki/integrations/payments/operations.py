"""Take receipts and hand them upward, each once."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction

from thaki.integrations.payments.embedded import message_of
from thaki.integrations.payments.models import HostedCheckout, TakenReceipt
from thaki.integrations.payments.port import Receipt, get_payments, receivers

log = structlog.get_logger(__name__)


def take_receipt(body: bytes, signature: str, *, now: datetime) -> Receipt:
    """Read a provider's signed message and hand its receipt to the registered receivers, once, all in one transaction.

    Raises what the port's `read_receipt` raises, and whatever a receiver raises: the provider then sends it again.
    """
    receipt = get_payments().read_receipt(body, signature)
    with transaction.atomic():
        _taken, is_new = TakenReceipt.objects.get_or_create(
            number=receipt.number,
            defaults={
                "token": receipt.token,
                "reference": receipt.reference,
                "amount_bob": receipt.amount_bob,
                "taken_at": now,
            },
        )
        if is_new:
            for receive in receivers():
                receive(receipt)
    return receipt


def tell_merchant(checkout: HostedCheckout, *, now: datetime) -> bool:
    """The embedded provider tells of a paid checkout, through the same door as any provider's message; False when it was refused.

    The message does not travel over HTTP to ourselves: a server of one thread would wait for itself.
    """
    body, signature = message_of(checkout)
    try:
        take_receipt(body, signature, now=now)
    except Exception:  # whatever the receiver's trouble is: the money is in, and it is told again
        log.exception("receipt_refused", checkout=checkout.pk, reference=checkout.reference)
        return False
    HostedCheckout.objects.filter(pk=checkout.pk).update(told_at=now)
    return True


def tell_again(*, now: datetime) -> int:
    """Tell of every paid checkout that the merchant has not taken; how many it took. Run every few minutes."""
    untold = HostedCheckout.objects.filter(state=HostedCheckout.State.PAID, told_at=None).order_by("paid_at")[:100]
    return sum(tell_merchant(checkout, now=now) for checkout in untold)
