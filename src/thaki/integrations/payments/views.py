"""The embedded provider's hosted page, and the door for a provider's signed messages."""

from __future__ import annotations

import segno
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from thaki.integrations.payments import operations
from thaki.integrations.payments.embedded import EmbeddedPayments, pay
from thaki.integrations.payments.forms import CardForm, QrForm
from thaki.integrations.payments.models import HostedCheckout
from thaki.integrations.payments.port import BadSignature, PaymentsError
from thaki.people.access import public
from thaki.records.reasons import RuleError

LONGEST_MESSAGE = 64 * 1024


@public("the customer pays here, with the unguessable token that he was sent")
@never_cache
@require_http_methods(["GET", "POST"])
def checkout(request: HttpRequest, token: str) -> HttpResponse:
    """The page of one checkout: pay by card or QR, cancel, or see that it is done."""
    found = get_object_or_404(HostedCheckout, token=token)
    if request.method == "POST":
        return _act(request, found)
    return _page(request, found, CardForm(), _qr())


def _qr(data: QueryDict | None = None) -> QrForm:
    """The QR form; its fields' ids differ from the card's, as both are on the page."""
    return QrForm(data, auto_id="qr_%s")


def _act(request: HttpRequest, found: HostedCheckout) -> HttpResponse:
    """One of the page's buttons."""
    action = request.POST.get("action", "")
    now = timezone.now()
    if action == "cancel":
        EmbeddedPayments().cancel_checkout(found.token, now=now)
        return redirect("payments:checkout", token=found.token)
    card = CardForm(request.POST if action == "card" else None)
    qr = _qr(request.POST if action == "qr" else None)
    form = {"card": card, "qr": qr}.get(action)
    if form is None or not form.is_valid():
        return _page(request, found, card, qr, status=422)
    data = form.cleaned_data
    try:
        paid = pay(found.token, method=action, payer=data["payer"], card_number=data.get("card_number", ""), now=now)
    except RuleError as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        found.refresh_from_db()
        return _page(request, found, card, qr, status=422)
    operations.tell_merchant(paid, now=now)
    return redirect("payments:checkout", token=found.token)


def _page(
    request: HttpRequest, found: HostedCheckout, card: CardForm, qr: QrForm, *, status: int = 200
) -> HttpResponse:
    """The page in the state that the checkout has."""
    state = EmbeddedPayments().checkout(found.token, now=timezone.now())
    assert state is not None  # `found` is it
    code = ""
    if state.state == "open":
        code = segno.make(f"THAKI|{found.token}|{found.amount_bob}|BOB", error="m").svg_inline(scale=5, border=2)
    context = {
        "checkout": found,
        "state": state.state,
        "card": card,
        "qr": qr,
        "qr_svg": mark_safe(code),  # noqa: S308 - drawn by segno from our own token and amount
    }
    return render(request, "payments/checkout.html", context, status=status)


@public("providers tell of payments here; every message is signed")
@csrf_exempt
@require_POST
def notice(request: HttpRequest) -> HttpResponse:
    """A provider's signed message: 200 taken (again, too), 403 not signed by it, 400 unreadable, 503 come again."""
    body = request.read(LONGEST_MESSAGE + 1)
    if len(body) > LONGEST_MESSAGE:
        return JsonResponse({"error": "too long"}, status=413)
    try:
        receipt = operations.take_receipt(body, request.headers.get("X-Signature-256", ""), now=timezone.now())
    except BadSignature:
        return JsonResponse({"error": "signature"}, status=403)
    except PaymentsError as error:
        return JsonResponse({"error": str(error)}, status=400)
    except RuleError as error:
        return JsonResponse({"error": error.code}, status=503)
    return JsonResponse({"taken": receipt.number})
