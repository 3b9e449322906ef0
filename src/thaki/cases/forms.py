"""What the forms of the steps have in common, whatever the procedure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from thaki.cases.registry import Work
from thaki.records.customers import rules as customer_rules
from thaki.records.money import parse_bob
from thaki.records.reasons import RuleError
from thaki.ui.widgets import CameraInput, DayInput, MoneyInput


class StepForm(forms.Form):
    """A step's form: it opens with what is already known, so that nothing is typed twice.

    Fields named in `kept` hold their known value when an answer does not bring them at all (a scenario, the customer's
    link); one that comes empty was emptied by a person, and is empty.
    """

    kept: ClassVar[tuple[str, ...]] = ()

    def __init__(self, data: Any = None, files: Any = None, *, work: Work, **kwargs: Any) -> None:
        self.work = work
        # An answer that brings everything needs nothing looked up.
        wanted = data is None or any(name not in data for name in self.kept)
        known = {name: value for name, value in self.known(work).items() if value not in (None, "")} if wanted else {}
        if data is not None:
            data = with_known(data, {name: known[name] for name in self.kept if name in known})
        super().__init__(data, files, initial=known, **kwargs)

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """What the form opens with."""
        return {}

    def require(self, name: str, message: Any) -> None:
        """Put an error beside an empty field that this answer needs."""
        if self.cleaned_data.get(name) in (None, "", []) and name not in self.errors:
            self.add_error(name, message)

    def checked(self, name: str, rule: Callable[..., Any], *values: Any, **options: Any) -> Any:
        """Apply a rule of the records; its refusal becomes an error of the field. None when it refuses."""
        try:
            return rule(*values, **options)
        except RuleError as refused:
            self.add_error(name if name in self.fields else None, str(refused))
            return None


def with_known(data: Any, known: Mapping[str, Any]) -> Any:
    """An answer with the fields that it does not bring at all; what it brings empty stays empty."""
    missing = {name: value for name, value in known.items() if name not in data}
    if not missing:
        return data
    if isinstance(data, MultiValueDict):
        merged = data.copy()
        for name, value in missing.items():
            merged.setlist(name, list(value) if isinstance(value, list | tuple) else [value])
        return merged
    return {**data, **missing}


class RuledField(forms.CharField):
    """A text that a rule of the records reads: what the rule makes of it is the value, its refusal the error."""

    def __init__(self, *, rule: Callable[[str], Any], **kwargs: Any) -> None:
        self.rule = rule
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        """The text as the rule writes it, or ""."""
        text = super().clean(value)
        if not text:
            return ""
        try:
            return str(self.rule(text))
        except RuleError as refused:
            raise forms.ValidationError(str(refused), code=refused.code) from refused


class PhoneField(RuledField):
    """See `phone_field`; a class of its own so that a field can say what it is."""


class MailField(RuledField):
    """See `mail_field`."""


class NameField(RuledField):
    """See `name_field`."""


def phone_field(label: Any, **kwargs: Any) -> RuledField:
    """A Bolivian telephone in 8 digits, however it was typed; seven digits are answered with the area digit's message."""
    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
    return RuledField(
        rule=lambda text: customer_rules.parse_phone(text).number, label=label, max_length=24, widget=widget, **kwargs
    )


def mail_field(label: Any, **kwargs: Any) -> RuledField:
    """An e-mail address, checked as the records check it."""
    widget = forms.EmailInput(attrs={"autocomplete": "off"})
    return MailField(rule=customer_rules.parse_email, label=label, max_length=254, widget=widget, **kwargs)


def name_field(label: Any, **kwargs: Any) -> RuledField:
    """A person's name, tidied."""
    return NameField(rule=customer_rules.tidy_name, label=label, **kwargs)


def moment_field(label: Any, **kwargs: Any) -> forms.DateTimeField:
    """A date and hour, in the browser's own control."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(
        label=label,
        widget=widget,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"],
        error_messages={"invalid": _("Escriba una fecha y hora que existan, por ejemplo 21/11/2026 14:05.")},
        **kwargs,
    )


def choice_field(label: Any, choices: Any, *, radio: bool = False, **kwargs: Any) -> forms.ChoiceField:
    """One of several answers: radio buttons for the few that decide, a list for the rest."""
    if radio:
        return forms.ChoiceField(label=label, choices=list(choices), widget=forms.RadioSelect, **kwargs)
    return forms.ChoiceField(label=label, choices=[("", "—"), *choices], **kwargs)


def text_area(rows: int = 2) -> forms.Textarea:
    """A small field for sentences."""
    return forms.Textarea(attrs={"rows": rows})


class FilesField(forms.FileField):
    """Several uploads in one field; cleans to a list."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", CameraInput(multiple=True))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Each file by Django's own rules (not empty, a name); an empty list when none was sent."""
        given = [each for each in (data if isinstance(data, list | tuple) else [data]) if each]
        if not given and self.required:
            super().clean(None, initial)
        return [super(FilesField, self).clean(each, initial) for each in given]


class MoneyField(forms.CharField):
    """An amount in bolivianos as people type it: `349`, `349,50`, `1.234,50`; cleans to a Decimal, None when empty."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", MoneyInput())
        super().__init__(max_length=20, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A known amount is shown with its comma."""
        return f"{value:.2f}".replace(".", ",") if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Any:
        """The amount."""
        text = super().clean(value if value is None else str(value))
        if not text:
            return None
        try:
            return parse_bob(text)
        except RuleError as refused:
            raise forms.ValidationError(str(refused), code=refused.code) from refused


class PriceField(forms.DecimalField):
    """A price of a plan, which may be nothing; shown and typed as amounts are."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=12, decimal_places=2, min_value=0, widget=MoneyInput(), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A known price is shown with its comma."""
        return f"{value:.2f}".replace(".", ",") if isinstance(value, Decimal) else value


def date_field(label: Any, **kwargs: Any) -> forms.DateField:
    """A date, in the browser's own control."""
    return forms.DateField(
        label=label,
        widget=DayInput(),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"invalid": _("Escriba una fecha que exista, por ejemplo 21/11/2026.")},
        **kwargs,
    )
