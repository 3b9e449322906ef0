"""What the files of claims and of bajas have in common: cells read one by one, and services found by their number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from thaki.people.roles import Role
from thaki.records.customers.models import Subscription
from thaki.records.reasons import RuleError
from thaki.records.text import fold
from thaki.reporting import imports

ROLES = frozenset(
    {
        Role.ASESOR_COMERCIAL,
        Role.RESPONSABLE_RETENCION,
        Role.SEGUIMIENTO_INCIDENTES,
        Role.CALIDAD_RELACIONES,
        Role.ADMINISTRADOR,
    }
)


class Cells:
    """The cells of a row, with all that is wrong with them."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.errors: dict[str, str] = {}

    def get(self, code: str, rule: Callable[[str], Any], default: Any = None) -> Any:
        """The cell as the rule reads it; empty, the default; what the rule refuses is kept as an error."""
        if not self.values[code]:
            return default
        try:
            return rule(self.values[code])
        except RuleError as refused:
            self.errors[code] = str(refused)
            return default

    def need(self, *codes: str) -> None:
        """These cells may not be empty."""
        for code in codes:
            if not self.values[code]:
                self.errors[code] = _("Falta el dato.")

    def check(self, rule: Callable[[], object]) -> None:
        """A rule over several cells, once each of them could be read."""
        if self.errors:
            return
        try:
            rule()
        except RuleError as refused:
            self.errors[refused.field if refused.field in self.values else ""] = str(refused)

    def done(self) -> None:
        """RowErrors if anything was wrong."""
        if self.errors:
            raise imports.RowErrors(self.errors)


def one_of(words: Mapping[str, str], text: str, *, what: str, on: str) -> str:
    """The code that a word stands for."""
    code = words.get(fold(text))
    if code is None:
        raise RuleError("import_word", on=on, what=what, text=text[:40])
    return code


def services(numbers: Iterable[str]) -> dict[str, list[Subscription]]:
    """The services of these numbers, by number: a number may have served several customers, one after the other."""
    found: dict[str, list[Subscription]] = {}
    rows = Subscription.objects.filter(number__in=set(numbers)).select_related("plan", "customer").order_by("-since_on")
    for service in rows:
        found.setdefault(service.number, []).append(service)
    return found


def service_on(known: Mapping[str, list[Subscription]], number: str, day: date) -> Subscription:
    """The service that had the number on a day."""
    there = known.get(number, [])
    for service in there:
        if service.since_on <= day and (service.ended_on is None or service.ended_on >= day):
            return service
    if there:
        raise RuleError("service_not_then", on="service", number=number, day=day)
    raise RuleError("service_unknown", on="service", number=number)
