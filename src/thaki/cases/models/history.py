"""What has happened to a case, and what was put into it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from thaki.cases.models.case import Case, Task


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
        UNDONE = "undone", _("Paso deshecho")  # by who had done it; what the named events did no longer stands
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
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="cases")
    kind = models.CharField(max_length=40)
    node = models.CharField(max_length=80, blank=True, default="")
    attached_at = models.DateTimeField()
    attached_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "document", "kind"), name="cases_document_once_a_kind"),)


class Draft(models.Model):
    """What a person has typed into a step and not yet sent."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="drafts", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("task", "user"), name="cases_draft_one_a_person"),)
