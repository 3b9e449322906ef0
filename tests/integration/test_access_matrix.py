"""Every address of the project, asked as every role and as a stranger, against the explicit table in `access_table.py`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from tests.integration.access_table import TABLE, Row

from thaki.people.access import Access, access_of
from thaki.people.models import User
from thaki.people.roles import Role

# Arguments for addresses: nothing that exists, so that asking changes nothing.
SAMPLES: dict[str, object] = {"IntConverter": 999_999_999, "UUIDConverter": "00000000-0000-0000-0000-000000000000"}


@dataclass(frozen=True)
class Address:
    """One address of the project."""

    name: str
    pattern: URLPattern
    converters: dict[str, Any]

    def url(self, row: Row) -> str:
        """The address with arguments."""
        usual = {name: SAMPLES.get(type(c).__name__, "none") for name, c in self.converters.items()}
        return reverse(self.name, kwargs={**usual, **row.sample})


def addresses(
    patterns: list[URLPattern | URLResolver], spaces: tuple[str, ...] = (), converters: dict[str, Any] | None = None
) -> Iterator[Address]:
    """Every address below, with the names of its namespaces before its own."""
    for pattern in patterns:
        known = {**(converters or {}), **pattern.pattern.converters}
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, (*spaces, *filter(None, [pattern.namespace])), known)
        else:
            yield Address(":".join([*spaces, pattern.name or str(pattern.pattern)]), pattern, known)


ALL = list(addresses(get_resolver().url_patterns))
LISTED = [a for a in ALL if a.name in TABLE]  # one that is not is told by the first test, not by all of them


def refused(response: HttpResponseBase, *, stranger: bool) -> bool:
    """Whether the answer keeps him out: the sign-in page for a stranger, 403 for another role."""
    location = response.headers.get("Location", "")
    return location.startswith(reverse(settings.LOGIN_URL)) if stranger else response.status_code == 403


def ask(client: Client, url: str) -> HttpResponseBase:
    """GET it; what only takes POST is asked so, with nothing in it."""
    client.raise_request_exception = False
    response = client.get(url)
    return client.post(url) if response.status_code == 405 else response


def test_every_address_is_in_the_table_and_no_other() -> None:
    assert sorted({a.name for a in ALL} - TABLE.keys()) == []
    assert sorted(TABLE.keys() - {a.name for a in ALL}) == []


def test_no_name_stands_for_two_addresses() -> None:
    names = [a.name for a in ALL]
    assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.parametrize("address", LISTED, ids=lambda a: a.name)
def test_the_mark_says_what_the_table_says(address: Address) -> None:
    row = TABLE[address.name]
    mark = access_of(address.pattern.callback)
    assert mark is not None, "this view has no @staff, @any_staff or @public"
    assert mark == Access(row.roles, row.signed_in, mark.reason)
    assert row.signed_in or mark.reason, "a public page says why it is one"


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_a_role_opens_what_is_its_own_and_nothing_else(role: Role, client: Client) -> None:
    client.force_login(User.objects.create_user("somebody", password="unguessable", roles=[role.value]))
    found = {a.name: verdict(client, a, role) for a in LISTED if a.name != "account_logout"}
    assert {name: told for name, told in found.items() if told} == {}


@pytest.mark.django_db
def test_a_stranger_opens_what_is_public_and_nothing_else(client: Client) -> None:
    found = {a.name: verdict(client, a, None) for a in LISTED}
    assert {name: told for name, told in found.items() if told} == {}


@pytest.mark.django_db
def test_somebody_without_roles_opens_no_more_than_anybody_signed_in(client: Client) -> None:
    client.force_login(User.objects.create_user("nobody", roles=[]))
    limited = [a for a in LISTED if TABLE[a.name].roles is not None]
    assert [a.name for a in limited if ask(client, a.url(TABLE[a.name])).status_code != 403] == []


def verdict(client: Client, address: Address, role: Role | None) -> str:
    """What is wrong with how the address answers; "" when it is right."""
    row = TABLE[address.name]
    url = address.url(row)
    assert resolve(url.partition("?")[0]).func is address.pattern.callback, f"{url} is answered by another view"
    response = ask(client, url)
    if response.status_code >= 500:
        return f"{response.status_code}"
    if not row.signed_in:
        return ""  # what a public page does with nonsense (a key that is none, no sign-in begun) is its own affair
    allowed = role is not None and (row.roles is None or role in row.roles)
    kept_out = refused(response, stranger=role is None)
    if allowed and row.more:
        return ""
    if allowed == kept_out:
        return f"{'refused' if kept_out else 'let in'}: {response.status_code} {_where(response)}"
    return ""


def _where(response: HttpResponseBase) -> str:
    return re.sub(r"\?.*", "", response.headers.get("Location", ""))
