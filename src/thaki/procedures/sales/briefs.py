"""What waits for those who lead Ventas Digitales, in a few figures at the top of *Mi trabajo*."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from thaki.cases.registry import Brief
from thaki.people.roles import Role
from thaki.procedures.sales.models import Sale
from thaki.procedures.sales.report_models import Goal, SalesReport
from thaki.reporting.months import bounds, month_name, month_of, previous

if TYPE_CHECKING:
    from thaki.people.models import User

LEADERS = (Role.JEFE_DIVISION_VENTAS, Role.RESPONSABLE_VENTAS_DIGITALES)


def of_leaders(user: User, now: datetime) -> list[Brief]:
    """The month against its meta, and the last informe; three small queries, for leaders alone."""
    if not user.has_role(*LEADERS):
        return []
    month_on = month_of(now)
    return [_month(month_on), _report(previous(month_on))]


def _month(month_on: date) -> Brief:
    since, until = bounds(month_on)
    sold = Sale.objects.filter(sold_at__gte=since, sold_at__lt=until).count()
    goals = Goal.objects.filter(month_on=month_on)
    goal = goals.filter(executive=None, product_kind="").aggregate(n=Sum("sales_count"))["n"]
    label = _("Ventas de %(month)s") % {"month": month_name(month_on)}
    address = reverse("sales_reports:goals")
    if goal is None:
        return Brief(label, sold, address, "warn", _("La meta del mes no está fijada"))
    return Brief(label, sold, address, "good" if sold >= goal else "", _("de una meta de %(goal)d") % {"goal": goal})


def _report(month_on: date) -> Brief:
    report = SalesReport.objects.filter(month_on=month_on).only("sent_at").first()
    label = _("Informe de %(month)s") % {"month": month_name(month_on)}
    address = reverse("sales_reports:reports")
    if report is None:
        return Brief(label, _("Sin abrir"), address, "warn")
    if report.sent_at is None:
        return Brief(label, _("En preparación"), address, "warn")
    return Brief(label, _("Enviado"), reverse("sales_reports:report", args=[report.pk]), "good")
