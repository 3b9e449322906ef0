"""What is done to people, teams and absences; each change says by whom, and the history keeps it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any

import pghistory
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from thaki.people.models import Absence, Team, User
from thaki.people.roles import Role
from thaki.ui.formats import format_date

# Without what is read wrong over the telephone: 0 O 1 l I.
ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class LastAdministrator(Exception):
    """Nobody would be left to administer the system."""


class AbsenceOverlaps(Exception):
    """The days are taken by another absence; the message says which."""


def create_user(*, username: str, by: User | None, password: str = "", **values: Any) -> tuple[User, str]:
    """Enter a person; without a password one is made, to be told to him and changed by him. Returns both."""
    given = password or new_password()
    with by_person(by), transaction.atomic():
        user = User(username=username, **values)
        user.set_password(given)
        user.save()
    return user, given


def edit_user(user: User, *, by: User, **values: Any) -> User:
    """Change a person's data, roles or team; the last active administrator keeps his role."""
    with by_person(by), transaction.atomic():
        administered = _administrators().filter(pk=user.pk).exists()
        for name, value in values.items():
            setattr(user, name, value)
        user.save(update_fields=list(values))
        if administered and not _administrators().exists():
            raise LastAdministrator(_("Tiene que quedar al menos una persona activa con el rol de Administrador."))
    return user


def end_tour(user: User, *, now: datetime) -> None:
    """The person saw the first-visit tour or skipped it: it is not begun again, wherever he signs in."""
    User.objects.filter(pk=user.pk, toured_at=None).update(toured_at=now)


def set_active(user: User, *, active: bool, by: User) -> None:
    """Let a person in or keep him out; his open sessions end with his next request."""
    edit_user(user, by=by, is_active=active)


def invite(*, username: str, by: User, **values: Any) -> User:
    """Enter a person who chooses his first password himself, by a link (`invitation`)."""
    with by_person(by), transaction.atomic():
        user = User(username=username, **values)
        user.set_unusable_password()
        user.save()
    return user


def invitation(user: User) -> str:
    """The address at which the person chooses his password: good once, and for as long as links to reset one are."""
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})


def reset_second_factor(user: User, *, by: User) -> int:
    """Take away telephone, keys and codes; the password stays. How many there were."""
    with by_person(by), transaction.atomic():
        gone = int(Authenticator.objects.filter(user=user).delete()[0])
        if gone:
            pghistory.create_event(user, label="second_factor")
    return gone


def reset_access(user: User, *, by: User) -> str:
    """For who lost his password or telephone: a new password to be told once, and no second factor."""
    given = new_password()
    with by_person(by), transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        user.set_password(given)
        user.save(update_fields=["password"])
        pghistory.create_event(user, label="password")
    return given


def save_team(team: Team, *, members: Sequence[User], by: User) -> Team:
    """Enter or change a team and who is in it; who was in another leaves that one."""
    with by_person(by), transaction.atomic():
        team.save()
        for user in team.members.exclude(pk__in=[member.pk for member in members]):
            edit_user(user, by=by, team=None)
        for user in members:
            if user.team_id != team.pk:
                edit_user(user, by=by, team=team)
    return team


def record_absence(*, user: User, from_on: date, to_on: date, substitute: User | None, by: User) -> Absence:
    """Days away; the substitute sees and may take the person's work meanwhile.

    Raises AbsenceOverlaps: nobody is away twice on a day, and who is away himself stands in for nobody.
    """
    with by_person(by), transaction.atomic():
        # Both people, always in the same order: two that note their absences at once do not choose each other.
        list(User.objects.select_for_update(no_key=True).filter(pk__in=_keys(user, substitute)).order_by("pk"))
        check_absence(user, from_on, to_on, substitute)
        return Absence.objects.create(user=user, from_on=from_on, to_on=to_on, substitute=substitute)


def check_absence(user: User, from_on: date, to_on: date, substitute: User | None) -> None:
    """Raises AbsenceOverlaps with the days that are taken."""
    _check_days(user, from_on, to_on, _("Ya hay una ausencia del %(from)s al %(to)s en esas fechas."))
    if substitute is not None:
        words = _("El suplente también está ausente, del %(from)s al %(to)s: elija a otra persona.")
        _check_days(substitute, from_on, to_on, words)


def _keys(*people: User | None) -> list[int]:
    return [person.pk for person in people if person is not None]


def _check_days(person: User, from_on: date, to_on: date, words: str) -> None:
    other = Absence.objects.filter(user=person, from_on__lte=to_on, to_on__gte=from_on).order_by("from_on").first()
    if other is not None:
        raise AbsenceOverlaps(words % {"from": format_date(other.from_on), "to": format_date(other.to_on)})


def remove_absence(absence: Absence, *, by: User) -> None:
    """He is here after all."""
    with by_person(by), transaction.atomic():
        absence.delete()


def new_password() -> str:
    """Twelve letters and digits (some 70 bits) in three groups, fit to be read aloud."""
    return "-".join("".join(secrets.choice(ALPHABET) for _letter in range(4)) for _group in range(3))


def _administrators() -> QuerySet[User]:
    return User.objects.filter(is_active=True, roles__contains=[Role.ADMINISTRADOR.value])


def by_person(person: User | None) -> AbstractContextManager[object]:
    """Who did it, for the history of what is done inside."""
    return pghistory.context(user=person.pk if person else None)
