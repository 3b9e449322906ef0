"""Users, teams and absences."""

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models

from thaki.people.roles import Role


class User(AbstractUser):
    """A person of the cooperative who works in Thaki, with the roles of his post (R-A16: one person may hold several)."""

    roles = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    team = models.ForeignKey("people.Team", null=True, blank=True, on_delete=models.SET_NULL, related_name="members")
    agency = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=8, blank=True)

    def has_role(self, *roles: Role) -> bool:
        """Whether the person holds any of the roles."""
        return any(role.value in self.roles for role in roles)


class Team(models.Model):
    """People of one role who share a queue; the supervisor sees and reassigns their work."""

    name = models.CharField(max_length=80, unique=True)
    role = models.CharField(max_length=40)
    supervisor = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="supervises")

    def __str__(self) -> str:
        return self.name


class Absence(models.Model):
    """Days on which a person is away, and who does his work meanwhile."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    from_on = models.DateField()
    to_on = models.DateField()
    substitute = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="substitutes")
