"""Pages of the Supervisor Centro de Operaciones (RET 6): the board, the map of the day, giving orders, printing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from thaki.cases import operations as cases
from thaki.cases.permissions import NotAllowed, can_act
from thaki.cases.policies import NotNow
from thaki.cases.runtime import AnswerInvalid
from thaki.people.access import StaffRequest, staff
from thaki.people.models import User
from thaki.people.roles import Role
from thaki.procedures.retention import giving, order_board, order_sheet
from thaki.procedures.retention.order_board import BY_TECHNICIAN, BY_TIME, ON_MAP, Filters
from thaki.procedures.retention.steps.dispatch import technicians
from thaki.records.reasons import RuleError
from thaki.records.work_orders import dispatch
from thaki.records.work_orders.models import OPEN_STATES, WorkOrder

GIVERS = (Role.SUPERVISOR_CENTRO_OPERACIONES,)
WATCHERS = (
    Role.SUPERVISOR_CENTRO_OPERACIONES,
    Role.RESPONSABLE_RETENCION,
    Role.JEFE_RECURSOS,
    Role.JEFE_RELACION_CLIENTE,
    Role.GERENCIA_COMERCIAL,
)
MOST = 100  # orders at once


@staff(*WATCHERS)
@require_safe
def board(request: StaffRequest) -> HttpResponse:
    """Every open order, by the time left of its 24 hours or by technician."""
    filters = order_board.read_filters(request.GET)
    shown = order_board.board(filters, now=timezone.now())
    context = {
        **_frame(request, filters, filters.by),
        "board": shown,
        "zones": shown.zones,
        "may_give": request.user.has_role(*GIVERS),
    }
    return render(request, "retention/pages/order_board.html", context)


@staff(*WATCHERS)
@require_safe
def day_map(request: StaffRequest) -> HttpResponse:
    """The open orders where they are, the late ones larger."""
    filters = order_board.read_filters(request.GET)
    geojson = order_board.features(filters, now=timezone.now())
    context = {**_frame(request, filters, ON_MAP), "geojson": geojson, "count": len(geojson["features"])}
    return render(request, "retention/pages/order_map.html", context)


def _frame(request: StaffRequest, filters: Filters, view: str) -> dict[str, object]:
    query = request.GET.copy()
    query.pop("por", None)
    rest = f"&{query.urlencode()}" if query else ""
    board_url, map_url = reverse("retention_ops:board"), reverse("retention_ops:map")
    tabs = (
        (_("Por plazo"), "clock-hour-4", f"{board_url}?por={BY_TIME}{rest}", view == BY_TIME),
        (_("Por técnico"), "users", f"{board_url}?por={BY_TECHNICIAN}{rest}", view == BY_TECHNICIAN),
        (_("Mapa del día"), "map-2", f"{map_url}?{query.urlencode()}", view == ON_MAP),
    )
    return {
        "filters": filters,
        "view": view,
        "query": request.GET.urlencode(),
        "technicians": list(technicians()),
        "tabs": [{"label": label, "icon": icon, "href": href, "active": on} for label, icon, href, on in tabs],
    }


@staff(*GIVERS)
@require_POST
def assign(request: StaffRequest) -> HttpResponse:
    """Give the chosen orders to one technician; those that cannot go to him stay, and it says why."""
    to = _technician(request.POST.get("to", ""))
    orders = _chosen(request.POST.getlist("order"))
    if to is None or not orders:
        messages.error(request, _("Marque al menos una orden y elija a qué técnico se la da."))
        return _back(request)
    refused: list[str] = []
    for order in orders:
        try:
            giving.give(order, to=to, by=request.user, now=timezone.now())
        except (RuleError, NotNow, NotAllowed) as reason:
            refused.append(str(reason))
    given = len(orders) - len(refused)
    if given:
        text = ngettext("%(n)s orden pasó a %(who)s.", "%(n)s órdenes pasaron a %(who)s.", given)
        messages.success(request, text % {"n": given, "who": to})
    for why, n in Counter(refused).items():
        messages.warning(request, why if n == 1 else f"{n} × {why}")
    return _back(request)


@staff(*GIVERS)
@require_POST
def print_batch(request: StaffRequest) -> HttpResponse:
    """One PDF of the chosen orders, or of all not printed yet; those that have a technician leave step 6 with it."""
    now = timezone.now()
    orders = _unprinted() if request.POST.get("what") == "unprinted" else _chosen(request.POST.getlist("order"))
    try:
        sheets = dispatch.print_orders([order.pk for order in orders], by=request.user, now=now)
    except RuleError as refused:
        messages.error(request, str(refused))
        return _back(request)
    content = order_sheet.render(sheets)
    _dispatched([sheet.order for sheet in sheets], request.user, now)
    name = sheets[0].order.number if len(sheets) == 1 else f"ordenes-{timezone.localtime(now):%Y-%m-%d-%H%M}"
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _dispatched(orders: Sequence[WorkOrder], by: User, now: datetime) -> None:
    """End step 6 of each that has its technician; what somebody else has stays: its sheet is printed anyway."""
    tasks = order_board.open_tasks(order.case_ref for order in orders)
    for order in orders:
        task = tasks.get(order.case_ref)
        if order.assigned_to is None or task is None or task.node != order_board.DISPATCH or not can_act(by, task):
            continue
        try:
            cases.complete(task.pk, by=by, now=now, data={"technician": order.assigned_to.username})
        except (NotNow, NotAllowed, AnswerInvalid):
            continue


# ---------------------------------------------------------------- inside
def _numbers(texts: Iterable[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 18][:MOST]


def _chosen(texts: Sequence[str]) -> list[WorkOrder]:
    return list(WorkOrder.objects.filter(pk__in=_numbers(texts)).order_by("due_at", "pk"))


def _unprinted() -> list[WorkOrder]:
    return list(WorkOrder.objects.filter(state__in=OPEN_STATES, printed_at=None).order_by("due_at", "pk")[:MOST])


def _technician(text: str) -> User | None:
    found = _numbers([text])
    return technicians().filter(pk=found[0]).first() if found else None


def _back(request: StaffRequest) -> HttpResponse:
    response = redirect("retention_ops:board")
    if query := request.GET.urlencode():
        response["Location"] += f"?{query}"
    return response
