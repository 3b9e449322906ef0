"""GVD step 2: residential or business; a business customer is handed over to Gestión de Ventas Empresas (R-A11).

Answer: `category` (residential, business); for business also `visit_at`, `visit_place`, `contact_name`, `contact_phone`
and, if there is something to say, `visit_note`: the Cronograma de visita.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from thaki.cases.registry import Job, Step, Work
from thaki.channels.email import outbox
from thaki.people import policies
from thaki.procedures.sales.forms import StepForm, choice_field, moment_field, phone_field, text_area
from thaki.procedures.sales.models import Category, Sale, VisitSchedule
from thaki.procedures.sales.rules import looks_like_business

VISIT_LENGTH = timedelta(hours=1)
BUSINESS_FIELDS = ("visit_at", "visit_place", "contact_name", "contact_phone")


class CategoryForm(StepForm):
    """Which customer is it, and when and where a business customer is visited."""

    kept = ("contact_name", "contact_phone")

    category = choice_field(
        _("Categoría del cliente"),
        [(Category.RESIDENTIAL, Category.RESIDENTIAL.label), (Category.BUSINESS, Category.BUSINESS.label)],
        radio=True,
        help_text=_(
            "El cliente residencial usa el servicio en su domicilio. Al empresarial lo atiende Ventas Empresas."
        ),
    )
    visit_at = moment_field(
        _("Fecha y hora de la visita"),
        required=False,
        help_text=_("Ventas Empresas visitará al cliente en ese momento: acuérdelo con él."),
    )
    visit_place = forms.CharField(
        label=_("Lugar de la visita"),
        required=False,
        max_length=200,
        help_text=_("Dirección y referencia de la empresa."),
    )
    contact_name = forms.CharField(
        label=_("Persona de contacto"), required=False, max_length=120, help_text=_("Quién recibirá la visita.")
    )
    contact_phone = phone_field(_("Teléfono de contacto"), required=False, help_text=_("Para confirmar la visita."))
    visit_note = forms.CharField(
        label=_("Observaciones"),
        required=False,
        max_length=300,
        widget=text_area(),
        help_text=_("Qué servicio le interesa."),
    )

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """The prospect himself is the first guess for the contact."""
        sale: Sale = work.record
        if not sale.prospect_id:
            return {}
        prospect = sale.prospect
        return {
            "contact_name": prospect.name[:120],
            "contact_phone": prospect.phone,
            "visit_place": prospect.address,
            "visit_note": prospect.interest,
        }

    def clean(self) -> dict[str, Any]:
        """A business customer is handed over with his whole Cronograma de visita."""
        super().clean()
        if self.cleaned_data.get("category") == Category.BUSINESS:
            for name in BUSINESS_FIELDS:
                self.require(name, _("Hace falta para el Cronograma de visita."))
            self._check_moment(self.cleaned_data.get("visit_at"))
        return self.cleaned_data

    def _check_moment(self, visit_at: datetime | None) -> None:
        if visit_at is not None and visit_at <= self.work.now:
            self.add_error("visit_at", _("La visita tiene que ser en el futuro."))


def context(work: Work) -> dict[str, Any]:
    """A hint where the prospect's own words speak of a company."""
    prospect = work.record.prospect
    return {
        "prospect": prospect,
        "looks_like_business": looks_like_business(prospect.name, prospect.message, prospect.interest),
    }


def opened(work: Work) -> None:
    """Opened again, the category is asked anew (R-A11)."""
    sale: Sale = work.record
    if sale.category != Category.UNKNOWN:
        sale.category = Category.UNKNOWN
        sale.save(update_fields=["category"])


def complete(work: Work, data: dict[str, Any]) -> None:
    """Keep the category, and the visit of a business customer."""
    sale: Sale = work.record
    sale.category = data["category"]
    sale.save(update_fields=["category"])
    work.note(category=data["category"])
    if sale.category == Category.BUSINESS:
        VisitSchedule.objects.update_or_create(
            sale=sale,
            defaults={
                "starts_at": data["visit_at"],
                "place": data["visit_place"],
                "contact_name": data["contact_name"],
                "contact_phone": data["contact_phone"],
                "note": data["visit_note"],
            },
        )


# ---------------------------------------------------------------- hand-over
def invitation(sale: Sale, *, organizer: str, to: str, now: datetime) -> bytes:
    """The Cronograma de visita as an iCalendar request (RFC 5545, RFC 5546); the same case always has the same UID."""
    visit = sale.visit
    from icalendar import Calendar, Event, vCalAddress, vText  # heavy, and wanted only here

    calendar = Calendar()
    calendar.add("prodid", "-//Thaki//Ventas Digitales//ES")
    calendar.add("version", "2.0")
    calendar.add("method", "REQUEST")
    event = Event()
    event.add("uid", f"{sale.case.number}@thaki")
    event.add("dtstamp", now)
    event.add("dtstart", visit.starts_at)
    event.add("dtend", visit.starts_at + VISIT_LENGTH)
    event.add("summary", f"Visita: {visit.contact_name} ({sale.case.number})")
    event.add("location", visit.place)
    event.add("description", f"Teléfono: {visit.contact_phone}\n{visit.note}".strip())
    event.add("organizer", vCalAddress(f"mailto:{organizer}"))
    guest = vCalAddress(f"mailto:{to}")
    guest.params["cn"] = vText("Ventas Empresas")
    event.add("attendee", guest)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def hand_over(work: Work) -> None:
    """Send the case to Ventas Empresas, with the visit for the diary."""
    sale: Sale = work.record
    to = str(policies.get("sales.business_sales_email"))
    sender = (work.by.email if work.by else "") or str(policies.get("sales.digital_channels_email"))
    outbox.queue(
        work,
        key=f"{work.case.number}:hand-over",
        to=to,
        subject=str(_("Cliente empresarial derivado, con Cronograma de visita")),
        template="sales.mail.hand_over",
        context={"sale": sale, "prospect": sale.prospect, "visit": sale.visit},
        calendar=invitation(sale, organizer=sender, to=to, now=work.now),
    )


STEPS = (
    Step(
        handler="sales.identify_category",
        form=CategoryForm,
        complete=complete,
        template="sales/steps/identify_category.html",
        context=context,
        opened=opened,
    ),
)
JOBS = (Job(handler="sales.hand_over_business", run=hand_over),)
