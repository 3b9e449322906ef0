"""The embedded provider: a hosted checkout that is operated end to end, and tells the merchant by a signed message.

It stands for the provider of "Protocolo Pago Electrónico" (Anexo 1, not supplied). Money does not move: cards are
checked for form only, and the QR is confirmed on the page.
"""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from urllib.parse import urljoin

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from thaki.integrations.payments.models import HostedCheckout
from thaki.integrations.payments.port import BadSignature, Checkout, PaymentsError, Receipt
from thaki.integrations.payments.rules import DECLINED, is_signed, signature_of
from thaki.records.money import check_amount
from thaki.records.reasons import RuleError

LIFE = timedelta(hours=48)
State = HostedCheckout.State


def secret() -> str:
    """What signs the receipts: `THAKI_PAYMENTS_SECRET`, or one derived from the installation's own."""
    return str(getattr(settings, "THAKI_PAYMENTS_SECRET", "") or f"payments:{settings.SECRET_KEY}")


class EmbeddedPayments:
    """See `port.Payments`, whose methods these are."""

    @transaction.atomic
    def create_checkout(
        self, *, reference: str, amount_bob: Decimal, description: str, return_url: str, now: datetime
    ) -> Checkout:
        """An open one for the same reference and amount is given again; other open ones of the reference are closed."""
        check_amount(amount_bob)
        opened = HostedCheckout.objects.select_for_update().filter(reference=reference, state=State.OPEN).order_by("pk")
        for checkout in opened:
            if checkout.amount_bob == amount_bob and checkout.expires_at > now + LIFE / 4:
                return _view(checkout, now)
            checkout.state = State.CANCELLED
            checkout.save(update_fields=["state"])
        return _view(
            HostedCheckout.objects.create(
                token=secrets.token_urlsafe(32),
                reference=reference,
                amount_bob=amount_bob,
                description=description[:200],
                return_url=return_url,
                created_at=now,
                expires_at=now + LIFE,
            ),
            now,
        )

    def checkout(self, token: str, *, now: datetime) -> Checkout | None:
        """As recorded; an open one past its time is expired."""
        found = HostedCheckout.objects.filter(token=token).first()
        return _view(found, now) if found else None

    def cancel_checkout(self, token: str, *, now: datetime) -> None:
        """By one conditional update: a payment under way wins or loses whole."""
        HostedCheckout.objects.filter(token=token, state=State.OPEN).update(state=State.CANCELLED)

    def read_receipt(self, body: bytes, signature: str) -> Receipt:
        """Signature first, over the raw bytes; then the JSON."""
        if not is_signed(body, signature, secret()):
            raise BadSignature(str(RuleError("receipt_signature")))
        try:
            data = json.loads(body)
            paid_at = parse_datetime(data["paid_at"])
            amount = Decimal(data["amount_bob"])
        except (ValueError, KeyError, TypeError, InvalidOperation) as error:
            raise PaymentsError(f"unreadable receipt: {error}") from error
        if paid_at is None:
            raise PaymentsError("unreadable receipt: paid_at")
        texts = {name: str(data.get(name, "")) for name in ("token", "reference", "number", "method", "payer")}
        return Receipt(amount_bob=amount, paid_at=paid_at, **texts)


def _view(checkout: HostedCheckout, now: datetime) -> Checkout:
    """The checkout in the port's terms."""
    state = "expired" if checkout.state == State.OPEN and checkout.expires_at <= now else str(checkout.state)
    path = reverse("payments:checkout", args=[checkout.token])
    return Checkout(checkout.token, urljoin(settings.PUBLIC_URL, path), checkout.expires_at, state)


@transaction.atomic
def pay(token: str, *, method: str, payer: str = "", card_number: str = "", now: datetime) -> HostedCheckout:
    """The customer pays on the hosted page; a declined card, or a checkout that is closed or past its time, raises RuleError."""
    checkout = HostedCheckout.objects.select_for_update().filter(token=token).first()
    if checkout is None:
        raise RuleError("checkout_unknown")
    if checkout.state != State.OPEN:
        raise RuleError("checkout_closed")
    if checkout.expires_at <= now:
        raise RuleError("checkout_expired")
    if card_number == DECLINED:
        raise RuleError("card_declined", on="card_number")
    checkout.state, checkout.paid_at, checkout.method = State.PAID, now, method
    checkout.payer, checkout.card_end = payer[:160], card_number[-4:]
    checkout.receipt_number = f"PW{checkout.pk:08d}{secrets.token_hex(2).upper()}"
    checkout.save(update_fields=["state", "paid_at", "method", "payer", "card_end", "receipt_number"])
    return checkout


def message_of(checkout: HostedCheckout) -> tuple[bytes, str]:
    """The signed message that tells the merchant: (body, signature)."""
    assert checkout.paid_at is not None  # a paid checkout has it (database)
    body = json.dumps(
        {
            "token": checkout.token,
            "reference": checkout.reference,
            "amount_bob": str(checkout.amount_bob),
            "paid_at": checkout.paid_at.isoformat(),
            "number": checkout.receipt_number,
            "method": checkout.method,
            "payer": checkout.payer,
        }
    ).encode()
    return body, signature_of(body, secret())
