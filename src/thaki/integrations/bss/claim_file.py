"""The file of claims, as the BSS exports it: new claims come in, and those known are brought up to date.

A claim comes in as a telephone call would: whoever waits for one on its service is told that day (R-B3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thaki.integrations.bss.files import ROLES, Cells, one_of, service_on, services
from thaki.records.claims import operations
from thaki.records.claims.models import Claim, Fault, Reiteration
from thaki.records.claims.rules import check_history
from thaki.records.customers.models import Subscription
from thaki.records.reasons import RuleError
from thaki.records.text import fold, tidy
from thaki.reporting import imports
from thaki.reporting.imports import values as read
from thaki.reporting.imports.kinds import Field

FAULTS = {
    **{fold(str(label)): code for code, label in Fault.choices},
    "intermitencia": "cuts", "cortes": "cuts", "intermitente": "cuts", "inestable": "unstable", "lento": "slow", "lenta": "slow",
    "velocidad": "slow", "wifi": "wifi", "wi-fi": "wifi", "tv": "tv", "television": "tv", "imagen": "tv", "canales": "tv",
    "sin internet": "no_service", "sin tono": "no_service", "sin senal": "no_service", "ruido": "noise", "derivado": "extension",
    "extension": "extension", "otros": "other",
}  # fmt: skip
FIELDS = (
    Field(
        "number",
        gettext_lazy("Número de reclamo"),
        True,
        ("reclamo", "numero", "nro reclamo", "ticket", "id"),
        example="SF-88231",
    ),
    Field(
        "service",
        gettext_lazy("Número de servicio"),
        True,
        ("servicio", "telefono", "linea", "nro servicio"),
        example="4251234",
    ),
    Field(
        "fault", gettext_lazy("Falla"), True, ("tipo de falla", "dano", "tipo", "motivo"), example="Cortes frecuentes"
    ),
    Field("description", gettext_lazy("Descripción"), False, ("detalle", "observacion", "comentario")),
    Field(
        "claimed_at",
        gettext_lazy("Fecha del reclamo"),
        True,
        ("fecha", "reclamado el", "apertura"),
        example="03/11/2026 09:15",
    ),
    Field("solved_at", gettext_lazy("Fecha de solución"), False, ("solucionado el", "cierre", "fecha de cierre")),
    Field("solution", gettext_lazy("Solución"), False, ("trabajo realizado", "resolucion")),
    Field("reopened_at", gettext_lazy("Reabierto el"), False, ("reapertura", "fecha de reapertura")),
    Field(
        "reiterated_at",
        gettext_lazy("Reiteraciones"),
        False,
        ("reiterado el", "reiteracion", "fechas de reiteracion"),
        help=gettext_lazy("varias fechas, separadas por punto y coma"),
    ),
)


@dataclass(frozen=True, slots=True)
class Line:
    """What a row says of a claim."""

    number: str
    service: str
    fault: str
    description: str
    claimed_at: datetime
    solved_at: datetime | None
    solution: str
    reopened_at: datetime | None
    again_at: tuple[datetime, ...]


def validate(values: dict[str, str], options: Mapping[str, str]) -> Line:
    """The row's claim; RowErrors with all that is wrong with it."""
    cells = Cells(values)
    cells.need("number", "service", "fault", "claimed_at")
    known = ", ".join(str(label) for label in Fault.labels)
    line = Line(
        number=tidy(values["number"])[:40],
        service=values["service"].strip(),
        fault=cells.get("fault", lambda text: one_of(FAULTS, text, what=known, on="fault"), Fault.OTHER),
        description=tidy(values["description"])[:300],
        claimed_at=cells.get("claimed_at", lambda text: read.instant(text, on="claimed_at")),
        solved_at=cells.get("solved_at", lambda text: read.instant(text, on="solved_at")),
        solution=tidy(values["solution"])[:300],
        reopened_at=cells.get("reopened_at", lambda text: read.instant(text, on="reopened_at")),
        again_at=cells.get("reiterated_at", _instants, ()),
    )
    cells.check(lambda: check_history(line.claimed_at, line.solved_at, _calls(line), timezone.now()))
    if line.reopened_at and not line.solved_at:
        cells.errors.setdefault("reopened_at", _("Solo se reabre lo que se solucionó."))
    if line.solved_at and not line.solution:
        cells.errors.setdefault("solution", _("Indique cómo se solucionó."))
    cells.done()
    return line


def _instants(text: str) -> tuple[datetime, ...]:
    return tuple(sorted(read.instant(part, on="reiterated_at") for part in text.split(";") if part.strip()))


def _calls(line: Line) -> list[datetime]:
    return [*line.again_at, *([line.reopened_at] if line.reopened_at else [])]


def apply(rows: Sequence[imports.Row], batch: imports.Batch) -> list[imports.Outcome]:
    """Register the claims that are new, bring the others up to date."""
    there = services(row.values.service for row in rows)
    known = _known(rows)
    outcomes = []
    for row in rows:
        line: Line = row.values
        try:
            claim, note = _entered(line, known.get(line.number), there, batch)
        except RuleError as refused:
            outcomes.append(imports.Outcome(refused=str(refused)))
            continue
        known[line.number] = claim
        outcomes.append(imports.Outcome(note=note))
    return outcomes


def _entered(
    line: Line, claim: Claim | None, there: Mapping[str, list[Subscription]], batch: imports.Batch
) -> tuple[Claim, str]:
    """The row's claim, as it stands now, and what to know of it."""
    note = ""
    if claim is None:
        service = service_on(there, line.service, timezone.localdate(line.claimed_at))
        claim = operations.register(
            customer=service.customer,
            subscription=service,
            fault=line.fault,
            description=line.description,
            source=Claim.Source.IMPORT,
            claimed_at=line.claimed_at,
            number=line.number,
            by=batch.by,
            now=batch.now,
        )
    elif claim.subscription.number != line.service:
        raise RuleError("claim_of_another_service", number=line.number, service=claim.subscription.number)
    else:
        note = _("Ya estaba registrado: se actualizó.")
    _follow(claim, line, batch)
    return claim, note


def _follow(claim: Claim, line: Line, batch: imports.Batch) -> None:
    """What became of it since."""
    if (line.solved_at, line.reopened_at) != (claim.solved_at, claim.reopened_at) and line.solved_at is not None:
        claim.solved_at, claim.solution, claim.reopened_at = line.solved_at, line.solution, line.reopened_at
        claim.save(update_fields=["solved_at", "solution", "reopened_at"])
    Reiteration.objects.bulk_create(
        [Reiteration(claim=claim, at=at, reopens=at == line.reopened_at, by=batch.by) for at in _calls(line)],
        ignore_conflicts=True,
    )


def _known(rows: Sequence[imports.Row]) -> dict[str, Claim]:
    found = Claim.objects.filter(number__in=[row.values.number for row in rows]).select_related("subscription")
    return {claim.number: claim for claim in found}


def foresee(rows: Sequence[imports.Row], batch: imports.Batch) -> list[str]:
    """What each row would do."""
    there, known = services(row.values.service for row in rows), _known(rows)
    told = []
    for row in rows:
        try:
            service_on(there, row.values.service, timezone.localdate(row.values.claimed_at))
            told.append(_("Se actualiza") if row.values.number in known else _("Nuevo"))
        except RuleError as refused:
            told.append(str(refused))
    return told


def register() -> None:
    """Let claims be imported; called when Django is ready."""
    imports.register(
        imports.ImportKind(
            code="claims",
            title=gettext_lazy("Reclamos"),
            help=gettext_lazy(
                "Los reclamos de los servicios, con su solución y sus reiteraciones. El mismo número otra vez lo actualiza."
            ),
            fields=FIELDS,
            validate=validate,
            apply=apply,
            foresee=foresee,
            roles=ROLES,
        )
    )
