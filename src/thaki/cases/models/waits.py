"""What a case waits for beside its tasks. Rows are deleted once the wait is over.

They are only ever written under the lock of their case, which nobody deletes: a foreign key would be checked at each step for
nothing.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from thaki.cases.models.case import Case


class Timer(models.Model):
    """A clock that runs for a case, on its way or on the border of a task. Deleted when it fires or is disarmed."""

    pk = models.CompositePrimaryKey("case_id", "token")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="timers", db_index=False, db_constraint=False)
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
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="waits", db_index=False, db_constraint=False)
    token = models.IntegerField()
    node = models.CharField(max_length=80)
    message = models.CharField(max_length=60)
    since_at = models.DateTimeField()


class WaitingJob(models.Model):
    """A send or service task whose outside effects, or whose called case, are still out. Deleted when the case goes on."""

    pk = models.CompositePrimaryKey("case_id", "token")
    case = models.ForeignKey(
        Case, on_delete=models.CASCADE, related_name="waiting_jobs", db_index=False, db_constraint=False
    )
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
