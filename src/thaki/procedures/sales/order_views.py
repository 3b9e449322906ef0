"""Pages of step 25: the board of the orders, giving its tasks to somebody, and the differences of a T.I. report."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thaki.cases import operations as cases
from thaki.people.access import StaffRequest, staff
from thaki.people.roles import Role
from thaki.procedures.sales import order_board, ti_import
from thaki.procedures.sales.ti_report import REFUSED, Change
from thaki.reporting import imports
from thaki.reporting.imports import operations as running
from thaki.reporting.imports.models import Import
from thaki.reporting.imports.running import check, content_of

WATCHERS = (Role.RESPONSABLE_VENTAS_DIGITALES, Role.RESPONSABLE_CANALES_DIGITALES, Role.JEFE_DIVISION_VENTAS)
BRINGERS = (Role.RESPONSABLE_VENTAS_DIGITALES, Role.RESPONSABLE_CANALES_DIGITALES)
MOST = 200  # tasks given at once
LISTED = 300  # differences of a kind on the page


@staff(*WATCHERS)
@require_safe
def board(request: StaffRequest) -> HttpResponse:
    """Every sale with an order, by the order's state."""
    filters = order_board.read_filters(request.GET)
    columns = order_board.board(filters, now=timezone.now())
    context = {
        "filters": filters,
        "columns": columns,
        "any": any(column.total for column in columns),
        "executives": order_board.executives(),
        "receivers": order_board.receivers(),
        "may_bring": request.user.has_role(*BRINGERS),
        "query": request.GET.urlencode(),
    }
    return render(request, "sales/pages/order_board.html", context)


@staff(*WATCHERS)
@require_POST
def reassign(request: StaffRequest) -> HttpResponse:
    """Give the chosen tasks to one person; what he cannot have stays where it is, and it says why."""
    ids = [int(one) for one in request.POST.getlist("task")[:MOST] if one.isascii() and one.isdigit() and len(one) < 18]
    who = request.POST.get("to", "")
    to = (
        order_board.receivers().filter(pk=int(who)).first()
        if who.isascii() and who.isdigit() and len(who) < 10
        else None
    )
    if not ids or to is None:
        messages.error(request, _("Marque al menos una tarjeta y elija a quién se la da."))
        return _to_board(request)
    given, refused = cases.hand_over_many(ids, to=to, by=request.user, now=timezone.now())
    if given:
        text = ngettext("%(n)s tarea pasó a %(who)s.", "%(n)s tareas pasaron a %(who)s.", len(given))
        messages.success(request, text % {"n": len(given), "who": to})
    for why, n in Counter(refused.values()).items():
        messages.warning(request, ngettext("%(n)s no: %(why)s", "%(n)s no: %(why)s", n) % {"n": n, "why": why})
    return _to_board(request)


def _to_board(request: StaffRequest) -> HttpResponse:
    response = redirect("sales_orders:board")
    if query := request.GET.urlencode():
        response["Location"] += f"?{query}"
    return response


# ---------------------------------------------------------------- the T.I. report
@staff(*BRINGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def differences(request: StaffRequest, pk: int) -> HttpResponse:
    """What every row of a report would change, before anything does; from here it is applied."""
    found = get_object_or_404(Import.objects.select_related("by"), pk=pk, kind=ti_import.CODE)
    kind = imports.kind_of(ti_import.CODE)
    if kind is None or found.state != Import.State.DRAFT:
        return redirect("imports:page", pk)
    if not kind.roles.intersection(request.user.roles):
        raise PermissionDenied
    if request.method == "POST":
        try:
            running.start(found.pk, kind, by=request.user, now=timezone.now())
        except running.NotNow as reason:
            messages.error(request, str(reason))
        return redirect("imports:page", pk)
    return render(request, "sales/pages/ti_differences.html", _context(found, kind))


def _context(found: Import, kind: imports.ImportKind) -> dict[str, Any]:
    absent = running.missing(kind, found.mapping)
    rows, wrong = ([], []) if absent else _checked(found, kind)
    by_change: dict[Change, list[tuple[ti_import.Difference, str]]] = defaultdict(list)
    for one in ti_import.differences(rows):
        by_change[one.change].append((one, ti_import.words(one)))
    titles = {
        Change.CLOSES: (_("Se cierran como ATENDIDO/CERRADA"), "good"),
        Change.ANNULS: (_("Quedan anuladas, por decidir en el paso 25"), "warn"),
        Change.STARTS: (_("Pasan a En ejecución"), "info"),
        Change.COMPLETES: (_("Atendidas antes de llegar al paso 25"), "info"),
        Change.BACKWARDS: (_("Se rechazan: no pueden volver atrás"), "bad"),
        Change.MISSING: (_("Se rechazan: no hay tal orden"), "bad"),
    }
    groups = [
        (title, tone, len(by_change[c]), by_change[c][:LISTED]) for c, (title, tone) in titles.items() if by_change[c]
    ]
    changing = sum(len(rows) for change, rows in by_change.items() if change not in (*REFUSED, Change.SAME))
    return {
        "found": found,
        "missing": absent,
        "groups": groups,
        "same": len(by_change[Change.SAME]),
        "wrong": wrong[:LISTED],
        "wrong_total": len(wrong),
        "changing": changing,
    }


def _checked(found: Import, kind: imports.ImportKind) -> tuple[list[imports.Row], list[tuple[int, str]]]:
    """The rows that can be read, and why the others cannot."""
    rows: list[imports.Row] = []
    wrong: list[tuple[int, str]] = []
    for number, cells in content_of(found).rows:
        values, errors = check(kind, cells, found)
        if errors:
            wrong.append((number, " ".join(errors.values())))
        else:
            rows.append(imports.Row(number, values))
    return rows, wrong
