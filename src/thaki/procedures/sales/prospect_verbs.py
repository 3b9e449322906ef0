"""What people do to prospects from their lists: note an attempt, take one, give some out, say who is one person."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from thaki.cases import permissions
from thaki.cases.models import Case
from thaki.cases.policies import NotNow
from thaki.people.access import StaffRequest, staff
from thaki.procedures.sales import prospect_merge, prospect_share
from thaki.procedures.sales.prospect_attempts import note_attempt
from thaki.procedures.sales.prospect_list import CHIEFS
from thaki.procedures.sales.prospect_views import SELLERS, WHO_MERGES
from thaki.records.prospects import duplicates
from thaki.records.prospects.models import Likeness, Merge, Prospect
from thaki.records.prospects.when import parse_when
from thaki.records.reasons import RuleError
from thaki.ui.formats import format_instant

REFUSALS = (RuleError, NotNow, permissions.NotAllowed)
MOST_EACH = 50


def _back(request: StaffRequest, fallback: str) -> str:
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and ours else fallback


def _done(request: StaffRequest, text: str, to: str, tone: str = "good") -> HttpResponse:
    """Say it and go there; a row that asked by htmx hears a toast, and reads itself anew."""
    if request.headers.get("HX-Request") == "true":
        events = {"toast": {"text": text, "tone": tone}, "prospects": True}
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(events)})
    messages.add_message(request, messages.SUCCESS if tone == "good" else messages.ERROR, text)
    return redirect(to)


# ---------------------------------------------------------------- attempts
@staff(*SELLERS)
@require_POST
def attempt(request: StaffRequest, number: str) -> HttpResponse:
    """Note how a call ended."""
    case = Case.objects.filter(number=number.replace("\x00", "").upper(), procedure="sales", is_rehearsal=False).first()
    if case is None:
        raise Http404(number)
    permissions.check_can_see_case(request.user, case)
    here, now = _back(request, reverse("sales:prospects")), timezone.now()
    result, when = request.POST.get("result", ""), request.POST.get("when", "")[:60].replace("\x00", "")
    key = request.POST.get("submission_key", "")
    try:
        note_attempt(case, result, when, by=request.user, now=now, submission_key=key if key.isalnum() else "")
    except REFUSALS as reason:
        return _done(request, str(reason), here, "bad")
    if result == "talked":  # the call goes on: to the step that comes next
        to = reverse("case", args=[case.number])
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=204, headers={"HX-Redirect": to})
        return redirect(to)
    return _done(request, _told(case, result, when, now), here)


def _told(case: Case, result: str, when: str, now: datetime) -> str:
    if result == "call_back":
        at = format_instant(parse_when(when, timezone.localtime(now)))
        return _("Volver a llamar a %(name)s: %(at)s.") % {"name": case.subject, "at": at}
    return _("Intento anotado: %(name)s.") % {"name": case.subject}


# ---------------------------------------------------------------- taken and given out
@staff(*SELLERS)
@require_POST
def take(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a prospect of the base."""
    get_object_or_404(Prospect.objects.only("pk"), pk=pk)
    return _taken(request, lambda: prospect_share.take(pk, by=request.user, now=timezone.now()))


@staff(*SELLERS)
@require_POST
def take_next(request: StaffRequest) -> HttpResponse:
    """Take the one who has waited longest."""
    return _taken(request, lambda: prospect_share.take_next(by=request.user, now=timezone.now()))


def _taken(request: StaffRequest, verb: Callable[[], Case | None]) -> HttpResponse:
    base = reverse("sales:prospects") + "?hito=base"
    try:
        case = verb()
    except REFUSALS as reason:
        return _done(request, str(reason), base, "bad")
    if case is None:
        return _done(request, _("No queda nadie por repartir."), base, "bad")
    return redirect("case", case.number)


@staff(*CHIEFS)
@require_POST
def give_out(request: StaffRequest) -> HttpResponse:
    """Give out some of the base by turn, to those who are at work today."""
    base, now = reverse("sales:prospects") + "?hito=base", timezone.now()
    asked = request.POST.get("each", "")
    each = min(int(asked), MOST_EACH) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 0
    wanted = {int(text) for text in request.POST.getlist("to") if text.isascii() and text.isdigit() and len(text) < 10}
    people = [person for person in prospect_share.present(now) if person.pk in wanted]
    if not each or not people:
        return _done(request, _("Diga cuántos a cada uno, y a quiénes."), base, "bad")
    n = prospect_share.give_base(people, each, by=request.user, now=now)
    text = ngettext("Se repartió %(n)d prospecto.", "Se repartieron %(n)d prospectos.", n) % {"n": n}
    return _done(request, text, base)


# ---------------------------------------------------------------- duplicates
@staff(*WHO_MERGES)
@require_POST
def merge(request: StaffRequest, pk: int) -> HttpResponse:
    """Say that a proposed pair is one person."""
    pair = get_object_or_404(Likeness, pk=pk)
    to = reverse("sales:duplicates")
    try:
        done = prospect_merge.merge(pair.one_id, pair.other_id, by=request.user, now=timezone.now())
    except REFUSALS as reason:
        return _done(request, str(reason), to, "bad")
    return _done(request, _("Unidos: queda %(name)s. Se puede deshacer.") % {"name": done.survivor.name}, to)


@staff(*WHO_MERGES)
@require_POST
def apart(request: StaffRequest, pk: int) -> HttpResponse:
    """Say that a proposed pair is two persons."""
    pair = get_object_or_404(Likeness, pk=pk)
    duplicates.set_apart(pair.one_id, pair.other_id, by=request.user, now=timezone.now())
    return _done(request, _("Son distintos: no se propondrán de nuevo."), reverse("sales:duplicates"))


@staff(*WHO_MERGES)
@require_POST
def unmerge(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a merge back."""
    get_object_or_404(Merge, pk=pk)
    to = reverse("sales:duplicates")
    try:
        done = prospect_merge.unmerge(pk, by=request.user, now=timezone.now())
    except REFUSALS as reason:
        return _done(request, str(reason), to, "bad")
    return _done(request, _("Se deshizo: %(name)s vuelve a ser otro prospecto.") % {"name": done.merged.name}, to)
