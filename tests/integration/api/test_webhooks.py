"""Other systems hear of what happens: after the commit, signed, again when it fails, and people are told when it gives up."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.integration.api.conftest import Caller

from thaki.api.models import Subscription
from thaki.api.webhooks import addresses, events, sending
from thaki.cases import effects, operations
from thaki.cases.models import Case, Effect, Incident, Task
from thaki.cases.registry import EffectError
from thaki.people.models import User

pytestmark = pytest.mark.django_db


class Receiver(HTTPServer):
    """A system that hears, and answers with `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Hears)
        self.status = 204
        self.heard: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/avisos?de=thaki"


class _Hears(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """A system on this machine, which the installation allows."""
    settings.WEBHOOK_PRIVATE = True
    server = Receiver()
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def subscribe(url: str, *names: str, **more: Any) -> Subscription:
    row = Subscription.objects.create(
        name="CRM", url=url, events=list(names), secret="whs_prueba", created_at=timezone.now(), **more
    )
    events.forget()
    return row


def sent() -> list[Effect]:
    return list(Effect.objects.filter(kind="webhook.send").order_by("pk"))


def types() -> list[str]:
    return [effect.payload["body"]["type"] for effect in sent()]


def answer(case: Case, user: User, **data: Any) -> None:
    task = Task.objects.get(case=case, state="open")
    operations.complete(task.pk, by=user, now=timezone.now(), data=data)


def test_what_is_asked_for_is_written_with_the_move(opened: Callable[..., Case], people: dict[str, User]) -> None:
    subscribe("https://crm.example.com/", "case.opened", "task.opened", "task.completed", "case.ended")
    case = opened()
    assert types() == ["case.opened", "task.opened"]
    task = Task.objects.get(case=case)
    assert sent()[1].payload["body"]["task"]["id"] == task.pk
    answer(case, people["ejecutivo1"], channel="call")
    assert types()[2:] == ["task.completed", "task.opened"]
    operations.cancel_case(case.pk, reason="Prueba", by=people["canales1"], now=timezone.now())
    assert types()[4:] == ["case.ended"]
    assert sent()[4].payload["body"]["case"]["state"] == "cancelled"


def test_nothing_of_the_customer_is_told(opened: Callable[..., Case]) -> None:
    subscribe("https://crm.example.com/", "case.opened", "task.opened")
    opened("Rosa Mamani")
    told = json.dumps([effect.payload for effect in sent()])
    assert "Rosa" not in told
    assert "71234567" not in told


def test_only_what_was_asked_for_is_told_and_only_while_it_is_active(opened: Callable[..., Case]) -> None:
    row = subscribe("https://crm.example.com/", "case.ended")
    subscribe("https://otro.example.com/", "case.opened", procedure="retention")
    subscribe("https://pausa.example.com/", "case.opened", is_active=False)
    opened()
    assert sent() == []
    Subscription.objects.filter(pk=row.pk).update(events=["case.opened"])
    events.forget()
    opened("Rosa Mamani")
    assert types() == ["case.opened"]


def test_it_arrives_signed(receiver: Receiver, opened: Callable[..., Case]) -> None:
    row = subscribe(receiver.url, "case.opened")
    case = opened()
    [effect] = sent()
    assert effects.run(effect.pk, now=timezone.now()) is None
    [(headers, body)] = receiver.heard
    assert json.loads(body)["case"]["number"] == case.number
    at, signature = (part.partition("=")[2] for part in headers["Thaki-Signature"].split(","))
    assert signature == hmac.new(row.secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["Thaki-Delivery"] == json.loads(body)["id"]
    effect.refresh_from_db()
    assert (effect.state, effect.result) == ("done", {"status": 204})


def test_it_is_tried_again_later_and_later_and_then_becomes_an_incident(
    receiver: Receiver, opened: Callable[..., Case]
) -> None:
    subscribe(receiver.url, "case.opened")
    case = opened()
    receiver.status = 503
    [effect] = sent()
    now, waits = timezone.now(), []
    while (again_at := effects.run(effect.pk, now=now)) is not None:
        waits.append(again_at - now)
        now = again_at
    assert waits == sorted(waits)
    assert len(waits) == len(effects.RETRY_AFTER)
    incident = Incident.objects.get(case=case)
    assert "503" in incident.error
    assert {json.loads(body)["id"] for _headers, body in receiver.heard} == {effect.payload["body"]["id"]}


def test_what_the_receiver_calls_wrong_is_not_repeated(receiver: Receiver, opened: Callable[..., Case]) -> None:
    subscribe(receiver.url, "case.opened")
    case = opened()
    receiver.status = 400
    assert effects.run(sent()[0].pk, now=timezone.now()) is None
    assert Incident.objects.filter(case=case, resolved_at=None).exists()


def test_a_redirect_leads_nowhere(receiver: Receiver, opened: Callable[..., Case]) -> None:
    subscribe(receiver.url, "case.opened")
    opened()
    receiver.status = 302
    effects.run(sent()[0].pk, now=timezone.now())
    assert len(receiver.heard) == 1


def test_one_that_fails_for_two_days_is_paused(receiver: Receiver, opened: Callable[..., Case]) -> None:
    row = subscribe(receiver.url, "case.opened", failing_since=timezone.now() - timedelta(days=3))
    opened()
    receiver.status = 500
    effects.run(sent()[0].pk, now=timezone.now())
    row.refresh_from_db()
    assert not row.is_active
    assert "500" in row.paused_reason


def test_to_who_does_not_want_it_any_more_nothing_is_sent(receiver: Receiver, opened: Callable[..., Case]) -> None:
    subscribe(receiver.url, "case.opened").delete()
    row = subscribe(receiver.url, "case.opened")
    opened()
    row.delete()
    effects.run(sent()[0].pk, now=timezone.now())
    assert receiver.heard == []
    assert sent()[0].result == {"not_sent": "deleted"}


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://192.168.0.4/x",
        "https://172.16.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://user:secret@example.com/",
        "ftp://example.com/",
        "https://crm.internal/",
        "https://exam ple.com/",
        "https://",
    ],
)
def test_an_address_of_the_house_itself_is_refused(url: str) -> None:
    with pytest.raises(addresses.Refused):
        addresses.check_form(url)


def test_a_name_that_leads_into_the_house_is_refused_when_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("10.0.0.7", 443))]
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *args, **more: both)
    addresses.check_form("https://crm.example.com/")
    with pytest.raises(addresses.Refused):
        addresses.resolve("https://crm.example.com/")


def test_a_refused_address_is_no_error_to_repeat(opened: Callable[..., Case]) -> None:
    row = subscribe("https://127.0.0.1/", "case.opened")
    with pytest.raises(EffectError) as refused:
        sending.post(row, {"id": "1", "type": "test"}, now=timezone.now())
    assert not refused.value.retry


def test_the_administrator_subscribes_tries_and_deletes(receiver: Receiver, people: dict[str, User]) -> None:
    browser = Client()
    admin = User.objects.create_user("admin", roles=["administrador"])
    browser.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.get("/avisos/").status_code == 200
    bad = {"name": "CRM", "url": "ftp://x/", "events": ["case.opened"], "is_active": "on"}
    assert browser.post("/avisos/nuevo/", bad).status_code == 422
    browser.post("/avisos/nuevo/", bad | {"url": receiver.url})
    row = Subscription.objects.get()
    assert row.secret in browser.get(f"/avisos/{row.pk}/").content.decode()
    shown = browser.post(f"/avisos/{row.pk}/probar/", follow=True)
    assert "204" in shown.content.decode()
    assert len(receiver.heard) == 1
    browser.post(f"/avisos/{row.pk}/secreto/")
    assert Subscription.objects.get().secret != row.secret
    browser.post(f"/avisos/{row.pk}/borrar/")
    assert not Subscription.objects.exists()


def test_a_completed_step_of_the_api_is_told_too(case: Case, caller: Callable[..., Caller]) -> None:
    subscribe("https://crm.example.com/", "task.completed")
    task = Task.objects.get(case=case, state="open")
    caller("ejecutivo1").post(f"tasks/{task.pk}/complete", {"answer": {"channel": "call"}})
    assert sent()[0].payload["body"]["task"]["completed_by"] == "ejecutivo1"
