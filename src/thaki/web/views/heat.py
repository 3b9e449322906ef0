"""The heat map of a procedure: its diagram, the same as a table, and the figures for the diagram's script."""

from __future__ import annotations

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from thaki.cases import versions
from thaki.cases.models import ProcedureVersion
from thaki.people.access import StaffRequest, any_staff
from thaki.web import heat as heating
from thaki.web.reading import procedure_page


def _in_force(code: str) -> versions.Version:
    try:
        return versions.in_force(code)
    except versions.NotInForce:
        raise Http404(code) from None


@require_safe
@any_staff
def heat(request: StaffRequest, code: str) -> HttpResponse:
    """Time a step, volume a flow, and where cases wait now, over a period."""
    version = _in_force(code)
    days = heating.period(request.GET.get("dias", ""))
    found = heating.read(version, days, timezone.now())
    rows = heating.rows(version, found)
    context = {
        "row": ProcedureVersion.objects.defer("xml").get(pk=version.id),
        "page": procedure_page(version.procedure),
        "tab": "heat",
        "days": days,
        "heat_url": f"{reverse('procedure_heat_state', args=[code])}?dias={days}",
        "periods": heating.PERIODS,
        "rows": rows,
        "ways": heating.ways(version.procedure, found),
        "missing": found.missing,
        "is_empty": not any(each.heat.done or each.heat.waiting for each in rows),
        "levels": range(1, heating.CLASSES + 1),
    }
    return render(request, "web/procedures/heat.html", context)


@require_safe
@any_staff
def heat_state(request: StaffRequest, code: str) -> HttpResponse:
    """The same for the diagram's script."""
    found = heating.read(_in_force(code), heating.period(request.GET.get("dias", "")), timezone.now())
    return JsonResponse(heating.diagram(found), headers={"Cache-Control": "private, max-age=60"})
