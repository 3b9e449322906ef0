"""The search box at the top of every page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from thaki.people.access import StaffRequest, any_staff
from thaki.web import finding, recents
from thaki.web import palette as offered
from thaki.web.helpers import asked

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# What a case was found by, and its icon.
PAPERS: Mapping[str, tuple[str | _StrPromise, str]] = {
    "order": (_("Orden de servicio"), "clipboard-list"),
    "contract": (_("Solicitud Contrato"), "file-text"),
    "slip": (_("Comprobante"), "receipt"),
    "invoice": (_("Factura"), "file-invoice"),
    "letter": (_("Carta Comercial"), "mail"),
}


@require_safe
@any_staff
def search(request: StaffRequest) -> HttpResponse:
    """What the text means, in groups; the only case found by its number opens at once."""
    text = asked(request, "q")
    found = finding.find(text, request.user)
    if found.exact is not None:
        return redirect("case", number=found.exact.number)
    context = {
        "recent": [] if text else recents.recent(request.user),
        "search_text": text,
        "found": found,
        "prospects": [each.case for each in found.prospects],
        "cases": [each.case for each in found.cases],
        "papers": [(each, *PAPERS[each.kind]) for each in found.papers],
        "too_short": len(text) < 2,
        "now": timezone.now(),
    }
    return render(request, "web/search.html", context)


@require_safe
@any_staff
def palette(request: StaffRequest) -> HttpResponse:
    """What the command palette offers for a text on a page, as the options of its list."""
    groups = offered.groups(asked(request, "q"), request.user, asked(request, "desde", 200))
    response = render(request, "web/palette.html", {"groups": groups})
    response["Cache-Control"] = "no-store"  # names of customers
    return response
