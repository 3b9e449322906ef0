"""Tokens, first answers of repeated requests, and who wants to hear of what happens."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """What a token may be used for; what its person may do bounds it further."""

    CASES_READ = "cases:read", _("Leer casos")
    TASKS_READ = "tasks:read", _("Leer tareas")
    TASKS_WRITE = "tasks:write", _("Tomar, devolver y completar tareas")
    PROSPECTS_READ = "prospects:read", _("Leer prospectos")
    PROSPECTS_WRITE = "prospects:write", _("Anotar prospectos")
    REPORTS_READ = "reports:read", _("Leer y descargar informes")


class Token(models.Model):
    """A key by which a program acts as a person. Only its hash is kept: the key itself was shown once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60)
    hint = models.CharField(max_length=12)  # the key's first letters, by which its person knows it again
    key_hash = models.CharField(max_length=64, unique=True)  # SHA-256: the key has 256 random bits, nothing to guess
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    # The minute that runs, and how often the token asked in it. Neither is in an index: the update stays heap-only.
    window_at = models.DateTimeField(null=True, blank=True)
    window_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="api_token_expires_later"),
            models.CheckConstraint(condition=Q(scopes__contained_by=Scope.values), name="api_token_scopes_known"),
        )

    def __str__(self) -> str:
        return f"{self.hint}… {self.name}"

    def state(self, now: datetime) -> str:
        """`active`, `expired` or `revoked`."""
        if self.revoked_at is not None:
            return "revoked"
        return "active" if self.expires_at > now else "expired"


class FirstAnswer(models.Model):
    """What a request with an idempotency key was answered when it came first."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)  # SHA-256 of method, address and body
    status = models.PositiveSmallIntegerField(default=0)  # 0 only inside the transaction that is answering
    body = models.TextField(default="", blank=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "key"), name="api_answer_once"),)


class Event(models.TextChoices):
    """What other systems may be told of."""

    CASE_OPENED = "case.opened", _("Se abre un caso")
    CASE_ENDED = "case.ended", _("Termina un caso")
    TASK_OPENED = "task.opened", _("Se abre una tarea")
    TASK_COMPLETED = "task.completed", _("Se completa una tarea")


class Subscription(models.Model):
    """An address that is told of events, with the secret that signs what it gets."""

    name = models.CharField(max_length=60)
    url = models.URLField(max_length=300)
    events = ArrayField(models.CharField(max_length=20, choices=Event.choices))
    procedure = models.CharField(max_length=40, blank=True, default="")  # "": all
    secret = models.CharField(max_length=80)  # needed to sign, so it cannot be a hash
    is_active = models.BooleanField(default=True)
    paused_reason = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    last_ok_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(events__contained_by=Event.values), name="api_subscription_events"),
        )

    def __str__(self) -> str:
        return self.name
