"""What the views share: finding a case that the person may see, saying what happened, and going back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from thaki.cases import permissions
from thaki.cases.models import Case, Task
from thaki.people.prepared import BIGGEST, Prepared

if TYPE_CHECKING:
    from thaki.people.models import User

BY_NUMBER = Prepared(Case, "m.number = %s", follow=("owner",))
BY_ID = Prepared(Task, "m.id = %s", follow=("case", "assignee", "closed_by"))
LEVELS = {"good": messages.SUCCESS, "info": messages.INFO, "warn": messages.WARNING, "bad": messages.ERROR}


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def find_case(number: str, user: User) -> Case:
    """The case of that number; 404 where there is none, NotAllowed where the person has no part in it."""
    case = BY_NUMBER.first(number.replace("\x00", "").upper())
    if case is None or case.is_rehearsal:
        raise Http404(number)
    permissions.check_can_see_case(user, case)
    return case


def find_task(task_id: int, user: User) -> Task:
    """A task whose case the person may see, with the case and the people in it."""
    task = BY_ID.first(task_id) if task_id <= BIGGEST else None
    if task is None or task.case.is_rehearsal:
        raise Http404(str(task_id))
    permissions.check_can_see_case(user, task.case)
    return task


def asked(request: HttpRequest, name: str, limit: int = 80) -> str:
    """A text of the address, fit to be looked for: no blanks around it, no NUL (which PostgreSQL refuses), not endless."""
    return asked_of(request.GET, name, limit)


def asked_of(query: QueryDict, name: str, limit: int = 80) -> str:
    """The same of an address's query."""
    return str(query.get(name, "")).replace("\x00", "").strip()[:limit]


def new_key() -> str:
    """A key for one form: sent twice, it does its work once."""
    return uuid4().hex


def submission_key(request: HttpRequest) -> str:
    """The key that came with a form; "" when it brought none that can be one."""
    key = request.POST.get("submission_key", "")
    return key if len(key) <= 64 and key.isalnum() else ""


def done(request: HttpRequest, text: str, tone: str = "good", to: str = "") -> HttpResponse:
    """Say what happened and go on: to `to`, else where the form came from.

    A list that asked by htmx stays where it is: it hears the toast, and that it has to read itself anew.
    """
    if is_fragment(request) and not to:
        events = {"toast": {"text": text, "tone": tone}, "worklist": True}
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(events)})
    messages.add_message(request, LEVELS[tone], text)
    return go(request, to or back_to(request))


def go(request: HttpRequest, to: str) -> HttpResponse:
    """Lead the whole page to an address, also when only a fragment was asked for."""
    if is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": to})
    return redirect(to)


def back_to(request: HttpRequest, fallback: str = "") -> str:
    """The address that the form names as `next`, if it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and ours else fallback or reverse("my_work")
