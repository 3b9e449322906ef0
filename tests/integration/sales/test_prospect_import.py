"""The leads of a campaign's file: into the base, duplicates found, half wrong rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.integration.sales.conftest import NOW

from thaki.people.models import User
from thaki.records.prospects import operations as prospects
from thaki.records.prospects.models import Likeness, Prospect
from thaki.reporting.imports import jobs, kind_of, operations
from thaki.reporting.imports.models import Import

HEAD = "Nombre completo;Celular;E-mail;Zona;Dirección;Fuente;ID"


def brought(by: User, *rows: str, head: str = HEAD, **options: str) -> Import:
    """A file imported as the job does it."""
    kind = kind_of("prospects")
    assert kind is not None
    found = operations.receive(kind, "\n".join([head, *rows]).encode(), name="campaña.csv", by=by, now=NOW)
    operations.remap(found.pk, kind, found.mapping, options)
    operations.start(found.pk, kind, by=by, now=NOW)
    jobs.run_import(found.pk)
    found.refresh_from_db()
    return found


def reasons(found: Import) -> list[str]:
    return [row.reason for row in found.rows.order_by("number")]


def test_the_columns_of_a_usual_file_need_no_correction(people: dict[str, User]) -> None:
    found = brought(people["ventas1"], "Ana Rojas Paz;712-34567;ana@b.bo;Norte;Av. América 1;Facebook;l:1")
    assert (found.state, found.accepted, found.noted) == ("done", 1, 0)
    prospect = Prospect.objects.get()
    assert (prospect.name, prospect.phone, prospect.channel, prospect.standing) == (
        "Ana Rojas Paz",
        "71234567",
        "facebook",
        "base",
    )
    assert prospect.received_by == people["ventas1"]
    assert prospect.keys
    assert prospect.compared


def test_wrong_rows_are_refused_each_with_all_its_reasons_and_the_right_ones_stay(people: dict[str, User]) -> None:
    found = brought(
        people["ventas1"],
        "Ana Rojas;71234567;;;;;",
        ";4280001;no-mail;;;Paloma;",
        "Pedro Paz;;;;;;",
        "Luz Vega;72222222;;;;web;",
    )
    assert (found.accepted, found.refused) == (2, 2)
    first, second = reasons(found)
    assert "Falta el dato" in first
    assert "área" in first
    assert "correo" in first
    assert "Paloma" in first
    assert "al menos un teléfono" in second


def test_duplicates_are_found_in_the_base_and_further_up_in_the_file(people: dict[str, User]) -> None:
    prospects.receive(channel="web", name="Ana Rojas Paz", phone="71234567", by=None, now=NOW)
    found = brought(people["ventas1"], "ANA ROJAS;71234567;;;;;", "Luz Vega;72222222;;;;;", "Luz Bega;72222222;;;;;")
    assert (found.accepted, found.noted) == (3, 2)
    assert [told.startswith("Quizá sea") for told in reasons(found)] == [True, True]
    assert Likeness.objects.filter(state="open").count() == 2


def test_who_is_known_may_be_left_out(people: dict[str, User]) -> None:
    prospects.receive(channel="web", name="Ana Rojas Paz", phone="71234567", by=None, now=NOW)
    found = brought(people["ventas1"], "Ana Rojas;71234567;;;;;", "Luz Vega;72222222;;;;;", same="leave_out")
    assert (found.accepted, found.refused) == (1, 1)


def test_the_same_file_again_changes_nothing_where_the_channel_tells_them_apart(people: dict[str, User]) -> None:
    rows = [f"Ana Rojas {chr(65 + n)}lba;7123456{n};;;;fb;l:{n}" for n in range(5)]
    brought(people["ventas1"], *rows)
    again = brought(people["ventas1"], *rows, rows[0])
    assert (again.accepted, again.refused) == (0, 6)
    assert Prospect.objects.count() == 5


def test_what_the_file_does_not_say_is_said_once_for_all(people: dict[str, User]) -> None:
    head = "Nombres;Apellidos;Teléfono;Fecha"
    brought(people["canales1"], "ana;ROJAS;71234567;20/11/2026 09:15", head=head, channel="botmaker", campaign="Fibra")
    prospect = Prospect.objects.get()
    assert (prospect.name, prospect.channel, prospect.campaign) == ("ana ROJAS", "botmaker", "Fibra")
    assert prospect.received_at == NOW - timedelta(days=3, minutes=45)


@pytest.mark.slow
def test_a_thousand_rows_of_which_half_are_wrong(people: dict[str, User], django_assert_max_num_queries: Any) -> None:
    rows = [
        f"Persona {chr(97 + n % 26)}uno Vargas;{'7' if n % 2 else '9'}{n:07};;;Calle Sucre {n};;" for n in range(1000)
    ]
    with django_assert_max_num_queries(80):
        found = brought(people["ventas1"], *rows)
    assert (found.accepted, found.refused) == (500, 500)
