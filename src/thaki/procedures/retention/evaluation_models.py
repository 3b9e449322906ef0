"""The monthly evaluation of the retentions (RET 15): the record of a case of `retention_evaluation`, frozen once concluded.

Part of `models`, from where they are imported.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from thaki.records.constraints import choice


class Evaluation(models.Model):
    """One month, evaluated by Gerencia Comercial. The database refuses to change one that was concluded."""

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="evaluation", primary_key=True)
    month_on = models.DateField(unique=True)  # its first day
    data = models.JSONField(default=dict, blank=True)  # everything that the paper says, as it was when concluded
    conclusion = models.TextField(blank=True)
    concluded_at = models.DateTimeField(null=True, blank=True)
    concluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    pdf = models.ForeignKey("documents.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(month_on__day=1), name="retention_evaluation_first_of_month"),
            models.CheckConstraint(
                condition=Q(concluded_at__isnull=True) | (Q(conclusion__gt="") & ~Q(data={})),
                name="retention_evaluation_concluded",
            ),
        )

    def __str__(self) -> str:
        return f"{self.month_on:%Y-%m}"


class EvaluationChange(models.Model):
    """A change of an offer, a task, a reason or a policy that was decided upon an evaluation (R-B5): added, never changed."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=8)
    subject = models.CharField(max_length=160)  # the name of the offer or policy that changed
    code = models.CharField(max_length=80)
    before = models.CharField(max_length=300, blank=True)
    after = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (choice("kind", ["offer", "task", "reason", "policy"]),)
        indexes = (models.Index(fields=("evaluation", "at"), name="retention_changes_of"),)

    def __str__(self) -> str:
        return f"{self.code}: {self.before} → {self.after}"
