"""Who administers."""

from typing import Any

import pytest
from django.test import Client

from thaki.people import policies
from thaki.people.models import User
from thaki.people.roles import Role


def person(login: str, *roles: Role, **values: Any) -> User:
    """Somebody with these roles."""
    return User.objects.create_user(login, roles=[role.value for role in roles], **values)


@pytest.fixture(autouse=True)
def fresh_policies() -> None:
    policies.forget()


@pytest.fixture
def admin(client: Client) -> User:
    """The administrator, signed in."""
    user = person("admin", Role.ADMINISTRADOR, password="unguessable")
    client.force_login(user)
    return user
