"""Requests that write: one transaction, once for an idempotency key, and none by a token that was revoked meanwhile.

The first answer is kept beside what the request did, in its own transaction: it is there if and only if the work is. A second
request with the same key waits for the first and gets its answer; with another body it is refused. A refused request leaves
nothing behind, and may be corrected under the same key.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.responses import NinjaJSONEncoder

from thaki.api import tokens
from thaki.api.models import FirstAnswer
from thaki.api.problems import Problem
from thaki.api.tokens import Caller

HEADER = "Idempotency-Key"
TRIES = 3
_REPEATABLE = frozenset({"40P01", "40001"})  # deadlock detected, serialization failure
Do = Callable[[str], tuple[int, Schema]]  # submission key ("" without) -> status and body


def once(request: HttpRequest, caller: Caller, do: Do) -> HttpResponse:
    """Do it, or answer as the first time."""
    key = request.headers.get(HEADER, "")
    if len(key) > 255 or not key.isascii() or (key and not key.isprintable()):
        raise Problem(
            422, "invalid", _("La clave de repetición tiene hasta 255 letras."), errors=[(HEADER, _("No vale."))]
        )
    for left in reversed(range(1 if connection.in_atomic_block else TRIES)):
        try:
            with transaction.atomic():
                return _answered(request, caller, key, do)
        except OperationalError as error:
            if not left or getattr(error.__cause__, "sqlstate", "") not in _REPEATABLE:
                raise
    raise AssertionError("unreachable: the last try returns or raises")


def _answered(request: HttpRequest, caller: Caller, key: str, do: Do) -> HttpResponse:
    tokens.hold(caller.token_id)
    if not key:
        status, body = do("")
        return _response(status, _text(body))
    fingerprint = _fingerprint(request)
    mine = _claimed(caller, key, fingerprint)
    if mine is None:
        return _again(FirstAnswer.objects.get(user=caller.user, key=key), fingerprint)
    status, made = do(hashlib.sha256(f"{caller.user.pk}:{key}".encode()).hexdigest()[:40])
    text = _text(made)
    FirstAnswer.objects.filter(pk=mine).update(status=status, body=text)
    return _response(status, text)


def _claimed(caller: Caller, key: str, fingerprint: str) -> int | None:
    """The id of the new row; None when the key has served (one that is being answered just now is waited for)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO api_firstanswer (user_id, key, fingerprint, status, body, created_at)
            VALUES (%s, %s, %s, 0, '', %s) ON CONFLICT (user_id, key) DO NOTHING RETURNING id""",
            [caller.user.pk, key, fingerprint, timezone.now()],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _again(first: FirstAnswer, fingerprint: str) -> HttpResponse:
    if first.fingerprint != fingerprint:
        detail = _("Esa clave de repetición vino antes con otra dirección u otro contenido.")
        raise Problem(422, "key_reused", detail, errors=[(HEADER, detail)])
    answer = _response(first.status, first.body)
    answer["Idempotency-Replayed"] = "true"
    return answer


def _fingerprint(request: HttpRequest) -> str:
    """The same for the same request, however its JSON is spaced and ordered."""
    body: Any = request.body
    with contextlib.suppress(ValueError):
        body = json.dumps(json.loads(body), sort_keys=True).encode()
    return hashlib.sha256(f"{request.method} {request.path}\n".encode() + body).hexdigest()


def _text(body: Schema) -> str:
    return json.dumps(body.model_dump(), cls=NinjaJSONEncoder)


def _response(status: int, text: str) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="application/json; charset=utf-8")
