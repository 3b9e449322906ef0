"""A mail server of one's own, on this machine, that keeps what it is given and can be switched off."""

from __future__ import annotations

import threading
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

PATIENCE_S = 20.0


class Mailbox:
    """All mail that was handed over, the newest last."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._mails: list[EmailMessage] = []
        self._came = threading.Condition()
        self._server: Controller | None = None

    def switch_on(self) -> None:
        """Listen."""
        self._server = Controller(self, hostname="127.0.0.1", port=self.port)
        self._server.start()

    def switch_off(self) -> None:
        """As a mail server that is down: nobody answers."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep a mail."""
        mail = message_from_bytes(envelope.original_content or b"", _class=EmailMessage, policy=policy.default)
        with self._came:
            self._mails.append(mail)
            self._came.notify_all()
        return "250 OK"

    def mail(self, to: str, about: str) -> EmailMessage:
        """The mail to that address with those words in its subject, waited for."""
        return self._wait(lambda mail: to in str(mail["To"]) and about in str(mail["Subject"]), f"{to}: {about}")

    def _wait(self, wanted: Callable[[EmailMessage], bool], told: str) -> EmailMessage:
        def found() -> EmailMessage | None:
            return next((mail for mail in reversed(self._mails) if wanted(mail)), None)

        with self._came:
            mail = self._came.wait_for(found, PATIENCE_S)
            assert mail, f"no mail «{told}» among {[(str(m['To']), str(m['Subject'])) for m in self._mails]}"
            return mail


def attached(mail: EmailMessage) -> dict[str, bytes]:
    """The attachments of a mail, by name."""
    return {
        str(part.get_filename()): part.get_payload(decode=True) or b""  # type: ignore[misc]
        for part in mail.walk()
        if part.get_filename()
    }


def words(mail: EmailMessage) -> str:
    """What a mail says."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
