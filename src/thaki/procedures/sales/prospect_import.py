"""Files of prospects: the leads of a campaign, into the base.

A row is refused for what cannot be read or reached, and where the channel's own identifier is known already. Somebody whose
telephone, e-mail or carnet is in the base comes in with a note and is proposed as a duplicate, or is left out: the person who
imports says which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thaki.people.roles import Role
from thaki.procedures.sales.forms import choice_field
from thaki.records.customers.rules import parse_ci, parse_email, parse_phone, tidy_name
from thaki.records.prospects import duplicates
from thaki.records.prospects.models import Channel, Prospect
from thaki.records.prospects.operations import LENGTHS, LONGEST_MESSAGE
from thaki.records.prospects.rules import check_reachable
from thaki.records.prospects.rules_duplicates import compare, sure_keys
from thaki.records.reasons import RuleError
from thaki.records.text import fold, tidy
from thaki.reporting import imports
from thaki.reporting.imports import values as read
from thaki.reporting.imports.kinds import Field

PROPOSE, LEAVE_OUT = "propose", "leave_out"
_CHANNELS = {
    **{fold(str(label)): code for code, label in Channel.choices},
    **{code: code for code in Channel.values},
    "fb": "facebook", "face": "facebook", "meta": "facebook", "instagram": "facebook", "wa": "whatsapp", "wpp": "whatsapp",
    "sitio web": "web", "pagina": "web", "llamada": "phone", "telefonico": "phone", "bot": "botmaker", "bootmaker": "botmaker",
}  # fmt: skip


class OptionsForm(forms.Form):
    """What holds for every row that does not say otherwise."""

    channel = choice_field(gettext_lazy("Canal, si la fila no lo dice"), Channel.choices, required=False)
    campaign = forms.CharField(label=gettext_lazy("Campaña, si la fila no la dice"), required=False, max_length=80)
    same = forms.ChoiceField(
        label=gettext_lazy("Si el teléfono, correo o carnet ya está en la base"),
        choices=[
            (PROPOSE, gettext_lazy("Entra, y se propone como duplicado")),
            (LEAVE_OUT, gettext_lazy("No entra: la fila se rechaza")),
        ],
        initial=PROPOSE,
        required=False,
    )


def _field(code: str, label: Any, example: str, *aliases: str, required: bool = False, help: Any = "") -> Field:
    return Field(code, label, required, aliases, help, example)


FIELDS = (
    _field("name", gettext_lazy("Nombre"), "María Elena Rojas", "nombre completo", "nombre y apellido", "full name", "cliente",
           "nombres", "prospecto", "contacto", required=True),
    _field("surnames", gettext_lazy("Apellidos"), "Vargas", "apellido", "last name",
           help=gettext_lazy("si vienen en otra columna")),
    _field("phone", gettext_lazy("Teléfono"), "71234567", "celular", "telefono celular", "movil", "phone", "phone number",
           "numero de celular", "whatsapp", "nro celular", "telf"),
    _field("email", gettext_lazy("Correo"), "maria@correo.bo", "correo electronico", "email", "e-mail", "mail"),
    _field("ci", gettext_lazy("Carnet"), "4567890 CB", "ci", "carnet de identidad", "cedula", "documento", "nro ci"),
    _field("channel", gettext_lazy("Canal"), "Facebook", "origen", "fuente", "medio", "platform", "red social"),
    _field("campaign", gettext_lazy("Campaña"), "Fibra noviembre", "campaign", "campaign name", "nombre de campaña"),
    _field("interest", gettext_lazy("Interés"), "Internet", "que le interesa", "servicio", "producto", "plan"),
    _field("zone", gettext_lazy("Zona"), "Queru Queru", "barrio", "distrito", "city"),
    _field("address", gettext_lazy("Dirección"), "Av. América E-0451", "domicilio", "ubicacion", "street address", "calle"),
    _field("message", gettext_lazy("Mensaje"), "", "comentario", "observacion", "observaciones", "nota", "consulta"),
    _field("external_ref", gettext_lazy("Identificador"), "l:3301", "id", "lead id", "codigo", "id lead",
           help=gettext_lazy("del canal: dos veces el mismo es uno solo")),
    _field("received_at", gettext_lazy("Fecha"), "21/11/2026 10:30", "fecha y hora", "created time", "fecha de registro",
           help=gettext_lazy("en que llegó; si falta, ahora")),
)  # fmt: skip


def validate(values: dict[str, str], options: Mapping[str, str]) -> Prospect:
    """A prospect of the base, not stored yet; RowErrors with all that is wrong with the row."""
    errors: dict[str, str] = {}

    def checked(code: str, rule: Any, default: Any = "") -> Any:
        if not values[code]:
            return default
        try:
            return rule(values[code])
        except RuleError as refused:
            errors[code] = str(refused)
            return default

    prospect = Prospect(standing=Prospect.Standing.BASE, channel=_channel(values["channel"], options, errors))
    prospect.name = _name(values, errors)[:160]
    prospect.phone = checked("phone", lambda text: parse_phone(text).number)
    prospect.email = checked("email", parse_email)
    prospect.ci_number = checked("ci", lambda text: parse_ci(text).number)
    received: datetime | None = checked("received_at", lambda text: read.instant(text, on="received_at"), None)
    if received is not None:
        prospect.received_at = received
    if not {"phone", "email"} & errors.keys():
        try:
            check_reachable(prospect.phone, prospect.email)
        except RuleError as refused:
            errors["phone"] = str(refused)
    if errors:
        raise imports.RowErrors(errors)
    for name, length in LENGTHS.items():
        setattr(prospect, name, tidy(values[name])[:length])
    prospect.campaign = prospect.campaign or options.get("campaign", "")
    prospect.message = values["message"][:LONGEST_MESSAGE]
    prospect.external_ref = values["external_ref"][:120]
    return prospect


def _name(values: dict[str, str], errors: dict[str, str]) -> str:
    try:
        return tidy_name(f"{read.required(values['name'], on='name')} {values['surnames']}")
    except RuleError as refused:
        errors["name"] = str(refused)
        return ""


def _channel(said: str, options: Mapping[str, str], errors: dict[str, str]) -> str:
    if not said:
        return options.get("channel") or Channel.OTHER
    code = _CHANNELS.get(fold(said))
    if code is None:
        known = ", ".join(str(label) for label in Channel.labels)
        errors["channel"] = _("No se conoce el canal «%(text)s». Son: %(known)s.") % {"text": said[:40], "known": known}
    return code or Channel.OTHER


def apply(rows: Sequence[imports.Row], batch: imports.Batch) -> list[imports.Outcome]:
    """Enter the rows into the base, and compare them with everybody."""
    outcomes = _looked_up(rows, batch)
    fresh = [row.values for row in rows if not outcomes[row.number].refused]
    for prospect in fresh:
        prospect.received_by = batch.by
        if prospect.received_at is None or prospect.received_at > batch.now:
            prospect.received_at = batch.now
        prospect.refresh_keys()
    Prospect.objects.bulk_create(fresh)
    duplicates.compare_new([prospect.pk for prospect in fresh], now=batch.now)
    return [outcomes[row.number] for row in rows]


def foresee(rows: Sequence[imports.Row], batch: imports.Batch) -> list[str]:
    """What each row would do."""
    outcomes = _looked_up(rows, batch)
    return [outcomes[row.number].refused or outcomes[row.number].note or _("Nuevo") for row in rows]


def _looked_up(rows: Sequence[imports.Row], batch: imports.Batch) -> dict[int, imports.Outcome]:
    """What becomes of each row, by its line: known identifiers and known people, in the base and further up in the batch."""
    refs = _known_refs(rows)
    by_key = duplicates.known_by_keys([row.values for row in rows])
    leave_out = batch.options.get("same") == LEAVE_OUT
    outcomes: dict[int, imports.Outcome] = {}
    for row in rows:
        prospect: Prospect = row.values
        ref = (prospect.channel, prospect.external_ref)
        if prospect.external_ref and ref in refs:
            outcomes[row.number] = imports.Outcome(refused=_("Ya está en la base, con ese identificador."))
            continue
        told = _alike(prospect, by_key)
        outcomes[row.number] = imports.Outcome(refused=told) if told and leave_out else imports.Outcome(note=told)
        refs.add(ref)
        for key in sure_keys(prospect):
            by_key.setdefault(key, []).append(prospect)
    return outcomes


def _known_refs(rows: Sequence[imports.Row]) -> set[tuple[str, str]]:
    refs = [row.values.external_ref for row in rows if row.values.external_ref]
    found = Prospect.objects.filter(external_ref__in=refs, channel__in={row.values.channel for row in rows})
    return set(found.values_list("channel", "external_ref")) if refs else set()


def _alike(prospect: Prospect, by_key: Mapping[str, Sequence[Prospect]]) -> str:
    """Who he may be, in words, if it is to be asked; "" otherwise."""
    for key in sure_keys(prospect):
        for known in by_key.get(key, ()):
            found = compare(prospect, known)
            if found.proposed:
                why = "; ".join(str(reason) for reason in found.evidence[:2])
                return _("Quizá sea %(name)s. %(why)s") % {"name": known.name, "why": why}
    return ""


def register() -> None:
    """Let prospects be imported; called when Django is ready."""
    imports.register(
        imports.ImportKind(
            code="prospects",
            title=gettext_lazy("Prospectos"),
            help=gettext_lazy(
                "Los contactos de una campaña o de una red social. Entran en la base «Por repartir»: cada caso se abre cuando un "
                "ejecutivo lo toma o lo recibe."
            ),
            fields=FIELDS,
            validate=validate,
            apply=apply,
            foresee=foresee,
            form=OptionsForm,
            one_of=(("phone", "email"),),
            roles=frozenset(
                {Role.EJECUTIVO_VENTAS_DIGITALES, Role.RESPONSABLE_VENTAS_DIGITALES, Role.RESPONSABLE_CANALES_DIGITALES}
            ),
            back="sales:prospects",
            batch=500,
        )
    )
