"""The demonstration: invented people, records and cases, made once."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext as _

from thaki.cases import rollups
from thaki.integrations.credit_bureau import demo as risks
from thaki.people.demo import ensure_people
from thaki.procedures.retention.demo import drive as retentions
from thaki.procedures.sales.demo import closings, control, drive, months, mornings
from thaki.records import care_demo
from thaki.records import demo as records

CLAIMS = 1_700  # the cases of retention bring their own, some 2,000 in all
Say = Callable[[str], object]


def ensure(say: Say) -> None:
    """Make what is not there yet, and say so; quick when all of it is."""
    ensure_people()
    if records.build(now=timezone.now()) is not None:
        say(_("Datos de demostración: red, planes y clientes."))
    if care_demo.build(now=timezone.now(), claims=CLAIMS):
        risks.build(now=timezone.now())
        say(_("Datos de demostración: reclamos, facturas de servicios y bajas."))
    drive.build(say=_progress(say))
    retentions.build(say=_progress(say))
    months.build()
    mornings.build()
    closings.build()
    control.build()
    rollups.roll(now=timezone.now(), most=400)


def _progress(say: Say) -> Callable[[int, int], None]:
    def tell(done: int, of: int) -> None:
        say(_("Casos de demostración: %(done)s de %(of)s…") % {"done": done, "of": of})

    return tell
