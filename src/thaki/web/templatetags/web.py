"""`{% load web %}`: what only the staff's screens need beside the components of `ui`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from thaki.cases import permissions, versions
from thaki.people.roles import ROLE_NAMES, Role
from thaki.ui import formats
from thaki.web import tour
from thaki.web.names import EFFECTS, KINDS, PARTS, TROUBLES
from thaki.web.reading import title
from thaki.web.views.incidents import correctable as correctable_texts

if TYPE_CHECKING:
    from thaki.cases.models import Case, CaseDocument, Effect, Incident, ProcedureVersion, Task
    from thaki.people.models import User

register = template.Library()


@register.filter
def step_title(task: Task, case: Case | None = None) -> str:
    """The name of a task's step, without its number; `case` where the task was read without it."""
    node = versions.of_id((case or task.case).version_id).procedure.nodes.get(task.node)
    return title(node) if node else task.node


@register.filter
def node_title(node: str, case: Case) -> str:
    """The name of an element of a case's procedure."""
    found = versions.of_id(case.version_id).procedure.nodes.get(node)
    return title(found) if found else node


@register.filter
def role_name(code: str) -> str:
    """A role as the signed procedures name it."""
    return str(ROLE_NAMES[Role(code)]) if code in ROLE_NAMES else code


@register.filter
def outcome_name(case: Case) -> str:
    """How a case ended, as the end event that it reached is called."""
    if not case.outcome:
        return ""
    nodes = versions.of_id(case.version_id).procedure.nodes.values()
    return next((node.name for node in nodes if node.outcome == case.outcome and node.name), case.outcome)


@register.filter
def document_kind(code: str) -> str:
    """What a document of a case is, in words; an unknown kind shows its own code."""
    return str(KINDS.get(code, code))


@register.filter
def may_open(link: CaseDocument, user: User) -> bool:
    """Whether the person may open a document of a case; the link's case is known."""
    return permissions.can_open(user, link.case, link.kind, link.attached_by_id)


@register.filter
def openable(links: Iterable[CaseDocument], user: User) -> set[int]:
    """The ids of the documents that the person may open."""
    return {link.document_id for link in links if may_open(link, user)}


@register.filter
def effect_name(effect: Effect) -> str:
    """What was to be done in the outside world."""
    return str(EFFECTS.get(effect.kind, effect.kind))


@register.filter
def plain_error(error: str) -> str:
    """What went wrong in words, where the machine's own words are a known trouble; else those."""
    known = next((str(words) for sign, words in TROUBLES if sign in error), "")
    if known or not _OF_THE_PROGRAM.match(error):
        return known or error
    return _("Falló algo que el sistema no esperaba. Reintente; si se repite, avise al administrador.")


_OF_THE_PROGRAM = re.compile(r"[A-Za-z_.]+(?:Error|Exception|Applicable|DoesNotExist)\b")


@register.filter
def part_name(code: str) -> str:
    """In what two versions differ."""
    return str(PARTS.get(code, code))


@register.filter
def incident_place(incident: Incident) -> str:
    """The step at which it happened."""
    node = versions.of_id(incident.case.version_id).procedure.nodes.get(incident.node)
    return node.name if node else incident.node


@register.filter
def correctable(incident: Incident) -> bool:
    """Whether the effect was given texts that a person can mend."""
    return bool(correctable_texts(incident))


@register.filter
def owns_procedures(user: User) -> bool:
    """Whether the person publishes versions."""
    return user.has_role(Role.GESTION_CALIDAD)


@register.simple_tag(takes_context=True)
def fragment(context: Context, name: str, values: dict[str, Any]) -> SafeString:
    """A procedure's own template with its own values.

    Its names (a "request" that was not served, "events" of an order…) stay inside and cannot hide those of the page.
    """
    with context.push(**values):
        assert context.template is not None  # a tag runs inside a template
        return context.template.engine.get_template(name).render(context)


@register.inclusion_tag("web/tour.html", takes_context=True)
def first_visit_tour(context: Context) -> dict[str, Any]:
    """The tour of the page's person, where it is due."""
    request = context["request"]
    return {"stops": tour.stops(request.user, leads=bool(context.get("leads"))) if tour.offered(request) else ()}


@register.simple_tag
def procedure_subtitle(row: ProcedureVersion) -> str:
    """Which version a page shows, and since when it is in force."""
    words = {"n": row.number, "day": formats.format_date(row.published_at)}
    if row.state == "published":
        return _("Versión %(n)s, vigente desde el %(day)s") % words
    return _("Versión %(n)s, borrador") % words if row.state == "draft" else _("Versión %(n)s, retirada") % words


@register.simple_tag
def procedure_tabs(row: ProcedureVersion, active: str) -> list[dict[str, Any]]:
    """The pages of a procedure."""
    query = "" if row.state == "published" else f"?version={row.number}"
    pages = (
        ("text", _("Texto y pasos"), reverse("procedure", args=[row.code]) + query, "file-text"),
        ("diagram", _("Diagrama"), reverse("procedure_diagram", args=[row.code]) + query, "sitemap"),
        ("heat", _("Mapa de calor"), reverse("procedure_heat", args=[row.code]), "chart-bar"),
        ("versions", _("Versiones"), reverse("procedure_versions", args=[row.code]), "versions"),
    )
    return [{"label": label, "href": href, "icon": icon, "active": key == active} for key, label, href, icon in pages]
