"""The policies' pages: every value of the readings, who changed it and why."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thaki.people import policies, texts
from thaki.people.access import StaffRequest, any_staff, staff
from thaki.people.forms import PolicyForm
from thaki.people.models import PlannedPolicy, Policy, User, history_of
from thaki.people.policies import Definition, Kind
from thaki.people.roles import Role
from thaki.ui import formats

OWNERS = (Role.GESTION_CALIDAD, Role.ADMINISTRADOR)
# Who decides the values of a room beside them, by the first part of the code.
OTHER_OWNERS: Mapping[Role, str] = {Role.GERENCIA_COMERCIAL: "retention"}
# What the first part of a code stands for; a room that is not here shows its code.
ROOMS = {
    "calendar": gettext_lazy("Horario y feriados"),
    "sales": gettext_lazy("Gestión de Ventas Digitales"),
    "retention": gettext_lazy("Evitar bajas"),
    "email": gettext_lazy("Correo"),
    "website": gettext_lazy("Página web y enlace del cliente"),
    "cases": gettext_lazy("Casos"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """A value with the moment from which it was, is or will be in force."""

    value: str
    changed_at: datetime
    changed_by: User | None
    reason: str
    entered_at: datetime | None = None  # of one that was entered ahead


@dataclass(frozen=True, slots=True)
class Line:
    """A policy as the list shows it."""

    known: Definition
    value: str
    default: str
    changed: Change | None
    coming: Change | None  # the next one that was entered ahead

    @property
    def unit(self) -> str:
        """The unit beside the value, unless the value's own writing says it already."""
        return "" if self.known.kind in (Kind.PERCENT, Kind.MONEY) else str(self.known.unit)


def shown(known: Definition, value: policies.Value) -> str:
    """A value as people read it."""
    if known.kind is Kind.BOOLEAN:
        return _("Sí") if value else _("No")
    if known.kind is Kind.MONEY:
        return formats.format_money(Decimal(str(value)))
    if known.kind is Kind.PERCENT:
        return formats.format_percent(Decimal(str(value)))
    text = str(value).replace(".", ",") if known.kind is Kind.DECIMAL else str(value)
    return text or formats.NOTHING


def line(known: Definition, changes: Iterable[Change], now: datetime) -> Line:
    """The line of one policy, of what was set and what was entered ahead."""
    ordered = sorted(changes, key=lambda change: change.changed_at)
    begun = [change for change in ordered if change.changed_at <= now]
    coming = [change for change in ordered if change.changed_at > now]
    row = begun[-1] if begun else None
    value = _as_shown(known, row.value) if row else shown(known, known.default)
    return Line(known, value, shown(known, known.default), row, coming[0] if coming else None)


def _changes(*codes: str) -> Mapping[str, list[Change]]:
    """What was set and what was entered ahead, by code; of all of them when none is named."""
    found: dict[str, list[Change]] = {}
    only = {"code__in": codes} if codes else {}
    for row in Policy.objects.filter(**only).select_related("changed_by"):
        change = Change(row.value, row.changed_at, row.changed_by, row.reason)
        found.setdefault(row.code, []).append(change)
    for ahead in _planned().filter(**only):
        found.setdefault(ahead.code, []).append(_ahead(ahead))
    return found


def _planned() -> QuerySet[PlannedPolicy]:
    return PlannedPolicy.objects.select_related("changed_by").order_by("from_at")


def _ahead(row: PlannedPolicy) -> Change:
    return Change(row.value, row.from_at, row.changed_by, row.reason, row.entered_at)


@any_staff
def policy_list(request: StaffRequest) -> HttpResponse:
    """Every policy, by room."""
    asked = request.GET.get("q", "").strip()[:80]
    only_changed = request.GET.get("cambiadas") == "1"
    now, changes = timezone.now(), _changes()
    rooms: dict[str, list[Line]] = {}
    for known in policies.definitions():
        if known.code.startswith(texts.PREFIX):
            continue  # they have pages of their own
        if not _matches(known, asked) or (only_changed and known.code not in changes):
            continue
        rooms.setdefault(known.code.partition(".")[0], []).append(line(known, changes.get(known.code, ()), now))
    titled = [(str(ROOMS.get(room, room)), lines) for room, lines in rooms.items()]
    return render(request, "people/policies.html", {"rooms": titled, "only_changed": only_changed})


def _matches(known: Definition, asked: str) -> bool:
    """Every word is in the policy's name, code, unit or reading, accents aside."""
    room = ROOMS.get(known.code.partition(".")[0], "")
    told = _plain(f"{known.label} {known.code} {known.unit} {known.reading} {room}")
    return all(word in told for word in _plain(asked).split())


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@any_staff
def policy_page(request: StaffRequest, code: str) -> HttpResponse:
    """One policy: its value, its history, and the form for who may change it."""
    known = _known(code)
    return _page(request, known, _form(request, known))


@staff(*OWNERS, *OTHER_OWNERS)
def policy_change(request: StaffRequest, code: str) -> HttpResponse:
    """Set a value."""
    known = _known(code)
    if not may_change(request.user, code):
        raise PermissionDenied
    if request.method != "POST":
        return redirect("people:policy", code=code)
    form = _form(request, known)
    if not form.is_valid():
        return _page(request, known, form, status=422)
    told, now = form.cleaned_data, timezone.now()
    value, since = told["value"], told["effective_from"]
    policies.set(code, value, by=request.user, reason=told["reason"], now=now, effective_from=since)
    says = {"value": shown(known, value), "day": formats.format_date(since) if since else ""}
    ahead = since is not None and since > now
    text = _("Desde el %(day)s rige: %(value)s.") if ahead else _("Nuevo valor: %(value)s.")
    messages.success(request, text % says)
    return redirect("people:policy", code=code)


@staff(*OWNERS)
def policy_unplan(request: StaffRequest, code: str) -> HttpResponse:
    """Take back a value entered ahead."""
    known = _known(code)
    moment = parse_datetime(request.POST.get("from_at", ""))
    if request.method == "POST" and moment and policies.unplan(known.code, moment, now=timezone.now()):
        messages.success(request, _("El cambio previsto se quitó."))
    elif request.method == "POST":
        messages.error(request, _("Ese cambio ya rige o ya no está previsto."))
    return redirect("people:policy", code=code)


def _known(code: str) -> Definition:
    try:
        return policies.definition(code)
    except policies.UnknownPolicy as error:
        raise Http404 from error


def _form(request: StaffRequest, known: Definition) -> PolicyForm:
    initial = {"value": policies.serialise(policies.get(known.code)).replace(".", "," if _decimal(known) else ".")}
    return PolicyForm(request.POST or None, known=known, initial=initial)


def _decimal(known: Definition) -> bool:
    return known.kind in (Kind.DECIMAL, Kind.MONEY, Kind.PERCENT)


def _page(request: StaffRequest, known: Definition, form: PolicyForm, status: int = 200) -> HttpResponse:
    now = timezone.now()
    planned = [_ahead(row) for row in _planned().filter(code=known.code)]
    events = _history(known, [change for change in planned if change.changed_at <= now])
    context = {
        "line": line(known, _changes(known.code).get(known.code, ()), now),
        "coming": [(each, _as_shown(known, each.value)) for each in planned if each.changed_at > now],
        "form": form,
        "events": events,
        "default": policies.serialise(known.default),
        "is_default": not events or events[0]["value"] == policies.serialise(known.default),
        "calendar": known.code.startswith("calendar."),
        "may_change": may_change(request.user, known.code),
    }
    return render(request, "people/policy.html", context, status=status)


def may_change(user: User, code: str) -> bool:
    """Whether the person decides the values of that code."""
    room = code.partition(".")[0]
    return user.has_role(*OWNERS, *(role for role, owned in OTHER_OWNERS.items() if owned == room))


def _history(known: Definition, begun: list[Change]) -> list[dict[str, object]]:
    """Each value with the one before it, the latest first; an earlier one can be taken up again."""
    kept = history_of(Policy).filter(code=known.code).select_related("changed_by").order_by("-pgh_id")[:51]
    set_then = [Change(event.value, event.changed_at, event.changed_by, event.reason) for event in kept]
    events = sorted([*set_then, *begun], key=lambda change: change.changed_at, reverse=True)
    rows = []
    for event, before in zip(events, [*events[1:], None], strict=False):
        rows.append(
            {
                "at": event.changed_at,
                "value": event.value,
                "shown": _as_shown(known, event.value),
                "before": _as_shown(known, before.value) if before else shown(known, known.default),
                "by": event.changed_by,
                "reason": event.reason,
                "entered_at": event.entered_at,
                "current": event is events[0],
            }
        )
    return rows[:50]


def _as_shown(known: Definition, text: str) -> str:
    """A value of the history; one that would not fit any more is shown as it was written."""
    try:
        return shown(known, policies.parse(known, text))
    except policies.BadValue:
        return text
