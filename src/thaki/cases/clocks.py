"""Turns the times that a procedure names into instants: with the policies and the business calendar."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from thaki.cases.rules import Span, parse_cycle, parse_instant, parse_span
from thaki.engine.procedure import TimerKind, TimerSpec
from thaki.people import policies
from thaki.people.calendar import add_office_time, add_working_days
from thaki.people.working_hours import office_calendar


class BadTime(Exception):
    """The procedure names a time that cannot be read."""


def instant(spec: TimerSpec, now: datetime, since: datetime | None = None) -> datetime:
    """When a timer armed, or a task opened, `now` is due; it counts from `since` where the procedure names a moment.

    Raises BadTime when the value is no ISO 8601 time. What is already past is due at once: never before `now`.
    """
    try:
        return max(now, _instant(spec, timezone.localtime(since or now)))
    except (ValueError, OverflowError) as error:
        raise BadTime(str(error)) from error


def _instant(spec: TimerSpec, now: datetime) -> datetime:
    if spec.policy:
        return _after(_policy_span(spec), spec, now)
    if spec.kind is TimerKind.DATE:
        return parse_instant(spec.value, timezone.get_default_timezone())
    if spec.kind is TimerKind.CYCLE:
        cycle = parse_cycle(spec.value, timezone.get_default_timezone())
        return _after(cycle.span, spec, now) if cycle.start is None else cycle.next_after(now)
    return _after(parse_span(spec.value), spec, now)


def _policy_span(spec: TimerSpec) -> Span:
    """The number that the policy holds now, in the unit that the procedure says."""
    return Span(time=timedelta(**{spec.unit: float(policies.get(spec.policy))}))


def _after(span: Span, spec: TimerSpec, now: datetime) -> datetime:
    """Calendar time, or office time; whole days of office time are working days, at the same hour."""
    if spec.calendar != "office":
        return span.after(now)
    calendar = office_calendar()
    if not span.months and span.time >= timedelta(days=1) and not span.time % timedelta(days=1):
        day = add_working_days(now.date(), span.time.days, calendar)
        return add_office_time(datetime.combine(day, now.timetz()), timedelta(0), calendar)
    start = span.after(now) - span.time if span.months else now
    return add_office_time(start, span.time, calendar)
