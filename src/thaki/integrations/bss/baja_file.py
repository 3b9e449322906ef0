"""The file of bajas: requests of withdrawal and withdrawals for arrears, by the day of the request (R-B14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thaki.integrations.bss.files import ROLES, Cells, one_of, service_on, services
from thaki.people.roles import Role
from thaki.records.customers.models import Subscription
from thaki.records.reasons import RuleError
from thaki.records.text import fold, tidy
from thaki.records.withdrawals import operations
from thaki.records.withdrawals.models import Withdrawal
from thaki.reporting import imports
from thaki.reporting.imports import values as read
from thaki.reporting.imports.kinds import Field

KINDS = {
    **{fold(str(label)): code for code, label in Withdrawal.Kind.choices},
    "voluntaria": "requested", "solicitud": "requested", "a solicitud": "requested", "mora": "arrears",
}  # fmt: skip
YES = {"si": "1", "s": "1", "x": "1", "1": "1", "no": "", "n": "", "0": ""}
FIELDS = (
    Field(
        "number",
        gettext_lazy("Número de baja"),
        False,
        ("baja", "numero", "nro baja", "solicitud", "id"),
        example="SF-B-1203",
        help=gettext_lazy("si falta, se asigna uno"),
    ),
    Field(
        "service",
        gettext_lazy("Número de servicio"),
        True,
        ("servicio", "telefono", "linea", "nro servicio"),
        example="4251234",
    ),
    Field(
        "requested_on",
        gettext_lazy("Fecha de solicitud"),
        True,
        ("fecha", "solicitada el", "fecha de la solicitud"),
        example="03/11/2026",
    ),
    Field(
        "kind",
        gettext_lazy("Clase"),
        False,
        ("tipo", "tipo de baja"),
        example="Solicitada",
        help=gettext_lazy("solicitada o por mora"),
    ),
    Field("reason", gettext_lazy("Motivo"), True, ("causa", "razon"), example="Traslado"),
    Field("note", gettext_lazy("Nota"), False, ("observacion", "comentario", "detalle")),
    Field(
        "equipment",
        gettext_lazy("Equipos por devolver"),
        False,
        ("equipos", "equipo"),
        help=gettext_lazy("separados por punto y coma"),
    ),
    Field("certificate", gettext_lazy("Certificado anotado"), False, ("certificado", "certificado de aportacion")),
    Field("effective_on", gettext_lazy("Efectiva el"), False, ("fecha efectiva", "fecha de retiro", "retirado el")),
)


@dataclass(frozen=True, slots=True)
class Line:
    """What a row says of a baja."""

    number: str
    service: str
    requested_on: date
    kind: str
    reason: str
    note: str
    equipment: tuple[str, ...]
    certificate: bool
    effective_on: date | None


def validate(values: dict[str, str], options: Mapping[str, str]) -> Line:
    """The row's baja; RowErrors with all that is wrong with it."""
    cells = Cells(values)
    cells.need("service", "requested_on", "reason")
    known = ", ".join(str(label) for label in Withdrawal.Kind.labels)
    line = Line(
        number=tidy(values["number"])[:40],
        service=values["service"].strip(),
        requested_on=cells.get("requested_on", lambda text: read.day(text, on="requested_on")),
        kind=cells.get("kind", lambda text: one_of(KINDS, text, what=known, on="kind"), Withdrawal.Kind.REQUESTED),
        reason=tidy(values["reason"])[:40],
        note=tidy(values["note"])[:300],
        equipment=tuple(filter(None, (tidy(part) for part in values["equipment"].split(";")))),
        certificate=bool(cells.get("certificate", lambda text: one_of(YES, text, what="sí, no", on="certificate"), "")),
        effective_on=cells.get("effective_on", lambda text: read.day(text, on="effective_on")),
    )
    if not cells.errors and line.requested_on > timezone.localdate():
        cells.errors["requested_on"] = _("La fecha de la solicitud no puede ser futura.")
    if not cells.errors and line.effective_on and line.effective_on < line.requested_on:
        cells.errors["effective_on"] = _("Es anterior a la solicitud.")
    cells.done()
    return line


def apply(rows: Sequence[imports.Row], batch: imports.Batch) -> list[imports.Outcome]:
    """Register them; a service that has its baja already, or a number that is taken, is refused."""
    there = services(row.values.service for row in rows)
    outcomes = []
    for row in rows:
        try:
            _entered(row.values, there, batch)
        except RuleError as refused:
            outcomes.append(imports.Outcome(refused=str(refused)))
            continue
        outcomes.append(imports.Outcome())
    return outcomes


def _entered(line: Line, there: Mapping[str, list[Subscription]], batch: imports.Batch) -> None:
    service = service_on(there, line.service, line.requested_on)
    made = operations.register(
        customer=service.customer,
        subscription=service,
        reason=line.reason,
        note=line.note,
        requested_on=line.requested_on,
        kind=line.kind,
        equipment_to_return=line.equipment,
        certificate_noted=line.certificate,
        number=line.number,
        by=batch.by,
        now=batch.now,
    )
    if line.effective_on is not None:
        operations.make_effective(made.pk, on=line.effective_on, by=batch.by, now=batch.now)


def foresee(rows: Sequence[imports.Row], batch: imports.Batch) -> list[str]:
    """What each row would do."""
    there = services(row.values.service for row in rows)
    taken = set(Withdrawal.objects.filter(subscription__number__in=there).values_list("subscription_id", flat=True))
    told = []
    for row in rows:
        try:
            service = service_on(there, row.values.service, row.values.requested_on)
            told.append(_("El servicio ya tiene una baja") if service.pk in taken else _("Nuevo"))
        except RuleError as refused:
            told.append(str(refused))
    return told


def register() -> None:
    """Let bajas be imported; called when Django is ready."""
    imports.register(
        imports.ImportKind(
            code="withdrawals",
            title=gettext_lazy("Bajas"),
            help=gettext_lazy(
                "Las solicitudes de baja y los retiros por mora, por fecha de solicitud. Una por servicio."
            ),
            fields=FIELDS,
            validate=validate,
            apply=apply,
            foresee=foresee,
            roles=ROLES | {Role.JEFE_RELACION_CLIENTE, Role.JEFE_RECURSOS},
        )
    )
