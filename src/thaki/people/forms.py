"""Forms of people, teams, absences and policy values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from thaki.people import operations
from thaki.people.models import ROLE_CHOICES, Absence, Agency, Team, User
from thaki.people.policies import BadValue, Definition, Kind, parse
from thaki.ui.widgets import DayInput, PhoneInput

NONE = "—"  # of a choice that may stay empty


def telephone(text: str) -> str:
    """The digits of a telephone, eight or none; raises ValidationError."""
    digits = "".join(c for c in text if c.isdigit())
    if digits and (len(digits) != 8 or digits[0] not in "2467"):
        raise forms.ValidationError(_("Escriba los ocho dígitos; a un fijo de Cochabamba le falta el 4 adelante."))
    return digits


class UserForm(forms.ModelForm):
    """A person and his roles."""

    phone = forms.CharField(
        label=_("Celular o teléfono"), help_text=_("Ocho dígitos."), required=False, widget=PhoneInput
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=ROLE_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Elija al menos un rol."),
        },
    )

    class Meta:
        model = User
        fields = ("first_name", "last_name", "username", "email", "phone", "team", "office", "roles")
        labels = {
            "first_name": _("Nombres"),
            "last_name": _("Apellidos"),
            "username": _("Usuario"),
            "email": _("Correo"),
            "team": _("Equipo"),
            "office": _("Agencia"),
        }
        help_texts = {
            "username": _("Con el que ingresa; letras, dígitos y . - _"),
            "office": _("Solo para cajeros: donde imprimen y entregan facturas."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_name"].required = True
        self.fields["last_name"].required = True
        self.fields["team"].empty_label = NONE  # type: ignore[attr-defined]  # ModelChoiceField
        offices: Any = self.fields["office"]
        offices.empty_label = NONE
        in_use = Q(active=True) | Q(name=self.instance.agency)
        offices.queryset = Agency.objects.filter(in_use).order_by("name")

    def clean_phone(self) -> str:
        """Digits alone; the database wants eight of them."""
        return telephone(self.cleaned_data["phone"])

    def clean_email(self) -> str:
        """One address belongs to one person."""
        email = str(self.cleaned_data["email"]).strip().lower()
        if email and User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Otra persona ya tiene este correo."))
        return email


class NewUserForm(UserForm):
    """A new person, and how he gets in for the first time."""

    access = forms.ChoiceField(
        label=_("Primer ingreso"),
        choices=[
            ("link", _("Por un enlace: la persona elige su contraseña")),
            ("shown", _("Con una contraseña que se muestra una sola vez")),
        ],
        initial="link",
        widget=forms.RadioSelect,
    )

    class Meta(UserForm.Meta):
        pass


class LeavingForm(forms.Form):
    """Who takes over what somebody has in hand."""

    to = forms.ModelChoiceField(
        label=_("Sus tareas abiertas pasan a"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("La bandeja de su rol"),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        heir: Any = self.fields["to"]
        others = User.objects.filter(is_active=True, roles__overlap=person.roles).exclude(pk=person.pk)
        heir.queryset = others.order_by("first_name", "last_name")


class TeamForm(forms.ModelForm):
    """A team, its supervisor and its people."""

    members = forms.ModelMultipleChoiceField(
        label=_("Personas"), queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Team
        fields = ("name", "role", "supervisor")
        labels = {"name": _("Nombre"), "role": _("Rol del equipo"), "supervisor": _("Responsable")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        active = User.objects.filter(is_active=True).order_by("first_name", "last_name")
        self.fields["supervisor"].queryset = active  # type: ignore[attr-defined]  # ModelChoiceField, which the stubs do not know here
        self.fields["supervisor"].empty_label = NONE  # type: ignore[attr-defined]
        self.fields["role"].choices = [("", NONE), *ROLE_CHOICES]  # type: ignore[attr-defined]  # a field with choices
        self.fields["members"].queryset = active  # type: ignore[attr-defined]
        if self.instance.pk:
            self.fields["members"].initial = self.instance.members.all()


class AbsenceForm(forms.ModelForm):
    """Days away and who stands in."""

    class Meta:
        model = Absence
        fields: Sequence[str] = ("from_on", "to_on", "substitute")
        labels = {"from_on": _("Desde"), "to_on": _("Hasta"), "substitute": _("Suplente")}
        widgets = {
            "from_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "to_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, person: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        others = (
            User.objects.filter(is_active=True)
            .exclude(pk=person.pk if person else 0)
            .order_by("first_name", "last_name")
        )
        self.fields["substitute"].queryset = others  # type: ignore[attr-defined]
        self.fields["substitute"].empty_label = NONE  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The days are in order."""
        data = super().clean() or {}
        if data.get("from_on") and data.get("to_on") and data["from_on"] > data["to_on"]:
            self.add_error("to_on", _("Termina antes de empezar."))
        person = data.get("user") or self.person
        if person is not None and not self.errors:
            try:
                operations.check_absence(person, data["from_on"], data["to_on"], data.get("substitute"))
            except operations.AbsenceOverlaps as error:
                self.add_error("from_on", str(error))
        return data


class TeamAbsenceForm(AbsenceForm):
    """Days away of somebody one is in charge of."""

    field_order = ("user", "from_on", "to_on", "substitute")

    class Meta(AbsenceForm.Meta):
        fields: Sequence[str] = ("user", "from_on", "to_on", "substitute")
        labels = AbsenceForm.Meta.labels | {"user": _("Persona")}

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, person=None, **kwargs)
        chosen: Any = self.fields["user"]
        chosen.queryset = people
        chosen.empty_label = NONE

    def clean(self) -> dict[str, Any]:
        """Nobody stands in for himself."""
        data = super().clean()
        if data.get("substitute") and data.get("substitute") == data.get("user"):
            self.add_error("substitute", _("El suplente es otra persona."))
        return data


class PolicyForm(forms.Form):
    """A policy's new value and why; the value is checked by its own definition."""

    value = forms.CharField(label=_("Valor"))
    reason = forms.CharField(label=_("Motivo del cambio"), max_length=300)
    effective_from = forms.DateField(
        label=_("Rige desde"),
        required=False,
        widget=DayInput(),
        help_text=_("Vacío: desde ahora. Un día por venir: desde que empieza ese día."),
    )

    def __init__(self, *args: Any, known: Definition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        field = self.fields["value"]
        field.help_text = known.unit
        field.required = known.kind not in (Kind.TEXT, Kind.DATES)
        if known.kind is Kind.BOOLEAN:
            field.widget = forms.Select(choices=[("true", _("Sí")), ("false", _("No"))])
        elif known.kind in (Kind.INTEGER, Kind.DECIMAL, Kind.MONEY, Kind.PERCENT):
            field.widget.attrs["inputmode"] = "decimal"

    def clean_effective_from(self) -> datetime | None:
        """The first moment of that day in La Paz; a value is not entered for days that are over."""
        day = self.cleaned_data["effective_from"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("Ese día ya pasó: deje vacío para que rija desde ahora."))
        return timezone.make_aware(datetime.combine(day, time())) if day else None

    def clean_value(self) -> object:
        """As the policy's kind and bounds allow."""
        try:
            return parse(self.known, self.cleaned_data["value"])
        except BadValue as error:
            raise forms.ValidationError(str(error)) from error
