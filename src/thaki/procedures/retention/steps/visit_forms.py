"""The forms of the technician's visit on the case's page (RET 7, 8 and R-B11)."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thaki.cases.forms import FilesField, StepForm, choice_field, moment_field, text_area
from thaki.cases.registry import Work
from thaki.procedures.retention.field.payload import quantity_of
from thaki.procedures.retention.models import Retention, XpressTask
from thaki.records.work_orders import visits
from thaki.records.work_orders.models import VisitFailure, VisitSignature, WorkOrder
from thaki.records.work_orders.visits import Used
from thaki.ui.widgets import CameraInput

PNG = "data:image/png;base64,"
MOST_SIGNATURE = 400_000  # characters of a data URL


class OrderForm(StepForm):
    """A form about the case's current order."""

    def __init__(self, data: Any = None, files: Any = None, *, work: Work, **kwargs: Any) -> None:
        retention: Retention = work.record
        self.order: WorkOrder | None = retention.work_order
        super().__init__(data, files, work=work, **kwargs)


class MaterialsField(forms.CharField):
    """A material a line: `Cable UTP; 12,5; m`; cleans to what was used."""

    def clean(self, value: Any) -> Any:
        """Name, quantity (1 where none is said) and unit of each."""
        used = []
        for line in str(super().clean(value) or "").splitlines():
            name, _sep, rest = line.partition(";")
            quantity, _sep, unit = rest.partition(";")
            if not name.strip():
                continue
            amount = quantity_of(quantity or "1")
            if amount is None:
                raise forms.ValidationError(_t("La cantidad de «%(name)s» no es un número.") % {"name": name.strip()})
            used.append(Used(name.strip()[:120], amount, unit.strip()[:12] or "u"))
        return used


class VisitForm(OrderForm):
    """Arrival, review, and the five Xpress tasks. An answer that brings no arrival at all means now."""

    kept = ("arrived_at",)

    arrived_at = moment_field(_("Llegada al domicilio"), required=False)
    review = forms.CharField(
        label=_("Revisión minuciosa"),
        required=False,
        max_length=2000,
        widget=text_area(3),
        help_text=_("Qué se encontró al revisar toda la instalación."),
    )
    tasks = forms.MultipleChoiceField(
        label=_("Tareas Xpress"), required=False, widget=forms.CheckboxSelectMultiple, choices=[]
    )
    before = FilesField(label=_("Fotos de antes"), required=False, widget=CameraInput(multiple=True))

    def __init__(self, data: Any = None, files: Any = None, *, work: Work, **kwargs: Any) -> None:
        super().__init__(data, files, work=work, **kwargs)
        self.known_tasks = list(XpressTask.objects.filter(active=True).order_by("position", "code"))
        tasks: Any = self.fields["tasks"]
        tasks.choices = [(task.code, task.name) for task in self.known_tasks]
        if self.order is not None and self.order.arrived_at is not None:
            del self.fields["arrived_at"]
        for task in self.known_tasks:
            self.fields[f"found_{task.code}"] = forms.CharField(
                label=_("Qué se encontró"), required=False, max_length=500, widget=text_area(1)
            )
            self.fields[f"done_{task.code}"] = forms.CharField(
                label=_("Qué se hizo"), required=False, max_length=500, widget=text_area(1)
            )
            self.fields[f"materials_{task.code}"] = MaterialsField(
                label=_("Materiales"),
                required=False,
                max_length=1000,
                widget=text_area(1),
                help_text=_("Uno por línea: material; cantidad; unidad."),
            )

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """What the telephone noted already; else now."""
        order = work.record.work_order
        if order is None:
            return {}
        done = list(order.tasks.order_by("position"))
        known: dict[str, Any] = {"review": order.review, "tasks": [task.task for task in done]}
        if order.arrived_at is None:
            known["arrived_at"] = timezone.localtime(work.now).replace(second=0, microsecond=0)
        for task in done:
            known |= {f"found_{task.task}": task.found, f"done_{task.task}": task.done}
        return known

    def rows(self) -> list[dict[str, Any]]:
        """Each task with its own fields, for the template."""
        chosen = self["tasks"].value() or []
        return [
            {
                "task": task,
                "on": task.code in chosen,
                "fields": [self[f"{part}_{task.code}"] for part in ("found", "done", "materials")],
            }
            for task in self.known_tasks
        ]

    def clean(self) -> dict[str, Any]:
        """Somebody came, and did at least one task."""
        super().clean()
        order = self.order
        if "arrived_at" in self.fields:
            self.require("arrived_at", _("Indique a qué hora llegó."))
            at = self.cleaned_data.get("arrived_at")
            if at is not None and at > self.work.now:
                self.add_error("arrived_at", _("La llegada no puede ser futura."))
        if not self.cleaned_data.get("tasks") and not (order and order.tasks.filter(done_at__isnull=False).exists()):
            self.require("tasks", _("Anote al menos una tarea Xpress con lo que se hizo."))
        return self.cleaned_data


class SignatureField(forms.CharField):
    """A signature drawn on the screen, as a PNG data URL; cleans to its bytes, or "" for none."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> Any:
        """The picture's bytes."""
        text = str(super().clean(value) or "")
        if not text:
            return b""
        if not text.startswith(PNG) or len(text) > MOST_SIGNATURE:
            raise forms.ValidationError(_t("La firma no se pudo leer: firme de nuevo."))
        try:
            return base64.b64decode(text[len(PNG) :], validate=True)
        except binascii.Error as error:
            raise forms.ValidationError(_t("La firma no se pudo leer: firme de nuevo.")) from error


class ServicesField(forms.MultipleChoiceField):
    """The services that work, by number; "*" is all of them."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: Any) -> bool:
        """A number of the customer's, or all."""
        return value == "*" or super().valid_value(value)


class ChangesForm(OrderForm):
    """Each service tried, and the customer's signature on what applies."""

    services = ServicesField(
        label=_("Servicios que funcionan"),
        required=False,
        choices=[],
        help_text=_("Pruébelos uno por uno: la orden se cierra cuando funcionan todos."),
    )
    papers = forms.MultipleChoiceField(
        label=_("Documentos que firma el cliente"),
        required=False,
        choices=VisitSignature.Paper.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Los que correspondan."),
    )
    signer_name = forms.CharField(label=_("Nombre de quien firma"), required=False, max_length=160)
    signer_ci = forms.CharField(label=_("Carnet"), required=False, max_length=20)
    after = FilesField(label=_("Fotos de después"), required=False, widget=CameraInput(multiple=True))
    result = forms.CharField(
        label=_("Trabajo realizado"), required=False, max_length=300, widget=text_area(2), help_text=_("En una frase.")
    )

    def __init__(self, data: Any = None, files: Any = None, *, work: Work, **kwargs: Any) -> None:
        super().__init__(data, files, work=work, **kwargs)
        services: Any = self.fields["services"]
        known = visits.services_of(self.order) if self.order else []
        services.choices = [(each.number, str(each)) for each in known]
        for code, label in VisitSignature.Paper.choices:
            self.fields[f"signature_{code}"] = SignatureField(label=label, required=False)
            self.fields[f"scan_{code}"] = forms.FileField(
                label=_("O la foto del documento firmado"), required=False, widget=CameraInput()
            )

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """The customer himself signs, unless he says otherwise."""
        retention: Retention = work.record
        return {"signer_name": retention.customer.full_name, "signer_ci": retention.customer.ci}

    def rows(self) -> list[dict[str, Any]]:
        """Each paper with its own fields, for the template."""
        chosen = self["papers"].value() or []
        return [
            {
                "code": code,
                "label": label,
                "on": code in chosen,
                "signature": self[f"signature_{code}"],
                "scan": self[f"scan_{code}"],
            }
            for code, label in VisitSignature.Paper.choices
        ]

    def clean(self) -> dict[str, Any]:
        """All services work and each paper is signed; what the telephone recorded counts."""
        super().clean()
        data, order = self.cleaned_data, self.order
        if not data.get("services") and not (order and order.checks.exists()):
            self.require("services", _("Pruebe los servicios y marque los que funcionan."))
        if not data.get("papers") and not (order and order.signatures.exists()):
            self.require("papers", _("Falta la firma del cliente en al menos un documento."))
        if data.get("papers"):
            self.require("signer_name", _("Indique quién firma."))
        for paper in data.get("papers", []):
            if not data.get(f"signature_{paper}") and not data.get(f"scan_{paper}"):
                self.add_error(f"signature_{paper}", _("Falta la firma."))
        return data


class ArriveForm(StepForm):
    """Nothing is asked: the arrival is now."""


class FailureForm(StepForm):
    """Why the visit could not be made."""

    kind = choice_field(_("¿Qué pasó?"), VisitFailure.Kind.choices, radio=True)
    note = forms.CharField(label=_("Nota"), required=False, max_length=300, widget=text_area(2))
    proof = forms.FileField(
        label=_("Foto que demuestra la ausencia"),
        required=False,
        widget=CameraInput(),
        help_text=_("Hace falta cuando el cliente está ausente."),
    )
    until = moment_field(
        _("Nueva hora que pide el cliente"),
        required=False,
        help_text=_("El plazo de 24 horas se detiene hasta entonces."),
    )
