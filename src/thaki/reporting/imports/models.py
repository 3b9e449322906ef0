"""An import under way, the rows about which people should know, and the columns that a kind of file had last time."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Import(models.Model):
    """One file, from its upload to the result. `done` rows of `total` are settled: the job goes on behind them."""

    class State(models.TextChoices):
        """How far it is."""

        DRAFT = "draft", _("Por confirmar")
        RUNNING = "running", _("En curso")
        DONE = "done", _("Terminada")
        STOPPED = "stopped", _("Detenida")
        FAILED = "failed", _("Interrumpida")

    kind = models.CharField(max_length=40)
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(null=True)  # taken away once the import is done
    how = models.CharField(max_length=200, blank=True)  # how it was read: encoding, separator, sheet
    header = ArrayField(models.TextField())
    sample = models.JSONField(default=list)  # the first rows: [line, cells]
    mapping = models.JSONField(default=dict)  # column by field code
    options = models.JSONField(default=dict)  # answers to the kind's own questions
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    noted = models.PositiveIntegerField(default=0)  # accepted, with something to know
    error = models.CharField(max_length=300, blank=True)  # why the job could not go on
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("importación")
        verbose_name_plural = _("importaciones")
        indexes = (
            models.Index(fields=("kind", "-created_at"), name="reporting_import_by_kind"),
            models.Index(fields=("sha256",), name="reporting_import_file"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="reporting_import_done_of_total"),
            models.CheckConstraint(
                condition=Q(done=F("accepted") + F("refused")), name="reporting_import_every_row_settled"
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(content__isnull=False), name="reporting_import_runs_on_a_file"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"

    @property
    def percent(self) -> int:
        """How much of it is settled."""
        return 100 * self.done // self.total if self.total else 100


class ImportRow(models.Model):
    """A row that was refused, or accepted with something to know."""

    owner = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # the line of the file
    refused = models.BooleanField()
    cells = ArrayField(models.TextField())
    errors = models.JSONField(default=dict)  # sentence by field code, "" for the whole row

    class Meta:
        constraints = (models.UniqueConstraint(fields=("owner", "number"), name="reporting_import_row_once"),)

    def __str__(self) -> str:
        return f"{self.number}: {self.reason}"

    @property
    def reason(self) -> str:
        """All that is to say of the row."""
        return " ".join(self.errors.values())


class ImportProfile(models.Model):
    """Which column was which field in files with these headings; the next such file is proposed the same."""

    kind = models.CharField(max_length=40)
    signature = models.CharField(max_length=64)
    file_name = models.CharField(max_length=120)
    mapping = models.JSONField()
    used_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "signature"), name="reporting_import_profile_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"
