"""The calendar of the house: hours by weekday, holidays, days of its own, a month as it will be, and the clocks that run."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from thaki.cases.models import Task, Timer
from thaki.people import policies, working_hours
from thaki.people.access import StaffRequest, staff
from thaki.people.calendar import (
    Calendar,
    Hours,
    SpecialDay,
    hours_of,
    parse_days,
    parse_hours,
    write_days,
    write_hours,
)
from thaki.people.models import Policy, history_of
from thaki.reporting.months import month_name
from thaki.ui.widgets import DayInput
from thaki.web.admin.index import OWNERS

WEEKDAYS = (
    gettext_lazy("Lunes"),
    gettext_lazy("Martes"),
    gettext_lazy("Miércoles"),
    gettext_lazy("Jueves"),
    gettext_lazy("Viernes"),
    gettext_lazy("Sábado"),
    gettext_lazy("Domingo"),
)
EXAMPLE = "08:30-12:30, 14:30-18:30"
BAD_HOURS = gettext_lazy("Escriba los horarios en orden, así: 08:30-12:30, 14:30-18:30.")
CODES = (working_hours.HOURS, working_hours.WEEK, working_hours.DAYS, working_hours.EXTRA_HOLIDAYS)
# What stands between the signs of the stored text cannot hold them.
SIGNS = "=;|"


class WeekForm(forms.Form):
    """Hours of each weekday; an empty one is closed."""

    reason = forms.CharField(label=gettext_lazy("Motivo del cambio"), max_length=300)

    def __init__(self, *args: Any, cal: Calendar, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for weekday, name in enumerate(WEEKDAYS):
            field = forms.CharField(label=name, required=False, max_length=80)
            field.initial = write_hours(_of_weekday(weekday, cal))
            field.widget.attrs["placeholder"] = _("cerrado")
            self.fields[f"d{weekday}"] = field
        self.order_fields([f"d{weekday}" for weekday in range(7)])

    def clean(self) -> dict[str, Any]:
        """Each day's hours in order; at least one day open."""
        data = super().clean() or {}
        week: dict[int, Hours] = {}
        for weekday in range(7):
            text = data.get(f"d{weekday}", "").strip()
            try:
                week[weekday] = parse_hours(text) if text else ()
            except ValueError:
                self.add_error(f"d{weekday}", str(BAD_HOURS))
        if len(week) == 7 and not any(week.values()):
            raise forms.ValidationError(_("Algún día tiene que abrir: sin días de oficina los plazos no correrían."))
        return {**data, "week": week}


class DayForm(forms.Form):
    """A day that is not like the others."""

    on = forms.DateField(label=gettext_lazy("Día"), widget=DayInput)
    hours = forms.CharField(
        label=gettext_lazy("Horario"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("Vacío: cerrado todo el día."),
    )
    name = forms.CharField(label=gettext_lazy("Qué día es"), max_length=60)

    def clean_hours(self) -> Hours:
        """In order; none means closed."""
        text = self.cleaned_data["hours"].strip()
        try:
            return parse_hours(text) if text else ()
        except ValueError as error:
            raise forms.ValidationError(str(BAD_HOURS)) from error

    def clean_name(self) -> str:
        """Without the signs of the stored text."""
        return "".join(" " if c in SIGNS else c for c in self.cleaned_data["name"]).strip()


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the month."""

    on: date
    hours: str  # "" when closed
    name: str  # of the holiday or special day
    kind: str  # open, closed, holiday, special
    is_today: bool
    inside: bool  # of the month shown


@staff(*OWNERS)
@require_safe
def calendar(request: StaffRequest) -> HttpResponse:
    """The month asked for, the week's hours and the special days."""
    return _page(request)


@staff(*OWNERS)
@require_POST
def week(request: StaffRequest) -> HttpResponse:
    """Set the hours of the weekdays; what is as the house's general hours is not written."""
    form = WeekForm(request.POST, cal=working_hours.office_calendar())
    if not form.is_valid():
        return _page(request, week_form=form)
    general = parse_hours(str(policies.get(working_hours.HOURS)))
    own = {day: hours for day, hours in form.cleaned_data["week"].items() if hours != (general if day < 5 else ())}
    text = "; ".join(f"{day}={write_hours(hours)}" for day, hours in own.items())
    _set(request, working_hours.WEEK, text, form.cleaned_data["reason"])
    messages.success(request, _("Horario guardado. Rige para los plazos que empiecen desde ahora."))
    return redirect("administration:calendar")


@staff(*OWNERS)
@require_POST
def day(request: StaffRequest) -> HttpResponse:
    """Add a special day, or change it."""
    form = DayForm(request.POST)
    if not form.is_valid():
        return _page(request, day_form=form)
    asked = form.cleaned_data
    days = _days() | {asked["on"]: SpecialDay(asked["hours"], asked["name"])}
    _set(request, working_hours.DAYS, write_days(days), asked["name"])
    messages.success(request, _("Día guardado."))
    _tell_of_clocks(request, asked["on"])
    return redirect(_address(asked["on"]))


@staff(*OWNERS)
@require_POST
def day_remove(request: StaffRequest) -> HttpResponse:
    """The day is an ordinary one after all."""
    on = _date(request.POST.get("on", ""))
    days = _days()
    if on in days:
        gone = days.pop(on)
        _set(request, working_hours.DAYS, write_days(days), _("Se quita: %(name)s") % {"name": gone.name})
        messages.success(request, _("Día retirado."))
    return redirect("administration:calendar")


# ---------------------------------------------------------------- inside
def _page(request: StaffRequest, week_form: WeekForm | None = None, day_form: DayForm | None = None) -> HttpResponse:
    cal, today = working_hours.office_calendar(), timezone.localdate()
    shown = _month(request.GET.get("mes", ""), today)
    context = {
        "weeks": _weeks(shown, cal, today),
        "weekdays": WEEKDAYS,
        "month": month_name(shown),
        "before": (shown - timedelta(days=1)).replace(day=1),
        "after": (shown + timedelta(days=32)).replace(day=1),
        "holidays": _holidays(today),
        "days": sorted((on, day) for on, day in _days().items() if on >= today),
        "clocks": _clocks_in_closed_time(cal, today),
        "week_form": week_form or WeekForm(cal=cal),
        "day_form": day_form or DayForm(),
        "events": _events(),
    }
    bad = week_form is not None or day_form is not None
    return render(request, "web/admin/calendar.html", context, status=422 if bad else 200)


def _of_weekday(weekday: int, cal: Calendar) -> Hours:
    return cal.week.get(weekday, cal.hours if weekday in cal.weekdays else ())


def _days() -> dict[date, SpecialDay]:
    return parse_days(str(policies.get(working_hours.DAYS)))


def _set(request: StaffRequest, code: str, text: str, reason: str) -> None:
    policies.set(code, text, by=request.user, reason=reason[:300], now=timezone.now())


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _month(text: str, today: date) -> date:
    asked = _date(f"{text}-01")
    return asked if asked is not None and 2000 <= asked.year <= 2100 else today.replace(day=1)


def _address(on: date) -> str:
    return f"{reverse('administration:calendar')}?mes={on:%Y-%m}"


def _holiday_name(on: date) -> str:
    listed = working_hours.office_calendar().holidays
    return listed.name(on) if isinstance(listed, working_hours.Holidays) else ""


def _weeks(month: date, cal: Calendar, today: date) -> list[list[Cell]]:
    special = _days()
    rows = months.Calendar(firstweekday=0).monthdatescalendar(month.year, month.month)
    return [[_cell(on, cal, special, today, inside=on.month == month.month) for on in row] for row in rows]


def _cell(on: date, cal: Calendar, special: dict[date, SpecialDay], today: date, *, inside: bool) -> Cell:
    hours = hours_of(on, cal)
    holiday = _holiday_name(on)
    kind = "special" if on in special else "holiday" if holiday else "open" if hours else "closed"
    name = special[on].name if on in special else holiday
    return Cell(on, write_hours(hours), name, kind, on == today, inside)


def _holidays(today: date) -> list[tuple[date, str]]:
    """The holidays of the next twelve months."""
    listed = working_hours.office_calendar().holidays
    days = [today + timedelta(days=n) for n in range(366)]
    return [(on, _holiday_name(on)) for on in days if on in listed]


def _clocks_in_closed_time(cal: Calendar, today: date) -> list[tuple[date, str, int, int]]:
    """Days of the next two months on which the office is closed, yet clocks that run already end: day, name, tasks, timers."""
    start = timezone.make_aware(datetime.combine(today, datetime.min.time()))
    until = start + timedelta(days=62)
    special = _days()
    tasks = _by_day(Task.objects.filter(state=Task.State.OPEN, due_at__gte=start, due_at__lt=until))
    timers = _by_day(Timer.objects.filter(due_at__gte=start, due_at__lt=until))
    closed = sorted(on for on in {*tasks, *timers} if not hours_of(on, cal))
    return [(on, _day_name(on, special), tasks.get(on, 0), timers.get(on, 0)) for on in closed]


def _day_name(on: date, special: dict[date, SpecialDay]) -> str:
    return special[on].name if on in special else _holiday_name(on) or str(WEEKDAYS[on.weekday()])


def _by_day(rows: Any) -> dict[date, int]:
    return dict(rows.order_by().annotate(on=TruncDate("due_at")).values_list("on").annotate(count=Count("pk")))


def _tell_of_clocks(request: StaffRequest, on: date) -> None:
    """What runs already keeps its hour: say how much that is."""
    start = timezone.make_aware(datetime.combine(on, datetime.min.time()))
    ending = Task.objects.filter(state=Task.State.OPEN, due_at__gte=start, due_at__lt=start + timedelta(days=1)).count()
    if ending:
        words = _("%(count)s tareas abiertas vencen ese día; su plazo ya corría y no se mueve.")
        messages.warning(request, words % {"count": ending})


def _events() -> list[dict[str, Any]]:
    rows = history_of(Policy).filter(code__in=CODES).select_related("changed_by").order_by("-pgh_id")[:12]
    return [
        {
            "at": row.changed_at,
            "title": str(policies.definition(row.code).label),
            "by": row.changed_by,
            "text": row.reason,
            "icon": "calendar-time",
            "tone": "info",
        }
        for row in rows
    ]
