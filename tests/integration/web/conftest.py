"""The staff's screens over the toy procedure: people who have signed in, and a case that has just begun."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from tests.toy import procedure as toy

from thaki.cases import operations, runtime, versions
from thaki.cases.models import Case, Task
from thaki.people.models import User

EXECUTIVE, HELP_DESK = "ejecutivo_ventas_digitales", "agente_help_desk"
CASHIER, CHANNELS = "cajero", "responsable_canales_digitales"


@pytest.fixture(scope="session", autouse=True)
def toy_procedure(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The toy's table and its version in force."""
    with django_db_blocker.unblock():
        toy.install()


@pytest.fixture(autouse=True)
def calm(settings: Any, tmp_path: Any) -> Iterator[None]:
    """Documents go to a folder of the test; nothing parsed outlives its transaction."""
    settings.DATA_DIR = tmp_path
    toy.TROUBLE.clear()
    yield
    versions.forget()


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Makes people: `person("ana", "cajero")`."""

    def make(name: str, *roles: str, **more: Any) -> User:
        return User.objects.create_user(username=name, roles=list(roles), first_name=name.title(), **more)

    return make


@pytest.fixture
def ana(person: Callable[..., User]) -> User:
    """An executive."""
    return person("ana", EXECUTIVE)


@pytest.fixture
def bruno(person: Callable[..., User]) -> User:
    """Another executive."""
    return person("bruno", EXECUTIVE)


@pytest.fixture
def hugo(person: Callable[..., User]) -> User:
    """Of the help desk."""
    return person("hugo", HELP_DESK)


@pytest.fixture
def rita(person: Callable[..., User]) -> User:
    """Supervises the toy procedure."""
    return person("rita", CHANNELS)


@pytest.fixture
def as_() -> Callable[[User], Client]:
    """A browser in which somebody has signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def opened() -> Callable[..., Case]:
    """Opens cases: `opened("Mónica Peñaranda", hours_ago=3)`."""

    def open_one(customer: str = "Mónica Peñaranda", hours_ago: float = 0) -> Case:
        now = timezone.now() - timedelta(hours=hours_ago)
        return runtime.start("toy", {"customer": customer}, by=None, now=now)

    return open_one


@pytest.fixture
def case(db: None, opened: Callable[..., Case]) -> Case:
    """A case that has just begun."""
    return opened()


def task_at(case: Case, node: str) -> Task:
    """The open task of a case at a node."""
    return Task.objects.get(case=case, node=node, state="open")


def done(case: Case, node: str, by: User, **data: Any) -> runtime.Delivered:
    """Complete the task at a node."""
    return operations.complete(task_at(case, node).pk, by=by, now=timezone.now(), data=data)
