"""The administrator's pages of people and teams."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.mail import send_mail
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_POST

from thaki.people import house, leaving, operations, queries
from thaki.people.access import StaffRequest, staff
from thaki.people.forms import LeavingForm, NewUserForm, TeamForm, UserForm
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
    """Enter a person; he chooses his password by a link, or gets one that is shown once."""
    form = NewUserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        if values.pop("access") == "link":
            return _show_link(request, operations.invite(by=request.user, **values))
        user, password = operations.create_user(by=request.user, **values)
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
    context = {
        "form": form,
        "person": person,
        "events": _events(person),
        "leaving": LeavingForm(person=person),
        "open_work": leaving.open_work(person),
        "second_factor": Authenticator.objects.filter(user=person).exists(),
        "has_password": person.has_usable_password(),
    }
    return render(request, "people/user.html", context)


@administrator
@require_POST
def user_state(request: StaffRequest, pk: int) -> HttpResponse:
    """Let in, or keep out and pass on the work that he has."""
    person = get_object_or_404(User, pk=pk)
    active = request.POST.get("active") == "1"
    form = LeavingForm(request.POST, person=person)
    if not active and not form.is_valid():
        messages.error(request, _("Esa persona no puede recibir sus tareas: elija a otra."))
        return redirect("people:user_edit", pk=pk)
    try:
        operations.set_active(person, active=active, by=request.user)
    except operations.LastAdministrator as error:
        messages.error(request, str(error))
    else:
        said = _("%(name)s puede ingresar de nuevo.") if active else _("%(name)s ya no puede ingresar.")
        messages.success(request, said % {"name": person})
        if not active:
            _pass_on(request, person, form.cleaned_data["to"])
    return redirect("people:user_edit", pk=pk)


def _pass_on(request: StaffRequest, person: User, to: User | None) -> None:
    given, back = leaving.pass_on(person, to=to, by=request.user, now=timezone.now())
    if given:
        messages.info(request, _("Pasaron a %(name)s: %(count)s tareas.") % {"name": to, "count": given})
    if back:
        messages.info(request, _("Volvieron a la bandeja: %(count)s tareas.") % {"count": back})


@administrator
@require_POST
def user_second_factor(request: StaffRequest, pk: int) -> HttpResponse:
    """For who lost his telephone and knows his password."""
    person = get_object_or_404(User, pk=pk)
    gone = operations.reset_second_factor(person, by=request.user)
    said = _("Se quitó el segundo factor de %(name)s.") if gone else _("%(name)s no tiene segundo factor.")
    messages.success(request, said % {"name": person})
    return redirect("people:user_edit", pk=pk)


@administrator
@require_POST
def user_invite(request: StaffRequest, pk: int) -> HttpResponse:
    """Another link to choose a password."""
    return _show_link(request, get_object_or_404(User, pk=pk, is_active=True))


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


def _show_link(request: StaffRequest, person: User) -> HttpResponse:
    """The link on the page, shown once, and by mail where he has an address."""
    address = f"{settings.PUBLIC_URL}{operations.invitation(person)}"
    sent = bool(person.email) and _send_link(person, address)
    response = render(request, "people/access_given.html", {"person": person, "link": address, "sent": sent})
    response["Cache-Control"] = "no-store"
    return response


def _send_link(person: User, address: str) -> bool:
    words = render_to_string("people/mail/invitation.txt", {"person": person, "link": address, "house": house.words()})
    subject = _("Su ingreso a Thaki, %(house)s") % {"house": house.words()["short"]}
    try:
        send_mail(subject, words, settings.DEFAULT_FROM_EMAIL, [person.email])
    except OSError:  # smtplib's errors are among them: no server, an address refused
        return False
    return True


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
        title = _("Ingresado al sistema") if before is None else _done(before, row)
        shown.append({"at": row.pgh_created_at, "title": title, "by": author, "icon": "user", "tone": "info"})
    return shown[::-1]


DONE = {"password": lazy("Nueva contraseña, sin segundo factor"), "second_factor": lazy("Se quitó el segundo factor")}


def _done(before: Any, after: Any) -> str:
    return str(DONE[after.pgh_label]) if after.pgh_label in DONE else _changes(before, after)


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
    return getattr(row, f"{name}_id", None) if name in ("team", "office") else getattr(row, name)
