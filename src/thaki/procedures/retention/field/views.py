"""The technician's app: its shell and service worker, which hold nobody's data, and the addresses that it talks to."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from thaki.people.access import StaffRequest, public, staff
from thaki.people.roles import Role
from thaki.procedures.retention.field import receiving, today
from thaki.procedures.retention.field.payload import MOST_PHOTOS, Unreadable, read
from thaki.procedures.retention.field.words import words
from thaki.records.work_orders.models import Submission
from thaki.records.work_orders.rules_visit import FAILURES, PAPERS
from thaki.ui import vendor

MINE = "retention/field/"
SCRIPTS = ("store", "net", "device", "dom", "draft", "list", "visit", "work", "evidence", "app")
MOST_BYTES = 40 * 1024 * 1024  # of a whole submission
SHELL = "an app that opens without signal and with an expired session; it holds no data of its own"


def _scripts() -> list[str]:
    return [vendor.path_of("signature_pad/signature_pad.min.js"), *(f"{MINE}{name}.js" for name in SCRIPTS)]


def _files() -> list[str]:
    look = [
        "ui/theme.js",
        "ui/tokens.css",
        "ui/icons.svg",
        f"{MINE}field.css",
        f"{MINE}icon.svg",
        f"{MINE}icon-192.png",
    ]
    return [*look, vendor.path_of("inter/inter-latin-wght-normal.woff2"), *_scripts()]


@public(SHELL)
@require_safe
def app(request: HttpRequest) -> HttpResponse:
    """The shell: the same for everybody; who is there, and his visits, the app asks for itself."""
    config = {
        "words": words(),
        "icons": static("ui/icons.svg"),
        "most_photos": MOST_PHOTOS,
        "papers": list(PAPERS),
        "failures": list(FAILURES),
    }
    response = render(
        request, "retention/field/app.html", {"config": config, "scripts": [static(s) for s in _scripts()]}
    )
    response["Cache-Control"] = "no-cache"
    return response


@public(SHELL)
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; its version is that of everything it keeps, so a new file or another language makes a new one."""
    files = [static(path) for path in _files()]
    context = {
        "version": _version(),
        "shell": "/terreno/",
        "files": json.dumps(files),
        "imports": [static(f"{MINE}store.js"), static(f"{MINE}net.js")],
    }
    response = render(request, "retention/field/sw.js", context, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    response["Service-Worker-Allowed"] = "/terreno/"
    return response


def _version() -> str:
    """Of the files (their names bear a hash once they are built) and of the words."""
    told = hashlib.sha256(json.dumps([get_language(), words(), [static(path) for path in _files()]]).encode())
    if not settings.STATIC_BUILT:
        for path in _files():
            found = finders.find(path)
            if isinstance(found, str):
                with open(found, "rb") as file:
                    told.update(file.read())
    return told.hexdigest()[:16]


@public(SHELL)
@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """What makes it installable."""
    icons = [
        ("icon-192.png", "192x192", "any"),
        ("icon-512.png", "512x512", "any"),
        ("icon-512-maskable.png", "512x512", "maskable"),
    ]
    return JsonResponse(
        {
            "id": "/terreno/",
            "name": _("Thaki: visitas técnicas"),
            "short_name": _("Visitas"),
            "lang": get_language(),
            "start_url": "/terreno/",
            "scope": "/terreno/",
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#0c5f56",
            "icons": [
                {"src": static(f"{MINE}{name}"), "sizes": size, "type": "image/png", "purpose": purpose}
                for name, size, purpose in icons
            ],
        },
        content_type="application/manifest+json",
    )


@public("after signing out there is no session; it only empties the telephone")
@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Take the customers' data off the telephone, then to the sign-in page."""
    return render(request, "retention/field/leave.html")


# ---------------------------------------------------------------- what the app asks
@public("says who is signed in, and nothing to who is not")
@never_cache
@require_GET
def session(request: HttpRequest) -> JsonResponse:
    """Who is signed in, the token that sending needs, and the server's clock."""
    told: dict[str, Any] = {"now": timezone.now(), "user": None, "allowed": False, "csrf": ""}
    if request.user.is_authenticated:
        told |= {
            "user": {"id": request.user.pk, "name": str(request.user)},
            "allowed": request.user.has_role(Role.TECNICO_MULTISERVICIOS),
            "csrf": get_token(request),
        }
    return JsonResponse(told)


@staff(Role.TECNICO_MULTISERVICIOS)
@never_cache
@require_GET
def visits(request: StaffRequest) -> JsonResponse:
    """The technician's visits."""
    now = timezone.now()
    return JsonResponse({"now": now, "tasks": today.tasks(), "visits": today.visits_of(request.user, now)})


@staff(Role.TECNICO_MULTISERVICIOS)
@require_POST
def submit(request: StaffRequest) -> JsonResponse:
    """Take what the telephone sends: 200 taken (also the second time), 409 kept as a conflict, 422 refused, 413 too much."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return JsonResponse({"errors": {"": _("El envío es demasiado grande: quite fotos.")}}, status=413)
    try:
        payload = json.loads(request.POST.get("envio", ""))
        sent = read(payload)
    except (ValueError, Unreadable) as error:
        return _refuse({"": _("El envío no se pudo leer (%(part)s).") % {"part": str(error)[:40]}})
    files = {name: file for name, file in request.FILES.items() if file is not None}
    try:
        taken = receiving.receive(sent, files, payload, by=request.user, now=timezone.now())  # type: ignore[arg-type]  # a name holds one file
    except receiving.Refused as refused:
        return _refuse(refused.errors)
    return _outcome(taken)


def _refuse(errors: dict[str, str]) -> JsonResponse:
    return JsonResponse({"errors": errors}, status=422)


def _outcome(taken: Submission) -> JsonResponse:
    is_conflict = taken.outcome == Submission.Outcome.CONFLICT
    told = {"at": taken.received_at, "outcome": taken.outcome, "message": taken.conflict.get("message", "")}
    return JsonResponse(told, status=409 if is_conflict else 200)
