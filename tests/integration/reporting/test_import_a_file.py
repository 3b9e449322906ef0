"""Bringing a file: columns, preview, rows entered, refused, resumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from thaki.people.models import Team, User
from thaki.records.reasons import RuleError
from thaki.reporting import imports
from thaki.reporting.imports import jobs, kinds, operations, running
from thaki.reporting.imports.models import Import, ImportProfile
from thaki.reporting.imports.tables import read_table

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
ROLE = "division_facturacion"


def read(values: dict[str, str], options: Mapping[str, str]) -> str:
    if not values["name"]:
        raise RuleError("import_missing", on="name")
    if values["name"].startswith("mal"):
        raise imports.RowErrors({"name": "No sirve."})
    return values["name"]


def enter(rows: Sequence[imports.Row], batch: imports.Batch) -> list[imports.Outcome]:
    """Teams are at hand: a name is entered once, which the database holds."""
    Team.objects.bulk_create(Team(name=row.values, role=ROLE) for row in rows)
    return [imports.Outcome(note="Nuevo y raro" if row.values == "raro" else "") for row in rows]


KIND = imports.ImportKind(
    code="teams",
    title="Equipos",
    fields=(imports.Field("name", "Nombre", required=True, example="Norte"), imports.Field("city", "Ciudad")),
    validate=read,
    apply=enter,
    roles=frozenset({ROLE}),
    foresee=lambda rows, batch: [f"Nuevo: {row.values}" for row in rows],
    batch=4,
)


@pytest.fixture(autouse=True)
def teams_are_imported(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(kinds._kinds, "teams", KIND)
    yield


@pytest.fixture
def ana() -> User:
    return User.objects.create_user("ana", roles=[ROLE])


@pytest.fixture
def browser(client: Client, ana: User) -> Client:
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    return client


def file(*names: str, head: str = "Nombre;Ciudad") -> bytes:
    return "\n".join([head, *(f"{name};Cbba" for name in names)]).encode()


def brought(ana: User, *names: str) -> Import:
    return operations.receive(KIND, file(*names), name="equipos.csv", by=ana, now=NOW)


def test_half_wrong_rows_keep_the_right_ones(ana: User) -> None:
    found = brought(ana, *(f"{'mal' if n % 2 else 'bien'} {n}" for n in range(20)))
    operations.start(found.pk, KIND, by=ana, now=NOW)
    jobs.run_import(found.pk)
    found.refresh_from_db()
    assert (found.state, found.accepted, found.refused, found.done) == ("done", 10, 10, 20)
    assert found.content is None
    assert Team.objects.count() == 10
    assert next((row.number, row.errors) for row in found.rows.order_by("number")) == (3, {"name": "No sirve."})


def test_a_worker_killed_in_the_middle_leaves_nothing_twice_and_nothing_out(ana: User) -> None:
    found = brought(ana, *(f"equipo {n}" for n in range(11)))
    operations.start(found.pk, KIND, by=ana, now=NOW)
    table = read_table(file(*(f"equipo {n}" for n in range(11))), "equipos.csv")
    assert running.run_batch(found.pk, table, now=NOW)  # and here it dies
    jobs.run_import(found.pk)
    jobs.run_import(found.pk)  # a job done twice does nothing more
    found.refresh_from_db()
    assert (found.state, found.accepted) == ("done", 11)
    assert Team.objects.count() == 11


def test_a_batch_that_fails_refuses_only_the_row_to_blame(ana: User) -> None:
    found = brought(ana, "a", "b", "a", "c")  # twice the same: the database refuses the second
    operations.start(found.pk, KIND, by=ana, now=NOW)
    jobs.run_import(found.pk)
    found.refresh_from_db()
    assert (found.accepted, found.refused) == (3, 1)
    assert found.rows.get().number == 4


def test_a_row_entered_with_something_to_know_is_told(ana: User) -> None:
    found = brought(ana, "raro")
    operations.start(found.pk, KIND, by=ana, now=NOW)
    jobs.run_import(found.pk)
    found.refresh_from_db()
    assert (found.accepted, found.noted) == (1, 1)
    assert found.rows.get().reason == "Nuevo y raro"


def test_a_stopped_import_goes_on_where_it_was(ana: User) -> None:
    found = brought(ana, *(f"equipo {n}" for n in range(9)))
    operations.start(found.pk, KIND, by=ana, now=NOW)
    table = running.content_of(Import.objects.get(pk=found.pk))
    running.run_batch(found.pk, table, now=NOW)
    operations.stop(found.pk, now=NOW)
    assert not running.run_batch(found.pk, table, now=NOW)
    operations.resume(found.pk, now=NOW)
    jobs.run_import(found.pk)
    assert Team.objects.count() == 9


def test_columns_corrected_once_are_proposed_for_the_next_file_with_these_headings(ana: User) -> None:
    data = file("a", head="Grupo;Lugar")
    first = operations.receive(KIND, data, name="x.csv", by=ana, now=NOW)
    assert first.mapping == {}
    with pytest.raises(operations.NotNow):
        operations.start(first.pk, KIND, by=ana, now=NOW)
    operations.remap(first.pk, KIND, {"name": 0}, {})
    operations.start(first.pk, KIND, by=ana, now=NOW)
    assert ImportProfile.objects.get().mapping == {"name": 0}
    second = operations.receive(KIND, file("b", head="GRUPO;Lugar"), name="y.csv", by=ana, now=NOW)
    assert second.mapping == {"name": 0}


# ---------------------------------------------------------------- in the browser
def bring(browser: Client, data: bytes, name: str = "equipos.csv") -> Any:
    return browser.post("/importaciones/nueva/teams/", {"file": SimpleUploadedFile(name, data)})


def test_the_first_rows_show_what_each_would_do_and_nothing_is_entered(browser: Client) -> None:
    answer = browser.get(bring(browser, file("bien", "mal", "")).url)
    text = answer.content.decode()
    assert "Nuevo: bien" in text
    assert "No sirve." in text
    assert "Falta el dato." in text
    assert not Team.objects.exists()


def test_a_file_that_cannot_be_read_says_why(browser: Client) -> None:
    answer = bring(browser, b"PK\x03\x04nonsense", "a.xlsx")
    assert answer.status_code == 422
    assert "dañado" in answer.content.decode()


def test_a_column_cannot_be_two_fields(browser: Client) -> None:
    url = bring(browser, file("bien")).url
    answer = browser.post(url, {"col-name": "0", "col-city": "0", "start": "1"})
    assert answer.status_code == 422
    assert Import.objects.get().state == "draft"


def test_it_is_started_watched_and_its_refused_rows_are_downloaded(browser: Client) -> None:
    url = bring(browser, file("bien", "mal =1+1")).url
    assert browser.post(url, {"col-name": "0", "start": "1"}).status_code == 302
    assert "hx-get" in browser.get(url).content.decode()
    jobs.run_import(Import.objects.get().pk)
    part = browser.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "rechazadas.csv" in part
    told = browser.get(url + "rechazadas.csv").content.decode("utf-8-sig")
    assert told.splitlines()[1] == "mal =1+1;Cbba;3;Nombre: No sirve."
    assert browser.get(url + "rechazadas.xlsx").status_code == 200


def test_the_same_file_brought_again_is_warned_of(browser: Client, ana: User) -> None:
    found = brought(ana, "a")
    operations.start(found.pk, KIND, by=ana, now=NOW)
    jobs.run_import(found.pk)
    assert "ya se importó" in browser.get(bring(browser, file("a")).url).content.decode()


def test_who_has_no_role_of_the_kind_sees_none_of_it(browser: Client, ana: User, client: Client) -> None:
    found = brought(ana, "a")
    other = User.objects.create_user("luis", roles=["cajero"])
    client.force_login(other, backend="django.contrib.auth.backends.ModelBackend")
    for address in (f"/importaciones/{found.pk}/", "/importaciones/nueva/teams/", "/importaciones/plantilla/teams/"):
        assert client.get(address).status_code == 403
    assert client.post(f"/importaciones/{found.pk}/descartar/").status_code == 403
    assert "equipos.csv" not in client.get("/importaciones/").content.decode()


def test_a_draft_is_thrown_away_and_a_started_one_is_not(browser: Client, ana: User) -> None:
    draft, started = brought(ana, "a"), brought(ana, "b")
    operations.start(started.pk, KIND, by=ana, now=NOW)
    for found in (draft, started):
        browser.post(f"/importaciones/{found.pk}/descartar/")
    assert list(Import.objects.values_list("pk", flat=True)) == [started.pk]
