"""The public page and the door of the customer's link."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from thaki.channels.website import intake, links, portals
from thaki.channels.website.forms import RequestForm
from thaki.people.access import public
from thaki.records.network import queries as network
from thaki.records.network.rules import TechnologyVerdict
from thaki.records.offers import queries as offers
from thaki.records.offers.models import Plan
from thaki.records.reasons import RuleError

SENT, SENT_FOR_S = "thaki_sent", 24 * 3600
HEADINGS = {"internet": _("Internet"), "package": _("Paquetes"), "tv": _("Televisión"), "telephony": _("Telefonía")}


def _plans() -> list[tuple[Any, list[Plan]]]:
    """The plans on sale today by kind, the cheapest first."""
    on_sale: QuerySet[Plan] = offers.plans_on_sale(timezone.localdate())
    by_kind = {
        kind: list(plans) for kind, plans in groupby(on_sale.order_by("kind", "tariff_bob"), key=lambda plan: plan.kind)
    }
    return [(HEADINGS[kind], by_kind[kind]) for kind in HEADINGS if kind in by_kind]


@public("la página donde los clientes piden un servicio")
def home(request: HttpRequest) -> HttpResponse:
    """Plans, coverage check, and the form; a request leads to its own link."""
    form = RequestForm(request.POST or None)
    if request.method == "POST":
        if form.is_trap:  # a machine: it gets an answer, and nothing happens
            return redirect("website:home")
        if form.is_valid():
            return _submitted(request, form)
    return render(request, "website/home.html", {"form": form, "plans": _plans()}, status=422 if form.errors else 200)


def _submitted(request: HttpRequest, form: RequestForm) -> HttpResponse:
    """A request leads to its own link. Sent again as it was, also after "back" (which may bring a new key), to the same one.

    Only the browser that sent it is recognised: a stranger who guesses the words does not come to somebody's link. A request
    that has ended is not the one that is asked for now.
    """
    now = timezone.now()
    own, said = form.cleaned_data["key"], form.digest
    key = own
    sent = str(request.get_signed_cookie(SENT, default="", salt=SENT, max_age=SENT_FOR_S))
    if sent.endswith(said):
        key = sent.removesuffix(said)
    case = intake.submit({**form.cleaned_data, "key": key, "digest": said}, now=now)
    if not case.is_open and key != own:
        key = own
        case = intake.submit({**form.cleaned_data, "key": key, "digest": said}, now=now)
    response = redirect(links.issue(case, now=now))
    response.set_signed_cookie(
        SENT, key + said, salt=SENT, max_age=SENT_FOR_S, httponly=True, samesite="Lax", secure=request.is_secure()
    )
    return response


@public("la consulta de cobertura de la página pública")
def coverage(request: HttpRequest) -> HttpResponse:
    """What can be had at a pin, in the customer's words: a fragment for the map."""
    context: dict[str, Any] = {}
    try:
        verdicts = network.qualify(float(request.GET["lat"]), float(request.GET["lon"]))
        context = {"best": _best(verdicts), "asked": True}
    except (KeyError, ValueError) as error:  # no pin, or RuleError: a pin outside the country
        context = {"problem": str(error) if isinstance(error, RuleError) else ""}
    return render(request, "website/coverage.html", context)


def _best(verdicts: tuple[TechnologyVerdict, ...]) -> TechnologyVerdict | None:
    return max((v for v in verdicts if v.available), key=lambda v: v.max_mbps, default=None)


@never_cache
@public("el enlace del cliente: lo abre quien lo tiene")
def portal(request: HttpRequest, token: str, action: str = "") -> HttpResponse:
    """The customer's own page, shown by the procedure of his case."""
    now = timezone.now()
    try:
        link = links.resolve(token, now=now)
    except links.LinkGone:
        return render(request, "website/gone.html", status=404)
    show = portals.portal_of(link.case.procedure)
    if show is None:
        return render(request, "website/gone.html", status=404)
    link.last_seen_at = now
    link.save(update_fields=["last_seen_at"])
    response = show(request, link, action)
    # The address is the key: nobody else is told where the customer came from. Not "no-referrer": with it browsers send the
    # page's own forms as of origin "null", which the protection against forged forms refuses.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
