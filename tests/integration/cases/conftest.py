"""The toy procedure, its people, and a clock that stands where the test puts it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker
from tests.toy import procedure as toy

from thaki.cases import operations, runtime, versions
from thaki.cases.models import Case, Task
from thaki.people.models import User

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # a Monday, 10:00 in Cochabamba


@pytest.fixture(scope="session", autouse=True)
def toy_procedure(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The toy's table and its version in force."""
    with django_db_blocker.unblock():
        toy.install()


@pytest.fixture(autouse=True)
def in_force(request: pytest.FixtureRequest) -> None:
    """Tests with real transactions empty all tables before the next one."""
    marker = request.node.get_closest_marker("django_db")
    if marker is not None:
        request.getfixturevalue("transactional_db" if marker.kwargs.get("transaction") else "db")
        versions.seed_one(toy.TOY)


@pytest.fixture(autouse=True)
def calm() -> Iterator[None]:
    """No trouble with effects unless a test asks for it."""
    toy.TROUBLE.clear()
    toy.HANDED_OUT.clear()
    yield
    versions.forget()


class Clock:
    """Now, for operations; `wait` lets time pass."""

    def __init__(self) -> None:
        self.now = NOW

    def wait(self, **span: float) -> datetime:
        """Let time pass."""
        self.now += timedelta(**span)
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock at 10:00 on a Monday."""
    return Clock()


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Makes people: `person("ana", "cajero")`."""

    def make(name: str, *roles: str, **more: Any) -> User:
        return User.objects.create_user(username=name, roles=list(roles), first_name=name.title(), **more)

    return make


@pytest.fixture
def ana(person: Callable[..., User]) -> User:
    """An executive."""
    return person("ana", "ejecutivo_ventas_digitales")


@pytest.fixture
def hugo(person: Callable[..., User]) -> User:
    """Of the help desk."""
    return person("hugo", "agente_help_desk")


@pytest.fixture
def carla(person: Callable[..., User]) -> User:
    """A cashier."""
    return person("carla", "cajero")


@pytest.fixture
def rita(person: Callable[..., User]) -> User:
    """Supervises the toy procedure."""
    return person("rita", "responsable_canales_digitales")


@pytest.fixture
def case(db: None, clock: Clock) -> Case:
    """A case that has just begun."""
    return runtime.start("toy", {"customer": "Mónica Peñaranda"}, by=None, now=clock.now)


def task_at(case: Case, node: str) -> Task:
    """The open task of a case at a node."""
    return Task.objects.get(case=case, node=node, state="open")


def done(case: Case, node: str, by: User, clock: Clock, **data: Any) -> runtime.Delivered:
    """Complete the task at a node."""
    return operations.complete(task_at(case, node).pk, by=by, now=clock.now, data=data)
