"""Ayuda: the guide's index and its pages, and the answer to the first-visit tour."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from thaki.people import operations
from thaki.people.access import StaffRequest, any_staff
from thaki.web.help import pages, reading


@require_safe
@any_staff
def index(request: StaffRequest) -> HttpResponse:
    """The person's own pages first, then everybody's."""
    own = pages.own(request.user.roles)
    others = [page for page in pages.PAGES if page not in own]
    return render(request, "web/help/index.html", {"own": own, "others": others})


@require_safe
@any_staff
def page(request: StaffRequest, slug: str) -> HttpResponse:
    """One page; everybody may read what the others do."""
    found = pages.find(slug)
    if found is None:
        raise Http404(slug)
    context = {"page": found, "text": reading.read(found), "mine": found in pages.own(request.user.roles)}
    return render(request, "web/help/page.html", context | {"pages": pages.PAGES})


@any_staff
@require_POST
def tour_seen(request: StaffRequest) -> HttpResponse:
    """The person saw the first-visit tour, or skipped it: no machine begins it again."""
    operations.end_tour(request.user, now=timezone.now())
    return HttpResponse(status=204)
