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
from thaki.web import finding
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
        "search_text": text,
        "found": found,
        "prospects": [each.case for each in found.prospects],
        "cases": [each.case for each in found.cases],
        "papers": [(each, *PAPERS[each.kind]) for each in found.papers],
        "too_short": len(text) < 2,
        "now": timezone.now(),
    }
    return render(request, "web/search.html", context)
