"""Absences of one's own and of one's people: who is away, who stands in, and what waits with nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thaki.cases.models import Task
from thaki.people import operations
from thaki.people.access import StaffRequest, staff
from thaki.people.forms import TeamAbsenceForm
from thaki.people.models import Absence, User
from thaki.people.roles import Role
from thaki.ui.paging import Page, page_of
from thaki.web.admin.index import ABSENCES


@dataclass(frozen=True, slots=True)
class Away:
    """An absence as the list shows it."""

    absence: Absence
    now: bool
    open_tasks: int

    @property
    def uncovered(self) -> bool:
        """Work waits and nobody stands in."""
        return self.open_tasks > 0 and self.absence.substitute_id is None


@staff(*ABSENCES)
def absence_list(request: StaffRequest) -> HttpResponse:
    """Who of mine is away, now and later; the form notes another."""
    people = in_charge_of(request.user)
    form = TeamAbsenceForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        try:
            operations.record_absence(by=request.user, **form.cleaned_data)
        except operations.AbsenceOverlaps as error:
            form.add_error("from_on", str(error))
        else:
            messages.success(request, _("Ausencia registrada."))
            return redirect("administration:absences")
    today = timezone.localdate()
    past = request.GET.get("ver") == "pasadas"
    page: Page[Absence] = page_of(_absences(people, today, past), request)
    rows = _rows(page.rows, today)
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "past": past,
        "alone": not people.exclude(pk=request.user.pk)[:1],
    }
    return render(request, "web/admin/absences.html", context, status=422 if form.is_bound else 200)


@staff(*ABSENCES)
@require_POST
def absence_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """He is here after all; only for one's own people."""
    absence = get_object_or_404(Absence, pk=pk, user__in=in_charge_of(request.user))
    operations.remove_absence(absence, by=request.user)
    messages.success(request, _("Ausencia retirada."))
    return redirect("administration:absences")


def in_charge_of(user: User) -> QuerySet[User]:
    """Whose absences somebody notes: everybody's for the administrator, else his own and those of the teams he supervises."""
    people = User.objects.filter(is_active=True).order_by("first_name", "last_name", "username")
    return people if user.has_role(Role.ADMINISTRADOR) else people.filter(Q(pk=user.pk) | Q(team__supervisor=user))


# ---------------------------------------------------------------- inside
def _absences(people: QuerySet[User], today: date, past: bool) -> QuerySet[Absence]:
    found = Absence.objects.filter(user__in=people).select_related("user__team", "substitute")
    if past:
        return found.filter(to_on__lt=today).order_by("-to_on", "id")
    return found.filter(to_on__gte=today).order_by("from_on", "id")


def _rows(rows: Sequence[Absence], today: date) -> list[Away]:
    waiting = Task.objects.filter(state=Task.State.OPEN, assignee__in={row.user_id for row in rows})
    counts = dict(waiting.order_by().values_list("assignee").annotate(count=Count("pk")))
    return [Away(row, row.from_on <= today <= row.to_on, counts.get(row.user_id, 0)) for row in rows]
