"""The list of cases, narrowed by its address, and the same list as a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from thaki.cases import queries, versions
from thaki.cases.models import Case
from thaki.cases.registry import ProcedureApp
from thaki.people.access import StaffRequest, any_staff
from thaki.reporting.spreadsheets import Column, Sheet, workbook
from thaki.ui.paging import SIZE, page_number, page_of
from thaki.web import finding, worklists
from thaki.web.helpers import asked, is_fragment
from thaki.web.templatetags.web import outcome_name, step_title

FOUND = 25  # cases a page by what was looked for: so many of a common name the newest cases hold
EXPORTED = 5_000  # rows of a workbook: what a request can make at once
STATES = (
    ("open", gettext_lazy("En curso")),
    ("suspended", gettext_lazy("En pausa")),
    ("ended", gettext_lazy("Terminados")),
    ("cancelled", gettext_lazy("Anulados")),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A procedure in the filter's list."""

    code: str
    name: str


@vary_on_headers("HX-Request")
@require_safe
@any_staff
def case_list(request: StaffRequest) -> HttpResponse:
    """The cases of a procedure in which the person has a part, the newest first."""
    seen = finding.visible_procedures(request.user)
    size = FOUND if asked(request, "q") else SIZE
    standing = versions.all_in_force()
    context = {
        "page": page_of(
            finding.with_standing(_asked_for(request, seen, most=size * page_number(request) + 1)), request, size
        ),
        "states": STATES,
        "choices": worklists.step_choices(),
        "filters": request.GET,
        "now": timezone.now(),
        "procedures": [Choice(app.code, standing[app.code].procedure.name) for app in seen if app.code in standing],
        "query": request.GET.urlencode(),
    }
    return render(request, "web/case/list.html#list" if is_fragment(request) else "web/case/list.html", context)


@require_safe
@any_staff
def export(request: StaffRequest) -> HttpResponse:
    """The same list as a workbook; the newest, when there are more than it can hold."""
    rows = _asked_for(request, finding.visible_procedures(request.user), most=EXPORTED)
    sheet = Sheet(
        name=_("Casos"),
        title=_("Casos al %(day)s") % {"day": timezone.localdate().strftime("%d/%m/%Y")},
        columns=(
            Column(_("Caso")),
            Column(_("Cliente"), width=34),
            Column(_("Está en"), width=44),
            Column(_("Estado")),
            Column(_("Cómo terminó"), width=28),
            Column(_("Lo lleva"), width=26),
            Column(_("Abierto"), "instant"),
            Column(_("Terminado"), "instant"),
        ),
        rows=[_row(case) for case in finding.with_standing(rows)[:EXPORTED]],
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(workbook([sheet], title=sheet.title), content_type=kind)
    response["Content-Disposition"] = 'attachment; filename="casos.xlsx"'
    return response


def _row(case: Case) -> tuple[Any, ...]:
    standing = getattr(case, "standing", [])
    return (
        case.number,
        case.subject,
        "; ".join(f"{task.step}. {step_title(task, case)}".lstrip(". ") for task in standing),
        str(case.get_state_display()),
        outcome_name(case),
        str(case.owner or ""),
        timezone.localtime(case.opened_at),
        timezone.localtime(case.ended_at) if case.ended_at else None,
    )


def _asked_for(request: StaffRequest, seen: list[ProcedureApp], *, most: int) -> QuerySet[Case]:
    """The cases that the address asks for, so many at the most if it has a text.

    One procedure at a time: their index by day of opening is by procedure.
    """
    step = asked(request, "paso", 120).partition(".")
    codes = [app.code for app in seen]
    wanted = next(
        (code for code in (step[0], asked(request, "procedimiento")) if code in codes), codes[0] if codes else ""
    )
    state = asked(request, "estado")
    filters = queries.CaseFilters(procedure=wanted, node=step[2], state=state if state in dict(STATES) else "")
    found = queries.cases(filters).filter(is_rehearsal=False)
    if not wanted:
        return found.none()
    owner = request.user.pk if asked(request, "mios") else 0
    if text := asked(request, "q"):
        narrowed = finding.Narrowed(wanted, filters.state, filters.node, owner)
        found = found.filter(pk__in=finding.case_ids(text, request.user, narrowed, most=most))
    return found.filter(owner=owner) if owner else found
