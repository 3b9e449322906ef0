"""The grid of metas: by month, product and executive; last month's copied; every change kept (R-A5)."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.integration.sales.conftest import NOW

from thaki.people.models import User
from thaki.procedures.sales import figures
from thaki.procedures.sales.goals import copy_last_month, grid, save_goals
from thaki.procedures.sales.models import Goal, GoalChange
from thaki.reporting.months import month_of as month
from thaki.reporting.months import previous

pytestmark = pytest.mark.django_db
NOVEMBER = month(NOW)
PAGE = "/ventas/metas/?mes=2026-11"


@pytest.fixture
def chief(people: dict[str, User], client: Client) -> Client:
    client.force_login(people["jefeventas1"])
    return client


def goals() -> dict[tuple[str, str], int]:
    return figures.goals_of(NOVEMBER)


def test_cells_are_saved_and_empty_ones_are_no_meta(chief: Client, people: dict[str, User]) -> None:
    seller = people["ejecutivo1"].pk
    chief.post(PAGE, {f"meta-{seller}-internet": "12", "meta-todos-todos": "1.200", f"meta-{seller}-tv": ""})
    assert goals() == {(str(seller), "internet"): 12, ("", ""): 1200}


def test_an_emptied_cell_takes_its_meta_away(chief: Client) -> None:
    chief.post(PAGE, {"meta-todos-todos": "30"})
    chief.post(PAGE, {"meta-todos-todos": ""})
    assert goals() == {}
    assert list(GoalChange.objects.order_by("pk").values_list("before", "after")) == [(None, 30), (30, None)]


@pytest.mark.parametrize("typed", ["-3", "0", "muchas", "2,5", "100001", "9" * 30])
def test_nonsense_keeps_what_was_typed_and_saves_nothing(chief: Client, typed: str) -> None:
    answer = chief.post(PAGE, {"meta-todos-todos": typed, "meta-todos-tv": "7"})
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.content.decode()
    assert 'value="7"' in answer.content.decode()
    assert goals() == {}


def test_the_same_again_changes_nothing(people: dict[str, User]) -> None:
    chief = people["jefeventas1"]
    assert save_goals(NOVEMBER, {(None, ""): 30}, by=chief, now=NOW) == 1
    assert save_goals(NOVEMBER, {(None, ""): 30}, by=chief, now=NOW) == 0
    assert GoalChange.objects.count() == 1


def test_last_months_are_copied_into_what_is_empty(people: dict[str, User]) -> None:
    chief, seller = people["jefeventas1"], people["ejecutivo1"].pk
    save_goals(previous(NOVEMBER), {(None, ""): 30, (seller, ""): 10}, by=chief, now=NOW)
    save_goals(NOVEMBER, {(None, ""): 45}, by=chief, now=NOW)
    assert copy_last_month(NOVEMBER, by=chief, now=NOW) == 1
    assert goals() == {("", ""): 45, (str(seller), ""): 10}


def test_who_left_gets_no_copied_meta_but_keeps_the_old_one(people: dict[str, User]) -> None:
    chief, seller = people["jefeventas1"], people["ejecutivo1"]
    save_goals(previous(NOVEMBER), {(seller.pk, ""): 10}, by=chief, now=NOW)
    User.objects.filter(pk=seller.pk).update(is_active=False)
    assert copy_last_month(NOVEMBER, by=chief, now=NOW) == 0
    assert str(seller) in [row.label for row in grid(previous(NOVEMBER)).rows]


def test_the_sum_of_the_executives_stands_below(people: dict[str, User]) -> None:
    sellers = [people["ejecutivo1"].pk, people["ejecutivo2"].pk]
    save_goals(NOVEMBER, {(who, ""): 10 for who in sellers}, by=people["jefeventas1"], now=NOW)
    assert grid(NOVEMBER).sums[0] == 20


def test_the_history_says_who_changed_what(chief: Client, people: dict[str, User]) -> None:
    save_goals(NOVEMBER, {(None, "tv"): 5}, by=people["jefeventas1"], now=NOW)
    page = chief.get(PAGE).content.decode()
    assert "Televisión: sin meta → 5" in page


def test_the_responsable_reads_and_cannot_copy(people: dict[str, User], client: Client) -> None:
    save_goals(previous(NOVEMBER), {(None, ""): 30}, by=people["jefeventas1"], now=NOW)
    client.force_login(people["ventas1"])
    assert '<input class="form-control sales-goal' not in client.get(PAGE).content.decode()
    assert client.post("/ventas/metas/copiar/", {"mes": "2026-11"}).status_code == 403
    assert not Goal.objects.filter(month_on=NOVEMBER).exists()


@pytest.mark.parametrize("asked", ["", "2026-13", "x", "0001-01", "9999-12"])
def test_a_month_that_is_none_is_this_month(chief: Client, asked: str) -> None:
    assert chief.get(f"/ventas/metas/?mes={asked}").status_code == 200
