"""Reads about people."""

from datetime import date

from django.db.models import Count, Q, QuerySet

from thaki.people.models import Absence, Team, User
from thaki.people.roles import Role


def find_users(text: str = "", role: str = "", team: str = "", state: str = "") -> QuerySet[User]:
    """People by any part of name, login or address; `state` is `active`, `inactive` or all."""
    found = User.objects.select_related("team").order_by("-is_active", "first_name", "last_name", "username")
    for word in text.split():
        found = found.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(username__icontains=word)
            | Q(email__icontains=word)
        )
    if role:
        found = found.filter(roles__contains=[role])
    if team.isdigit():
        found = found.filter(team_id=int(team))
    if state in ("active", "inactive"):
        found = found.filter(is_active=state == "active")
    return found


def teams() -> QuerySet[Team]:
    """Every team with its supervisor and its number of active people."""
    counted = Count("members", filter=Q(members__is_active=True))
    return Team.objects.select_related("supervisor").annotate(active_members=counted).order_by("name")


def holders(*roles: Role) -> QuerySet[User]:
    """Active people who hold any of the roles."""
    codes = [role.value for role in roles]
    return User.objects.filter(is_active=True, roles__overlap=codes).order_by("first_name", "last_name")


def supervised_by(user: User) -> QuerySet[User]:
    """Active people of the teams that this person supervises: their work he sees and reassigns."""
    return User.objects.filter(is_active=True, team__supervisor=user).order_by("first_name", "last_name")


def substituted_by(user: User, on: date) -> QuerySet[User]:
    """People whose work this person does on that day."""
    return User.objects.filter(absences__substitute=user, absences__from_on__lte=on, absences__to_on__gte=on).distinct()


def absent(on: date) -> QuerySet[Absence]:
    """Who is away on that day."""
    return Absence.objects.filter(from_on__lte=on, to_on__gte=on).select_related("user", "substitute")
