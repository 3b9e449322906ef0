"""Users, teams, absences, and the policy values that somebody changed."""

from typing import Any, ClassVar, cast

import pghistory
from django.apps import apps
from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from thaki.people.prepared import Prepared
from thaki.people.roles import ROLE_NAMES, Role

ROLE_CODES = [role.value for role in Role]
ROLE_CHOICES = [(role.value, ROLE_NAMES[role]) for role in Role]


class Theme(models.TextChoices):
    """How the screens look; by default as the person's system says."""

    AUTO = "auto", _("Según el sistema")
    LIGHT = "light", _("Claro")
    DARK = "dark", _("Oscuro")


class People(UserManager["User"]):
    """Everybody. Who has signed in is read by his id at every request, so that is a prepared query."""

    use_in_migrations = False

    def get(self, *args: Any, **conditions: Any) -> "User":
        """As any manager's; one that stands for a part of the people (a team's members) asks for that part as ever."""
        key = conditions.get("pk") if len(conditions) == 1 and not args and type(self) is People else None
        return BY_ID.get(key) if isinstance(key, int) else super().get(*args, **conditions)


class User(AbstractUser):
    """A person of the cooperative who works in Thaki, with the roles of his post (R-A16: a person may hold several)."""

    roles = ArrayField(models.CharField(max_length=40, choices=ROLE_CHOICES), default=list, blank=True)
    team = models.ForeignKey("people.Team", null=True, blank=True, on_delete=models.SET_NULL, related_name="members")
    # The key is the agency's name, as tasks and invoices carry it too: who reads `agency` needs no join.
    office = models.ForeignKey(
        "people.Agency",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        to_field="name",
        db_column="agency",
        related_name="people",
    )
    phone = models.CharField(max_length=8, blank=True)
    theme = models.CharField(max_length=5, choices=Theme, default=Theme.AUTO)
    language = models.CharField(max_length=2, blank=True)  # "": the house's language
    toured_at = models.DateTimeField(null=True, blank=True)  # saw or skipped the first-visit tour

    objects: ClassVar[People] = People()

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(roles__contained_by=ROLE_CODES), name="user_roles_known"),
            models.CheckConstraint(
                condition=Q(phone="") | Q(phone__regex=r"^[2-467]\d{7}$"), name="user_phone_8_digits"
            ),
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="user_email_once"),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def has_role(self, *roles: Role) -> bool:
        """Whether the person holds any of the roles."""
        return any(role.value in self.roles for role in roles)

    @property
    def agency(self) -> str:
        """The name of the agency that the person belongs to; "" for none."""
        return self.office_id or ""

    @agency.setter
    def agency(self, name: str) -> None:
        self.office_id = name or None

    @property
    def role_names(self) -> list[str]:
        """The posts as the signed procedures name them, in the order of the roles."""
        return [str(ROLE_NAMES[role]) for role in Role if role.value in self.roles]


BY_ID = Prepared(User, "m.id = %s")


class Team(models.Model):
    """People of one role who share a queue; the supervisor sees and reassigns their work."""

    name = models.CharField(max_length=80, unique=True)
    role = models.CharField(max_length=40, choices=ROLE_CHOICES)
    supervisor = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="supervises")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(role__in=ROLE_CODES), name="team_role_known")]

    def __str__(self) -> str:
        return self.name

    @property
    def role_name(self) -> str:
        """The post as the signed procedure names it."""
        return str(ROLE_NAMES[Role(self.role)])


class Agency(models.Model):
    """An office of the cooperative where invoices are printed and handed over (R-A12). Tasks and invoices carry its name."""

    name = models.CharField(max_length=60, unique=True)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=8, blank=True)
    hours = models.CharField(max_length=120, blank=True)  # in words, for the customer
    active = models.BooleanField(default=True)  # one that is not is offered no more; what it has stays

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="agency_has_a_name"),
            models.CheckConstraint(
                condition=Q(phone="") | Q(phone__regex=r"^[2-467]\d{7}$"), name="agency_phone_8_digits"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Absence(models.Model):
    """Days on which a person is away (both ends included), and who does his work meanwhile."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    from_on = models.DateField()
    to_on = models.DateField()
    substitute = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="substitutes")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(from_on__lte=F("to_on")), name="absence_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(substitute=F("user")), name="absence_substitute_is_another"),
            # A range of one id stands in for its equality: GiST has no operator for that without an extension.
            ExclusionConstraint(
                name="absence_no_overlap",
                expressions=[
                    (Func(F("user"), F("user"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (Func(F("from_on"), F("to_on"), Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Policy(models.Model):
    """A policy value that somebody changed from its default; who, when and why travel with it into the history."""

    code = models.CharField(max_length=80, unique=True)
    value = models.TextField()  # as `policies.serialise` writes it
    changed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField()
    reason = models.CharField(max_length=300)

    def __str__(self) -> str:
        return f"{self.code} = {self.value}"


class PlannedPolicy(models.Model):
    """A policy value entered ahead: it is in force from its moment on, until another one begins later."""

    code = models.CharField(max_length=80)
    value = models.TextField()  # as `policies.serialise` writes it
    from_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    entered_at = models.DateTimeField()
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["code", "from_at"], name="people_planned_policy_once"),
            models.CheckConstraint(condition=models.Q(from_at__gt=models.F("entered_at")), name="people_planned_ahead"),
        )

    def __str__(self) -> str:
        return f"{self.code} = {self.value} ({self.from_at})"


def _events() -> tuple[pghistory.InsertEvent, pghistory.UpdateEvent, pghistory.DeleteEvent]:
    return pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent()


# A sign-in or a tour is no change of the person, and no copy of a password's hash may outlive it.
pghistory.track(
    *_events(),
    pghistory.ManualEvent("password"),
    pghistory.ManualEvent("second_factor"),
    exclude=["password", "last_login", "toured_at"],
    model_name="UserEvent",
)(User)
pghistory.track(*_events(), model_name="TeamEvent")(Team)
pghistory.track(*_events(), model_name="AgencyEvent")(Agency)
pghistory.track(*_events(), model_name="AbsenceEvent")(Absence)
pghistory.track(*_events(), model_name="PolicyEvent")(Policy)
pghistory.track(*_events(), model_name="PlannedPolicyEvent")(PlannedPolicy)


def history_of(model: type[models.Model]) -> models.Manager[Any]:
    """The rows that a tracked model had, as pghistory keeps them (`pgh_id`, `pgh_label`, `pgh_context` and the fields)."""
    return cast("models.Manager[Any]", apps.get_model("people", f"{model.__name__}Event").objects)
