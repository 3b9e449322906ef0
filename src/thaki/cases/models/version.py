"""The texts of the procedures."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


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
