"""Where every case stands, what it waits for, and what has happened to it.

The case knows *where* it is; the procedure's own record (a `Sale`) knows what is true. Waiting is a row: an open `Task`, an armed
`Timer`, an awaited message (`Wait`) or a job whose effects are still out (`WaitingJob`). Rows that only wait are deleted once the
wait is over; tasks stay, and so does `HistoryEvent`, which the database refuses to change (migration 0002).

Columns that change at every step are kept out of the indexes of `Case`, so that its update stays a heap-only one; the indexes of
`Task` that the worklists read are partial on open tasks, so their cost does not grow with what is finished.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import datetime


class ProcedureVersion(models.Model):
    """One text of a procedure's BPMN. A case stays on the version that it started with."""

    class State(models.TextChoices):
        """How far the owner of the procedure has taken it."""

        DRAFT = "draft", _("Borrador")
        PUBLISHED = "published", _("Vigente")
        RETIRED = "retired", _("Retirada")

    class Origin(models.TextChoices):
        """Who wrote it: shipped with the system, or edited here by its owner."""

        SHIPPED = "shipped", _("Del sistema")
        EDITED = "edited", _("Propia")

    code = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    process = models.CharField(max_length=80)  # the id of the bpmn:process within the file
    xml = models.TextField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.SHIPPED)
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("code", "-number")
        constraints = (
            models.UniqueConstraint(fields=("code", "number"), name="cases_version_number_once"),
            models.UniqueConstraint(
                fields=("code",), condition=Q(state="published"), name="cases_version_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "published", "retired")), name="cases_version_state"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_at__isnull=False), name="cases_version_published_when"
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.number}"


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


class Timer(models.Model):
    """A clock that runs for a case, on its way or on the border of a task. Deleted when it fires or is disarmed."""

    pk = models.CompositePrimaryKey("case_id", "token")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="timers", db_index=False)
    token = models.IntegerField()
    node = models.CharField(max_length=80)
    armed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)
    is_stuck = models.BooleanField(default=False)  # failed too often: an incident holds it

    class Meta:
        indexes = (models.Index(fields=("due_at",), condition=Q(is_stuck=False), name="cases_timer_due"),)
        constraints = (
            models.CheckConstraint(condition=Q(due_at__gte=F("armed_at")), name="cases_timer_due_after_armed"),
        )


class Wait(models.Model):
    """A message that a case is ready to take. Deleted once taken or no longer awaited."""

    pk = models.CompositePrimaryKey("case_id", "token")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="waits", db_index=False)
    token = models.IntegerField()
    node = models.CharField(max_length=80)
    message = models.CharField(max_length=60)
    since_at = models.DateTimeField()


class WaitingJob(models.Model):
    """A send or service task whose outside effects, or whose called case, are still out. Deleted when the case goes on."""

    pk = models.CompositePrimaryKey("case_id", "token")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="waiting_jobs", db_index=False)
    token = models.IntegerField()
    node = models.CharField(max_length=80)
    keys = ArrayField(models.CharField(max_length=200), default=list)  # of the effects that it waits for
    since_at = models.DateTimeField()
    by = models.ForeignKey(  # who completed the step before it
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )


class Effect(models.Model):
    """Something to be done in the outside world, once: written with the case's move, done by a worker afterwards."""

    class State(models.TextChoices):
        """How far the worker has come."""

        PENDING = "pending", _("Por hacer")
        DONE = "done", _("Hecho")
        FAILED = "failed", _("Falló")
        SKIPPED = "skipped", _("Omitido")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="effects")
    node = models.CharField(max_length=80)
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200)  # twice is once
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    result = models.JSONField(default=dict)
    error = models.CharField(max_length=500, blank=True, default="")
    created_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    next_try_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=("created_at",), condition=Q(state="pending"), name="cases_effect_pending"),)
        constraints = (
            models.UniqueConstraint(fields=("key",), name="cases_effect_once"),
            models.CheckConstraint(
                condition=Q(state="pending", settled_at=None)
                | Q(state__in=("done", "failed", "skipped"), settled_at__isnull=False),
                name="cases_effect_settled_when",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Incident(models.Model):
    """Something automatic that gave up: a person retries it, corrects it or skips it, with a reason."""

    class Kind(models.TextChoices):
        """What gave up."""

        EFFECT = "effect", _("Un efecto hacia otro sistema")
        TIMER = "timer", _("Un plazo")
        MESSAGE = "message", _("Un mensaje entre casos")

    class Resolution(models.TextChoices):
        """What the person did about it."""

        RETRIED = "retried", _("Reintentado")
        CORRECTED = "corrected", _("Corregido")
        SKIPPED = "skipped", _("Omitido")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="incidents")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    effect = models.ForeignKey(Effect, null=True, blank=True, on_delete=models.CASCADE, related_name="incidents")
    token = models.IntegerField(null=True, blank=True)  # of the timer
    node = models.CharField(max_length=80, blank=True, default="")
    role = models.CharField(max_length=40, blank=True, default="")  # whose lane it happened in
    data = models.JSONField(default=dict)  # of a message: the case, its name and its payload
    error = models.CharField(max_length=500)
    opened_at = models.DateTimeField()
    resolution = models.CharField(max_length=10, choices=Resolution.choices, blank=True, default="")
    reason = models.CharField(max_length=300, blank=True, default="")
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = (
            models.Index(fields=("opened_at",), condition=Q(resolved_at__isnull=True), name="cases_incident_open"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("effect",), condition=Q(resolved_at__isnull=True), name="cases_incident_one_open_an_effect"
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None, resolution="")
                | (Q(resolved_at__isnull=False, resolved_by__isnull=False) & ~Q(resolution="")),
                name="cases_incident_resolved_by_whom",
            ),
        )


class HistoryEvent(models.Model):
    """What happened to a case. Append-only in the database; ids, codes and short values only, no personal data."""

    class Kind(models.TextChoices):
        """What happened; the screens put it into words."""

        STARTED = "started", _("Caso abierto")
        COMPLETED = "completed", _("Paso hecho")
        PASSED = "passed", _("Paso automático")  # a job done by the system
        TIMER_FIRED = "timer_fired", _("Plazo vencido")
        MESSAGE = "message", _("Mensaje recibido")
        SENT_BACK = "sent_back", _("Devuelto")
        CLAIMED = "claimed", _("Tomado")
        RELEASED = "released", _("Devuelto a la cola")
        HANDED_OVER = "handed_over", _("Traspasado")
        ESCALATED = "escalated", _("Avisado por atraso")
        EXTENDED = "extended", _("Plazo ampliado")
        ATTACHED = "attached", _("Documento adjuntado")
        SUSPENDED = "suspended", _("En pausa")
        RESUMED = "resumed", _("Reanudado")
        CANCELLED = "cancelled", _("Anulado")
        ENDED = "ended", _("Caso terminado")
        INCIDENT = "incident", _("Incidente")
        RESOLVED = "resolved", _("Incidente resuelto")
        NOTED = "noted", _("Anotación")

    pk = models.CompositePrimaryKey("case_id", "seq")
    # No constraints to the case and the person: history survives the deletion of its subject.
    case = models.ForeignKey(
        Case, on_delete=models.DO_NOTHING, related_name="history", db_index=False, db_constraint=False
    )
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=15, choices=Kind.choices)
    node = models.CharField(max_length=80, blank=True, default="")
    step = models.CharField(max_length=8, blank=True, default="")
    role = models.CharField(max_length=40, blank=True, default="")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ("case", "seq")
        indexes = (BrinIndex(fields=("at",), name="cases_history_at", autosummarize=True),)


class Remark(models.Model):
    """What a person wrote with a history event (why it was sent back, cancelled…). May be erased; history may not."""

    pk = models.CompositePrimaryKey("case_id", "seq")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="remarks", db_index=False)
    seq = models.PositiveIntegerField()
    text = models.CharField(max_length=500)


class CaseDocument(models.Model):
    """A document of a case: an identity card, a slip, the signed contract."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="documents")
    document_id = models.BigIntegerField()  # becomes a key to documents.Document with that room's models
    kind = models.CharField(max_length=40)
    node = models.CharField(max_length=80, blank=True, default="")
    attached_at = models.DateTimeField()
    attached_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("case", "document_id", "kind"), name="cases_document_once_a_kind"),
        )


class Draft(models.Model):
    """What a person has typed into a step and not yet sent."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="drafts", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("task", "user"), name="cases_draft_one_a_person"),)
