"""The dashboard shows each role its own, and every figure leads to the list that it counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.integration.sales.conftest import Walk

from thaki.people.models import User
from thaki.procedures.sales.models import Goal, Sale
from thaki.web import heat
from thaki.web.dashboard import counts, parts
from thaki.web.dashboard.cards import Card

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh() -> None:
    parts.forget()
    heat.forget()


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def cards(user: User) -> dict[str, Card]:
    page = browser(user).get("/tablero/")
    assert page.status_code == 200
    return {card.icon: card for card in page.context["cards"]}


def values(card: Card) -> dict[str, str]:
    return {stat.label: stat.value for stat in card.stats}


@pytest.fixture
def sold(walk: Walk, people: dict[str, User]) -> Sale:
    """A sale that the first executive stamped today."""
    now = timezone.now()
    stamps: dict[str, Any] = dict.fromkeys(("visited_at", "informed_at", "presale_at", "sold_at"), now)
    Sale.objects.filter(pk=walk.sale.pk).update(executive=people["ejecutivo1"], **stamps)
    return walk.sale


def test_an_executive_sees_his_sales_against_his_meta(sold: Sale, people: dict[str, User]) -> None:
    month = counts.today_of(timezone.now()).replace(day=1)
    Goal.objects.create(month_on=month, executive=people["ejecutivo1"], sales_count=3, entered_at=timezone.now())
    card = cards(people["ejecutivo1"])["target"]
    assert values(card) == {"Hoy": "1", "Esta semana": "1", "Este mes": "1"}
    assert "faltan 2" in card.stats[2].hint
    assert values(cards(people["ejecutivo2"])["target"])["Este mes"] == "0"


def test_every_figure_leads_to_a_list_of_as_many_rows(sold: Sale, people: dict[str, User]) -> None:
    client = browser(people["ejecutivo1"])
    for stat in cards(people["ejecutivo1"])["target"].stats:
        assert len(client.get(stat.href).context["stretch"].rows) == int(stat.value)
    for card in cards(people["cobranzas1"]).values():
        assert all(browser(people["cobranzas1"]).get(stat.href).status_code == 200 for stat in card.stats)


def test_an_executive_never_lists_the_sales_of_another(sold: Sale, people: dict[str, User]) -> None:
    other = browser(people["ejecutivo2"])
    assert other.get(f"/tablero/ventas/?ejecutivo={people['ejecutivo1'].pk}").context["stretch"].rows == []
    chief = browser(people["ventas1"])
    assert len(chief.get(f"/tablero/ventas/?ejecutivo={people['ejecutivo1'].pk}").context["stretch"].rows) == 1


def test_a_queue_tells_its_age_and_what_was_done(walk: Walk, people: dict[str, User]) -> None:
    for step in range(1, 7):
        walk.done(step)
    later = walk.now + timedelta(hours=5)
    found = counts.queue(["agente_help_desk"], "", later)
    assert (found.count, found.ages) == (1, (0, 0, 1, 0))
    assert found.oldest_at is not None
    assert counts.throughput(["ejecutivo_ventas_digitales"], walk.now)[-1] == (counts.today_of(walk.now), 6)


def test_what_one_did_today_is_listed(walk: Walk, people: dict[str, User]) -> None:
    walk.done(1)
    day = counts.today_of(walk.now)
    page = browser(people["ejecutivo1"]).get(f"/tablero/hechas/?dia={day}")
    assert [task.step for task in page.context["stretch"].rows] == ["1"]
    assert browser(people["cajero1"]).get(f"/tablero/hechas/?dia={day}&de=cargo").context["stretch"].rows == []


@pytest.mark.parametrize("part", parts.SHARED, ids=lambda part: part.key)
def test_a_shared_part_is_for_its_roles_and_is_drawn_also_when_there_is_nothing(
    part: parts.Part, people: dict[str, User], fresh_versions: None
) -> None:
    reader = User.objects.create_user("quien.lee", roles=[sorted(part.roles)[0]])
    page = browser(reader).get(f"/tablero/parte/{part.key}/", headers={"HX-Request": "true"})
    assert page.status_code == 200
    assert "tk-board" in page.content.decode()
    assert browser(people["cajero1"]).get(f"/tablero/parte/{part.key}/").status_code == 403


def test_the_team_counts_every_executive(sold: Sale, people: dict[str, User]) -> None:
    card = browser(people["ventas1"]).get("/tablero/parte/team/").context["card"]
    assert values(card)["Ventas del mes"] == "1"
    assert [bar.value for bar in card.drawings[0].chart.bars] == ["1"]


def test_nonsense_in_an_address_is_today(people: dict[str, User]) -> None:
    for address in ("/tablero/ventas/?del=ayer&al=9999-12-31", "/tablero/hechas/?dia=0000-00-00"):
        assert browser(people["ejecutivo1"]).get(address).status_code == 200


def test_a_part_that_is_none_is_not_found(people: dict[str, User]) -> None:

    assert browser(people["ventas1"]).get("/tablero/parte/nada/").status_code == 404
