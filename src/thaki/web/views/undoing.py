"""Taking back a step that was just completed."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thaki.cases import permissions, undoing
from thaki.cases.policies import NotNow
from thaki.people.access import StaffRequest, any_staff
from thaki.web.helpers import done, find_case


@any_staff
@require_POST
def undo(request: StaffRequest, number: str, seq: int) -> HttpResponse:
    """Take the step back and open it again with what was sent; or say why not."""
    found = find_case(number, request.user)
    try:
        undone = undoing.undo(found.pk, seq, by=request.user, now=timezone.now())
    except (NotNow, permissions.NotAllowed) as refused:
        return done(request, str(refused), "bad", reverse("case", args=[number]))
    text = _("%(number)s: el paso se deshizo. Lo que envió está otra vez en el formulario.") % {"number": number}
    return done(request, text, "info", reverse("task", args=[undone.task_id]))
