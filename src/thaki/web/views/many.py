"""Several tasks at once: take, return, give to somebody. What could not be done is told with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from thaki.cases import operations, permissions
from thaki.cases.policies import NotNow
from thaki.people.access import StaffRequest, any_staff
from thaki.people.models import User
from thaki.web.helpers import done

MOST = 100  # at once
Refused = dict[int, str]


@any_staff
@require_POST
def many(request: StaffRequest) -> HttpResponse:
    """Do one thing with the chosen tasks: `verbo` is tomar, soltar or dar (then `to` is the person)."""
    ids = [int(text) for text in request.POST.getlist("task") if text.isdecimal()][:MOST]
    verb = _VERBS.get(request.POST.get("verbo", "dar"))
    if not ids or verb is None:
        return done(request, _("Elija primero las tareas."), "warn")
    return verb(request, ids)


def _take(request: StaffRequest, ids: list[int]) -> HttpResponse:
    refused = _each(ids, lambda task_id: operations.claim(task_id, by=request.user, now=timezone.now()))
    count = len(ids) - len(refused)
    return _told(request, ngettext("%(n)d tarea es suya.", "%(n)d tareas son suyas.", count) % {"n": count}, refused)


def _return(request: StaffRequest, ids: list[int]) -> HttpResponse:
    refused = _each(ids, lambda task_id: operations.release(task_id, by=request.user, now=timezone.now()))
    count = len(ids) - len(refused)
    words = ngettext("%(n)d tarea volvió a la cola.", "%(n)d tareas volvieron a la cola.", count)
    return _told(request, words % {"n": count}, refused)


def _give(request: StaffRequest, ids: list[int]) -> HttpResponse:
    person = request.POST.get("to", "")
    to = User.objects.filter(pk=int(person), is_active=True).first() if person.isdecimal() else None
    if to is None:
        return done(request, _("Elija la persona."), "warn")
    given, refused = operations.hand_over_many(ids, to=to, by=request.user, now=timezone.now())
    words = ngettext("%(n)d tarea pasó a %(name)s.", "%(n)d tareas pasaron a %(name)s.", len(given))
    return _told(request, words % {"n": len(given), "name": to}, refused)


_VERBS: Mapping[str, Callable[[StaffRequest, list[int]], HttpResponse]] = {
    "tomar": _take,
    "soltar": _return,
    "dar": _give,
}


def _each(ids: Iterable[int], verb: Callable[[int], object]) -> Refused:
    """Each in a transaction of its own, so that one that cannot be done stops no other."""
    refused: Refused = {}
    for task_id in ids:
        try:
            verb(task_id)
        except (NotNow, permissions.NotAllowed) as reason:
            refused[task_id] = str(reason)
    return refused


def _told(request: StaffRequest, text: str, refused: Refused) -> HttpResponse:
    if not refused:
        return done(request, text)
    words = {"n": len(refused), "why": " ".join(sorted(set(refused.values())))}
    more = ngettext("%(n)d no se pudo: %(why)s", "%(n)d no se pudieron: %(why)s", len(refused)) % words
    return done(request, f"{text} {more}", "warn")
