"""The policies' pages: every value of the readings, who changed it and why."""

import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thaki.people import policies, texts
from thaki.people.access import StaffRequest, any_staff, staff
from thaki.people.forms import PolicyForm
from thaki.people.models import Policy, history_of
from thaki.people.policies import Definition, Kind
from thaki.people.roles import Role
from thaki.ui import formats

OWNERS = (Role.GESTION_CALIDAD, Role.ADMINISTRADOR)
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
class Line:
    """A policy as the list shows it."""

    known: Definition
    value: str
    default: str
    changed: Policy | None

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


def line(known: Definition, row: Policy | None) -> Line:
    """The line of one policy."""
    value = policies.parse(known, row.value) if row else known.default
    return Line(known, shown(known, value), shown(known, known.default), row)


@any_staff
def policy_list(request: StaffRequest) -> HttpResponse:
    """Every policy, by room."""
    asked = request.GET.get("q", "").strip()[:80]
    only_changed = request.GET.get("cambiadas") == "1"
    rows = {row.code: row for row in Policy.objects.select_related("changed_by")}
    rooms: dict[str, list[Line]] = {}
    for known in policies.definitions():
        if known.code.startswith(texts.PREFIX):
            continue  # they have pages of their own
        if not _matches(known, asked) or (only_changed and known.code not in rows):
            continue
        rooms.setdefault(known.code.partition(".")[0], []).append(line(known, rows.get(known.code)))
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


@staff(*OWNERS)
def policy_change(request: StaffRequest, code: str) -> HttpResponse:
    """Set a value."""
    known = _known(code)
    if request.method != "POST":
        return redirect("people:policy", code=code)
    form = _form(request, known)
    if not form.is_valid():
        return _page(request, known, form, status=422)
    value, reason = form.cleaned_data["value"], form.cleaned_data["reason"]
    policies.set(code, value, by=request.user, reason=reason, now=timezone.now())
    messages.success(request, _("Nuevo valor: %(value)s.") % {"value": shown(known, value)})
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
    row = Policy.objects.select_related("changed_by").filter(code=known.code).first()
    context = {
        "line": line(known, row),
        "form": form,
        "events": _history(known),
        "default": policies.serialise(known.default),
        "is_default": row is None or row.value == policies.serialise(known.default),
        "calendar": known.code.startswith("calendar."),
        "may_change": request.user.has_role(*OWNERS),
    }
    return render(request, "people/policy.html", context, status=status)


def _history(known: Definition) -> list[dict[str, object]]:
    """Each value with the one before it, the latest first; an earlier one can be taken up again."""
    events = list(history_of(Policy).filter(code=known.code).select_related("changed_by").order_by("-pgh_id")[:51])
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
