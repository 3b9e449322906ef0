"""Mi trabajo and Equipo: the lists of open tasks, and who has them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from thaki.cases import operations, permissions, queries
from thaki.cases.models import Task
from thaki.cases.policies import NotNow
from thaki.people.access import StaffRequest, any_staff
from thaki.people.models import User
from thaki.ui.paging import Page, page_of
from thaki.web import worklists
from thaki.web.case_page import why_not
from thaki.web.forms import HandOver
from thaki.web.helpers import done, find_task, go, is_fragment
from thaki.web.views.asking import ask

PAGE = 50
BOTH = 25  # rows of each list while both are shown


@vary_on_headers("HX-Request")
@require_safe
@any_staff
def my_work(request: StaffRequest) -> HttpResponse:
    """What is mine and what I may take, the late first."""
    now = timezone.now()
    filters = worklists.Asked.of(request)
    context = {
        "filters": filters,
        "choices": worklists.step_choices(request.user.roles),
        "lists": (lists := _lists(request, filters, now)),
        "now": now,
        "chips": (chips := worklists.chips(request.user, filters, now)),
        "can_keep": bool(filters.query) and not any(chip.current for chip in chips),
        "away": worklists.stood_in_for(request.user, now),
        "people": worklists.colleagues(request.user.roles) if any(each["page"].rows for each in lists) else (),
    }
    if not is_fragment(request):
        context |= {"briefs": worklists.briefs(request.user, now)}
        if not context["choices"] and worklists.supervises(request.user):
            context |= {"most_late": worklists.most_late(request.user, now), "leads": True}
        elif not context["choices"]:  # an administrator, an owner of procedures: no step is theirs
            context["idle"] = not any(each["page"].rows for each in lists)
    return render(request, "web/work/mine.html#lists" if is_fragment(request) else "web/work/mine.html", context)


def _lists(request: StaffRequest, filters: worklists.Asked, now: datetime) -> list[dict[str, Any]]:
    size = PAGE if filters.whose else BOTH
    found = []
    if filters.whose != "equipo":
        page: Page[Task] = page_of(queries.mine(request.user, now=now, filters=filters.filters), request, size)
        found.append({"key": "mias", "title": _("Mías"), "page": page, "mine": True})
    if filters.whose != "mias":
        page = page_of(queries.available(request.user, now=now, filters=filters.filters), request, size)
        found.append({"key": "equipo", "title": _("Para tomar"), "page": page, "mine": False})
    return found


@vary_on_headers("HX-Request")
@require_safe
@any_staff
def team_work(request: StaffRequest) -> HttpResponse:
    """Every open task of whom the person supervises; from here it is given to somebody."""
    if not worklists.supervises(request.user):
        raise permissions.NotAllowed(_("Esta página es de los responsables de un equipo o de un procedimiento."))
    now = timezone.now()
    filters = worklists.Asked.of(request)
    page: Page[Task] = page_of(worklists.supervised(request.user, filters, now), request, PAGE)
    context = {
        "filters": filters,
        "choices": worklists.step_choices(()),
        "page": page,
        "now": now,
        "people": worklists.colleagues({task.role for task in page.rows}),
        "load": worklists.load_by_person(request.user, now),
    }
    return render(request, "web/work/team.html#list" if is_fragment(request) else "web/work/team.html", context)


@any_staff
@require_POST
def claim(request: StaffRequest, task_id: int) -> HttpResponse:
    """Take a task."""
    try:
        task = operations.claim(task_id, by=request.user, now=timezone.now())
    except (NotNow, permissions.NotAllowed) as reason:
        return done(request, str(reason), "bad")
    if "abrir" in request.POST:
        return go(request, reverse("task", args=[task.pk]))
    return done(request, _("La tarea es suya."))


@any_staff
@require_POST
def claim_next(request: StaffRequest) -> HttpResponse:
    """Take the first of the queue that is still free, and open it."""
    now = timezone.now()
    for task in queries.available(request.user, now=now)[:10]:
        try:
            operations.claim(task.pk, by=request.user, now=now)
        except (NotNow, permissions.NotAllowed):
            continue  # somebody was quicker with this one
        return go(request, reverse("task", args=[task.pk]))
    return done(request, _("No queda nada por tomar."), "info")


@any_staff
@require_POST
def release(request: StaffRequest, task_id: int) -> HttpResponse:
    """Give a task back to the queue of its role."""
    try:
        operations.release(task_id, by=request.user, now=timezone.now())
    except (NotNow, permissions.NotAllowed) as reason:
        return done(request, str(reason), "bad")
    return done(request, _("La tarea volvió a la cola del equipo."))


@any_staff
def hand_over(request: StaffRequest, task_id: int) -> HttpResponse:
    """Give a task to a colleague of the same post."""
    task = find_task(task_id, request.user)
    colleagues = worklists.colleagues([task.role]).exclude(pk=task.assignee_id or 0)
    form = HandOver(
        request.POST or None, people=[p for p in colleagues if not why_not((permissions.check_can_receive, p, task))]
    )
    if request.method == "POST" and form.is_valid():
        to = get_object_or_404(User, pk=form.cleaned_data["to"])
        try:
            operations.hand_over(task_id, to=to, by=request.user, now=timezone.now())
        except (NotNow, permissions.NotAllowed) as reason:
            form.add_error(None, str(reason))
        else:
            return done(request, _("La tarea pasó a %(name)s.") % {"name": to}, to=reverse("my_work"))
    return ask(
        request,
        form,
        title=_("Traspasar la tarea"),
        label=_("Traspasar"),
        back=reverse("task", args=[task.pk]),
        text=_("Solo puede recibirla alguien con el mismo cargo."),
    )
