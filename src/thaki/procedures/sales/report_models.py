"""What the reports of Ventas Digitales keep: metas, informes with their builds, and the mornings' reports of step 19.

Part of `models`, from where they are imported.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Goal(models.Model):
    """A meta of the month, entered by the Jefe División Ventas (R-A5): by product kind and executive; empty means all."""

    month_on = models.DateField()  # the first day of the month
    product_kind = models.CharField(max_length=10, blank=True)
    executive = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sales_count = models.PositiveIntegerField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("month_on", "product_kind", "executive"), name="sales_goal_once", nulls_distinct=False
            ),
        )


class GoalChange(models.Model):
    """A meta entered, changed or taken away: the history of the grid. Rows are added and never changed."""

    month_on = models.DateField()
    product_kind = models.CharField(max_length=10, blank=True)
    executive = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    before = models.PositiveIntegerField(null=True)  # null: there was none
    after = models.PositiveIntegerField(null=True)  # null: taken away
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("month_on", "-at", "-id"), name="sales_goalchange_month"),)


class SalesReport(models.Model):
    """An Informe General de Ventas Digitales (GVD step 26): the record of a case of `sales_report`, frozen once sent.

    The database refuses to change one that was sent (migration 0005).
    """

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="sales_report", primary_key=True)
    month_on = models.DateField(unique=True)
    data = models.JSONField(default=dict, blank=True)  # everything that the document says, as it was when sent
    data_at = models.DateTimeField(null=True, blank=True)  # when those figures were counted
    comment = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    pdf = models.ForeignKey("documents.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    xlsx = models.ForeignKey("documents.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+")


class ReportBuild(models.Model):
    """One counting of an informe's figures, done by a worker while people look at its progress.

    At most one is under way for an informe: who asks while it runs is shown that one.
    """

    class State(models.TextChoices):
        """How far it is."""

        QUEUED = "queued", _("En espera")
        RUNNING = "running", _("Armando")
        DONE = "done", _("Listo")
        FAILED = "failed", _("Falló")

    report = models.ForeignKey(SalesReport, on_delete=models.CASCADE, related_name="builds")
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    part = models.CharField(max_length=40, blank=True)  # what is being counted now
    parts_done = models.PositiveSmallIntegerField(default=0)
    parts = models.PositiveSmallIntegerField(default=0)
    data = models.JSONField(default=dict, blank=True)
    error = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("report",), condition=Q(state__in=("queued", "running")), name="sales_one_build_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("queued", "running"), finished_at=None)
                | Q(state__in=("done", "failed"), finished_at__isnull=False),
                name="sales_build_finished_when",
            ),
        )

    @property
    def is_under_way(self) -> bool:
        """Whether a worker has it, or will."""
        return self.state in (ReportBuild.State.QUEUED, ReportBuild.State.RUNNING)


class UnservedReport(models.Model):
    """The Reporte de solicitudes no atendidas of a working morning (GVD step 19): one original, frozen."""

    made_on = models.DateField(unique=True)
    made_at = models.DateTimeField()
    total = models.PositiveIntegerField()
    by_reason = models.JSONField(default=list)  # pairs of reason and count, as the report says them
    pdf = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
    xlsx = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
