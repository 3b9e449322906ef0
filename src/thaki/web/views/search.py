"""The search box at the top of every page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from thaki.people.access import StaffRequest, any_staff
from thaki.web import finding
from thaki.web.helpers import asked


@require_safe
@any_staff
def search(request: StaffRequest) -> HttpResponse:
    """What the text means; the only case found by its number opens at once."""
    text = asked(request, "q")
    found = finding.find(text, request.user)
    if len(found.cases) == 1 and found.cases[0].number == text.upper():
        return redirect("case", number=found.cases[0].number)
    context = {"search_text": text, "found": found, "now": timezone.now()}
    return render(request, "web/search.html", context)
