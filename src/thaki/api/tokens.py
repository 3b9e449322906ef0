"""Tokens: made, asked for at every request, revoked.

Theory of operation. One UPDATE finds the token by its hash, counts the request in the minute that runs and notes the use. A
request that writes holds the token's row (`FOR KEY SHARE`) from before its work until its commit; revoking locks the same row
whole. So a revoked token writes nothing after `revoke` has returned, whatever was under way, and counting (which changes no
key column) waits for nobody.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils.translation import gettext as _
from ninja import Schema

from thaki.api.models import Scope, Token
from thaki.api.problems import Problem
from thaki.people.models import User

if TYPE_CHECKING:
    from django.http import HttpRequest

PREFIX = "thk_"
HINT = 10  # letters of a key that may be shown
WINDOW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a person, by a token with these scopes."""

    user: User
    token_id: int
    scopes: frozenset[str]
    limit: int  # requests a minute
    remaining: int
    resets_at: datetime


def make(*, user: User, name: str, scopes: Collection[str], days: int, now: datetime) -> tuple[Token, str]:
    """A new token of the person, and its key, which nobody can read again."""
    key = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        user=user,
        name=name,
        hint=key[:HINT],
        key_hash=hash_of(key),
        scopes=[scope for scope in Scope.values if scope in scopes],
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    return token, key


def revoke(token_id: int, *, by: User, now: datetime) -> bool:
    """End one of the person's own tokens; when this returns, nothing more is written by it. False: it was not running."""
    with transaction.atomic():
        # FOR UPDATE, so that writes under way are waited for: see the theory above.
        token = Token.objects.select_for_update().filter(pk=token_id, user=by, revoked_at=None).first()
        if token is None:
            return False
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])
    return True


def hash_of(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def authenticate(key: str, *, now: datetime, limit: int) -> Caller:
    """Who comes with that key. Raises Problem 401 for none, a revoked or an expired one, and 429 past the limit."""
    row = _use(hash_of(key), now)
    if row is None:
        raise unauthorised("invalid_token", _("La clave no existe."))
    token_id, user_id, scopes, expires_at, revoked_at, count = row
    if revoked_at is not None:
        raise unauthorised("revoked_token", _("La clave se retiró."))
    if expires_at <= now:
        raise unauthorised("expired_token", _("La clave venció."))
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise unauthorised("invalid_token", _("La persona de la clave ya no ingresa al sistema."))
    caller = Caller(
        user, token_id, frozenset(scopes), limit, max(limit - count, 0), now.replace(second=0, microsecond=0) + WINDOW
    )
    if count > limit:
        raise _too_many(caller, now)
    return caller


_USE = """UPDATE api_token SET last_used_at = %(now)s, window_at = %(window)s,
    window_count = CASE WHEN window_at = %(window)s THEN window_count + 1 ELSE 1 END
    WHERE key_hash = %(hash)s RETURNING id, user_id, scopes, expires_at, revoked_at, window_count"""


def _use(key_hash: str, now: datetime) -> tuple[int, int, list[str], datetime, datetime | None, int] | None:
    with connection.cursor() as cursor:
        cursor.execute(_USE, {"now": now, "window": now.replace(second=0, microsecond=0), "hash": key_hash})
        row: tuple[int, int, list[str], datetime, datetime | None, int] | None = cursor.fetchone()
    return row


def hold(token_id: int) -> None:
    """Keep the token from being revoked until this transaction ends; Problem 401 when it was revoked meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT revoked_at FROM api_token WHERE id = %s FOR KEY SHARE", [token_id])
        row = cursor.fetchone()
    if row is None or row[0] is not None:
        raise unauthorised("revoked_token", _("La clave se retiró."))


def check_scope(request: HttpRequest, scope: Scope, query: type[Schema] | None = None) -> Caller:
    """The caller, if the token has the scope; Problem 403 when it has not.

    `query` is what the address may ask: a mistyped filter is told (422) instead of bringing the whole list.
    """
    unknown = sorted(set(request.GET) - set(query.model_fields if query else ()))
    if unknown:
        errors = [(name[:80], _("No se conoce.")) for name in unknown]
        raise Problem(422, "invalid", _("Corrija lo que se nombra en «errors»."), errors=errors)
    caller: Caller = request.auth  # type: ignore[attr-defined]  # ninja puts there what the authentication returned
    if scope not in caller.scopes:
        detail = _("La clave no tiene el alcance «%(scope)s».") % {"scope": scope.value}
        raise Problem(403, "missing_scope", detail)
    return caller


def unauthorised(code: str, detail: str) -> Problem:
    """401, with what RFC 6750 asks to be told."""
    error = "invalid_token" if code != "no_token" else ""
    return Problem(401, code, detail, headers={"WWW-Authenticate": f'Bearer error="{error}"' if error else "Bearer"})


def _too_many(caller: Caller, now: datetime) -> Problem:
    seconds = max(int((caller.resets_at - now).total_seconds()) + 1, 1)
    detail = _("Son más de %(limit)d pedidos en un minuto. Vuelva en %(seconds)d s.") % {
        "limit": caller.limit,
        "seconds": seconds,
    }
    return Problem(429, "too_many_requests", detail, headers={"Retry-After": str(seconds), **limit_headers(caller)})


def limit_headers(caller: Caller) -> dict[str, str]:
    """How much of the minute is left, for the program that asks."""
    return {"X-RateLimit-Limit": str(caller.limit), "X-RateLimit-Remaining": str(caller.remaining)}
