"""The page of the metas: a grid by executive and product for each month (R-A5)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from thaki.people.access import StaffRequest, staff
from thaki.people.roles import Role
from thaki.procedures.sales import goals as metas
from thaki.procedures.sales.models import Goal, GoalChange, SalesReport
from thaki.procedures.sales.report_access import month_in
from thaki.records.offers.models import Plan
from thaki.reporting.months import following, month_name, previous

READERS = (Role.JEFE_DIVISION_VENTAS, Role.RESPONSABLE_VENTAS_DIGITALES)


@staff(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def goals(request: StaffRequest) -> HttpResponse:
    """The metas of a month; the Jefe División Ventas enters them, the Responsable reads them."""
    month_on, may_enter = month_in(request), request.user.has_role(Role.JEFE_DIVISION_VENTAS)
    posted = request.POST if request.method == "POST" and may_enter else None
    shown = metas.grid(month_on, posted.dict() if posted is not None else None)
    if posted is not None and shown.is_valid:
        count = metas.save_goals(month_on, shown.values, by=request.user, now=timezone.now())
        messages.success(
            request,
            ngettext("%(n)s meta cambiada.", "%(n)s metas cambiadas.", count) % {"n": count}
            if count
            else _("Nada cambió."),
        )
        return _to(month_on)
    status = 422 if posted is not None else 200
    return render(request, "sales/pages/goals.html", _context(request, shown, may_enter), status=status)


def _context(request: StaffRequest, shown: metas.Grid, may_enter: bool) -> dict[str, Any]:
    month_on = shown.month_on
    kinds = {code: str(label) for code, label in Plan.Kind.choices}
    return {
        "grid": shown,
        "may_enter": may_enter,
        "month": month_on,
        "name": month_name(month_on),
        "before": previous(month_on),
        "after": following(month_on),
        "can_copy": may_enter and Goal.objects.filter(month_on=previous(month_on)).exists(),
        "is_sent": SalesReport.objects.filter(month_on=month_on, sent_at__isnull=False).exists(),
        "has_goals": any(cell.value for row in shown.rows for cell in row.cells),
        "history": [_change(change, kinds) for change in metas.history(month_on)],
    }


def _change(change: GoalChange, kinds: dict[str, str]) -> dict[str, Any]:
    """A change as the timeline shows it."""
    who = str(change.executive) if change.executive else _("Todos los ejecutivos")
    what = kinds.get(change.product_kind, change.product_kind) or _("Todos los productos")
    before = _("sin meta") if change.before is None else str(change.before)
    after = _("sin meta") if change.after is None else str(change.after)
    return {
        "at": change.at,
        "title": f"{who}, {what}: {before} → {after}",
        "by": str(change.by or ""),
        "icon": "target",
    }


@staff(Role.JEFE_DIVISION_VENTAS)
@require_POST
def copy_goals(request: StaffRequest) -> HttpResponse:
    """Fill what is empty with the metas of the month before."""
    month_on = month_in(request)
    count = metas.copy_last_month(month_on, by=request.user, now=timezone.now())
    text = ngettext("Se copió %(n)s meta de %(month)s.", "Se copiaron %(n)s metas de %(month)s.", count)
    messages.success(request, text % {"n": count, "month": month_name(previous(month_on))})
    return _to(month_on)


def _to(month_on: Any) -> HttpResponse:
    response = redirect("sales_reports:goals")
    response["Location"] += f"?mes={month_on:%Y-%m}"
    return response
