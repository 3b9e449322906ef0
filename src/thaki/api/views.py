"""Pages of the API: what it offers, one's own tokens, and the systems that are told of what happens."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thaki.api import problems, reading, service, tokens
from thaki.api.forms import SubscriptionForm, TokenForm
from thaki.api.models import Event, Subscription, Token
from thaki.api.webhooks import events, sending
from thaki.cases.registry import EffectError
from thaki.people.access import StaffRequest, any_staff, public, staff
from thaki.people.roles import Role

MOST_TOKENS = 20  # that run at the same time, a person
SHOWN = 50
administrator = staff(Role.ADMINISTRADOR)


# ---------------------------------------------------------------------- what the API offers
@require_safe
@any_staff
def reference(request: StaffRequest) -> HttpResponse:
    """The API for who writes a program: every address, what it takes and what it tells."""
    context = {"groups": reading.groups(), "problems": problems.TITLES.items(), "events": Event.choices}
    return render(request, "api/reference.html", context)


@public("the description of the API is no secret; what it describes asks for a token")
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI 3.1 document."""
    return JsonResponse(service.description(), json_dumps_params={"ensure_ascii": False})


# ---------------------------------------------------------------------- one's own tokens
@require_http_methods(["GET", "HEAD", "POST"])
@any_staff
def token_list(request: StaffRequest) -> HttpResponse:
    """One's own tokens; POST makes one, whose key is shown this once."""
    now = timezone.now()
    form = TokenForm(request.POST or None)
    made: tuple[Token, str] | None = None
    if request.method == "POST" and form.is_valid():
        if Token.objects.filter(user=request.user, revoked_at=None, expires_at__gt=now).count() >= MOST_TOKENS:
            form.add_error(None, _("Ya tiene %(n)d claves vigentes: retire las que no use.") % {"n": MOST_TOKENS})
        else:
            made = tokens.make(user=request.user, now=now, **form.cleaned_data)
            form = TokenForm()
    rows = Token.objects.filter(user=request.user).order_by("-created_at", "-pk")[:SHOWN]
    shown = [(row, row.state(now), [str(scope) for scope in row.scopes]) for row in rows]
    context = {"form": form, "rows": shown, "made": made}
    status = 422 if form.is_bound and form.errors else 200
    response = render(request, "api/tokens.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@any_staff
def token_revoke(request: StaffRequest, pk: int) -> HttpResponse:
    """End one of one's own."""
    if tokens.revoke(pk, by=request.user, now=timezone.now()):
        messages.success(request, _("La clave quedó retirada: desde ahora no abre nada."))
    return redirect("api:tokens")


# ---------------------------------------------------------------------- webhooks
@require_safe
@administrator
def webhook_list(request: StaffRequest) -> HttpResponse:
    """The systems that are told of what happens."""
    rows = Subscription.objects.order_by("name", "pk")
    names = dict(Event.choices)
    return render(request, "api/webhooks.html", {"rows": [(row, [names[e] for e in row.events]) for row in rows]})


@require_http_methods(["GET", "HEAD", "POST"])
@administrator
def webhook_edit(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """A new subscription, or one that there is."""
    row = get_object_or_404(Subscription, pk=pk) if pk else None
    form = SubscriptionForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        saved = _saved(request, form, is_new=row is None)
        messages.success(request, _("Guardado. Cópiele el secreto a quien recibe los avisos."))
        return redirect("api:webhook", pk=saved.pk)
    context = {"form": form, "row": row}
    return render(request, "api/webhook.html", context, status=422 if form.is_bound and form.errors else 200)


def _saved(request: StaffRequest, form: SubscriptionForm, *, is_new: bool) -> Subscription:
    row: Subscription = form.save(commit=False)
    if is_new:
        row.created_by, row.created_at, row.secret = request.user, timezone.now(), _new_secret()
    if row.is_active:
        row.paused_reason, row.failing_since = "", None
    row.save()
    events.forget()
    return row


@require_POST
@administrator
def webhook_try(request: StaffRequest, pk: int) -> HttpResponse:
    """Send a test now and say what came of it."""
    row = get_object_or_404(Subscription, pk=pk)
    now = timezone.now()
    body: dict[str, Any] = {"id": f"test-{uuid4().hex}", "type": "test", "at": now.isoformat()}
    try:
        status = sending.post(row, body, now=now)
    except EffectError as error:
        messages.error(request, _("La prueba no llegó: %(error)s") % {"error": error})
    else:
        messages.success(request, _("La prueba llegó: respondió %(status)d.") % {"status": status})
    return redirect("api:webhook", pk=pk)


@require_POST
@administrator
def webhook_secret(request: StaffRequest, pk: int) -> HttpResponse:
    """Another secret; what is signed from now on is signed with it."""
    Subscription.objects.filter(pk=pk).update(secret=_new_secret())
    messages.success(request, _("El secreto es otro: cópieselo a quien recibe los avisos."))
    return redirect("api:webhook", pk=pk)


@require_POST
@administrator
def webhook_delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Tell that system no more."""
    Subscription.objects.filter(pk=pk).delete()
    events.forget()
    messages.success(request, _("Ya no se le avisa."))
    return redirect("api:webhooks")


def _new_secret() -> str:
    return "whs_" + secrets.token_urlsafe(32)
