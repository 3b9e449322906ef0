"""What the command palette offers: the case at hand's actions, what was opened lately, what is found, and the pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thaki.records.text import fold
from thaki.ui import formats, navigation
from thaki.web import finding, recents
from thaki.web.case_page import case_buttons, task_buttons
from thaki.web.case_reads import Opened, open_case, open_task

if TYPE_CHECKING:
    from thaki.people.models import User

LIMIT = 6  # of each group
CASE_TABS = (
    ("case_documents", "files", gettext_lazy("Documentos")),
    ("case_messages", "message", gettext_lazy("Mensajes")),
    ("case_history", "history", gettext_lazy("Historia")),
    ("case_diagram", "sitemap", gettext_lazy("Diagrama")),
)


@dataclass(frozen=True, slots=True)
class Option:
    """Something to go to or to do."""

    label: str
    href: str
    icon: str
    hint: str = ""
    asks: bool = False  # a small question, shown in a dialog where there are scripts


@dataclass(frozen=True, slots=True)
class Group:
    """Options of one kind."""

    title: str
    options: tuple[Option, ...]


def groups(text: str, user: User, path: str) -> list[Group]:
    """What a text means to a person on a page; without a text, what he is likely to want."""
    words = fold(text).split()
    here = [option for option in actions(path, user) if _says(option, words)]
    places = [option for option in pages(user) if _says(option, words)]
    if text:
        offered = [
            *_found(text, user),
            Group(_("En este caso"), tuple(here[:LIMIT])),
            Group(_("Ir a"), tuple(places[:LIMIT])),
        ]
    else:
        lately = tuple(Option(each.label, each.href, each.icon, each.hint) for each in recents.recent(user))
        offered = [
            Group(_("En este caso"), tuple(here)),
            Group(_("Lo último que abrió"), lately),
            Group(_("Ir a"), tuple(places)),
        ]
    return [group for group in offered if group.options]


def pages(user: User) -> list[Option]:
    """The pages of the navigation that the person may use."""
    entries = navigation.places_for(user)
    found = [Option(str(e.label), href, e.icon, str(navigation.GROUPS[e.group])) for e, href in entries]
    return [*found, Option(_("Ayuda"), reverse("help"), "help-circle", _("Guía de su cargo"))]


def actions(path: str, user: User) -> list[Option]:
    """What may be done with the case of a page; nothing on other pages."""
    opened = _opened(path, user)
    if opened is None:
        return []
    page = opened.page
    number = page.case.number
    found = [
        Option(str(action.label), reverse("case_action", args=[number, action.code]), "bolt", asks=True)
        for action in page.actions
    ]
    task = opened.task if opened.task is not None and opened.task.is_open else None
    buttons = task_buttons(task, user, page.node(task).back_to, "") if task is not None else []
    buttons += case_buttons(page.case, user)
    found += [Option(b.label, b.href, b.icon, asks=True) for b in buttons if not b.reason and not b.post]
    return found + [Option(str(label), reverse(name, args=[number]), icon, number) for name, icon, label in CASE_TABS]


def _opened(path: str, user: User) -> Opened | None:
    """The case that a page of ours shows, as far as the person may see it."""
    try:
        here = resolve(path)
        if "task_id" in here.kwargs:
            return open_task(here.kwargs["task_id"], user=user, now=timezone.now())
        if "number" in here.kwargs and (here.url_name or "").startswith("case"):
            return open_case(here.kwargs["number"], user=user, now=timezone.now())
    except (Resolver404, Http404, PermissionDenied):
        pass
    return None


def _says(option: Option, words: list[str]) -> bool:
    """Whether each word begins one of the option's."""
    own = fold(option.label).split()
    return all(any(each.startswith(word) for each in own) for word in words)


# ---------------------------------------------------------------------- what is found
def _found(text: str, user: User) -> list[Group]:
    found = finding.find(text, user, limit=LIMIT)
    customers = [
        Option(c.full_name, reverse("customer", args=[c.pk]), "user", _hint(c.ci or c.nit, c.main_phone))
        for c in found.customers
    ]
    return [
        Group(_("Números"), tuple(_paper(each) for each in found.papers)),
        Group(_("Socios y clientes"), tuple(customers)),
        Group(_("Prospectos"), tuple(_case(each, "user-plus") for each in found.prospects)),
        Group(_("Casos"), tuple(_case(each, "folder") for each in found.cases)),
    ]


def _hint(card: str, phone: str) -> str:
    return " · ".join(part for part in (card, formats.format_phone(phone) if phone else "") if part)


def _case(each: finding.FoundCase, icon: str) -> Option:
    hint = f"{each.case.number} · {each.case.get_state_display()}"
    return Option(each.case.subject or each.case.number, reverse("case", args=[each.case.number]), icon, hint)


def _paper(each: finding.FoundCase) -> Option:
    hint = f"{each.case.subject} · {each.case.number}"
    return Option(each.sign, reverse("case", args=[each.case.number]), "receipt", hint)
