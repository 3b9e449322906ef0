"""What is to be done in the outside world, and what failed there."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from thaki.cases.models.case import Case


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
