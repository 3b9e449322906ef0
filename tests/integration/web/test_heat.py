"""The heat map's page: a diagram to look at, and the same as a table to read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.integration.web.conftest import done

from thaki.cases.models import Case
from thaki.people.models import User
from thaki.web import heat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh() -> None:
    heat.forget()


def test_it_says_what_to_expect_while_there_are_no_cases(ana: User, as_: Callable[[User], Client]) -> None:
    assert "Nada que mostrar" in as_(ana).get("/procedimientos/toy/calor/").content.decode()


def test_the_table_tells_what_the_diagram_paints(case: Case, ana: User, as_: Callable[[User], Client]) -> None:
    done(case, "Ask", ana, wish="tv")
    browser = as_(ana)
    page = browser.get("/procedimientos/toy/calor/?dias=7")
    rows = {row.title: row for row in page.context["rows"]}
    painted = browser.get(page.context["heat_url"]).json()
    assert [row.heat.done for row in rows.values()].count(1) == 1
    assert painted["nodes"]["Ask"]["heat"] == 1
    assert painted["nodes"]["Check"]["now"] == "1 espera"
    assert {"id", "level", "text"} == set(painted["flows"][0])
    assert "estado=open" in page.content.decode()


def test_nonsense_in_the_address_is_the_usual_period(ana: User, as_: Callable[[User], Client]) -> None:
    assert as_(ana).get("/procedimientos/toy/calor/?dias=siempre").context["days"] == heat.USUAL
    assert as_(ana).get("/procedimientos/nada/calor/").status_code == 404
