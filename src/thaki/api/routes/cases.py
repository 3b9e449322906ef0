"""Cases: read them and what happened to them."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest
from ninja import Query, Router

from thaki.api import cursors, reach, shown
from thaki.api.models import Scope
from thaki.api.schemas import CaseOut, CasePage, Code, Cursor, EventPage, Instant, Limit, Number, Taken, Text
from thaki.api.tokens import check_scope
from thaki.cases import queries
from thaki.cases.models import Case, HistoryEvent

router = Router(tags=["Casos"])


class CaseQuery(Taken):
    """What a list of cases is narrowed down to; a list is of one procedure, the first that the person sees if none is named."""

    procedure: Code = ""
    state: Literal["", "open", "suspended", "ended", "cancelled"] = ""
    node: Code = ""
    mine: bool = False
    q: Text = ""
    opened_from: Instant | None = None
    opened_before: Instant | None = None
    cursor: Cursor = ""
    limit: Limit = 50


@router.get("", response=CasePage, url_name="cases", summary="Casos, el más nuevo primero")
def list_cases(request: HttpRequest, asked: Query[CaseQuery]) -> CasePage:
    """The cases of a procedure in which the token's person has a part. Scope `cases:read`."""
    user = check_scope(request, Scope.CASES_READ, CaseQuery).user
    filters = queries.CaseFilters(
        text=asked.q.strip(),
        procedure=reach.procedure_asked(user, asked.procedure),
        state=asked.state,
        node=asked.node,
        owner=user.pk if asked.mine else None,
        opened_from=asked.opened_from,
        opened_before=asked.opened_before,
    )
    rows = shown.with_standing(queries.cases(filters).filter(is_rehearsal=False))
    found = cursors.newest_first(rows, "opened_at", asked.cursor, asked.limit)
    return CasePage(items=[shown.case(row) for row in found.rows], next=found.following or None)


@router.get("/{number}", response=CaseOut, url_name="case", summary="Un caso")
def read_case(request: HttpRequest, number: Number) -> CaseOut:
    """One case and where it stands. Scope `cases:read`."""
    case = reach.find_case(number, check_scope(request, Scope.CASES_READ).user)
    return shown.case(shown.with_standing(Case.objects.filter(pk=case.pk)).get())


class HistoryQuery(Taken):
    """A page of history: what came after the event of that number."""

    cursor: Cursor = ""
    limit: Limit = 100


@router.get("/{number}/history", response=EventPage, url_name="case_history", summary="Lo que pasó en un caso")
def read_history(request: HttpRequest, number: Number, asked: Query[HistoryQuery]) -> EventPage:
    """The events of a case, the oldest first. Scope `cases:read`."""
    case = reach.find_case(number, check_scope(request, Scope.CASES_READ, HistoryQuery).user)
    rows = HistoryEvent.objects.filter(case=case).select_related("by").order_by("seq")
    found = cursors.by_sequence(rows, asked.cursor, asked.limit)
    return EventPage(items=[shown.event(row) for row in found.rows], next=found.following or None)
