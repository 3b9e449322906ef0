"""Mi trabajo: what is mine, what I may take, and who has it then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.integration.web.conftest import done, task_at

from thaki.cases import operations
from thaki.cases.models import Case, Task
from thaki.people.models import Absence, User

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def subjects(client: Client, path: str = "/") -> list[str]:
    """The customers of a list, in its order."""
    context = client.get(path).context
    return [task.case.subject for block in context["lists"] for task in block["page"].rows]


def test_it_sends_a_stranger_to_the_sign_in_page(client: Client) -> None:
    assert "/cuenta/login/" in client.get("/")["Location"]


def test_it_shows_what_is_mine_and_what_i_may_take(as_: SignIn, ana: User, opened: Callable[..., Case]) -> None:
    mine = opened("La mía")
    opened("La libre")
    operations.claim(task_at(mine, "Ask").pk, by=ana, now=timezone.now())
    page = as_(ana).get("/")
    assert [[t.case.subject for t in block["page"].rows] for block in page.context["lists"]] == [
        ["La mía"],
        ["La libre"],
    ]


def test_it_shows_nothing_of_another_role(as_: SignIn, hugo: User, case: Case) -> None:
    assert subjects(as_(hugo)) == []
    assert "La cola está vacía" in as_(hugo).get("/").content.decode()


def test_the_late_come_first_and_the_vip_before_all(as_: SignIn, ana: User, opened: Callable[..., Case]) -> None:
    opened("Nueva")
    opened("Atrasada", hours_ago=200)
    vip = opened("VIP")
    Task.objects.filter(case=vip).update(priority=1)
    assert subjects(as_(ana)) == ["VIP", "Atrasada", "Nueva"]


def test_it_says_in_words_how_late_a_task_is(as_: SignIn, ana: User, opened: Callable[..., Case]) -> None:
    opened(hours_ago=200)
    assert "atrasada" in as_(ana).get("/").content.decode()


def test_filters_are_in_the_address(as_: SignIn, ana: User, opened: Callable[..., Case]) -> None:
    opened("Mónica Peñaranda")
    opened("Juan Mamani", hours_ago=200)
    client = as_(ana)
    assert subjects(client, "/?q=peñaranda+monica") == ["Mónica Peñaranda"]
    assert subjects(client, "/?atraso=1") == ["Juan Mamani"]
    assert subjects(client, "/?paso=toy.Ask") == ["Juan Mamani", "Mónica Peñaranda"]
    assert subjects(client, "/?paso=toy.Check") == []
    assert subjects(client, "/?de=mias") == []


def test_nonsense_in_the_address_is_no_error(as_: SignIn, ana: User, case: Case) -> None:
    client = as_(ana)
    for query in ("pagina=x", "pagina=-1", "persona=9999999999999999", "q=%FF", "de=otro"):
        assert client.get(f"/?{query}").status_code == 200
    assert client.get("/?paso=%00").status_code == 404  # no page has such an address


def test_a_fragment_is_the_list_alone(as_: SignIn, ana: User, case: Case) -> None:
    page = as_(ana).get("/", headers={"HX-Request": "true"})
    assert "<html" not in page.content.decode()
    assert "Mónica" in page.content.decode()
    assert "HX-Request" in page["Vary"]


def test_taking_and_returning_a_task(as_: SignIn, ana: User, case: Case) -> None:
    client, task = as_(ana), task_at(case, "Ask")
    client.post(f"/tareas/{task.pk}/tomar/")
    assert Task.objects.get(pk=task.pk).assignee == ana
    client.post(f"/tareas/{task.pk}/soltar/")
    assert Task.objects.get(pk=task.pk).assignee is None


def test_who_takes_a_task_second_is_told(as_: SignIn, ana: User, bruno: User, case: Case) -> None:
    task = task_at(case, "Ask")
    as_(ana).post(f"/tareas/{task.pk}/tomar/")
    page = as_(bruno).post(f"/tareas/{task.pk}/tomar/", follow=True)
    assert "La tarea la tiene otra persona" in page.content.decode()
    assert Task.objects.get(pk=task.pk).assignee == ana


def test_the_list_hears_by_htmx_that_it_has_to_read_itself_anew(as_: SignIn, ana: User, case: Case) -> None:
    answer = as_(ana).post(f"/tareas/{task_at(case, 'Ask').pk}/tomar/", headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert '"worklist": true' in answer["HX-Trigger"]


def test_taking_the_next_opens_it(as_: SignIn, ana: User, opened: Callable[..., Case]) -> None:
    opened("Nueva")
    late = task_at(opened("Atrasada", hours_ago=200), "Ask")
    assert as_(ana).post("/tareas/siguiente/")["Location"] == f"/tareas/{late.pk}/"
    assert Task.objects.get(pk=late.pk).assignee == ana


def test_taking_the_next_of_nothing_says_so(as_: SignIn, hugo: User) -> None:
    assert "No queda nada por tomar" in as_(hugo).post("/tareas/siguiente/", follow=True).content.decode()


def test_a_task_is_handed_over_to_a_colleague(as_: SignIn, ana: User, bruno: User, hugo: User, case: Case) -> None:
    client, task = as_(ana), task_at(case, "Ask")
    client.post(f"/tareas/{task.pk}/tomar/")
    form = client.get(f"/tareas/{task.pk}/traspasar/").content.decode()
    assert "Bruno" in form
    assert "Hugo" not in form
    client.post(f"/tareas/{task.pk}/traspasar/", {"to": bruno.pk})
    assert Task.objects.get(pk=task.pk).assignee == bruno


def test_who_does_not_have_it_may_not_hand_it_over(as_: SignIn, ana: User, bruno: User, case: Case) -> None:
    task = task_at(case, "Ask")
    as_(ana).post(f"/tareas/{task.pk}/tomar/")
    answer = as_(bruno).post(f"/tareas/{task.pk}/traspasar/", {"to": bruno.pk})
    assert answer.status_code == 422
    assert Task.objects.get(pk=task.pk).assignee == ana


def test_the_work_of_an_absent_colleague_is_mine(as_: SignIn, ana: User, bruno: User, case: Case) -> None:
    operations.claim(task_at(case, "Ask").pk, by=ana, now=timezone.now())
    today = timezone.localdate()
    Absence.objects.create(user=ana, from_on=today, to_on=today + timedelta(days=1), substitute=bruno)
    assert subjects(as_(bruno), "/?de=mias") == ["Mónica Peñaranda"]


def test_the_only_task_of_who_is_away_without_a_substitute_is_the_role_s(
    as_: SignIn, ana: User, bruno: User, hugo: User, case: Case
) -> None:
    task = task_at(case, "Ask")
    operations.claim(task.pk, by=ana, now=timezone.now())
    today = timezone.localdate()
    Absence.objects.create(user=ana, from_on=today, to_on=today)
    assert subjects(as_(bruno), "/?de=equipo") == ["Mónica Peñaranda"]
    assert subjects(as_(hugo), "/?de=equipo") == []
    as_(bruno).post(f"/tareas/{task.pk}/tomar/")
    assert Task.objects.get(pk=task.pk).assignee == bruno


def test_the_task_of_who_left_for_good_is_the_role_s(as_: SignIn, ana: User, bruno: User, case: Case) -> None:
    operations.claim(task_at(case, "Ask").pk, by=ana, now=timezone.now())
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert as_(bruno).post("/tareas/siguiente/")["Location"] == f"/tareas/{task_at(case, 'Ask').pk}/"


def test_of_a_substitute_who_is_away_too_the_next_one_has_the_work(
    as_: SignIn, ana: User, bruno: User, rita: User, case: Case
) -> None:
    operations.claim(task_at(case, "Ask").pk, by=ana, now=timezone.now())
    today = timezone.localdate()
    Absence.objects.create(user=ana, from_on=today, to_on=today, substitute=bruno)
    Absence.objects.create(user=bruno, from_on=today, to_on=today, substitute=rita)
    assert subjects(as_(rita), "/?de=mias") == ["Mónica Peñaranda"]
    assert subjects(as_(bruno), "/?de=mias") == []


def test_the_supervisor_sees_and_assigns_the_team_s_work(
    as_: SignIn, rita: User, ana: User, bruno: User, opened: Callable[..., Case]
) -> None:
    tasks = [task_at(opened(name), "Ask") for name in ("Una", "Otra")]
    client = as_(rita)
    assert len(client.get("/equipo/").context["page"].rows) == 2
    client.post("/tareas/asignar/", {"task": [t.pk for t in tasks], "to": bruno.pk})
    assert set(Task.objects.filter(pk__in=[t.pk for t in tasks]).values_list("assignee", flat=True)) == {bruno.pk}


def test_what_could_not_be_assigned_is_told_with_its_reason(as_: SignIn, rita: User, hugo: User, case: Case) -> None:
    page = as_(rita).post("/tareas/asignar/", {"task": [task_at(case, "Ask").pk], "to": hugo.pk}, follow=True)
    assert "otro cargo" in page.content.decode()
    assert task_at(case, "Ask").assignee is None


def test_assigning_is_refused_to_who_supervises_nobody(as_: SignIn, ana: User, bruno: User, case: Case) -> None:
    as_(ana).post("/tareas/asignar/", {"task": [task_at(case, "Ask").pk], "to": bruno.pk})
    assert task_at(case, "Ask").assignee is None


def test_the_team_s_page_is_for_who_supervises(as_: SignIn, ana: User) -> None:
    assert as_(ana).get("/equipo/").status_code == 403


def test_the_team_s_page_narrows_to_a_person(as_: SignIn, rita: User, ana: User, opened: Callable[..., Case]) -> None:
    operations.claim(task_at(opened("De Ana"), "Ask").pk, by=ana, now=timezone.now())
    opened("De nadie")
    client = as_(rita)
    assert [t.case.subject for t in client.get(f"/equipo/?persona={ana.pk}").context["page"].rows] == ["De Ana"]
    assert [t.case.subject for t in client.get("/equipo/?persona=nadie").context["page"].rows] == ["De nadie"]


@pytest.mark.parametrize("path", ["/", "/equipo/", "/casos/", "/?q=cliente"])
def test_a_list_costs_the_same_however_long(
    as_: SignIn,
    rita: User,
    ana: User,
    opened: Callable[..., Case],
    path: str,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    client = as_(rita)
    for number in range(20):
        done(opened(f"Cliente {number}"), "Ask", ana, wish="internet")
        opened(f"Otro {number}")
    client.get(path)
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]  # pytest-django's context manager
        client.get(path)
