"""The tests' own ground holds."""

import socket

import pytest
from django.contrib.auth import get_user_model


@pytest.mark.django_db
def test_a_user_can_be_stored() -> None:
    user = get_user_model().objects.create_user("ejecutivo1", password="thaki-demo", roles=["cajero"])
    assert get_user_model().objects.get(pk=user.pk).check_password("thaki-demo")


def test_the_network_beyond_this_machine_is_blocked() -> None:
    with pytest.raises(OSError, match="blocked"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
