"""Mi trabajo with filters that stay, several tasks at once, what came meanwhile, and what waits for who leads others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.integration.web.conftest import task_at

from thaki.cases import operations
from thaki.cases.models import Case, Task
from thaki.people.models import Absence, User
from thaki.web.models import SavedFilter

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
Open = Callable[..., Case]


def chips(client: Client, path: str = "/") -> dict[str, int]:
    """The filters one press away, with their counts."""
    return {chip.label: chip.count for chip in client.get(path).context["chips"]}


def keep(client: Client, name: str, query: str) -> str:
    return client.post("/trabajo/filtros/guardar/", {"name": name, "query": query})["Location"]


# ---------------------------------------------------------------------- filters
def test_the_house_s_own_filters_are_counted(as_: SignIn, ana: User, opened: Open) -> None:
    opened("Nueva")
    opened("Atrasada", hours_ago=200)
    assert chips(as_(ana)) | {"Vencen hoy": 0} == {"Todo": 2, "Atrasadas": 1, "Vencen hoy": 0}


def test_filters_are_kept_under_a_name_with_their_count(as_: SignIn, ana: User, opened: Open) -> None:
    opened("Mónica Peñaranda")
    opened("Juan Mamani", hours_ago=200)
    client = as_(ana)
    assert keep(client, "Los de Mamani", "q=mamani&atraso=1") == "/?q=mamani&atraso=1"
    assert chips(client)["Los de Mamani"] == 1
    assert [chip.label for chip in client.get("/?atraso=1&q=mamani").context["chips"] if chip.current] == [
        "Los de Mamani"
    ]


def test_mine_and_free_are_counted_apart(as_: SignIn, ana: User, opened: Open) -> None:
    operations.claim(task_at(opened("La mía"), "Ask").pk, by=ana, now=timezone.now())
    opened("La libre")
    client = as_(ana)
    keep(client, "Las mías", "de=mias")
    keep(client, "Cola", "de=equipo")
    counted = chips(client)
    assert (counted["Todo"], counted["Las mías"], counted["Cola"]) == (2, 1, 1)


def test_the_same_name_again_stands_for_the_new_ones(as_: SignIn, ana: User, case: Case) -> None:
    client = as_(ana)
    keep(client, "Hoy", "atraso=1")
    keep(client, "Hoy", "q=peña")
    assert SavedFilter.objects.get(user=ana).query == "q=pe%C3%B1a"


def test_what_a_person_keeps_is_his_own_to_forget(as_: SignIn, ana: User, bruno: User, case: Case) -> None:
    keep(as_(ana), "Hoy", "atraso=1")
    kept = SavedFilter.objects.get()
    as_(bruno).post(f"/trabajo/filtros/{kept.pk}/quitar/")
    assert "Hoy" not in chips(as_(bruno))
    assert SavedFilter.objects.exists()
    as_(ana).post(f"/trabajo/filtros/{kept.pk}/quitar/")
    assert not SavedFilter.objects.exists()


def test_a_kept_filter_of_a_step_that_is_gone_finds_nothing(as_: SignIn, ana: User, case: Case) -> None:
    client = as_(ana)
    keep(client, "Viejo", "paso=toy.Gone")
    assert chips(client)["Viejo"] == 0


# ---------------------------------------------------------------------- several at once
def test_several_are_taken_and_returned_at_once(as_: SignIn, ana: User, opened: Open) -> None:
    tasks = [task_at(opened(name), "Ask").pk for name in ("Una", "Otra")]
    client = as_(ana)
    client.post("/tareas/asignar/", {"task": tasks, "verbo": "tomar"})
    assert Task.objects.filter(pk__in=tasks, assignee=ana).count() == 2
    client.post("/tareas/asignar/", {"task": tasks, "verbo": "soltar"})
    assert Task.objects.filter(pk__in=tasks, assignee=None).count() == 2


def test_i_give_several_of_mine_to_a_colleague(as_: SignIn, ana: User, bruno: User, opened: Open) -> None:
    tasks = [task_at(opened(name), "Ask").pk for name in ("Una", "Otra")]
    client = as_(ana)
    client.post("/tareas/asignar/", {"task": tasks, "verbo": "tomar"})
    client.post("/tareas/asignar/", {"task": tasks, "verbo": "dar", "to": bruno.pk})
    assert Task.objects.filter(pk__in=tasks, assignee=bruno).count() == 2


def test_one_that_somebody_else_took_stops_no_other(as_: SignIn, ana: User, bruno: User, opened: Open) -> None:
    first, second = (task_at(opened(name), "Ask").pk for name in ("Una", "Otra"))
    operations.claim(first, by=bruno, now=timezone.now())
    page = as_(ana).post("/tareas/asignar/", {"task": [first, second], "verbo": "tomar"}, follow=True).content.decode()
    assert "1 tarea es suya. 1 no se pudo: La tarea la tiene otra persona." in page


@pytest.mark.parametrize("data", [{}, {"task": "x"}, {"task": "1", "verbo": "borrar"}, {"task": "1", "verbo": "dar"}])
def test_nothing_chosen_says_what_is_missing(as_: SignIn, ana: User, data: dict[str, str]) -> None:
    assert "Elija" in as_(ana).post("/tareas/asignar/", data, follow=True).content.decode()


# ---------------------------------------------------------------------- meanwhile
def test_what_was_given_to_me_since_then_is_news(as_: SignIn, ana: User, rita: User, opened: Open) -> None:
    since = timezone.now()
    operations.hand_over(task_at(opened("Una"), "Ask").pk, to=ana, by=rita, now=timezone.now())
    opened("Otra")
    found = as_(ana).get("/tareas/novedades/", {"desde": since.isoformat()}).json()
    assert [(task["case"].split(" ·")[0], task["late"]) for task in found["tasks"]] == [("Una", False)]
    assert as_(ana).get("/tareas/novedades/", {"desde": found["at"]}).json()["tasks"] == []


def test_what_grew_late_since_then_is_news(as_: SignIn, ana: User, case: Case) -> None:
    now = timezone.now()
    operations.claim(task_at(case, "Ask").pk, by=ana, now=now)
    Task.objects.filter(case=case).update(assigned_at=now - timedelta(hours=3), due_at=now - timedelta(seconds=5))
    since = (now - timedelta(minutes=1)).isoformat()
    assert [task["late"] for task in as_(ana).get("/tareas/novedades/", {"desde": since}).json()["tasks"]] == [True]


@pytest.mark.parametrize("since", ["", "x", "2026-13-45T00:00:00Z", "2026-11-21T10:00:00"])
def test_an_instant_that_is_none_brings_no_news(as_: SignIn, ana: User, case: Case, since: str) -> None:
    assert as_(ana).get("/tareas/novedades/", {"desde": since}).json()["tasks"] == []


# ---------------------------------------------------------------------- who stands in, who leads
def test_it_says_whose_work_i_do_and_until_when(as_: SignIn, ana: User, bruno: User) -> None:
    today = timezone.localdate()
    Absence.objects.create(user=ana, from_on=today, to_on=today, substitute=bruno)
    assert "Usted hace el trabajo de Ana" in as_(bruno).get("/").content.decode()


def test_who_leads_sees_what_waits_for_the_team_and_its_latest(
    as_: SignIn, rita: User, ana: User, opened: Open
) -> None:
    opened("Nueva")
    opened("Atrasada", hours_ago=200)
    context = as_(rita).get("/").context
    figures = {brief.label: brief.value for brief in context["briefs"]}
    assert (figures["Pendientes de su equipo"], figures["Atrasadas"], figures["Sin nadie asignado"]) == (2, 1, 2)
    assert as_(ana).get("/").context["briefs"] == []


def test_who_has_no_steps_of_his_own_reads_the_latest_of_his_team(
    as_: SignIn, person: Callable[..., User], opened: Open
) -> None:
    opened("Atrasada", hours_ago=200)
    chief = person("ximena", "jefe_division_ventas")
    page = as_(chief).get("/").content.decode()
    assert "Tomar la siguiente" not in page
    assert "Ver el equipo" in page
