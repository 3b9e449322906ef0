"""Health and figures, as a supervisor or Prometheus asks for them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker, Settings

from thaki.config import health

pytestmark = pytest.mark.django_db


def beat(age: timedelta) -> None:
    """A worker's last sign of life."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [timezone.now() - age])


def test_live_needs_no_database(client: Client, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.block():
        assert client.get("/health/live").json() == {"status": "ok"}


def test_ready_says_that_all_is_in_place(client: Client) -> None:
    beat(timedelta(seconds=5))
    response = client.get("/health/ready")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "migrations": "current", "worker": "ok"}


def test_without_a_worker_it_is_ready_all_the_same_and_says_so(client: Client) -> None:
    beat(timedelta(minutes=5))
    response = client.get("/health/ready")
    assert response.status_code == 200
    assert response.json()["worker"] == "silent"


def test_with_migrations_to_apply_it_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "pending_migrations", lambda: ["cases.0002"])
    health._current_for_good.cache_clear()
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["migrations"] == "pending"


def test_figures_are_told_to_this_machine(client: Client) -> None:
    beat(timedelta(seconds=5))
    text = client.get("/metrics").content.decode()
    assert "thaki_requests_total" in text
    assert "thaki_worker_heartbeat_age_seconds" in text


def test_figures_are_not_told_through_a_proxy_on_this_machine(client: Client) -> None:
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 403


def test_with_a_token_only_its_bearer_is_told(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "ficha"
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer ficha"}).status_code == 200
