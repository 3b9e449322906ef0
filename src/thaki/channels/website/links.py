"""Issuing, showing again, resolving and revoking the customer's link."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.signing import Signer
from django.urls import reverse

from thaki.cases.models import Case
from thaki.channels.website.models import CustomerLink
from thaki.people import policies
from thaki.people.prepared import Prepared

_ALIVE = Prepared(CustomerLink, "m.case_id = %s AND m.revoked_at IS NULL")


class LinkGone(LookupError):
    """El enlace no es válido o ya venció. Pida uno nuevo al Ejecutivo que lo atiende."""


def issue(case: Case, *, now: datetime) -> str:
    """The address of the case's page for its customer: the living one, else a new one (policy `website.link_valid_days`)."""
    link = _ALIVE.first(case.pk)
    if link is not None and link.expires_at <= now:
        revoke(case, now=now)
        link = None
    if link is None:
        days = timedelta(days=policies.get_int("website.link_valid_days"))
        link = CustomerLink.objects.create(
            case=case, salt=secrets.token_urlsafe(32), created_at=now, expires_at=now + days
        )
    return address(link)


def address(link: CustomerLink) -> str:
    """The absolute address of a link."""
    return settings.PUBLIC_URL.rstrip("/") + reverse("website:portal", args=[token(link)])


def token(link: CustomerLink) -> str:
    """The unguessable part of the address: the row's number and a signature of its salt."""
    return f"{link.pk}-{_signature(link)}"


def resolve(text: str, *, now: datetime) -> CustomerLink:
    """The link that a token opens. Raises LinkGone for a forged, expired or revoked one, without telling which."""
    number, _, signature = text.partition("-")
    alive = CustomerLink.objects.select_related("case").filter(revoked_at=None, expires_at__gt=now)
    link = alive.filter(pk=int(number)).first() if _is_number(number) else None
    if link is None or not secrets.compare_digest(_signature(link).encode(), signature.encode()):
        raise LinkGone
    return link


def revoke(case: Case, *, now: datetime) -> None:
    """Close the case's link; the next `issue` makes another."""
    CustomerLink.objects.filter(case=case, revoked_at=None).update(revoked_at=now)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _signature(link: CustomerLink) -> str:
    return Signer(salt="thaki.website.link").signature(link.salt)
