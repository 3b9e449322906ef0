"""The dashboard, its parts that come later, and the lists behind its figures."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from thaki.people.access import StaffRequest, any_staff, staff
from thaki.people.models import User
from thaki.ui.keyset import Key, stretch_of
from thaki.web.dashboard import counts, parts
from thaki.web.helpers import asked

SOLD_KEYS = (Key("sold_at", descending=True, is_time=True), Key("pk", descending=True))
DONE_KEYS = (Key("closed_at", descending=True, is_time=True), Key("pk", descending=True))
LONGEST = 400  # days of a list of sales


@require_safe
@any_staff
def dashboard(request: StaffRequest) -> HttpResponse:
    """What the person looks at in the morning."""
    now = timezone.now()
    later = parts.shared(request.user)
    # Who leads looks at the whole first, at his own tasks after it.
    context = {"cards": parts.own(request.user, now), "later": later, "leads": bool(later), "now": now}
    return render(request, "web/dashboard/index.html", context)


@require_safe
@any_staff
def part(request: StaffRequest, key: str) -> HttpResponse:
    """A part that many share; a page of its own where there is no script."""
    found = next((each for each in parts.SHARED if each.key == key), None)
    if found is None:
        raise Http404(key)
    if not request.user.has_role(*found.roles):
        raise PermissionDenied
    card = parts.made(found, timezone.now())
    whole = request.headers.get("HX-Request") != "true"
    return render(request, "web/dashboard/whole.html" if whole else "web/dashboard/card.html", {"card": card})


@staff(*parts.READERS)
@require_safe
def sales(request: StaffRequest) -> HttpResponse:
    """The sales of some days: one's own, or for who leads, anybody's."""
    today = counts.today_of(timezone.now())
    last = min(_day(request, "al", today), today)
    first = max(_day(request, "del", today.replace(day=1)), date.fromordinal(last.toordinal() - LONGEST))
    leads = request.user.has_role(*parts.LEADERS)
    person = asked(request, "ejecutivo", 12)
    executive = (int(person) if person.isdecimal() else None) if leads else request.user.pk
    rows = counts.sold(first, last, executive).select_related("case", "executive", "plan")
    context = {
        "stretch": stretch_of(rows, SOLD_KEYS, request),
        "first": first,
        "last": last,
        "whose": User.objects.filter(pk=executive).first() if executive else None,
    }
    return render(request, "web/dashboard/sales.html", context)


@require_safe
@any_staff
def done(request: StaffRequest) -> HttpResponse:
    """The tasks that the person finished on a day, or the people of his posts did."""
    day = _day(request, "dia", counts.today_of(timezone.now()))
    of_post = asked(request, "de") == "cargo"
    rows = counts.done_on(day)
    rows = rows.filter(role__in=request.user.roles) if of_post else rows.filter(closed_by=request.user)
    context = {
        "stretch": stretch_of(rows.select_related("case", "closed_by"), DONE_KEYS, request),
        "day": day,
        "whose": _("las de mi cargo") if of_post else _("las mías"),
    }
    return render(request, "web/dashboard/done.html", context)


def _day(request: HttpRequest, name: str, usual: date) -> date:
    """The day of the address; nonsense is the usual one."""
    try:
        found = date.fromisoformat(asked(request, name, 10))
    except ValueError:
        return usual
    return found if 2000 <= found.year < 2200 else usual
