"""What the embedded BSS remembers of what it was asked, so that asking twice is asking once."""

from __future__ import annotations

from django.db import models


class BssCall(models.Model):
    """A request that changed something, by its idempotency key, with the answer that it got."""

    key = models.CharField(max_length=200, unique=True)
    operation = models.CharField(max_length=40)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.operation} {self.key}"
