"""What past days held, counted once: so that looking back over a year costs the same whatever the house has done."""

from __future__ import annotations

from django.db import models


class Rollup(models.Model):
    """How often something happened in a procedure on a day of La Paz. Written by `cases.rollups`, one statement a month."""

    class Kind(models.TextChoices):
        """What was counted."""

        TIME = "time"  # tasks done at a node, by how long they took (`bucket`)
        NODE = "node"  # events that left a node
        FLOW = "flow"  # flows that the engine chose

    pk = models.CompositePrimaryKey("procedure", "day", "kind", "key", "bucket")
    procedure = models.CharField(max_length=40)
    day = models.DateField()
    kind = models.CharField(max_length=4, choices=Kind.choices)
    key = models.CharField(max_length=80)  # of the node or the flow
    bucket = models.SmallIntegerField(default=0)  # `rules.time_bucket`; 0 where there is no time
    n = models.PositiveIntegerField()


class RolledDay(models.Model):
    """A day that is counted."""

    day = models.DateField(primary_key=True)
