"""Doing the effect: one signed POST, whose answer says whether trying again may help.

    Thaki-Signature: t=1763740800,v1=<hex HMAC-SHA256 of "1763740800.<body>" under the subscription's secret>

The receiver works out the same and refuses what is older than some minutes; `id` in the body is the same whenever the same
event is sent again, so that it can pass over what it knows.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import socket
import ssl
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from thaki.api.models import Subscription
from thaki.api.webhooks import addresses, events
from thaki.api.webhooks.addresses import Refused, Target
from thaki.cases.registry import EffectError, register_effect_handler

if TYPE_CHECKING:
    from thaki.cases.models import Effect

TIMEOUT_S = 10
PAUSED_AFTER = timedelta(days=2)  # without a single success: then it is paused, and the administrator decides
AGAIN = frozenset({408, 409, 425, 429})  # of the 4xx: those that a retry may mend


def sign(secret: str, at: datetime, body: bytes) -> str:
    """The signature's header."""
    seconds = int(at.timestamp())
    digest = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"


def send(effect: Effect) -> dict[str, Any]:
    """Send an event; to who does not want it any more nothing is sent."""
    row = Subscription.objects.filter(pk=effect.payload["subscription"]).first()
    if row is None or not row.is_active:
        return {"not_sent": "paused" if row else "deleted"}
    try:
        status = post(row, effect.payload["body"], now=timezone.now())
    except EffectError as error:
        _note_failure(row, str(error), timezone.now())
        raise
    Subscription.objects.filter(pk=row.pk).update(last_ok_at=timezone.now(), failing_since=None, last_error="")
    return {"status": status}


def post(row: Subscription, event: dict[str, Any], *, now: datetime) -> int:
    """POST an event and return the status (2xx). Raises EffectError."""
    body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Thaki-Webhook/1",
        "Thaki-Event": str(event["type"]),
        "Thaki-Delivery": str(event["id"]),
        "Thaki-Signature": sign(row.secret, now, body),
    }
    try:
        status = _request(addresses.resolve(row.url), body, headers)
    except Refused as error:
        raise EffectError(str(error), retry=False) from error
    except (OSError, http.client.HTTPException) as error:
        raise EffectError(f"{type(error).__name__}: {error}"[:300], retry=True) from error
    if 200 <= status < 300:
        return status
    retry = status >= 500 or status in AGAIN
    raise EffectError(_("El otro sistema respondió %(status)d.") % {"status": status}, retry=retry)


def _request(target: Target, body: bytes, headers: dict[str, str]) -> int:
    """The status of a POST to exactly that address; redirects are not followed."""
    connection = _Connection(target)
    try:
        connection.request("POST", target.path, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


class _Connection(http.client.HTTPConnection):
    """To the address that was looked at, under the name that was asked for."""

    def __init__(self, target: Target) -> None:
        self._target = target
        super().__init__(target.host, target.port, timeout=TIMEOUT_S)
        self.default_port = 443 if target.scheme == "https" else 80  # so that the Host header names no usual port

    def connect(self) -> None:
        """Connect to the address, and prove the name by the certificate."""
        raw = socket.create_connection((self._target.ip, self._target.port), TIMEOUT_S)
        if self._target.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=self._target.host)
        else:
            self.sock = raw


def _note_failure(row: Subscription, error: str, now: datetime) -> None:
    """Remember since when it fails; one that has failed for two days is paused, so that no more incidents pile up."""
    since = row.failing_since or now
    changes: dict[str, Any] = {"failing_since": since, "last_error": error[:300]}
    if now - since > PAUSED_AFTER:
        changes |= {"is_active": False, "paused_reason": error[:300]}
        events.forget()
    Subscription.objects.filter(pk=row.pk).update(**changes)


def register() -> None:
    """Tell the runtime who sends."""
    register_effect_handler(events.KIND, send)
