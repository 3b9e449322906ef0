"""One list of every change of people and commercial records, with who did it and what it was before."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.integration.administration.conftest import person

from thaki.people import operations, policies
from thaki.people.models import Team, User, history_of
from thaki.people.roles import Role
from thaki.records.billing.models import BankAccount
from thaki.records.billing.operations import accounts
from thaki.web.admin.instants import first_key

pytestmark = pytest.mark.django_db
PAGE = "/administracion/cambios/"


@pytest.fixture
def changed(admin: User) -> BankAccount:
    """A bank account entered and changed, a person renamed, a policy set."""
    values = {"bank": "Banco Unión", "number": "1-0000012345", "currency": "BOB"}
    account = accounts.save_account(BankAccount(), by=admin, holder="COMTECO", **values)
    accounts.save_account(account, by=admin, holder="COMTECO R.L.", **values)
    operations.edit_user(person("lidia", Role.CAJERO, first_name="Lidia"), by=admin, last_name="Soto")
    policies.set("sales.max_contact_attempts", 6, by=admin, reason="Campaña", now=timezone.now())
    return account


def test_everything_stands_in_one_list(client: Client, changed: BankAccount) -> None:
    page = client.get(PAGE).content.decode()
    for told in ("Banco Unión 1-0000012345", "Lidia", "sales.max_contact_attempts", "admin"):
        assert told in page


def test_one_subject_tells_what_each_change_changed(client: Client, changed: BankAccount) -> None:
    page = client.get(f"{PAGE}?tema=cuenta&de={changed.pk}").content.decode()
    assert "<del>COMTECO</del> → COMTECO R.L." in page and "Creado" in page


def test_it_is_narrowed_by_person_and_by_day(client: Client, admin: User, changed: BankAccount) -> None:
    other = person("otra", Role.ADMINISTRADOR)
    assert "Nada coincide" in client.get(f"{PAGE}?tema=cuenta&quien={other.pk}").content.decode()
    assert "Banco Unión" in client.get(f"{PAGE}?quien={admin.pk}").content.decode()
    assert "Nada coincide" in client.get(f"{PAGE}?hasta=2020-01-01").content.decode()


def test_older_ones_follow_where_there_are_more(client: Client, admin: User) -> None:
    for number in range(51):
        person(f"p{number}", Role.CAJERO)
    first = client.get(f"{PAGE}?tema=persona")
    older = client.get(f"{PAGE}?tema=persona&antes={first.context['older']}")
    assert len(first.context["rows"]) == 50 and first.context["older"]
    assert older.status_code == 200


def test_nonsense_in_the_address_narrows_nothing(client: Client, changed: BankAccount) -> None:
    page = client.get(f"{PAGE}?tema=zzz&de=x&quien=-1&desde=2026-99-99&antes=ayer")
    assert page.status_code == 200 and "Banco Unión" in page.content.decode()


def test_no_password_is_in_it(client: Client, changed: BankAccount) -> None:
    assert "pbkdf2" not in client.get(f"{PAGE}?tema=persona").content.decode()


def test_an_instant_is_found_among_the_keys_of_events() -> None:
    events = history_of(Team).model
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO people_teamevent (pgh_id, pgh_created_at, pgh_label, pgh_obj_id, id, name, role)
            SELECT 1000000 + 3 * n, timestamptz '2026-01-01' + n * interval '1 hour', 'update', 1, 1, 'x', 'x'
            FROM generate_series(0, 99) n"""
        )
    known = list(
        events.objects.filter(pgh_id__gte=1_000_000).order_by("pgh_id").values_list("pgh_id", "pgh_created_at")
    )
    for hours in (-5, 0, 1, 41.5, 99):
        at = known[0][1] + timedelta(hours=hours)
        found = (
            events.objects.filter(pgh_id__gte=1_000_000).filter(pgh_id__gte=first_key(events, at)).order_by("pgh_id")
        )
        assert list(found.values_list("pgh_id", "pgh_created_at")) == [each for each in known if each[1] >= at]
