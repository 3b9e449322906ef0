"""The administrator's pages of people and teams."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from thaki.people import operations, queries
from thaki.people.access import StaffRequest, staff
from thaki.people.forms import TeamForm, UserForm
from thaki.people.models import ROLE_CHOICES, Team, User, history_of
from thaki.people.roles import Role
from thaki.ui.paging import page_of

administrator = staff(Role.ADMINISTRADOR)


@administrator
@require_GET
def user_list(request: StaffRequest) -> HttpResponse:
    """People, filtered."""
    asked = request.GET
    found = queries.find_users(
        asked.get("q", ""), asked.get("rol", ""), asked.get("equipo", ""), asked.get("estado", "active")
    )
    context = {"page": page_of(found, request), "roles": ROLE_CHOICES, "teams": queries.teams(), "asked": asked}
    return render(request, "people/users.html", context)


@administrator
def user_new(request: StaffRequest) -> HttpResponse:
    """Enter a person; the password is shown once."""
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user, password = operations.create_user(by=request.user, **form.cleaned_data)
        return _show_access(request, user, password)
    return render(request, "people/user.html", {"form": form, "person": None})


@administrator
def user_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """A person's data, roles and team."""
    person = get_object_or_404(User.objects.select_related("team"), pk=pk)
    form = UserForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        try:
            operations.edit_user(person, by=request.user, **form.cleaned_data)
        except operations.LastAdministrator as error:
            form.add_error("roles", str(error))
        else:
            messages.success(request, _("Cambios guardados."))
            return redirect("people:user_edit", pk=pk)
    return render(request, "people/user.html", {"form": form, "person": person, "events": _events(person)})


@administrator
@require_POST
def user_state(request: StaffRequest, pk: int) -> HttpResponse:
    """Let in or keep out."""
    person = get_object_or_404(User, pk=pk)
    try:
        operations.set_active(person, active=request.POST.get("active") == "1", by=request.user)
    except operations.LastAdministrator as error:
        messages.error(request, str(error))
    else:
        said = _("%(name)s puede ingresar de nuevo.") if person.is_active else _("%(name)s ya no puede ingresar.")
        messages.success(request, said % {"name": person})
    return redirect("people:user_edit", pk=pk)


@administrator
@require_POST
def user_reset(request: StaffRequest, pk: int) -> HttpResponse:
    """A new password, shown once, and no second factor."""
    person = get_object_or_404(User, pk=pk)
    return _show_access(request, person, operations.reset_access(person, by=request.user))


@administrator
@require_GET
def team_list(request: StaffRequest) -> HttpResponse:
    """Teams, their supervisors and sizes."""
    return render(request, "people/teams.html", {"teams": queries.teams()})


@administrator
def team_edit(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """A new team, or one that there is."""
    team = get_object_or_404(Team, pk=pk) if pk else Team()
    form = TeamForm(request.POST or None, instance=team)
    if request.method == "POST" and form.is_valid():
        operations.save_team(form.instance, members=list(form.cleaned_data["members"]), by=request.user)
        messages.success(request, _("Equipo guardado."))
        return redirect("people:teams")
    return render(request, "people/team.html", {"form": form, "team": team if team.pk else None})


def _show_access(request: StaffRequest, person: User, password: str) -> HttpResponse:
    response = render(request, "people/access_given.html", {"person": person, "password": password})
    response["Cache-Control"] = "no-store"
    return response


def _events(person: User) -> list[dict[str, Any]]:
    """What was done to this person, newest first, with what changed and who did it."""
    rows = list(history_of(User).filter(pgh_obj=person).select_related("pgh_context").order_by("pgh_id"))
    authors = User.objects.in_bulk([row.pgh_context.metadata.get("user") for row in rows if row.pgh_context])
    shown = []
    for before, row in zip([None, *rows], rows, strict=False):
        author = authors.get(row.pgh_context.metadata.get("user")) if row.pgh_context else None
        title = _("Ingresado al sistema") if before is None else _changes(before, row)
        shown.append({"at": row.pgh_created_at, "title": title, "by": author, "icon": "user", "tone": "info"})
    return shown[::-1]


def _changes(before: Any, after: Any) -> str:
    names = UserForm.Meta.labels | {
        "phone": _("Celular o teléfono"),
        "roles": _("Roles"),
        "is_active": _("Ingreso"),
        "theme": _("Aspecto"),
    }
    changed = [str(label) for name, label in names.items() if _value(before, name) != _value(after, name)]
    return _("Cambió: %(fields)s") % {"fields": ", ".join(changed)} if changed else _("Cambió sus preferencias")


def _value(row: Any, name: str) -> object:
    return getattr(row, f"{name}_id", None) if name == "team" else getattr(row, name)
