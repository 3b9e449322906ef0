"""Incidents: what gave up by itself, and what a person does about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from thaki.cases import incidents, permissions, queries
from thaki.cases.models import Incident
from thaki.cases.policies import NotNow
from thaki.people.access import StaffRequest, any_staff
from thaki.ui.paging import Page, page_of
from thaki.web.forms import Reason
from thaki.web.helpers import done
from thaki.web.names import FIELDS
from thaki.web.views.asking import ask


@require_safe
@any_staff
def index(request: StaffRequest) -> HttpResponse:
    """The incidents that the person may mend, the oldest first."""
    page: Page[Incident] = page_of(queries.incidents_for(request.user), request)
    return render(request, "web/incidents/index.html", {"page": page, "now": timezone.now()})


@any_staff
@require_POST
def retry(request: StaffRequest, incident_id: int) -> HttpResponse:
    """Try the same again."""
    incident = _find(request, incident_id)
    try:
        incidents.retry(incident.pk, by=request.user, now=timezone.now())
    except (NotNow, permissions.NotAllowed) as refused:
        return done(request, str(refused), "bad", reverse("incidents"))
    return done(request, _("Se intenta de nuevo."), to=reverse("incidents"))


@any_staff
def skip(request: StaffRequest, incident_id: int) -> HttpResponse:
    """Let the case go on without it, with the reason."""
    incident = _find(request, incident_id)
    form = Reason(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            incidents.skip(incident.pk, by=request.user, now=timezone.now(), reason=form.cleaned_data["reason"])
        except (NotNow, permissions.NotAllowed) as refused:
            form.add_error(None, str(refused))
        else:
            return done(request, _("El caso sigue sin eso."), to=reverse("incidents"))
    return ask(
        request,
        form,
        title=_("Seguir sin hacerlo"),
        label=_("Seguir sin hacerlo"),
        back=reverse("incidents"),
        text=_("Lo que falló no se hará; el caso continúa y su motivo queda en la historia."),
        tone="bad",
    )


@any_staff
def correct(request: StaffRequest, incident_id: int) -> HttpResponse:
    """Mend what the effect was given, and try again."""
    incident = _find(request, incident_id)
    if not correctable(incident):
        return done(request, _("Este incidente no tiene datos que corregir."), "warn", reverse("incidents"))
    form = Correction(request.POST or None, incident=incident)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        reason = values.pop("reason")
        try:
            incidents.correct(incident.pk, values, by=request.user, now=timezone.now(), reason=reason)
        except (NotNow, permissions.NotAllowed) as refused:
            form.add_error(None, str(refused))
        else:
            return done(request, _("Corregido: se intenta de nuevo."), to=reverse("incidents"))
    return ask(
        request,
        form,
        title=_("Corregir e intentar de nuevo"),
        label=_("Corregir e intentar"),
        back=reverse("incidents"),
        text=incident.error,
    )


def correctable(incident: Incident) -> dict[str, str]:
    """What of an effect's payload is text that a person can mend."""
    payload: dict[str, Any] = incident.effect.payload if incident.effect else {}
    return {name: value for name, value in payload.items() if isinstance(value, str)}


class Correction(Reason):
    """The texts of the effect, and why they are changed."""

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, value in correctable(incident).items():
            self.fields[name] = forms.CharField(label=FIELDS.get(name, name), initial=value, max_length=2000)
        self.order_fields([*correctable(incident), "reason"])


def _find(request: StaffRequest, incident_id: int) -> Incident:
    incident = Incident.objects.select_related("case", "effect").filter(pk=incident_id).first()
    if incident is None:
        raise Http404(str(incident_id))
    permissions.check_can_resolve(request.user, incident)
    return incident
