"""Mails leave through a real SMTP server on loopback, once each, and an error says whether a retry helps."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.utils import translation
from django.utils.translation import gettext

from thaki.cases.language import of_the_house
from thaki.cases.models import Case, ProcedureVersion
from thaki.cases.registry import EffectError, Work
from thaki.channels.email import outbox
from thaki.channels.email.models import OutboundMail

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)


class Postman:
    """An SMTP server's handler that keeps what it was given and can be told to refuse."""

    def __init__(self) -> None:
        self.kept: list[Message] = []
        self.answer = "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the mail unless told otherwise."""
        if self.answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.kept.append(message_from_bytes(content))
        return self.answer


@pytest.fixture
def postman(settings: Any) -> Iterator[Postman]:
    """A server on a free port of loopback, which Django's settings name."""
    handler = Postman()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    yield handler
    controller.stop()


def a_mail(key: str = "1:mail", **more: Any) -> tuple[OutboundMail, SimpleNamespace]:
    version, _new = ProcedureVersion.objects.get_or_create(code="toy", number=1, defaults={"created_at": NOW})
    opened = {"procedure": "toy", "version": version, "opened_at": NOW, "last_event_at": NOW}
    case, _new = Case.objects.get_or_create(number="GVD-2026-000123", defaults=opened)
    work = Work(case=case, record=None, now=NOW, by=None)
    mail = outbox.queue(work, key=key, to="ana@correo.example", subject="Su solicitud", **{**DEFAULTS, **more})
    return mail, SimpleNamespace(payload=work.effects[0][2])


DEFAULTS: dict[str, Any] = {"template": "email_channel/test", "context": {"name": "Ana O'Higgins"}}


@pytest.fixture(autouse=True)
def template(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail's words."""
    monkeypatch.setattr(outbox, "words", lambda template, context: f"Estimada {context['name']}:\n")


def test_it_arrives_with_the_case_number_in_the_subject(postman: Postman) -> None:
    _, effect = a_mail()
    outbox.send(effect)  # type: ignore[arg-type]
    assert postman.kept[0]["Subject"] == "[GVD-2026-000123] Su solicitud"


def test_it_is_sent_once_however_often_the_worker_tries(postman: Postman) -> None:
    _, effect = a_mail()
    outbox.send(effect)  # type: ignore[arg-type]
    outbox.send(effect)  # type: ignore[arg-type]
    assert len(postman.kept) == 1


def test_queueing_twice_writes_one_mail() -> None:
    first, _ = a_mail()
    second, _ = a_mail()
    assert first.pk == second.pk


def test_the_appointment_is_offered_to_the_diary(postman: Postman) -> None:
    _, effect = a_mail(calendar=b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    outbox.send(effect)  # type: ignore[arg-type]
    assert "text/calendar" in [part.get_content_type() for part in postman.kept[0].walk()]


@pytest.mark.parametrize(("answer", "retry"), [("451 Intente luego", True), ("550 No existe", False)])
def test_the_servers_answer_says_whether_a_retry_helps(postman: Postman, answer: str, retry: bool) -> None:
    postman.answer = answer
    mail, effect = a_mail()
    with pytest.raises(EffectError) as error:
        outbox.send(effect)  # type: ignore[arg-type]
    mail.refresh_from_db()
    assert (error.value.retry, mail.sent_at) == (retry, None)


def test_no_server_is_worth_a_retry(postman: Postman, settings: Any) -> None:
    settings.EMAIL_PORT = 9  # discard: nobody listens there
    _, effect = a_mail()
    with pytest.raises(EffectError) as error:
        outbox.send(effect)  # type: ignore[arg-type]
    assert error.value.retry


def test_it_refuses_what_is_no_address() -> None:
    work = Work(case=None, record=None, now=NOW, by=None)  # type: ignore[arg-type]
    with pytest.raises(outbox.BadAddress):
        outbox.queue(work, key="x", to="ana arroba correo", subject="…", **DEFAULTS)


def test_a_person_who_reads_english_still_writes_to_customers_in_spanish() -> None:
    with translation.override("en"), of_the_house():
        assert gettext("Completar el paso") == "Completar el paso"
