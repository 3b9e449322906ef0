"""What a person typed into a step and did not send, put back into the step's form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms


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
