"""What a person typed into a step and did not send: kept, and put back into the step's form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms

from thaki.cases.models import Draft

if TYPE_CHECKING:
    from thaki.people.models import User


def keep(task_id: int, data: Mapping[str, Any], *, by: User, now: datetime) -> None:
    """Keep what a person has typed into a step. The last one stands."""
    Draft.objects.update_or_create(task_id=task_id, user=by, defaults={"data": dict(data), "saved_at": now})


def discard(task_id: int, *, by: User) -> None:
    """Forget what the person typed into a task and did not send."""
    Draft.objects.filter(task_id=task_id, user=by).delete()


def fill_in(form: forms.Form, draft: Mapping[str, Any]) -> None:
    """Open a form with what its person had typed; a box that was not ticked in the draft is not ticked now."""
    for name, field in form.fields.items():
        values = draft.get(name)
        if isinstance(field, forms.FileField):
            continue
        if isinstance(field, forms.MultipleChoiceField):
            form.initial[name] = values or []
        elif isinstance(field, forms.BooleanField):
            form.initial[name] = bool(values)
        elif values:
            form.initial[name] = values[-1] if isinstance(values, list) else values
