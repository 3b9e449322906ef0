"""The parts of the dashboard for who keeps customers: orders of 24 hours, bajas, retentions, what waits in the inboxes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from thaki.procedures.retention import evaluation_charts, evaluation_figures, order_board
from thaki.procedures.retention.models import Offered, Retention
from thaki.procedures.retention.order_board import BY_TECHNICIAN, Filters
from thaki.records.billing import claims_queries
from thaki.records.hand_overs import queries as letters
from thaki.records.work_orders.models import WorkOrder
from thaki.reporting.charts import Chart, bar
from thaki.reporting.kpi import Withheld, share
from thaki.reporting.months import bounds, month_name
from thaki.ui.formats import format_percent
from thaki.web.dashboard import counts
from thaki.web.dashboard.cards import MOST, Card, Drawing, Stat

WEEK = timedelta(days=7)


def orders(now: datetime) -> Card:
    """The orders that are open, by the time left and by technician, and how many arrived within their hours this week."""
    board = order_board.board(Filters(by=BY_TECHNICIAN), now=now)
    address = reverse("retention_ops:board")
    most = max((column.total for column in board.columns), default=0)
    people = tuple(
        bar(
            column.label,
            [("bad", column.late, _("atrasadas")), ("1", column.total - column.late, "")],
            most,
            str(column.total),
            href=f"{address}?por={BY_TECHNICIAN}&tecnico={column.key}",
        )
        for column in board.columns[:MOST]
        if column.total
    )
    return Card(
        _("Órdenes de 24 horas"),
        "tool",
        (
            Stat(_("Abiertas"), str(board.total), href=address),
            Stat(_("Pasaron las 24 h"), str(board.late), tone="bad" if board.late else "good", href=address),
            Stat(_("Últimas horas"), str(board.warned), tone="warn" if board.warned else "", href=address),
            Stat(_("Sin técnico"), str(board.unassigned), href=f"{address}?tecnico=0"),
            _in_time(now),
        ),
        (Drawing(_("Por técnico"), Chart(people), address, _("Ver el tablero"), _("No hay órdenes abiertas.")),),
    )


def _in_time(now: datetime) -> Stat:
    """Of the visits of a week, how many began within their hours."""
    came = WorkOrder.objects.filter(closed_at__gte=now - WEEK, closed_at__lte=now, arrived_at__isnull=False)
    found = list(came.values_list("arrived_at", "due_at"))
    good = sum(1 for arrived_at, due_at in found if arrived_at is not None and arrived_at <= due_at)
    percent = share(good, len(found))
    label = _("Llegadas en 24 h, 7 días")
    if percent is None:
        return Stat(label, "—", _("sin visitas cerradas"))
    hint = _("%(good)d de %(all)d") % {"good": good, "all": len(found)}
    return Stat(label, format_percent(percent), hint, "good" if good == len(found) else "warn")


def bajas(now: datetime) -> Card:
    """The indicator of the month: bajas asked for against the month before, its trend and why they go (R-B14)."""
    month = counts.today_of(now).replace(day=1)
    shown = evaluation_figures.indicator(month)
    address = reverse("retention_ops:withdrawals")
    good = shown.month.verdict == Withheld.MET.value
    trend = evaluation_charts.trend([evaluation_figures.plain(one) for one in shown.trend])
    return Card(
        _("Indicador de bajas"),
        "trending-down",
        (
            Stat(month_name(month).capitalize(), str(shown.month.requested), _("hasta hoy"), href=address),
            Stat(_("El mes anterior"), str(shown.before.requested), month_name(shown.before.month_on), href=address),
            Stat(_("Resultado"), shown.month.verdict, _("hasta hoy"), "good" if good else "bad", address),
            Stat(_("Por mora"), str(shown.month.arrears), _("no cuentan"), href=address),
        ),
        (
            Drawing(_("Bajas solicitadas, mes por mes"), trend, address, _("Ver las bajas")),
            Drawing(
                _("Por qué se van, este mes"),
                evaluation_charts.reasons(shown.reasons[:MOST]),
                address,
                _("Ver las bajas"),
                _("Nadie pidió la baja este mes."),
            ),
        ),
    )


def kept(now: datetime) -> Card:
    """The retentions: what is under way, what ended this month, and what was offered."""
    month = counts.today_of(now).replace(day=1)
    since, until = bounds(month)
    ended = Retention.objects.filter(ended_at__gte=since, ended_at__lt=until)
    month_counts = ended.aggregate(
        all=Count("pk"),
        kept=Count("pk", filter=Q(kept_at__isnull=False) | Q(case__outcome="agreed")),
        left=Count("pk", filter=Q(case__outcome="withdrawn")),
    )
    live = Retention.objects.filter(live=True).aggregate(all=Count("pk"), vip=Count("pk", filter=Q(vip=True)))
    cases = f"{reverse('cases')}?procedimiento=retention"
    offers = dict(ended.order_by().values_list("offer").annotate(n=Count("pk")))
    most = max(offers.values(), default=0)
    bars = tuple(
        bar(str(offer.label), [("1", offers[offer.value], "")], most, str(offers[offer.value]))
        for offer in Offered
        if offers.get(offer.value)
    )
    return Card(
        _("Retenciones"),
        "user-check",
        (
            Stat(_("En curso"), str(live["all"]), href=f"{cases}&estado=open"),
            Stat(_("VIP en curso"), str(live["vip"]), href=f"{cases}&estado=open"),
            Stat(_("Terminadas este mes"), str(month_counts["all"]), href=f"{cases}&estado=ended"),
            Stat(_("Retenidas"), str(month_counts["kept"]), tone="good", href=f"{cases}&estado=ended"),
            Stat(_("Bajas"), str(month_counts["left"]), tone="warn", href=f"{cases}&estado=ended"),
        ),
        (
            Drawing(
                _("Qué se acordó, este mes"),
                Chart(bars),
                reverse("retention_ops:evaluations"),
                _("Evaluaciones"),
                _("Ninguna terminó este mes."),
            ),
        ),
    )


def billing_claims(now: datetime) -> Card:
    """What Facturación has to apply."""
    waiting, address = claims_queries.waiting_counts(), reverse("retention_ops:claims")
    registered = waiting["registered"]
    return Card(
        _("Reclamos de facturación"),
        "receipt-refund",
        (
            Stat(_("Por aplicar"), str(registered), tone="warn" if registered else "good", href=address),
            Stat(_("Esperan la factura"), str(waiting["waiting_bill"]), href=f"{address}?estado=waiting_bill"),
        ),
    )


def requests_inbox(now: datetime) -> Card:
    """What waits for Gestión de Solicitudes."""
    return _inbox("solicitudes", reverse("retention_ops:hand_overs_requests"))


def incidents_inbox(now: datetime) -> Card:
    """What waits for Solución de Incidentes."""
    return _inbox("incidentes", reverse("retention_ops:hand_overs_incidents"))


def _inbox(to: str, address: str) -> Card:
    waiting = letters.waiting_count(to)
    stat = Stat(_("Por acusar recibo"), str(waiting), tone="warn" if waiting else "good", href=address)
    return Card(_("Bandeja"), "inbox", (stat,))
