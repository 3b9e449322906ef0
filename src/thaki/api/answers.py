"""A step's own form over JSON: what it asks, and an answer as the browser would send it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from thaki.api.problems import Problem
from thaki.api.schemas import FileIn, FormField
from thaki.cases import permissions, policies, runtime, versions
from thaki.cases.models import Task
from thaki.cases.registry import Work
from thaki.cases.rehearsal.answers import UnknownField, fill
from thaki.cases.rehearsal.describe import _type as type_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from thaki.people.models import User

MOST_CHOICES = 300


def fields(task: Task, user: User, now: datetime) -> list[FormField]:
    """The fields of an open task's form, with what it shows in them."""
    form = _form(task, user, now) if task.is_open else None
    return [_field(form, name) for name in form.fields] if form is not None else []


def filled(
    task: Task, user: User, now: datetime, answer: Mapping[str, Any]
) -> tuple[QueryDict, MultiValueDict[str, UploadedFile]]:
    """The data and files for the form. Whether the person may answer is asked first: a form may show what is not his to see."""
    policies.check_task_open(task)
    permissions.check_can_act(user, task, now)
    form = _form(task, user, now)
    if form is None:
        return QueryDict(), MultiValueDict()
    texts = {name: value for name, value in answer.items() if not _is_file(value)}
    try:
        data, files = fill(form, texts)
    except UnknownField as error:
        errors = [(f"answer.{name}", _("El paso no tiene ese campo.")) for name in error.names]
        raise Problem(422, "invalid", _("Corrija lo que se nombra en «errors»."), errors=errors) from None
    for name, value in answer.items():
        if _is_file(value):
            files.setlist(name, [_file(name, each) for each in (value if isinstance(value, list) else [value])])
    return data, files


def _form(task: Task, user: User, now: datetime) -> forms.Form | None:
    version = versions.of_id(task.case.version_id)
    node = version.procedure.nodes[task.node]
    if not node.handler:
        return None
    work = Work(task.case, version.app.peek(task.case_id), now, user, task, task.node)
    return runtime.build_form(version.app.step(node.handler), work)


def _field(form: forms.Form, name: str) -> FormField:
    field = form.fields[name]
    choices = getattr(field, "choices", None)
    return FormField(
        name=name,
        label=str(field.label or ""),
        type=type_name(field),
        required=field.required,
        help=str(field.help_text or ""),
        value=None if isinstance(field, forms.FileField) else _plain(form[name].value()),
        choices=list(_pairs(choices))[:MOST_CHOICES] if choices is not None else None,
    )


def _pairs(choices: Any) -> Iterator[tuple[str, str]]:
    """Value and label, those in groups too, but the empty one."""
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _pairs(label)
        elif str(value) != "":
            yield str(value), str(label)


def _plain(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, list | tuple | set):
        return [_plain(each) for each in value]
    if value is None or (isinstance(value, str | bool | int | float) and not isinstance(value, Promise)):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | Promise) else str(getattr(value, "pk", value))


def _is_file(value: Any) -> bool:
    return isinstance(value, FileIn) or (isinstance(value, list) and any(isinstance(each, FileIn) for each in value))


def _file(name: str, value: Any) -> UploadedFile:
    try:
        if not isinstance(value, FileIn):
            raise ValueError(name)
        content = base64.b64decode(value.content, validate=True)
    except (ValueError, binascii.Error):
        detail = _("Un archivo va como nombre, tipo y contenido en base64.")
        raise Problem(422, "invalid", detail, errors=[(f"answer.{name}", detail)]) from None
    return SimpleUploadedFile(value.name, content, content_type=value.media_type)
