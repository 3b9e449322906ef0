"""The file of the Central de Riesgos: who is on the list, and who no longer is.

A row says the whole truth of an entry: the same person, entity and day again brings it up to date, with the day he was taken
off the list if the file says one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thaki.integrations.credit_bureau.models import RiskEntry
from thaki.people.roles import Role
from thaki.records.customers.rules import parse_ci, parse_nit
from thaki.records.reasons import RuleError
from thaki.records.text import tidy
from thaki.reporting import imports
from thaki.reporting.imports import values as read
from thaki.reporting.imports.kinds import Field

FIELDS = (
    Field(
        "ci", gettext_lazy("Carnet"), False, ("ci", "carnet de identidad", "cedula", "documento"), example="4567890 CB"
    ),
    Field("nit", gettext_lazy("NIT"), False, ("nit empresa",), example=""),
    Field(
        "name", gettext_lazy("Nombre"), False, ("nombre completo", "titular", "deudor"), example="Juan Quispe Mamani"
    ),
    Field("entity", gettext_lazy("Entidad"), True, ("acreedor", "institucion", "banco"), example="Banco Unión"),
    Field("amount", gettext_lazy("Monto"), False, ("deuda", "saldo", "monto bs"), example="1.250,00"),
    Field(
        "listed_on",
        gettext_lazy("Desde"),
        True,
        ("fecha", "fecha de registro", "fecha de reporte"),
        example="15/03/2026",
    ),
    Field(
        "cleared_on",
        gettext_lazy("Hasta"),
        False,
        ("fecha de baja", "fecha de salida", "regularizado el"),
        help=gettext_lazy("desde ese día ya no figura"),
    ),
    Field("note", gettext_lazy("Nota"), False, ("observacion", "comentario")),
)


def validate(values: dict[str, str], options: Mapping[str, str]) -> RiskEntry:
    """An entry, not stored yet; RowErrors with all that is wrong with the row."""
    errors: dict[str, str] = {}

    def checked(code: str, rule: Callable[[str], Any], default: Any) -> Any:
        if not values[code]:
            return default
        try:
            return rule(values[code])
        except RuleError as refused:
            errors[code] = str(refused)
            return default

    ci = checked("ci", parse_ci, None)
    entry = RiskEntry(
        ci_number=ci.number if ci else "",
        ci_complement=ci.complement if ci else "",
        nit=checked("nit", parse_nit, ""),
        name=tidy(values["name"])[:160],
        entity=tidy(values["entity"])[:120],
        amount_bob=checked("amount", lambda text: read.decimal(text, on="amount"), None),
        listed_on=checked("listed_on", lambda text: read.day(text, on="listed_on"), None),
        cleared_on=checked("cleared_on", lambda text: read.day(text, on="cleared_on"), None),
        note=tidy(values["note"])[:200],
    )
    for code in ("entity", "listed_on"):
        if not values[code]:
            errors[code] = _("Falta el dato.")
    if not values["ci"] and not values["nit"]:
        errors["ci"] = _("Indique el carnet o el NIT.")
    if entry.cleared_on and entry.listed_on and entry.cleared_on < entry.listed_on:
        errors["cleared_on"] = _("Es anterior al día desde el que figura.")
    if errors:
        raise imports.RowErrors(errors)
    return entry


def apply(rows: Sequence[imports.Row], batch: imports.Batch) -> list[imports.Outcome]:
    """Put the entries on the list, or bring them up to date."""
    outcomes = []
    for row in rows:
        entry: RiskEntry = row.values
        known = _known(entry)
        entry.brought_at, entry.brought_by = batch.now, batch.by
        entry.pk = known.pk if known else None
        entry._state.adding = known is None
        entry.save()
        outcomes.append(imports.Outcome(note=_("Ya estaba en la lista: se actualizó.") if known else ""))
    return outcomes


def foresee(rows: Sequence[imports.Row], batch: imports.Batch) -> list[str]:
    """What each row would do."""
    return [_("Se actualiza") if _known(row.values) else _("Nuevo") for row in rows]


def _known(entry: RiskEntry) -> RiskEntry | None:
    same = {name: getattr(entry, name) for name in ("ci_number", "ci_complement", "nit", "entity", "listed_on")}
    return RiskEntry.objects.filter(**same).first()


def register() -> None:
    """Let the list be imported; called when Django is ready."""
    imports.register(
        imports.ImportKind(
            code="credit_bureau",
            title=gettext_lazy("Central de Riesgos"),
            help=gettext_lazy(
                "La lista de quienes figuran en la Central de Riesgos. La misma fila otra vez la actualiza."
            ),
            fields=FIELDS,
            validate=validate,
            apply=apply,
            foresee=foresee,
            one_of=(("ci", "nit"),),
            roles=frozenset({Role.RESPONSABLE_RETENCION, Role.ENCARGADO_COBRANZAS, Role.ADMINISTRADOR}),
        )
    )
