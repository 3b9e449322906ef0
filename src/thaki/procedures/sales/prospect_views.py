"""Pages of prospects: the board and the list, and the list as a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from thaki.people import policies, queries
from thaki.people.access import StaffRequest, staff
from thaki.people.roles import Role
from thaki.procedures.sales import prospect_agenda, prospect_export
from thaki.procedures.sales import prospect_list as lists
from thaki.procedures.sales.models import Sale
from thaki.procedures.sales.prospect_attempts import QUICK
from thaki.procedures.sales.prospect_cards import WITH, Card, Pile, board_of, counted, of_base, of_lost, of_sales, shown
from thaki.procedures.sales.prospect_list import BASE, LOST, Filters
from thaki.procedures.sales.prospect_share import present
from thaki.procedures.sales.reasons import UNSERVED_LABELS
from thaki.records.prospects import duplicates as found_duplicates
from thaki.records.prospects.models import Likeness, Merge
from thaki.records.prospects.rules_duplicates import level
from thaki.records.reasons import Reason
from thaki.ui.keyset import Stretch, stretch_of
from thaki.ui.paging import Page, page_of

SELLERS = (Role.EJECUTIVO_VENTAS_DIGITALES, Role.RESPONSABLE_VENTAS_DIGITALES)
SELLERS_AND_CHIEFS = (*SELLERS, Role.RESPONSABLE_CANALES_DIGITALES, Role.JEFE_DIVISION_VENTAS)
WHO_MERGES = (*SELLERS, Role.RESPONSABLE_CANALES_DIGITALES)
WHO_IMPORTS = WHO_MERGES
COLUMN = 12  # cards a column
PAIRS = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff(*SELLERS_AND_CHIEFS)
@require_GET
def prospects(request: StaffRequest) -> HttpResponse:
    """The prospects: an executive's own and those that nobody leads yet; a chief's are all."""
    chosen, now = lists.read_filters(request.GET), timezone.now()
    as_list = request.GET.get("vista") == "lista" or bool(chosen.state)
    context = {
        "filters": chosen,
        "states": lists.STATES.items(),
        "channels": lists.Channel.choices,
        "reasons": UNSERVED_LABELS.items(),
        "days": lists.DAYS,
        "as_list": as_list,
        "may_add": request.user.has_role(*SELLERS),
        "may_import": request.user.has_role(*WHO_IMPORTS),
        "may_give": request.user.has_role(*lists.CHIEFS),
        "quick": QUICK,
        "sees_all": lists.sees_all(request.user),
        "people": queries.holders(Role.EJECUTIVO_VENTAS_DIGITALES) if lists.sees_all(request.user) else (),
        "by_turn": bool(policies.get("sales.prospects_by_turn")),
        "now": now,
    }
    if as_list:
        context["page"] = _stretch(request, chosen, now)
        if chosen.state == BASE and context["may_give"]:
            context["present"] = present(now)
        context |= {"board_query": _query(request, vista="", hito=""), "file_query": _query(request)}
        return render(request, "sales/pages/prospects.html", context)
    context |= {
        "piles": _board(request, chosen, now),
        "list_query": _query(request, vista="lista"),
        "file_query": _query(request),
    }
    return render(request, "sales/pages/prospect_board.html", context)


def _stretch(request: StaffRequest, chosen: Filters, now: datetime) -> Stretch[Card]:
    """The rows of the list; without a state, those under way."""
    if chosen.state == BASE:
        base = stretch_of(lists.base(chosen), lists.BASE_KEYS, request)
        return Stretch(of_base(base.rows), base.first, base.following)
    if chosen.state == LOST:
        found = lists.lost(request.user, chosen, now=now).select_related(*(f"sale__{name}" for name in WITH))
        lost = stretch_of(found, lists.LOST_KEYS, request)
        return Stretch(of_lost(lost.rows), lost.first, lost.following)
    # Sorted are keys alone: whole rows are read for those that are shown.
    rows = stretch_of(lists.live(request.user, chosen, now=now).only("pk"), lists.LIVE_KEYS, request)
    return Stretch(of_sales(shown(rows.rows)), rows.first, rows.following)


def _board(request: StaffRequest, chosen: Filters, now: datetime) -> list[Pile]:
    under_way = board_of(lists.under_way(request.user, chosen), now=now, size=COLUMN, late=chosen.late)
    piles = [_base_pile(chosen)] if not chosen.late and not chosen.executive else []
    piles += [under_way.get(code) or Pile(code, str(lists.STATES[code]), 0, False) for code in lists.MILESTONES]
    return [*piles, _lost_pile(request, chosen, now)]


def _base_pile(chosen: Filters) -> Pile:
    found = lists.base(chosen)
    n, more = counted(found)
    return Pile(BASE, str(lists.STATES[BASE]), n, more, of_base(found.order_by("received_at", "pk")[:COLUMN]))


def _lost_pile(request: StaffRequest, chosen: Filters, now: datetime) -> Pile:
    reasons = lists.lost_by_reason(lists.lost(request.user, chosen, now=now))
    return Pile(LOST, str(lists.STATES[LOST]), sum(n for _code, _name, n in reasons), False, reasons=reasons)


def _query(request: StaffRequest, **changed: str) -> str:
    """The page's filters, with some of them set or ("") taken away."""
    query = request.GET.copy()
    query.pop("desde", None)
    for name, value in changed.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return query.urlencode()


# ---------------------------------------------------------------- the agenda
@staff(*SELLERS)
@require_GET
def agenda(request: StaffRequest) -> HttpResponse:
    """The day's calls that customers asked for."""
    now = timezone.now()
    today = timezone.localdate(now)
    on = _day(request.GET.get("dia", ""), today)
    context = {
        "day": prospect_agenda.day_of(request.user, on, now=now),
        "today": today,
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1),
        "may_add": True,
        "quick": QUICK,
        "now": now,
    }
    return render(request, "sales/pages/agenda.html", context)


def _day(text: str, today: date) -> date:
    try:
        found = date.fromisoformat(text) if text else today
    except ValueError:
        return today
    return found if abs((found - today).days) < 400 else today


# ---------------------------------------------------------------- duplicates
@staff(*SELLERS_AND_CHIEFS)
@require_GET
def duplicates(request: StaffRequest) -> HttpResponse:
    """Who may be one person, the surest first; and the last merges, which can be taken back."""
    page: Page[Likeness] = page_of(found_duplicates.proposals(), request, PAIRS)
    merges = Merge.objects.select_related("survivor", "merged", "by", "undone_by").order_by("-at", "-pk")[:PAIRS]
    cases = _cases_of([each for pair in page.rows for each in (pair.one_id, pair.other_id)])
    pairs = [
        {
            "pair": pair,
            "level": level(pair.score),
            "evidence": [str(Reason(told["code"], told["params"])) for told in pair.evidence],
            "sides": [(person, cases.get(person.pk, [])) for person in (pair.one, pair.other)],
        }
        for pair in page.rows
    ]
    context = {"page": page, "pairs": pairs, "merges": merges, "may_decide": request.user.has_role(*WHO_MERGES)}
    return render(request, "sales/pages/duplicates.html", context)


def _cases_of(prospects: Sequence[int]) -> dict[int, list[Sale]]:
    found: dict[int, list[Sale]] = {}
    for sale in Sale.objects.filter(prospect__in=prospects).select_related("case", "executive").order_by("-pk"):
        found.setdefault(sale.prospect_id, []).append(sale)
    return found


# ---------------------------------------------------------------- as a file
@staff(*SELLERS_AND_CHIEFS)
@require_GET
def export(request: StaffRequest, form: str) -> HttpResponseBase:
    """The list as its filters show it, whole: CSV as it is read, XLSX up to the rows that a workbook is fit for."""
    chosen, now = lists.read_filters(request.GET), timezone.now()
    rows = prospect_export.rows(_all(request, chosen, now), _cards(chosen))
    name = f"prospectos-{timezone.localtime(now):%Y-%m-%d}.{form}"
    attached = {"Content-Disposition": f'attachment; filename="{name}"'}
    if form == "csv":
        return StreamingHttpResponse(
            prospect_export.as_csv(rows), content_type="text/csv; charset=utf-8", headers=attached
        )
    return HttpResponse(prospect_export.as_xlsx(rows), content_type=XLSX, headers=attached)


def _all(request: StaffRequest, chosen: Filters, now: datetime) -> QuerySet[Any]:
    if chosen.state == BASE:
        return lists.base(chosen).order_by("received_at", "pk")
    if chosen.state == LOST:
        found = lists.lost(request.user, chosen, now=now).select_related(*(f"sale__{name}" for name in WITH))
        return found.order_by("-arrived_at", "-pk")
    return lists.live(request.user, chosen, now=now).select_related(*WITH).order_by("due", "pk")


def _cards(chosen: Filters) -> Any:
    return {BASE: of_base, LOST: of_lost}.get(chosen.state, of_sales)
