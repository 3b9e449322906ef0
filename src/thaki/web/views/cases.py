"""The pages of a case, and what who supervises does with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from thaki.cases import operations, permissions, queries
from thaki.cases.models import Case
from thaki.cases.policies import NotNow
from thaki.cases.runtime import AnswerInvalid
from thaki.channels.email.models import OutboundMail
from thaki.people.access import StaffRequest, any_staff
from thaki.web import recents
from thaki.web.case_page import diagram_json, in_words
from thaki.web.case_reads import open_case
from thaki.web.forms import Reason
from thaki.web.helpers import done, find_case, new_key, submission_key
from thaki.web.models import Recent
from thaki.web.views.asking import ask
from thaki.web.views.case_view import frame, show_case


@require_safe
@any_staff
def case(request: StaffRequest, number: str) -> HttpResponse:
    """A case: the step that its reader may do, or else who has it."""
    now = timezone.now()
    opened = open_case(number, user=request.user, now=now)
    recents.remember(request.user, Recent.Kind.CASE, opened.page.case.pk, now=now)
    return show_case(request, opened)


@require_safe
@any_staff
def history(request: StaffRequest, number: str) -> HttpResponse:
    """All that happened, in words."""
    page = _page(request, number)
    return render(request, "web/case/history.html", {**frame(page, "history"), "events": in_words(page, page.history)})


@require_safe
@any_staff
def messages(request: StaffRequest, number: str) -> HttpResponse:
    """The mails of the case."""
    page = _page(request, number)
    mails = OutboundMail.objects.filter(case=page.case).defer("html", "calendar").order_by("-created_at", "-pk")
    mails = mails.prefetch_related("documents")
    return render(request, "web/case/messages.html", {**frame(page, "messages"), "mails": mails})


@require_safe
@any_staff
def diagram(request: StaffRequest, number: str) -> HttpResponse:
    """The procedure's diagram, with this case alive in it."""
    page = _page(request, number)
    return render(request, "web/case/diagram.html", frame(page, "diagram"))


@require_safe
@any_staff
def diagram_state(request: StaffRequest, number: str) -> HttpResponse:
    """Where the case is in the diagram, as JSON."""
    found = find_case(number, request.user)
    return JsonResponse(diagram_json(found, timezone.now()), headers={"Cache-Control": "no-store"})


# ---------------------------------------------------------------------- the procedure's own actions
@any_staff
def action(request: StaffRequest, number: str, code: str) -> HttpResponse:
    """One of the procedure's actions on a case: its form, and doing it."""
    page = _page(request, number)
    chosen = next((a for a in page.actions if a.code == code), None)
    if chosen is None:
        return done(request, _("Eso no se puede hacer en este punto del caso."), "bad", reverse("case", args=[number]))
    work = page.work(None, request.user)
    form = chosen.form(work=work)
    if request.method == "POST":
        try:
            return _perform(request, page.case, code)
        except AnswerInvalid as invalid:
            form = invalid.form
        except (NotNow, permissions.NotAllowed) as refused:
            form = chosen.form(request.POST, request.FILES, work=work)
            form.add_error(None, str(refused))
    return ask(
        request,
        form,
        title=str(chosen.label),
        label=_("Guardar"),
        back=reverse("case", args=[number]),
        template=chosen.template,
        key=new_key(),
        work=work,
        values=chosen.context(work),
    )


def _perform(request: StaffRequest, found: Case, code: str) -> HttpResponse:
    operations.perform(
        found.pk,
        code,
        by=request.user,
        now=timezone.now(),
        data=request.POST,
        files=request.FILES,
        submission_key=submission_key(request),
    )
    return done(request, _("Quedó anotado en el caso."), to=reverse("case", args=[found.number]))


# ---------------------------------------------------------------------- pauses and the end
@any_staff
def suspend(request: StaffRequest, number: str) -> HttpResponse:
    """Stop the case's clocks, with a reason."""
    return _with_reason(
        request,
        number,
        operations.suspend,
        title=_("Poner el caso en pausa"),
        label=_("Poner en pausa"),
        text=_("Sus plazos se detienen y nadie puede completar sus tareas hasta que se reanude."),
        said=_("El caso está en pausa."),
    )


@any_staff
def cancel(request: StaffRequest, number: str) -> HttpResponse:
    """Give the whole case up, with a reason."""
    return _with_reason(
        request,
        number,
        operations.cancel_case,
        title=_("Anular el caso"),
        label=_("Anular el caso"),
        text=_("El caso termina aquí y no se puede volver a abrir. Sus tareas se retiran."),
        said=_("El caso quedó anulado."),
        tone="bad",
    )


@any_staff
@require_POST
def resume(request: StaffRequest, number: str) -> HttpResponse:
    """Let a paused case go on."""
    found = find_case(number, request.user)
    try:
        operations.resume(found.pk, by=request.user, now=timezone.now())
    except (NotNow, permissions.NotAllowed) as refused:
        return done(request, str(refused), "bad", reverse("case", args=[number]))
    return done(request, _("El caso sigue."), to=reverse("case", args=[number]))


def _with_reason(
    request: StaffRequest,
    number: str,
    operation: Callable[..., Any],
    *,
    title: str,
    label: str,
    text: str,
    said: str,
    tone: str = "",
) -> HttpResponse:
    found = find_case(number, request.user)
    permissions.check_can_supervise(request.user, found)
    form = Reason(request.POST or None)
    to = reverse("case", args=[number])
    if request.method == "POST" and form.is_valid():
        try:
            operation(found.pk, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
        except (NotNow, permissions.NotAllowed) as refused:
            form.add_error(None, str(refused))
        else:
            return done(request, said, to=to)
    return ask(request, form, title=title, label=label, back=to, text=text, tone=tone)


def _page(request: StaffRequest, number: str) -> queries.CasePage:
    return open_case(number, user=request.user, now=timezone.now()).page
