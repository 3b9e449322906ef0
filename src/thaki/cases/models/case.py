"""A case and its tasks."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from thaki.cases.models.version import ProcedureVersion


class Case(models.Model):
    """One customer's way through a procedure."""

    class State(models.TextChoices):
        """Whether the case can move."""

        OPEN = "open", _("En curso")
        SUSPENDED = "suspended", _("En pausa")
        ENDED = "ended", _("Terminado")
        CANCELLED = "cancelled", _("Anulado")

    number = models.CharField(max_length=30, unique=True)  # "GVD-2026-000123": it can be said on the telephone
    procedure = models.CharField(max_length=40)
    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="cases", db_index=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(max_length=60, blank=True, default="")  # of the end event that it reached
    marking = models.JSONField(default=dict)  # engine.Marking.to_json()
    version_counter = models.PositiveIntegerField(default=0)  # of the case itself: one more at each move
    last_seq = models.PositiveIntegerField(default=0)  # of its last history event
    priority = models.PositiveSmallIntegerField(default=0)  # the greater comes first in every worklist (R-B6)
    subject = models.CharField(max_length=120, blank=True, default="")  # short label in lists: the customer's name
    search = ArrayField(models.CharField(max_length=3), default=list, blank=True)  # trigrams of the folded subject
    owner = models.ForeignKey(  # who leads it: the first to finish a task in the lane that opened it
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    parent_token = models.IntegerField(null=True, blank=True)  # the token of the call activity that waits for this case
    submission_key = models.CharField(max_length=64, blank=True, default="")  # of the form that opened it
    is_rehearsal = models.BooleanField(default=False)  # only ever seen inside a transaction that is rolled back
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    last_event_at = models.DateTimeField()
    suspended_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    next_task_id: int | None = (
        None  # not a column: an id kept for the task that opens next, so that nobody asks for one alone
    )

    class Meta:
        indexes = (
            models.Index(
                fields=("procedure", "opened_at"), condition=Q(state__in=("open", "suspended")), name="cases_case_open"
            ),
            models.Index(
                fields=("procedure", "ended_at"), condition=Q(ended_at__isnull=False), name="cases_case_ended"
            ),
            models.Index(fields=("procedure", "-opened_at"), name="cases_case_recent"),
            GinIndex(fields=("search",), name="cases_case_search"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("open", "suspended"), ended_at__isnull=True, outcome="")
                | Q(state__in=("ended", "cancelled"), ended_at__isnull=False),
                name="cases_case_ended_when",
            ),
            models.CheckConstraint(
                condition=Q(state="suspended", suspended_at__isnull=False)
                | (~Q(state="suspended") & Q(suspended_at=None)),
                name="cases_case_suspended_when",
            ),
            models.CheckConstraint(
                condition=Q(parent=None, parent_token=None) | Q(parent__isnull=False, parent_token__isnull=False),
                name="cases_case_parent_token",
            ),
            models.UniqueConstraint(
                fields=("submission_key",), condition=~Q(submission_key=""), name="cases_case_submitted_once"
            ),
            models.CheckConstraint(
                condition=Q(last_event_at__gte=F("opened_at")), name="cases_case_event_after_opening"
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether it can still move (a suspended case is open, but waits to be resumed)."""
        return self.state in (Case.State.OPEN, Case.State.SUSPENDED)


class Task(models.Model):
    """A user task of a case: somebody of the lane's role has to do it, or did."""

    class State(models.TextChoices):
        """Whether it is to be done."""

        OPEN = "open", _("Pendiente")
        DONE = "done", _("Hecha")
        CANCELLED = "cancelled", _("Retirada")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks", db_index=False)
    token = models.IntegerField()
    node = models.CharField(max_length=80)
    step = models.CharField(
        max_length=8, blank=True, default=""
    )  # number in the signed procedure; "" for our own nodes
    role = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    priority = models.PositiveSmallIntegerField(default=0)  # of the case, kept here for the worklist's index
    # No constraint in the database on the people: checking one locks the person's row in every step that he does.
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tasks",
        db_index=False,
        db_constraint=False,
    )
    assigned_at = models.DateTimeField(null=True, blank=True)
    team = models.ForeignKey(  # null: whoever has the role
        "people.Team",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    agency = models.CharField(max_length=60, blank=True, default="")  # "": any (steps 16 and 17 belong to one, R-A12)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)  # told to the supervisor because it is late
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    close_reason = models.CharField(max_length=20, blank=True, default="")  # completed, cancelled, sent_back
    closed_seq = models.PositiveIntegerField(null=True, blank=True)  # the history event that closed it
    submission_key = models.CharField(max_length=64, blank=True, default="")  # of the form that completed it

    class Meta:
        indexes = (
            models.Index(
                "role", F("priority").desc(), "due_at", "id", condition=Q(state="open"), name="cases_task_by_role"
            ),
            # What nobody has yet: read after every step, however many of the role's tasks somebody has.
            models.Index(
                "role",
                F("priority").desc(),
                "due_at",
                "id",
                condition=Q(state="open", assignee=None),
                name="cases_task_free",
            ),
            models.Index(
                "assignee",
                F("priority").desc(),
                "due_at",
                "id",
                condition=Q(state="open", assignee__isnull=False),
                name="cases_task_by_person",
            ),
            models.Index(
                fields=("due_at",),
                condition=Q(state="open", escalated_at__isnull=True, due_at__isnull=False),
                name="cases_task_getting_late",
            ),
            # How long steps took in a month: read by the reports alone, so it may cost the moves next to nothing.
            # Small ranges, since a day's list reads every page of those that it touches.
            BrinIndex(fields=("closed_at",), name="cases_task_closed_on", autosummarize=True, pages_per_range=16),
        )
        constraints = (
            models.UniqueConstraint(fields=("case", "token"), name="cases_task_one_a_token"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None, closed_by=None, closed_seq=None, close_reason="")
                | (
                    Q(state__in=("done", "cancelled"), closed_at__isnull=False, closed_seq__isnull=False)
                    & ~Q(close_reason="")
                ),
                name="cases_task_closed_when",
            ),
            models.CheckConstraint(
                condition=Q(assignee=None, assigned_at=None) | Q(assignee__isnull=False, assigned_at__isnull=False),
                name="cases_task_assigned_when",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id}:{self.node}"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.state == Task.State.OPEN

    def is_late(self, now: datetime) -> bool:
        """Whether it is open and its time is over."""
        return self.is_open and self.due_at is not None and self.due_at < now
