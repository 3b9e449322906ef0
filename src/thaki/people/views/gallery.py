"""The gallery: each component of `ui` in its states, with invented data. For who makes pages, and for who checks them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from thaki.people.access import StaffRequest, any_staff
from thaki.ui.icons import NAMES
from thaki.ui.paging import Page
from thaki.ui.states import Tone
from thaki.ui.widgets import CameraInput, MoneyInput, PhoneInput


@dataclass(frozen=True, slots=True)
class Row:
    """An invented task of a list."""

    number: str
    customer: str
    step: str
    due_at: datetime
    amount: Decimal
    state: str


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Nombre completo"), help_text=_("Como figura en el carnet."))
    phone = forms.CharField(label=_("Celular"), widget=PhoneInput)
    amount = forms.DecimalField(label=_("Monto"), widget=MoneyInput)
    technology = forms.ChoiceField(
        label=_("Tecnología"), choices=[("FO", "Fibra óptica"), ("HFC", "HFC"), ("ADSL", "ADSL")]
    )
    verdict = forms.ChoiceField(
        label=_("¿Hay capacidad?"), choices=[("yes", _("Sí")), ("no", _("No"))], widget=forms.RadioSelect
    )
    whatsapp = forms.BooleanField(label=_("Tiene WhatsApp"), required=False)
    note = forms.CharField(label=_("Nota"), widget=forms.Textarea({"rows": 2}), required=False)
    slip = forms.FileField(label=_("Comprobante"), widget=CameraInput, required=False)


@any_staff
def gallery(request: StaffRequest) -> HttpResponse:
    """Each component in its states."""
    now = timezone.now()
    wrong = SampleForm({"name": "", "phone": "4251234", "amount": "mil", "technology": "FO"}, auto_id="wrong_%s")
    context: dict[str, Any] = {
        "tones": list(Tone),
        "icons": NAMES,
        "rows": _rows(now),
        "page": Page(_rows(now), 2, 3, True),
        "steps": _steps(),
        "events": _events(now),
        "form": SampleForm(),
        "wrong": wrong,
        "dues": [now - timedelta(hours=3, minutes=12), now + timedelta(minutes=40), now + timedelta(days=2), None],
        "tabs": [
            {"label": _("Paso"), "href": request.path, "icon": "writing"},
            {"label": _("Documentos"), "href": "#doc", "count": 3, "icon": "files"},
            {"label": _("Diagrama"), "href": "#dia", "icon": "hierarchy-2"},
        ],
        "volumes": [Decimal(n) for n in (81, 78, 90, 86, 97, 104, 99, 112)],
        "places": _places(),
        "now": now,
    }
    return render(request, "ui/gallery.html", context)


def _rows(now: datetime) -> list[Row]:
    hour = timedelta(hours=1)
    return [
        Row("GVD-2026-000123", "Ana María Quispe Rojas", "7. Revisa capacidad", now - hour / 2, Decimal("189"), "open"),
        Row(
            "GVD-2026-000119", "Luis Alberto Vargas", "12. Valida los depósitos", now + hour, Decimal("1249.5"), "open"
        ),
        Row(
            "GVD-2026-000098",
            "Teresa Mamani Condori",
            "24. Estados de la venta",
            now + 28 * hour,
            Decimal("259"),
            "done",
        ),
    ]


def _steps() -> list[SimpleNamespace]:
    names = {7: "Revisa existencia de capacidad", 18: "Control de pago recurrente"}
    states = {**dict.fromkeys(range(1, 7), "done"), 7: "current", 18: "late", 13: "skipped", 14: "skipped"}
    return [
        SimpleNamespace(
            number=n, label=names.get(n, f"Paso {n}"), state=states.get(n, "todo"), href="#" if n < 7 else ""
        )
        for n in range(1, 27)
    ]


def _events(now: datetime) -> list[dict[str, Any]]:
    def event(hours: int, title: object, tone: str, icon: str, **rest: object) -> dict[str, Any]:
        return {"at": now - timedelta(hours=hours), "title": title, "tone": tone, "icon": icon, **rest}

    return [
        event(0, _("Help Desk confirmó 100 Mbps"), "good", "check", by="Iván Orellana"),
        event(2, _("El cliente no contestó"), "warn", "phone-off", by="Marcela Terrazas", text=_("Intento 2 de 5.")),
        event(24, _("Llegó de la página web"), "info", "world"),
    ]


def _places() -> dict[str, Any]:
    def feature(kind: str, coordinates: object, name: str, text: str, tone: str) -> dict[str, Any]:
        properties = {"name": name, "text": text, "tone": tone}
        return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": properties}

    area = [[-66.172, -17.398], [-66.141, -17.402], [-66.136, -17.377], [-66.168, -17.374], [-66.172, -17.398]]
    return {
        "type": "FeatureCollection",
        "features": [
            feature("Polygon", [area], "Fibra óptica", "hasta 600 Mbps", "primary"),
            feature("Point", [-66.1608, -17.3865], "NAP-014", "3 puertos libres", "good"),
            feature("Point", [-66.1508, -17.3915], "NAP-022", "sin puertos", "bad"),
        ],
    }
