"""The small forms of the staff's screens; those of the steps belong to the procedures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.people.models import User


class Reason(forms.Form):
    """Why: kept with the history of the case."""

    reason = forms.CharField(
        label=_("Motivo"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Queda en la historia del caso con su nombre."),
    )


class FilterName(forms.Form):
    """What the kept filters are called."""

    name = forms.CharField(
        label=_("Nombre"),
        max_length=40,
        help_text=_("Por ejemplo: «Ofertas que vencen hoy». El mismo nombre reemplaza."),
    )
    query = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)


class HandOver(forms.Form):
    """To whom a task goes."""

    to = forms.TypedChoiceField(label=_("Persona"), coerce=int)

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", "—"), *((p.pk, str(p)) for p in people)]  # type: ignore[attr-defined]  # a field that has choices


class SendBack(Reason):
    """To which earlier step, and why."""

    to_node = forms.ChoiceField(label=_("Devolver a"), widget=forms.RadioSelect)
    field_order = ("to_node", "reason")

    def __init__(self, *args: Any, steps: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = list(steps)
        self.fields["to_node"].choices = choices  # type: ignore[attr-defined]  # a field that has choices
        if len(choices) == 1:
            self.fields["to_node"].initial = choices[0][0]


class Upload(forms.Form):
    """A document for the case."""

    file = forms.FileField(label=_("Archivo"), help_text=_("PDF, JPEG, PNG o WebP de hasta 10 MB."))
    kind = forms.ChoiceField(label=_("Qué es"))

    def __init__(self, *args: Any, kinds: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = list(kinds)  # type: ignore[attr-defined]  # a field that has choices
        self.fields["file"].widget.attrs["accept"] = "application/pdf,image/jpeg,image/png,image/webp"
