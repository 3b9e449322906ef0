"""What surrounds every request: a clear answer while the database is away, safe headers, and a measure."""

import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from thaki.api import problems
from thaki.config import metrics

Next = Callable[[HttpRequest], HttpResponseBase]
log = structlog.get_logger(__name__)

RETRY_AFTER_S = 5
API = "/api/v1/"  # whose errors are problems (RFC 9457)


# ---------------------------------------------------------------- the database is away
def _note_database_error(request: HttpRequest | None = None, **_rest: object) -> None:
    # Django turns an exception into a response at every layer, so the outermost one never sees it; but it tells this
    # signal first, while the exception is still being handled.
    error = sys.exc_info()[1]
    if request is not None and isinstance(error, (OperationalError, InterfaceError)):
        request.META["thaki.database_down"] = str(error)


got_request_exception.connect(_note_database_error, dispatch_uid="thaki.database_down")


def database_down(get_response: Next) -> Next:
    """Answer 503 with a page that needs no database; the next request finds the database again by itself."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not request.META.get("thaki.database_down"):
            return response
        log.error("database_down", path=request.path, error=request.META["thaki.database_down"])
        return unavailable(request)

    return middleware


def unavailable(request: HttpRequest) -> HttpResponse:
    """The page that says that the data are out of reach for a moment, and that nothing typed is lost."""
    if request.path.startswith(API):
        response: HttpResponse = problems.response(
            request, problems.Problem(503, "unavailable", _("La base de datos no responde."))
        )
    elif "application/json" in request.headers.get("Accept", ""):
        response = JsonResponse({"error": _("La base de datos no responde.")}, status=503)
    else:
        context = {"retry_after_s": RETRY_AFTER_S, "may_reload": request.method in ("GET", "HEAD")}
        response = HttpResponse(render_to_string("config/503.html", context), status=503)
    response["Retry-After"] = str(RETRY_AFTER_S)
    response["Cache-Control"] = "no-store"
    return response


# ---------------------------------------------------------------- headers
def content_security_policy(*, tile_server: str = "", sign_in_server: str = "") -> str:
    """Everything comes from ourselves, but for the map's tiles and the sign-in of an organisation that names them."""
    tiles = _origin(tile_server.replace("{s}", "*"))
    sign_in = _origin(sign_in_server)  # browsers hold a form's redirect to form-action as well
    return "; ".join(
        [
            "default-src 'self'",
            "script-src 'self'",
            # Diagrams, maps and charts set style attributes while they draw; no script comes in through a style.
            "style-src 'self' 'unsafe-inline'",
            f"img-src 'self' data: blob:{tiles}",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self'",
            "frame-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            f"form-action 'self'{sign_in}",
            "frame-ancestors 'self'",  # PDFs are shown inside our own pages
        ]
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""


def security_headers(get_response: Next) -> Next:
    """Content Security Policy and the like, on every response that does not bring its own."""
    headers = {
        "Content-Security-Policy": content_security_policy(
            tile_server=settings.TILE_SERVER, sign_in_server=settings.OIDC_ISSUER
        ),
        "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=()",
        "X-Frame-Options": "SAMEORIGIN",
    }

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


# ---------------------------------------------------------------- addresses that nobody types
def no_nul(get_response: Next) -> Next:
    """An address with a NUL names nothing: PostgreSQL keeps none, so no search could find it. Forms refuse it themselves."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            if request.path.startswith(API):
                return problems.response(request, problems.with_nul(request))
            raise Http404
        return get_response(request)

    return middleware


# ---------------------------------------------------------------- measures
def measured(get_response: Next) -> Next:
    """Count requests and their time at the server, by view."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = get_response(request)
        match: Any = request.resolver_match
        view = (match.view_name or match.route) if match else "none"
        metrics.observe(view, request.method or "", response.status_code, time.perf_counter() - started)
        return response

    return middleware
