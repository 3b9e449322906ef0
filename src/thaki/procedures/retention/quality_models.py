"""What the controls of quality leave behind (RET 9 and 10): the calls nobody answered, and each time the fault came back.

Part of `models`, from where they are imported. Rows are added and never changed.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from thaki.people.quick import Quick
from thaki.records.constraints import choice


class QualityAttempt(Quick):
    """A call of the control that nobody answered (R-B12)."""

    retention = models.ForeignKey("retention.Retention", on_delete=models.CASCADE, related_name="attempts")
    order = models.ForeignKey("work_orders.WorkOrder", on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=4)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (choice("step", ["9", "10"]),)

    def __str__(self) -> str:
        return f"{self.retention_id}: {self.at:%d/%m %H:%M}"


class Relapse(Quick):
    """The fault was there again (R-B3): charged to the offer, the tasks and the technician of the order that it followed."""

    class Found(models.TextChoices):
        """How it was found."""

        QUALITY = "quality", _("Control de calidad (9)")
        CONTROL = "control", _("Control de reiterados (10)")
        CLAIM = "claim", _("Reclamo nuevo")

    retention = models.ForeignKey("retention.Retention", on_delete=models.CASCADE, related_name="relapses")
    order = models.OneToOneField("work_orders.WorkOrder", on_delete=models.PROTECT, related_name="relapse")
    technician = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    offer = models.CharField(max_length=12, blank=True)
    tasks = ArrayField(models.CharField(max_length=40), default=list, blank=True)  # codes of what was done there
    found_by = models.CharField(max_length=8, choices=Found.choices)
    claim = models.ForeignKey("claims.Claim", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (choice("found_by", ["quality", "control", "claim"]),)

    def __str__(self) -> str:
        return f"{self.order_id}: {self.found_by}"
