"""Every page of the project, opened by somebody who may, on a real record: WCAG 2.2 AA, light and dark, 1440 and 360 px.

The pages are those of the access table; `page_table.py` says how each is opened. What a rule finds is told by the page's name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from django.urls import resolve, reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer
from tests.acceptance import axe
from tests.acceptance import page_table as pages
from tests.acceptance.people import PASSWORD
from tests.acceptance.small_house import furnish
from tests.integration.access_table import TABLE
from tests.integration.test_access_matrix import ALL, Address
from tests.running import database_like_ours

from thaki.cases import versions
from thaki.cases.models import Case, Task
from thaki.channels.website.models import CustomerLink
from thaki.people.models import User

pytestmark = pytest.mark.browser
WORK = {
    "account": "sign-in",
    "mfa": "sign-in",
    "socialaccount": "sign-in",
    "procedure": "procedures",
    "customer": "customers",
}
ADDRESSES = {address.name: address for address in ALL}
STEPS = 27  # with an open task in the small house: all that are a person's, and both refunds


def room(name: str) -> str:
    """Where an address belongs, so that each test has a name."""
    first, colon, _rest = name.partition(":")
    return first if colon else WORK.get(name.partition("_")[0], "work")


ROOMS: dict[str, list[str]] = defaultdict(list)
for _name in TABLE:
    ROOMS[room(_name)].append(_name)


# ---------------------------------------------------------------- the house and its visitor
@pytest.fixture(scope="module")
def tables(django_db_setup: None, django_db_blocker: DjangoDbBlocker, django_db_keepdb: bool) -> Iterator[None]:
    """The tests' own database: pytest-django makes none where no chosen test is marked as using one, as none here is."""
    if connections["default"].settings_dict["NAME"].startswith("test_"):
        yield
        return
    with django_db_blocker.unblock():
        made = setup_databases(
            verbosity=0,
            interactive=False,
            keepdb=django_db_keepdb,
            aliases={"default": False},
            serialized_aliases=set(),
        )
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0, keepdb=django_db_keepdb)


@pytest.fixture(scope="module")
def server(
    tables: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """A small house in a database of its own, served from this process."""
    data: Path = tmp_path_factory.mktemp("house")
    here = connections["default"].settings_dict
    with pytest.MonkeyPatch.context() as patch, database_like_ours("pages") as url, django_db_blocker.unblock():
        patch.setitem(here, "NAME", urlsplit(url).path.lstrip("/"))
        patch.setattr(settings, "DATA_DIR", data)
        patch.setattr(settings, "MAIL_FOLDER", data / "mail")
        patch.setattr(settings, "DEMO", True)
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        versions.forget()
        furnish(timezone.now())
        started = LiveServer("127.0.0.1")
        yield started
        started.stop()
        connections.close_all()
    versions.forget()


class Visitor:
    """One browser in which now this person has signed in and now that one, so that what it fetched once it has."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.titles: dict[str, set[str]] = defaultdict(set)
        self._sessions: dict[str, str] = {}

    def become(self, login: str) -> None:
        """Sign in, or out with ""."""
        self.page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        if login:
            value = self._sessions.setdefault(login, self._sessions.get(login) or _session(login))
            self.take(value)

    def take(self, session: str) -> None:
        """Have this session."""
        self.page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.url}])

    def look(self, path: str, login: str, status: int = 200) -> list[str]:
        """What is wrong with a page."""
        self.become(login)
        found = axe.look(self.page, f"{self.url}{path}", status)
        name = resolve(path.partition("?")[0]).view_name if status != 404 else ""
        if found.title:
            self.titles[found.title].add(name)
        if found.landed and found.landed != path.partition("?")[0] and name not in pages.LANDS:
            found.complaints.append(f"sent to {found.landed}")
        return found.complaints


def _session(login: str) -> str:
    """The key of a fresh session, of somebody who has just said his password again."""
    client = Client()
    client.force_login(User.objects.get(username=login), backend="django.contrib.auth.backends.ModelBackend")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture(scope="module")
def visitor(server: LiveServer, chrome: Browser) -> Iterator[Visitor]:
    context = chrome.new_context(locale="es-BO", reduced_motion="reduce", service_workers="block")
    page = context.new_page()
    axe.prepare(page)
    yield Visitor(page, server.url)
    context.close()


def path_of(name: str) -> str:
    """An address on a real record, or on nothing where none is named."""
    address: Address = ADDRESSES[name]
    if name in pages.ARGUMENTS:
        return reverse(name, kwargs=dict(pages.ARGUMENTS[name]()))
    return address.url(TABLE[name])


# ---------------------------------------------------------------- what is looked at
@pytest.mark.parametrize("names", ROOMS.values(), ids=ROOMS.keys())
def test_every_page_of_a_room(names: list[str], visitor: Visitor) -> None:
    found: dict[str, Any] = {}
    for name in names:
        if name in pages.NO_PAGE or name == "account_logout":
            continue
        for login, more in ((pages.opened_by(name, TABLE[name]), ""), *pages.SIGHTS.get(name, ())):
            found[f"{name} {login} {more}"] = visitor.look(path_of(name) + more, login, pages.STATUS.get(name, 200))
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_every_step_as_its_person_sees_it(visitor: Visitor) -> None:
    found, seen = {}, set()
    for task in Task.objects.filter(state=Task.State.OPEN, assignee__isnull=False).select_related("assignee", "case"):
        sight = f"{task.case.procedure} {task.node}"
        if sight not in seen:
            found[sight] = visitor.look(f"/tareas/{task.pk}/", _login(task))
            seen.add(sight)
            for code, href in _questions(visitor.page):
                if code not in seen:
                    found[code] = visitor.look(href, _login(task))
                    seen.add(code)
    assert len(found) >= STEPS
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def _login(task: Task) -> str:
    assert task.assignee is not None
    return task.assignee.username


def _questions(page: Page) -> list[tuple[str, str]]:
    """The actions that a step's page offers: the last part of their addresses, and these."""
    links: list[str] = page.eval_on_selector_all("a[data-ask]", "all => all.map(a => a.getAttribute('href'))")
    return [(link.rstrip("/").rpartition("/")[2], link) for link in links]


def test_what_the_customer_sees_behind_his_link(visitor: Visitor) -> None:
    stages = [*(f"Step_{step}" for step in ("1", "5", "8", "9", "11", "12", "23", "25")), "Refund_Withdrawn"]
    cases = {node: pages.a_case(node) for node in stages} | {"closed": pages.a_closed_case()}
    ended = {c.outcome: c for c in Case.objects.filter(procedure="sales").exclude(outcome="")}
    found = {stage: visitor.look(f"/mi-solicitud/{pages.a_link(case)}/", "") for stage, case in (cases | ended).items()}
    gone = pages.a_link(cases["closed"])
    CustomerLink.objects.filter(case=cases["closed"]).update(revoked_at=timezone.now())
    found["gone"] = visitor.look(f"/mi-solicitud/{gone}/", "", 404)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_what_is_told_to_who_may_not_or_asks_for_nothing(visitor: Visitor) -> None:
    found = {
        "refused": visitor.look("/personas/", pages.ANYBODY, 403),
        "nowhere": visitor.look("/no-hay/", pages.ANYBODY, 404),
        "nowhere, a stranger": visitor.look("/no-hay/", "", 404),
    }
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_the_second_question_of_the_entrance(visitor: Visitor) -> None:
    client = Client()
    client.post("/cuenta/login/", {"login": pages.SECURED, "password": PASSWORD})
    visitor.become("")
    visitor.take(client.cookies[settings.SESSION_COOKIE_NAME].value)
    assert axe.look(visitor.page, f"{visitor.url}/cuenta/2fa/authenticate/").complaints == []


# A page of each kind, and what of it must be there on paper.
PAPERS = (
    ("/", pages.ANYBODY, ".tk-table"),
    ("/ventas/prospectos/", "canales1", ".sales-board"),
    ("/ventas/seguimiento/", "ventas1", ".sales-board"),
    ("/ventas/no-atendidas/", "canales1", ".tk-table"),
    ("/ventas/depositos/cierre/", "cobranzas1", ".tk-stats"),
    ("/tablero/", "jefeventas1", ".tk-stat"),
    ("/procedimientos/sales/", "procesos1", ".tk-signed"),
    ("{case}", "canales1", ".tk-panel"),
    ("{task}", pages.ANYBODY, "form[data-draft-url] fieldset"),
)
NOT_ON_PAPER = ".tk-side, .tk-top, .tk-bottom, .tk-tabs, .tk-filters, .tk-toasts, .btn, button"


@pytest.mark.parametrize(("path", "login", "wanted"), PAPERS)
def test_on_paper_there_is_the_content_and_no_frame(path: str, login: str, wanted: str, visitor: Visitor) -> None:
    case, task = pages.a_closed_case().number, pages.a_task("Step_9", pages.ANYBODY)
    page = visitor.page
    visitor.become(login)
    page.set_viewport_size({"width": 816, "height": 1056})
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(visitor.url + path.format(case=f"/casos/{case}/", task=f"/tareas/{task}/"))
    shown = page.eval_on_selector_all(NOT_ON_PAPER, "all => all.filter(e => e.checkVisibility()).map(e => e.outerHTML)")
    name = User.objects.get(username=login)
    text = page.locator(".tk-paper").inner_text()
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.emulate_media(media="screen")
    assert (shown, ground) == ([], "rgb(255, 255, 255)")
    assert str(name) in text
    assert page.locator(wanted).count()


def test_what_is_excused_is_no_page(server: LiveServer) -> None:
    found = {}
    for name, instead in pages.NO_PAGE.items():
        client = Client(raise_request_exception=False)
        if login := pages.opened_by(name, TABLE[name]):
            client.cookies[settings.SESSION_COOKIE_NAME] = _session(login)
        answer = client.get(path_of(name))
        if not _is(instead, answer):
            found[name] = f"{instead}? {answer.status_code} {answer.headers.get('Content-Type')}"
    assert found == {}


def _is(instead: str, answer: Any) -> bool:
    if instead == pages.FILE:
        return not answer.headers["Content-Type"].startswith("text/html")
    if instead == pages.PART:
        return answer.status_code == 200 and b"<html" not in answer.content
    if instead == pages.DOOR:
        return answer.status_code == 200 and b"<script" in answer.content
    return answer.status_code in (302, 404)


def test_no_two_pages_have_one_title(visitor: Visitor) -> None:
    assert {title: names for title, names in visitor.titles.items() if len(names) > 1} == {}
