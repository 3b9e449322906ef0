"""The parts of a dashboard: figures with their lists, and small charts drawn by the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from thaki.cases import queries, versions
from thaki.cases.models import Case
from thaki.cases.registry import procedure_apps
from thaki.people.calendar import is_working_day
from thaki.people.working_hours import office_calendar
from thaki.procedures.sales import figures, report_charts
from thaki.reporting.charts import Chart, bar
from thaki.reporting.kpi import forecast, goal_result
from thaki.reporting.months import bounds, following, month_name, previous
from thaki.ui.formats import format_ago, format_money, format_number, format_span
from thaki.web import heat
from thaki.web.dashboard import counts

if TYPE_CHECKING:
    from thaki.people.models import User

MOST = 12  # bars of a chart: the rest is in the list behind it


@dataclass(frozen=True, slots=True)
class Stat:
    """One figure."""

    label: str
    value: str
    hint: str = ""
    tone: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """One chart with its heading."""

    title: str
    chart: Chart
    href: str = ""
    more: str = ""  # what the link says
    empty: str = ""  # said instead of a chart without bars


@dataclass(frozen=True, slots=True)
class Card:
    """A part of the dashboard."""

    title: str
    icon: str
    stats: tuple[Stat, ...] = ()
    drawings: tuple[Drawing, ...] = field(default=())
    note: str = ""


# ---------------------------------------------------------------------- one's own day
def own_tasks(user: User, now: datetime) -> Card:
    """What is mine, what I may take, what I have done today."""
    found = queries.counts(user, now=now)
    today = counts.today_of(now)
    done = counts.done_on(today).filter(closed_by=user).count()
    mine = reverse("my_work")
    return Card(
        _("Mi día"),
        "checklist",
        (
            Stat(_("Tareas mías"), str(found.mine), href=f"{mine}?de=mias"),
            _late(found.mine_late, f"{mine}?de=mias&atraso=1"),
            Stat(_("Para tomar"), str(found.available), href=f"{mine}?de=equipo"),
            Stat(_("Hechas hoy"), str(done), href=f"{reverse('dashboard_done')}?dia={today}"),
        ),
    )


def _late(count: int, href: str) -> Stat:
    return Stat(_("Atrasadas"), str(count), _("al día") if not count else "", "bad" if count else "good", href)


def own_sales(user: User, now: datetime) -> Card:
    """Today, this week and the month against the meta."""
    today = counts.today_of(now)
    by_day = counts.own_sales(user, now)
    week, month = today - timedelta(days=today.weekday()), today.replace(day=1)
    of_month = sum(n for day, n in by_day.items() if day >= month)
    of_week = sum(n for day, n in by_day.items() if day >= week)
    goal = figures.goals_of(month).get((str(user.pk), ""), 0)
    result = goal_result(of_month, goal)
    hint = _("meta %(goal)d, faltan %(missing)d") % {"goal": goal, "missing": result.missing} if goal else _("sin meta")
    tone = "" if not goal else "good" if not result.missing else "warn"
    days = [month + timedelta(days=n) for n in range((today - month).days + 1)]
    return Card(
        _("Mis ventas"),
        "target",
        (
            Stat(_("Hoy"), str(by_day.get(today, 0)), href=sales_address(today, today, user.pk)),
            Stat(_("Esta semana"), str(of_week), href=sales_address(week, today, user.pk)),
            Stat(_("Este mes"), str(of_month), hint, tone, sales_address(month, today, user.pk)),
        ),
        (by_days(_("Ventas por día"), [(day, by_day.get(day, 0)) for day in days], user.pk),),
    )


def by_days(title: str, days: Sequence[tuple[date, int]], executive: int) -> Drawing:
    """Sales of each day, each bar leading to its list; days without any are left out."""
    most = max((count for _day, count in days), default=0)
    bars = tuple(
        bar(f"{day:%d/%m}", [("1", count, "")], most, str(count), href=sales_address(day, day, executive))
        for day, count in days
        if count
    )
    return Drawing(title, Chart(bars), empty=_("Todavía no hay ventas este mes."))


def sales_address(first: date, last: date, executive: int | str = "") -> str:
    """The list of the sales of some days."""
    return f"{reverse('dashboard_sales')}?del={first}&al={last}" + (f"&ejecutivo={executive}" if executive else "")


# ---------------------------------------------------------------------- a queue
def queue(user: User, roles: Sequence[str], now: datetime) -> Card:
    """What waits for the person's post, how old it is, and what the post gets done."""
    found = counts.queue(roles, user.agency, now)
    work = f"{reverse('my_work')}?de=equipo"
    oldest = format_ago(found.oldest_at, now) if found.oldest_at else _("nada espera")
    labels = (_("menos de 1 h"), _("1 a 4 h"), _("4 a 24 h"), _("más de 1 día"))
    most = max(found.ages, default=0)
    ages = tuple(
        bar(label, [(tone, count, "")], most, str(count), href=reverse("my_work"))
        for label, tone, count in zip(labels, ("good", "info", "warn", "bad"), found.ages, strict=True)
    )
    past = counts.throughput(roles, now)
    top = max((count for _day, count in past), default=0)
    done = tuple(
        bar(f"{day:%d/%m}", [("1", n, "")], top, str(n), href=f"{reverse('dashboard_done')}?dia={day}&de=cargo")
        for day, n in reversed(past)
        if n
    )
    return Card(
        _("La bandeja de mi cargo"),
        "inbox",
        (
            Stat(_("Esperan"), str(found.count), oldest, href=reverse("my_work")),
            _late(found.late, f"{reverse('my_work')}?atraso=1"),
            Stat(_("Sin nadie"), str(found.free), href=work),
        ),
        (
            Drawing(_("Desde hace cuánto esperan"), Chart(ages if found.count else ()), empty=_("No espera nada.")),
            Drawing(_("Hechas por día, dos semanas"), Chart(done[:MOST]), empty=_("Todavía no se hizo ninguna.")),
        ),
    )


# ---------------------------------------------------------------------- who leads sales
def team(now: datetime) -> Card:
    """The month of the team: sales, closures, annulments, each executive against his meta, the funnel."""
    today = counts.today_of(now)
    month = today.replace(day=1)
    sold = figures.breakdown(*bounds(month))
    week = today - timedelta(days=today.weekday())
    recent = counts.sold(week, today)
    days = [counts.today_of(at) for at in recent.values_list("sold_at", flat=True) if at is not None]
    total = sold.total
    return Card(
        _("El equipo en %(month)s") % {"month": month_name(month)},
        "users-group",
        (
            Stat(_("Ventas hoy"), str(days.count(today)), href=sales_address(today, today)),
            Stat(_("Ventas de la semana"), str(len(days)), href=sales_address(week, today)),
            Stat(_("Ventas del mes"), str(total.sold), href=sales_address(month, today)),
            Stat(_("Cerradas"), str(total.closed), href=f"{reverse('cases')}?procedimiento=sales&estado=ended"),
            Stat(_("Anuladas"), str(total.annulled), tone="warn" if total.annulled else "", href=_informes()),
        ),
        (_executives(sold, month, today), _funnel(month)),
    )


def _executives(sold: figures.Breakdown, month: date, today: date) -> Drawing:
    goals = figures.goals_of(month)
    names = _names([line.key for line in sold.by_executive])
    most = max([line.sold for line in sold.by_executive] + [goals.get((k, ""), 0) for k in names], default=0)
    bars = tuple(
        bar(
            names.get(line.key, _("Sin ejecutivo")),
            [("1", line.sold, "")],
            most,
            f"{line.sold} / {goals[line.key, '']}" if (line.key, "") in goals else str(line.sold),
            href=sales_address(month, today, line.key),
            goal=goals.get((line.key, "")),
        )
        for line in sold.by_executive[:MOST]
        if line.sold
    )
    list_of_all, empty = sales_address(month, today), _("Sin ventas este mes.")
    return Drawing(_("Ventas por ejecutivo, con su meta"), Chart(bars), list_of_all, _("Ver las ventas"), empty)


def _names(keys: Sequence[str]) -> dict[str, str]:
    from thaki.people.models import User

    return {str(user.pk): str(user) for user in User.objects.filter(pk__in=[int(key) for key in keys if key])}


def _funnel(month: date) -> Drawing:
    found = figures.funnel(*bounds(month))
    most = max((one.reached for one in found), default=0)
    bars = tuple(bar(one.label, [("1", one.reached, "")], most, str(one.reached)) for one in found)
    empty = _("Este mes no llegó nadie todavía.")
    return Drawing(_("Embudo del mes"), Chart(bars if most else ()), reverse("sales:prospects"), _("Prospectos"), empty)


def unserved(now: datetime) -> Card:
    """What came to step 19 this month, by reason."""
    from thaki.procedures.sales.reasons import UNSERVED_LABELS

    month = counts.today_of(now).replace(day=1)
    found = figures.unserved(*bounds(month))
    most = max((count for _reason, count, _taken, _left in found), default=0)
    address = reverse("sales_reports:unserved")
    labels = {str(code): str(label) for code, label in UNSERVED_LABELS.items()}
    bars = tuple(bar(labels.get(r, r), [("warn", n, "")], most, str(n), href=address) for r, n, _t, _l in found[:MOST])
    heading = _("Solicitudes no atendidas del mes, por motivo")
    drawing = Drawing(heading, Chart(bars), address, _("Ver la lista"), _("Ninguna este mes."))
    total = Stat(_("Este mes"), str(sum(row[1] for row in found)), href=address)
    return Card(_("No atendidas"), "inbox", (total,), (drawing,))


def indicator(now: datetime) -> Card:
    """The KPI of the month, what it comes to at this pace, its trend, and the metas."""
    today = counts.today_of(now)
    month = today.replace(day=1)
    kpi = figures.indicator(month)
    calendar = office_calendar()
    days = [month + timedelta(days=n) for n in range((following(month) - month).days)]
    working = [day for day in days if is_working_day(day, calendar)]
    expected = forecast(kpi.current_bob, sum(day < today for day in working), len(working))
    stats = [
        Stat(_("Facturado este mes"), format_money(kpi.current_bob), href=_informes()),
        Stat(_("El mes anterior"), format_money(kpi.previous_bob), month_name(previous(month)), href=_informes()),
    ]
    if expected is not None and kpi.previous_bob > 0:
        percent = expected * 100 / kpi.previous_bob
        good = percent >= kpi.threshold_percent
        words = _("APROBADO") if good else _("OBSERVADO")
        hint = _("%(verdict)s al cierre, a este ritmo: %(money)s") % {"verdict": words, "money": format_money(expected)}
        stats.append(
            Stat(_("Pronóstico"), f"{format_number(percent, 1)} %", hint, "good" if good else "bad", _informes())
        )
    else:
        stats.append(Stat(_("Pronóstico"), "—", _("sin base"), href=_informes()))
    return Card(_("Indicador de ventas"), "gauge", tuple(stats), (_trend(month), _metas(month)))


def _informes() -> str:
    return reverse("sales_reports:reports")


def _trend(month: date) -> Drawing:
    chart = report_charts.charts(figures.trend(month))["trend"]
    return Drawing(
        _("Volumen de facturación, doce meses"), chart, _informes(), _("Informes"), _("Todavía no se facturó.")
    )


def _metas(month: date) -> Drawing:
    metas = [meta for meta in figures.fulfilment(month) if meta.executive]
    names = _names([meta.executive for meta in metas])
    most = max((max(meta.sold, meta.goal) for meta in metas), default=0)
    bars = tuple(
        bar(
            names.get(meta.executive, "—") + (f", {meta.product}" if meta.product else ""),
            [("good" if meta.sold >= meta.goal else "warn", meta.sold, "")],
            most,
            f"{meta.sold} / {meta.goal}",
            goal=meta.goal,
            href=reverse("sales_reports:goals"),
        )
        for meta in metas[:MOST]
    )
    return Drawing(
        _("Metas del mes"), Chart(bars), reverse("sales_reports:goals"), _("Metas"), _("Este mes no tiene metas.")
    )


# ---------------------------------------------------------------------- who owns the procedures
def procedures(now: datetime) -> Card:
    """How many cases are open, and what is stuck."""
    counted: dict[str, int] = dict(
        Case.objects.filter(state__in=("open", "suspended")).order_by().values_list("procedure").annotate(n=Count("pk"))
    )
    incidents = queries.incidents().order_by().count()
    stats = [
        Stat(
            name,
            str(counted.get(code, 0)),
            _("casos en curso"),
            href=f"{reverse('cases')}?procedimiento={code}&estado=open",
        )
        for code, name in _procedure_names()
    ]
    tone = "bad" if incidents else "good"
    stats.append(Stat(_("Incidentes"), str(incidents), tone=tone, href=reverse("incidents")))
    return Card(_("Procedimientos"), "sitemap", tuple(stats))


def _procedure_names() -> list[tuple[str, str]]:
    found = []
    for app in procedure_apps():
        try:
            found.append((app.code, versions.in_force(app.code).procedure.name))
        except versions.NotInForce:
            continue
    return found


def step_times(now: datetime) -> Card:
    """The slowest steps of the last month, and where most cases wait."""
    version = versions.in_force("sales")
    found = heat.rows(version, heat.read(version, heat.USUAL, now))
    slow = sorted((row for row in found if row.heat.done), key=lambda row: -row.heat.median)[:MOST]
    most = max((row.heat.median.total_seconds() for row in slow), default=0)
    address = reverse("procedure_heat", args=["sales"])
    times = tuple(
        bar(
            _named(row),
            [("warn", row.heat.median.total_seconds(), "")],
            most,
            format_span(row.heat.median),
            href=address,
        )
        for row in slow
    )
    crowded = sorted((row for row in found if row.heat.waiting), key=lambda row: -row.heat.waiting)[:MOST]
    top = max((row.heat.waiting for row in crowded), default=0)
    waiting = tuple(
        bar(
            _named(row),
            [("bad", row.heat.late, _("atrasados")), ("info", row.heat.waiting - row.heat.late, "")],
            top,
            str(row.heat.waiting),
            href=row.href,
        )
        for row in crowded
    )
    return Card(
        _("Tiempo por paso"),
        "clock",
        (),
        (
            Drawing(
                _("Mediana, 30 días"), Chart(times), address, _("Mapa de calor"), _("Sin pasos hechos en 30 días.")
            ),
            Drawing(_("Dónde esperan ahora"), Chart(waiting), address, _("Mapa de calor"), _("No espera ningún caso.")),
        ),
        note=version.procedure.name,
    )


def _named(row: heat.Row) -> str:
    return f"{row.step} {row.title}".strip()
