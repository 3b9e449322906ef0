"""GVD step 9, Solicita requisitos: identity card, location for the installation and letter of request, each on its own way.

Papers arrive one by one over days, so the action `sales.receive_papers` takes them without ending the step; the step itself takes
the last ones and needs all three accepted. A pin that moved sends the sale back to 5 (R-A11), with the capacity to be asked anew.

Answer, for each of `id_card`, `location`, `letter`: `<paper>_files`, `<paper>_channel`, `<paper>_state` and, when rejected,
`<paper>_reason`; and where it changed the place: `installation_address`, `installation_reference`, `lat`, `lon`.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thaki.cases.permissions import can_open
from thaki.cases.registry import Action, Step, StepRefused, Work
from thaki.channels.website import links
from thaki.people import texts
from thaki.procedures.sales import rules_payment
from thaki.procedures.sales.contact import WHO_SELLS, open_step, sign_of_life
from thaki.procedures.sales.form_parts import FilesField, customer_link, documents_of, keep, whatsapp
from thaki.procedures.sales.forms import StepForm
from thaki.procedures.sales.models import Capacity, Requirement, Requirements, Sale
from thaki.procedures.sales.operations import stamp
from thaki.procedures.sales.places import layers_url
from thaki.records.network.rules import distance_m

Kind, State = Requirement.Kind, Requirement.State
CHANNELS = (
    ("", "—"),
    ("email", _("Correo electrónico")),
    ("whatsapp", _("WhatsApp")),
    ("link", _("Enlace del cliente")),
    ("agency", _("En agencia")),
)
# The word under which each paper lies among the case's documents.
DOCUMENT_KINDS = {Kind.ID_CARD: "ci", Kind.LOCATION: "ubicacion", Kind.LETTER: "carta_solicitud"}
NEEDS_FILE = frozenset({Kind.ID_CARD, Kind.LETTER})  # the location is a pin on the map; a sketch is welcome
MISSING = {
    Kind.ID_CARD: _("Falta aceptar el carnet de identidad."),
    Kind.LOCATION: _("Falta aceptar la ubicación para la instalación."),
    Kind.LETTER: _("Falta aceptar la carta de solicitud."),
}
PLACE = ("installation_address", "installation_reference", "lat", "lon")


def _paper_fields(kind: Requirement.Kind) -> dict[str, forms.Field]:
    return {
        f"{kind}_files": FilesField(label=_("Archivos"), required=False),
        f"{kind}_channel": forms.ChoiceField(
            label=_("Llegó por"),
            choices=CHANNELS,
            required=False,
            help_text=_("Por dónde lo envió el cliente."),
            widget=forms.Select(attrs={"data-same": "channel"}),
        ),
        f"{kind}_state": forms.ChoiceField(
            label=_("Estado"),
            choices=State.choices,
            required=False,
            help_text=_("Acéptelo si se lee bien y corresponde al cliente; si no, recházelo con el motivo."),
        ),
        f"{kind}_reason": forms.CharField(
            label=_("Motivo del rechazo"),
            max_length=200,
            required=False,
            help_text=_("El cliente lo verá en su enlace."),
        ),
    }


class PapersForm(StepForm):
    """The three papers, with those that are there already."""

    kept = tuple(f"{kind}_{part}" for kind in Kind for part in ("channel", "state", "reason"))

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """Each paper as it stands."""
        values: dict[str, Any] = {}
        for paper in work.record.papers.all():
            values |= {f"{paper.kind}_{part}": getattr(paper, part) for part in ("channel", "state", "reason")}
        return values

    def clean(self) -> dict[str, Any]:
        """A rejection says why; what came says by which way."""
        super().clean()
        for kind in Kind:
            if self.cleaned_data.get(f"{kind}_state") == State.REJECTED:
                self.require(f"{kind}_reason", _("Escriba por qué lo rechaza."))
            if self.cleaned_data.get(f"{kind}_files"):
                self.require(f"{kind}_channel", _("Indique por dónde llegó."))
        return self.cleaned_data

    def rows(self) -> list[dict[str, Any]]:
        """What the screen shows a paper: its row, its uploads, and its fields."""
        papers = {paper.kind: paper for paper in self.sale.papers.select_related("decided_by")}
        by = self.work.by
        kinds = [kind for kind in DOCUMENT_KINDS.values() if by is None or can_open(by, self.work.case, kind)]
        kept = documents_of(self.work, *kinds)
        return [
            {
                "kind": kind,
                "paper": papers.get(kind),
                "documents": [document for document in kept if document.kind == DOCUMENT_KINDS[kind]],
                **{part: self[f"{kind}_{part}"] for part in ("files", "channel", "state", "reason")},
            }
            for kind in Kind
        ]


for _kind in Kind:
    PapersForm.base_fields.update(_paper_fields(_kind))


class RequirementsForm(PapersForm):
    """The papers and the place of the installation, confirmed with the customer."""

    kept = (*PapersForm.kept, *PLACE)

    installation_address = forms.CharField(
        label=_("Dirección de la instalación"),
        max_length=200,
        help_text=_("Calle, número y edificio, como la dio el cliente."),
    )
    installation_reference = forms.CharField(
        label=_("Referencia"), max_length=160, required=False, help_text=_("Algo que ayude a encontrar el lugar.")
    )
    lat = forms.FloatField(
        label=_("Latitud"), min_value=-90, max_value=90, help_text=_("Si el punto cambia, el caso vuelve al paso 5.")
    )
    lon = forms.FloatField(
        label=_("Longitud"), min_value=-180, max_value=180, help_text=_("Mueva el punto en el mapa para cambiarla.")
    )

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """The papers, and the place as it is known."""
        place = {name: getattr(work.record, name) for name in PLACE}
        return super().known(work) | place | _customers_pin(work.record)


def _customers_pin(sale: Sale) -> dict[str, float | None]:
    """Where the customer says that his house is, on his link, and nobody has decided on it yet."""
    set_by_him = sale.papers.filter(kind=Kind.LOCATION, state=State.RECEIVED, lat__isnull=False)
    paper = set_by_him.first()
    return {"lat": paper.lat, "lon": paper.lon} if paper is not None else {}


def _save_papers(work: Work, cleaned: dict[str, Any]) -> dict[Requirement.Kind, Requirement]:
    """Bring the three rows up to date; uploads of earlier days stay among the case's documents."""
    sale: Sale = work.record
    papers = {Kind(paper.kind): paper for paper in sale.papers.all()}
    for kind in Kind:
        paper = papers.setdefault(kind, Requirement(sale=sale, kind=kind))
        _save_paper(work, paper, cleaned)
    return papers


def _save_paper(work: Work, paper: Requirement, cleaned: dict[str, Any]) -> None:
    kind = Kind(paper.kind)
    files = keep(work, cleaned.get(f"{kind}_files") or (), kind=DOCUMENT_KINDS[kind], field=f"{kind}_files")
    answer = State(cleaned.get(f"{kind}_state") or paper.state)
    state = State.RECEIVED if files and answer == State.PENDING else answer
    if paper.pk and state == paper.state and not files:
        return
    if files:
        paper.document = files[-1]
    if state != State.PENDING and (files or paper.received_at is None):
        paper.received_at = work.now
    decided = state in (State.ACCEPTED, State.REJECTED)
    paper.state, paper.decided_at, paper.decided_by = state, work.now if decided else None, work.by if decided else None
    paper.channel = cleaned.get(f"{kind}_channel") or paper.channel
    paper.reason = cleaned.get(f"{kind}_reason", "") if state == State.REJECTED else ""
    if state == State.ACCEPTED and kind in NEEDS_FILE and paper.document is None:
        raise StepRefused({f"{kind}_files": _t("Adjunte el documento para aceptarlo.")})
    paper.save()


def complete(work: Work, cleaned: dict[str, Any]) -> None:
    """All three accepted in the place that was checked: on to 10. Another place: back to 5."""
    sale: Sale = work.record
    moved = rules_payment.relocated(_pin(sale), (cleaned["lat"], cleaned["lon"]))
    papers = _save_papers(work, cleaned)
    for name in PLACE:
        setattr(sale, name, cleaned[name])
    if moved:
        _relocate(sale)
    else:
        _need_all(papers)
        sale.requirements = Requirements.COMPLETE
        stamp(sale, "presale", work.now)  # R-A6: accepted, and the requirements complete
    work.note(requirements=str(sale.requirements))
    sale.save()


def _need_all(papers: dict[Requirement.Kind, Requirement]) -> None:
    missing = {f"{kind}_state": str(MISSING[kind]) for kind in Kind if papers[kind].state != State.ACCEPTED}
    if missing:
        raise StepRefused(missing)


def _pin(sale: Sale) -> tuple[float, float] | None:
    return None if sale.lat is None or sale.lon is None else (sale.lat, sale.lon)


def _relocate(sale: Sale) -> None:
    """R-A11: in another place everything that Help Desk said is void; 8 looks at the offer again when it opens."""
    sale.requirements = Requirements.RELOCATED
    sale.coverage, sale.coverage_checked_at = [], None
    sale.capacity, sale.capacity_technology, sale.max_mbps = Capacity.UNKNOWN, "", None
    sale.capacity_reason = sale.capacity_note = ""
    sale.capacity_by = sale.capacity_at = None


def opened(work: Work) -> None:
    """The step begins (again): its result is open, the papers stay; the customer has an address to send them to."""
    sale: Sale = work.record
    if sale.requirements != Requirements.UNKNOWN:
        sale.requirements = Requirements.UNKNOWN
        sale.save(update_fields=["requirements"])
    links.issue(work.case, now=work.now)


def receive_papers(work: Work, cleaned: dict[str, Any]) -> str:
    """Take papers as they come, without ending the step: a sign of life (R-A9)."""
    _save_papers(work, cleaned)
    sign_of_life(work.case, now=work.now)
    return ""


def context(work: Work) -> dict[str, Any]:
    """The ready-made request to the customer."""
    link = customer_link(work)
    return {
        "link": link,
        "whatsapp": whatsapp(work.record, _request_text(work.record, link)),
        "layers": layers_url(work.record),
        "moved_m": _moved_m(work.record),
    }


def _moved_m(sale: Sale) -> int | None:
    """How far the customer's pin lies from the place that was checked; None when he set none."""
    pin, place = _customers_pin(sale), _pin(sale)
    if pin.get("lat") is None or pin.get("lon") is None or place is None:
        return None
    return distance_m(*place, float(pin["lat"] or 0), float(pin["lon"] or 0))


def _request_text(sale: Sale, link: str) -> str:
    known = {"case": sale.case, "customer": sale.customer or sale.prospect, "link": link}
    return texts.of("sales.whatsapp.requirements", known)


STEPS = (
    Step(
        handler="sales.request_requirements",
        form=RequirementsForm,
        complete=complete,
        template="sales/steps/request_requirements.html",
        context=context,
        opened=opened,
    ),
)
ACTIONS = (
    Action(
        code="sales.receive_papers",
        label=_("Recibir documentos"),
        form=PapersForm,
        perform=receive_papers,
        template="sales/steps/receive_papers.html",
        roles=WHO_SELLS,
        available=lambda work: open_step(work.case, (9,)) is not None,
        context=context,
    ),
)
