"""Inputs for forms: amounts, telephones, dates, files that a telephone's camera can take, and a pin on a map."""

from __future__ import annotations

from typing import Any

from django import forms

MEGABYTE = 1024 * 1024


class MoneyInput(forms.TextInput):
    """An amount in bolivianos, as people type it: `1.234,50` and `1234.50` are the same."""

    template_name = "ui/widgets/money.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off"} | (attrs or {}))

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        """The amount with a point before its decimals, fit for a DecimalField."""
        return plain_number(data.get(name))


class PhoneInput(forms.TextInput):
    """A telephone: digits on a telephone's keyboard."""

    input_type = "tel"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {"inputmode": "tel", "autocomplete": "off", "maxlength": 16, "placeholder": "7xx xxxxx"} | (attrs or {})
        )


class DayInput(forms.DateInput):
    """A day, picked in the browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class InstantInput(forms.DateTimeInput):
    """A day and an hour, picked in the browser's own calendar."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class CameraInput(forms.ClearableFileInput):
    """A file, chosen, dropped or photographed; PDF, JPEG, PNG or WebP of up to `max_bytes`."""

    template_name = "ui/widgets/camera.html"
    accept = "application/pdf,image/jpeg,image/png,image/webp,image/heic"

    def __init__(
        self, attrs: dict[str, Any] | None = None, *, max_bytes: int = 10 * MEGABYTE, multiple: bool = False
    ) -> None:
        self.allow_multiple_selected = multiple
        self.max_bytes = max_bytes
        super().__init__({"accept": self.accept} | ({"multiple": True} if multiple else {}) | (attrs or {}))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The widget's limits for the template and the script."""
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"max_bytes": self.max_bytes, "max_megabytes": self.max_bytes // MEGABYTE}
        return context


class PinInput(forms.HiddenInput):
    """One of the two hidden fields of a map's pin; show the map with `{% map_box … pick_lat=… pick_lon=… %}`."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        """Degrees with a point before the decimals, whoever typed a comma."""
        told = data.get(name)
        return told.replace(",", ".") if isinstance(told, str) else told


def plain_number(told: object) -> str | None:
    """`1.234,50`, `1234,5` or `Bs 1234.50` as `1234.50`: the last mark before one or two digits parts the decimals."""
    if told is None:
        return None
    text = str(told).replace("Bs", "").replace("\u00a0", "").replace(" ", "")
    mark = max(text.rfind(","), text.rfind("."))
    if mark >= 0 and len(text) - mark - 1 in (1, 2):
        return text[:mark].replace(".", "").replace(",", "") + "." + text[mark + 1 :]
    return text.replace(".", "").replace(",", "")
