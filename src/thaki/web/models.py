"""What the screens remember of a person: where he has been lately, and the filters that he keeps."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Recent(models.Model):
    """A case or a customer that a person opened. Its name is read anew each time, so nothing about anybody is kept here."""

    class Kind(models.TextChoices):
        """What was opened."""

        CASE = "case"
        CUSTOMER = "customer"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    object_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "kind", "object_id"), name="web_recent_once"),)
        indexes = (models.Index(fields=("user", "-at"), name="web_recent_latest"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class SavedFilter(models.Model):
    """Filters of *Mi trabajo* that a person keeps under a name, to be one press away with their count."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=300)  # the address's own, so a list is what it was when it was kept

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "name"), name="web_savedfilter_once"),)

    def __str__(self) -> str:
        return self.name
