"""Demand not served (19): the living list, its map and charts, its files, and the report of every working morning."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from python_calamine import CalamineWorkbook
from tests.integration.sales.conftest import HOME, Walk

from thaki.channels.email import post
from thaki.channels.email.models import OutboundMail
from thaki.people import policies
from thaki.people.models import User
from thaki.procedures.sales import jobs, unserved_list
from thaki.procedures.sales.models import UnservedReport, UnservedRequest
from thaki.procedures.sales.reports import unserved
from thaki.procedures.sales.unserved_list import Filters, read_filters
from thaki.records.documents import operations as documents

MONDAY = datetime(2026, 11, 23, 11, tzinfo=UTC)
LIST = "/ventas/no-atendidas/"


@pytest.fixture
def lost(walk: Walk) -> UnservedRequest:
    """No capacity at HOME."""
    walk.to(7)
    walk.done(7, {"capacity": "no", "reason": "no_ports"})
    return UnservedRequest.objects.get()


@pytest.fixture
def chief(people: dict[str, User], client: Client) -> Client:
    client.force_login(people["canales1"])
    return client


def more(request: UnservedRequest, count: int, **values: object) -> None:
    """The same sale again, elsewhere or otherwise lost."""
    for n in range(count):
        told = {"lat": HOME[0] + n * 0.00001, "lon": HOME[1], "zone": request.zone, "technology": request.technology}
        UnservedRequest.objects.create(
            sale=request.sale, reason="no_answer", left_at_step=1, arrived_at=request.arrived_at, **{**told, **values}
        )


# ---------------------------------------------------------------- what is kept with a request
def test_a_request_keeps_where_it_was_and_what_it_would_have_had(lost: UnservedRequest) -> None:
    assert (lost.zone, lost.technology) == ("Queru Queru", "FO")
    assert (lost.lat, lost.lon) == pytest.approx(HOME)


# ---------------------------------------------------------------- filters
@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 4),
        ("motivo=no_capacity", 1),
        ("motivo=no_answer&zona=Sarco", 3),
        ("tecnologia=HFC", 3),
        ("tecnologia=ninguna", 0),
        ("q=maría rojas", 4),
        ("q=7123", 4),
        ("q=nadie", 0),
        ("desde=2026-11-23&hasta=2026-11-23", 4),
        ("hasta=2026-11-22", 0),
        ("estado=retomadas", 0),
        ("motivo=nada&estado=x&desde=31-31&hasta=0001-01-01&tecnologia=y", 4),  # nonsense is passed over
    ],
)
def test_the_list_is_what_the_address_asks_for(lost: UnservedRequest, query: str, count: int) -> None:
    more(lost, 3, zone="Sarco", technology="HFC")
    asked = read_filters(dict(part.split("=") for part in query.split("&") if part))
    assert unserved_list.rows(asked, now=MONDAY + timedelta(hours=8)).count() == count


def test_the_address_says_the_filters_and_nothing_else() -> None:
    assert Filters().query() == ""
    assert read_filters({"motivo": "no_answer", "estado": "todas"}).query(zona="Sarco") == (
        "estado=todas&motivo=no_answer&zona=Sarco"
    )


def test_decided_long_ago_is_only_shown_when_asked_for(lost: UnservedRequest) -> None:
    now = MONDAY + timedelta(days=200)
    assert unserved_list.found(Filters("todas"), now=now).count() == 0
    assert unserved_list.found(Filters("todas", since=MONDAY.date()), now=now).count() == 1
    assert unserved_list.found(Filters(), now=now).count() == 1  # what waits is never too old


@pytest.mark.parametrize("view", ["", "mapa/", "grafico/", "reportes/"])
@pytest.mark.parametrize("query", ["", "?estado=dejadas", "?motivo=no_answer&zona=X"])
def test_every_view_is_there_empty_and_not(chief: Client, lost: UnservedRequest, view: str, query: str) -> None:
    assert chief.get(f"{LIST}{view}{query}").status_code == 200


# ---------------------------------------------------------------- map
def where(zoom: int) -> str:
    south, west = HOME[0] - 0.05, HOME[1] - 0.05
    return f"?oeste={west}&sur={south}&este={west + 0.1}&norte={south + 0.1}&z={zoom}"


def test_near_dots_are_one_and_part_when_the_map_comes_nearer(chief: Client, lost: UnservedRequest) -> None:
    more(lost, 2)
    UnservedRequest.objects.filter(pk=lost.pk).update(lat=HOME[0] + 0.01)
    far = chief.get(f"{LIST}mapa.json{where(10)}").json()["features"]
    near = chief.get(f"{LIST}mapa.json{where(16)}").json()["features"]
    assert [dot["properties"]["n"] for dot in far] == [3]
    assert [dot["properties"]["n"] for dot in near] == [2, 1]
    assert near[1]["properties"]["href"] == f"/casos/{lost.sale.case.number}/"


def test_what_lies_outside_the_map_is_not_sent(chief: Client, lost: UnservedRequest) -> None:
    UnservedRequest.objects.update(lat=-10.0)
    assert chief.get(f"{LIST}mapa.json{where(13)}").json()["features"] == []


@pytest.mark.parametrize("box", ["?z=x", "?oeste=9&este=1&sur=0&norte=1&z=3", "?oeste=nan&este=1&sur=0&norte=1&z=inf"])
def test_a_box_that_is_none_is_everywhere(chief: Client, lost: UnservedRequest, box: str) -> None:
    assert len(chief.get(f"{LIST}mapa.json{box}").json()["features"]) == 1


def test_a_request_without_a_place_is_in_the_list_alone(chief: Client, lost: UnservedRequest) -> None:
    UnservedRequest.objects.update(lat=None, lon=None)
    assert "Nada que poner en el mapa" in chief.get(f"{LIST}mapa/").content.decode()
    assert lost.sale.case.number in chief.get(LIST).content.decode()


# ---------------------------------------------------------------- charts
def test_the_charts_add_up(lost: UnservedRequest) -> None:
    more(lost, 3, zone="Sarco", technology="HFC")
    counted = unserved_list.counts(Filters(), now=MONDAY)
    for side in (unserved_list.REASON, unserved_list.ZONE, unserved_list.TECHNOLOGY):
        assert sum(n for _name, n in counted.by(side)) == counted.total == 4
    assert counted.by(unserved_list.ZONE)[0] == ("Sarco", 3)


def test_a_bar_leads_to_its_part_of_the_list(chief: Client, lost: UnservedRequest) -> None:
    more(lost, 1, technology="")
    page = chief.get(f"{LIST}grafico/?zona=Queru+Queru").content.decode()
    assert 'href="?motivo=no_capacity&amp;zona=Queru+Queru"' in page
    assert "tecnologia=ninguna" in page


# ---------------------------------------------------------------- files on demand
def test_the_workbook_holds_what_the_list_shows(chief: Client, lost: UnservedRequest) -> None:
    more(lost, 2)
    book = CalamineWorkbook.from_filelike(BytesIO(chief.get("/ventas/no-atendidas.xlsx?motivo=no_answer").content))
    assert [row[5] for row in book.get_sheet_by_name("No atendidas").to_python()[3:]] == ["No contesta"] * 2


def test_the_paper_is_one_too(chief: Client, lost: UnservedRequest) -> None:
    assert chief.get("/ventas/no-atendidas.pdf?zona=Sarco").content.startswith(b"%PDF")


# ---------------------------------------------------------------- every working morning
def jobs_of(task: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", [task])
        return int(cursor.fetchone()[0])


def test_it_is_made_once_a_working_morning(lost: UnservedRequest) -> None:
    assert jobs.make_unserved_report(now=MONDAY) is not None
    assert jobs.make_unserved_report(now=MONDAY + timedelta(hours=1)) is None
    assert UnservedReport.objects.count() == 1


@pytest.mark.parametrize("day", [21, 22])  # Saturday, Sunday
def test_not_on_a_day_off(lost: UnservedRequest, day: int) -> None:
    assert jobs.make_unserved_report(now=datetime(2026, 11, day, 11, tzinfo=UTC)) is None


def test_it_is_frozen_to_the_byte(chief: Client, lost: UnservedRequest) -> None:
    made = jobs.make_unserved_report(now=MONDAY)
    assert made is not None
    more(lost, 2)
    assert chief.get(f"{LIST}reportes/{made.pk}.pdf").content == documents.read(made.pdf)
    assert chief.get(f"{LIST}reportes/{made.pk}.xlsx").content == documents.read(made.xlsx)
    assert (made.total, made.by_reason) == (1, [["Sin capacidad técnica", 1]])


def test_it_is_mailed_to_who_must_have_it(lost: UnservedRequest, people: dict[str, User]) -> None:
    policies.set("sales.unserved_report_copies", "jefe@comteco.example, nadie", by=None, reason="prueba", now=MONDAY)
    jobs.make_unserved_report(now=MONDAY)
    mails = OutboundMail.objects.filter(case=None).order_by("to")
    assert [mail.to for mail in mails] == [people["canales1"].email, "jefe@comteco.example"]
    assert "Sin capacidad técnica: 1" in mails[0].text
    assert mails[0].documents.count() == 2
    assert jobs_of("email.send_posted") == 2


def test_a_posted_mail_is_sent_once(lost: UnservedRequest, people: dict[str, User], mailoutbox: list[object]) -> None:
    jobs.make_unserved_report(now=MONDAY)
    mail = OutboundMail.objects.get(to=people["canales1"].email, case=None)
    post.send_posted(mail.pk)
    post.send_posted(mail.pk)
    assert len(mailoutbox) == 1


def test_an_empty_morning_is_reported_as_such(people: dict[str, User]) -> None:
    made = unserved.make(now=MONDAY)
    assert made is not None
    assert "No hay solicitudes" in OutboundMail.objects.get().text
