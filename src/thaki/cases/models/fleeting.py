"""What is only kept for minutes: who has a task open.

Such tables are unlogged (by their migrations): losing their rows in a crash costs no more than a notice on a page.
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
