"""The toy's record."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from thaki.people.quick import Quick, QuickManager


class Toy(Quick):
    """What is true of one order. Its table is made by `install`: the toy is no installed application."""

    case_id = models.BigIntegerField(primary_key=True)
    customer = models.CharField(max_length=80)
    wish = models.CharField(max_length=80, blank=True)
    verdict = models.CharField(max_length=10, default="unknown")
    invoice = models.CharField(max_length=40, blank=True)
    count = models.IntegerField(default=0)

    objects: ClassVar[Any] = QuickManager()  # said, because the type checker knows only installed models

    class Meta:
        app_label = "toy"

    def __str__(self) -> str:
        return self.customer
