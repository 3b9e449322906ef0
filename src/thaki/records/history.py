"""Row history of commercial records, kept by triggers (django-pghistory)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import pghistory
from django.db.models import Model

M = TypeVar("M", bound=Model)


def tracked(*, exclude: tuple[str, ...] = ()) -> Callable[[type[M]], type[M]]:
    """Keep every insert, change and deletion of a model's rows.

    The events have no foreign key in the database, so they survive their subject, and they are append-only. Who did it
    is read by the trigger from the setting `pghistory.context_metadata`, which the runtime sets once a transaction.
    """
    decorate: Callable[[type[M]], type[M]] = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(exclude),
        obj_field=pghistory.ObjForeignKey(related_name="events"),
        context_field=pghistory.ContextJSONField(),
        context_id_field=cast(Any, None),  # None is documented; its annotation forgot it
        append_only=True,
    )
    return decorate
