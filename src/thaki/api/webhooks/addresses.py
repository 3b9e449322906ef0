"""Where a webhook may go: to the outside world, not into the house's own network, unless the installation allows it.

The name is resolved once and every address that it has is looked at; the connection then goes to the address that was looked
at, so that a name which answers otherwise a moment later leads nowhere else.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

LONGEST = 300


class Refused(ValueError):
    """The address is not one that may be told; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address."""

    scheme: str
    host: str  # as named: for the certificate and the Host header
    ip: str
    port: int
    path: str  # with the query


def check_form(url: str) -> None:
    """What can be said of an address without asking the network. Raises Refused."""
    _parts(url)


def resolve(url: str) -> Target:
    """The address to connect to. Raises Refused, or OSError when the name is not known."""
    scheme, host, port, path = _parts(url)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    ips = [str(entry[4][0]) for entry in found]
    if not settings.WEBHOOK_PRIVATE:
        for ip in ips:
            _check_public(ip)
    return Target(scheme, host, ips[0], port, path)


def _parts(url: str) -> tuple[str, str, int, str]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Refused(_("La dirección no se entiende.")) from None
    if parts.scheme not in _schemes() or not host or len(url) > LONGEST or parts.username or parts.password:
        raise Refused(_("La dirección debe empezar por https:// y no llevar usuario ni contraseña."))
    if any(ord(c) <= 32 or ord(c) > 126 for c in url):
        raise Refused(_("La dirección no puede llevar espacios ni letras con acento."))
    if not settings.WEBHOOK_PRIVATE and (host == "localhost" or host.endswith((".localhost", ".local", ".internal"))):
        raise Refused(_private())
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not settings.WEBHOOK_PRIVATE and _is_ip(host):
        _check_public(host)
    return parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path


def _schemes() -> tuple[str, ...]:
    return ("https", "http") if settings.WEBHOOK_PRIVATE else ("https",)


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _check_public(ip: str) -> None:
    address = ipaddress.ip_address(ip.partition("%")[0])
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None) or address
    if not address.is_global or not inner.is_global or address.is_multicast:
        raise Refused(_private())


def _private() -> str:
    return _("La dirección es de la red interna: la instalación no lo permite.")
