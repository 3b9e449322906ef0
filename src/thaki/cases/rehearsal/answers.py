"""Turns what a scenario answers into what a browser would send for the same form: texts, and sample files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

# The smallest PDF that readers open.
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \n"
    b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n"
)


class UnknownField(Exception):
    """The answer names fields that the step's form does not have."""

    def __init__(self, names: list[str], known: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names, self.known = names, known


def fill(form: forms.Form, values: Mapping[str, Any]) -> tuple[QueryDict, MultiValueDict[str, UploadedFile]]:
    """The data and files that a person sends who changes just these fields of the form as it is shown.

    A file field takes the name of a sample file, made here. Raises UnknownField.
    """
    unknown = [name for name in values if not _is_known(form, name)]
    if unknown:
        raise UnknownField(unknown, sorted(form.fields))
    data = QueryDict(mutable=True)
    files: MultiValueDict[str, UploadedFile] = MultiValueDict()
    for name, field in form.fields.items():
        if isinstance(field, forms.FileField):
            if values.get(name):
                files.setlist(form.add_prefix(name), [sample(str(each)) for each in _listed(values[name])])
        elif name not in values:
            _put_shown(data, form, name)
        else:
            _put(data, form, name, values[name])
    for name, value in values.items():
        if name not in form.fields:  # parts of a field of several inputs, or rows of a formset
            data.setlist(name, _texts(value))
    return data, files


def sample(name: str) -> SimpleUploadedFile:
    """A tiny file of the kind that its name says: PDF, or a picture."""
    ending = name.rpartition(".")[2].lower()
    if ending in ("jpg", "jpeg", "png", "webp"):
        kind = {"jpg": "jpeg"}.get(ending, ending)
        return SimpleUploadedFile(name, _picture(kind, name), content_type=f"image/{kind}")
    if ending == "txt":
        return SimpleUploadedFile(name, name.encode(), content_type="text/plain")
    return SimpleUploadedFile(name, PDF + f"% {name}\n".encode(), content_type="application/pdf")


def _picture(kind: str, name: str) -> bytes:
    """A picture whose colour comes from its name, so that two names are two files."""
    from PIL import Image

    made = BytesIO()
    colour = sum(name.encode()) % 256
    Image.new("RGB", (320, 240), (colour, 200, 255 - colour)).save(made, kind.upper())
    return made.getvalue()


def _is_known(form: forms.Form, name: str) -> bool:
    return name in form.fields or "-" in name or any(name.startswith(f"{field}_") for field in form.fields)


def _put_shown(data: QueryDict, form: forms.Form, name: str) -> None:
    """What the page shows in a field is sent back as it is."""
    value = form[name].value()
    if value is not None and value != "":
        _put(data, form, name, value)


def _put(data: QueryDict, form: forms.Form, name: str, value: Any) -> None:
    """As the field's widget would send it."""
    field, key = form.fields[name], form.add_prefix(name)
    if isinstance(field.widget, forms.CheckboxInput):
        if value and value != "false":
            data[key] = "on"
        return
    if isinstance(field.widget, forms.MultiWidget):
        parts = value if isinstance(value, list) else (field.widget.decompress(value) or [])
        for number, each in enumerate(parts):
            data.setlist(f"{key}_{number}", _texts(each))
        return
    data.setlist(key, _texts(value))


def _texts(value: Any) -> list[str]:
    return [_text(each) for each in _listed(value) if each is not None]


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple | set) else [value]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
