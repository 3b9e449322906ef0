"""What is only kept for minutes: who has a task open, and how the rows were that a completed step changed.

Such tables are unlogged (by their migrations): losing their rows in a crash costs no more than a notice on a page, or an
undo that is refused.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from thaki.cases.models.case import Task


class Presence(models.Model):
    """A person who has a task open on a screen. Each sight of the page renews it."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="present", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("task", "user"), name="cases_presence_one_a_person"),)


class Remembered(models.Model):
    """A row that a completed step changed, as it was before: written by the triggers of `remembering`, in order of `n`."""

    class Verb(models.TextChoices):
        """What the step did to the row."""

        INSERT = "INSERT"
        UPDATE = "UPDATE"
        DELETE = "DELETE"
        TYPED = "TYPED"  # no row: what the person sent, to be found again in the form

    pk = models.CompositePrimaryKey("task_id", "n")
    task_id = models.BigIntegerField()  # of the completed step
    n = models.BigIntegerField()  # order of the changes
    table = models.CharField(max_length=63)
    verb = models.CharField(max_length=6, choices=Verb.choices)
    row = models.TextField()  # as PostgreSQL writes it: as it was before, or as it was inserted; of TYPED, JSON
    xact = models.BigIntegerField()  # the transaction: a row that another one wrote later is found out by its xmin
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.verb} {self.table}"
