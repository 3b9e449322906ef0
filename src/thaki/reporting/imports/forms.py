"""The forms of an import: the file, its columns, and the questions of its kind."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thaki.reporting.imports.kinds import ImportKind
from thaki.reporting.imports.models import Import
from thaki.reporting.imports.tables import MAX_BYTES

ACCEPT = ".csv,.txt,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FileForm(forms.Form):
    """The file that somebody brings."""

    file = forms.FileField(
        label=gettext_lazy("Archivo CSV o XLSX"),
        help_text=gettext_lazy("Hasta 10 MB y 50.000 filas. La primera fila lleva los encabezados."),
        widget=forms.ClearableFileInput({"accept": ACCEPT}),
        max_length=255,
    )

    def clean_file(self) -> Any:
        """Not larger than what is read."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("El archivo pesa más de 10 MB: divídalo."))
        return file


class ColumnsForm(forms.Form):
    """Which column is which field: a choice for each field."""

    def __init__(self, kind: ImportKind, found: Import, data: Any = None) -> None:
        super().__init__(data, prefix="col")
        choices = [("", "—"), *((str(n), heading) for n, heading in enumerate(found.header))]
        for field in kind.fields:
            self.fields[field.code] = forms.ChoiceField(
                label=field.label,
                choices=choices,
                required=False,
                help_text=field.help,
                initial=str(found.mapping[field.code]) if field.code in found.mapping else "",
                widget=forms.Select({"class": "form-select"}),
            )
            self.fields[field.code].widget.attrs["aria-required"] = "true" if field.required else "false"

    def clean(self) -> dict[str, Any]:
        """A column is one field."""
        super().clean()
        taken: dict[str, str] = {}
        for code, column in list(self.cleaned_data.items()):
            if column and column in taken:
                other = self.fields[taken[column]].label
                self.add_error(code, _("Esa columna ya es «%(other)s».") % {"other": other})
            elif column:
                taken[column] = code
        return self.cleaned_data

    @property
    def mapping(self) -> dict[str, int]:
        """Column by field code."""
        return {code: int(column) for code, column in self.cleaned_data.items() if column}


def options_form(kind: ImportKind, found: Import, data: Any = None) -> forms.Form | None:
    """The kind's own questions, as answered so far."""
    return kind.form(data, prefix="opt", initial=found.options) if kind.form else None


def options_of(form: forms.Form | None) -> dict[str, str]:
    """The answers as texts, fit to be kept."""
    if form is None:
        return {}
    return {
        name: "" if value in (None, False) else "on" if value is True else str(getattr(value, "pk", value))
        for name, value in form.cleaned_data.items()
    }
