"""Mails out: written inside the case's transaction, sent once it has committed.

The address is checked when the mail is written, so that a person sees the mistake; what the SMTP server says later becomes an
`EffectError`, which tells whether trying again may help (RFC 5321: 4yz yes, 5yz no).
"""

from __future__ import annotations

import smtplib
from email.mime.text import MIMEText
from email.utils import make_msgid, parseaddr
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils import timezone

from thaki.cases.registry import EffectError, Work, register_effect_handler
from thaki.channels.email.models import OutboundMail
from thaki.people import house, texts
from thaki.records.documents import operations as documents
from thaki.records.documents.models import Document

if TYPE_CHECKING:
    from collections.abc import Iterable

    from thaki.cases.models import Effect

KIND = "email.send"


class BadAddress(ValueError):
    """A mail was to be sent to something that is no address."""


def queue(
    work: Work,
    *,
    key: str,
    to: str,
    subject: str,
    template: str,
    context: dict[str, Any],
    cc: Iterable[str] = (),
    attachments: Iterable[Document] = (),
    calendar: bytes = b"",
) -> OutboundMail:
    """Write a mail in the words of a text (`people.texts`) or of `<template>.txt`, as HTML too; it is sent after the commit.

    A text's own subject stands before the one given.

    `key` is unique for ever: a repetition of the same move sends nothing twice. Raises BadAddress.
    """
    copies = list(cc)
    for address in (to, *copies):
        check(address)
    around = {"case": work.case, "by": work.by, "public_url": settings.PUBLIC_URL, "house": house.words()}
    subject, text = _words_of(template, subject, {**around, **context})
    mail = OutboundMail.objects.filter(key=key).first()
    if mail is None:  # the case is locked and its number is in the key: nobody else writes the same one meanwhile
        mail = OutboundMail.objects.create(
            case=work.case,
            key=key,
            message_id=make_msgid(
                idstring=work.case.number.lower(), domain=parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2]
            ),
            to=to,
            cc=copies,
            subject=f"[{work.case.number}] {subject}"[:200],
            text=text,
            html=render_to_string("email_channel/mail.html", {"case": work.case, "text": text, "house": house.words()}),
            calendar=calendar.decode(),
            created_at=work.now,
        )
        mail.documents.add(*attachments)
    work.effect(KIND, key, {"mail": mail.pk, "to": to})
    return mail


def send(effect: Effect) -> dict[str, Any]:
    """Do the effect: hand the mail to the SMTP server. A mail already sent is not sent again.

    The address is the payload's: a person who corrects an incident mends it there.
    """
    mail = OutboundMail.objects.get(pk=effect.payload["mail"])
    if mail.sent_at is None:
        mail.to = effect.payload.get("to") or mail.to
        hand_over(mail)
        mail.sent_at = timezone.now()
        mail.save(update_fields=["to", "sent_at"])
    return {"message_id": mail.message_id}


def _words_of(template: str, subject: str, context: dict[str, Any]) -> tuple[str, str]:
    """Subject and words: of the text of that code as its owner wrote it, else of the template of that name."""
    if not texts.defined(template):
        return subject, words(f"{template}.txt", context)
    return texts.of(template, context, "subject") or subject, f"{texts.of(template, context)}\n"


def words(template: str, context: dict[str, Any]) -> str:
    """The words of a mail; a text has nothing to escape."""
    found = get_template(template).template  # type: ignore[attr-defined]  # Django's own backend is the only one configured
    return str(found.render(Context(context, autoescape=False))).strip() + "\n"


def check(address: str) -> None:
    """Raise BadAddress for what is none."""
    try:
        validate_email(address)
    except ValidationError as error:
        raise BadAddress(address) from error


def hand_over(mail: OutboundMail) -> None:
    """Give it to the SMTP server now; raises EffectError."""
    try:
        _message(mail).send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
        raise EffectError(_words(error), retry=_is_temporary(error)) from error
    except (OSError, smtplib.SMTPException) as error:  # no server, a dropped connection
        raise EffectError(str(error) or type(error).__name__, retry=True) from error


def _message(mail: OutboundMail) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        mail.subject,
        mail.text,
        settings.DEFAULT_FROM_EMAIL,
        [mail.to],
        cc=mail.cc,
        headers={"Message-ID": mail.message_id},
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    for document in mail.documents.all():
        message.attach(document.name, documents.read(document), document.media_type)
    if mail.calendar:
        message.attach(_calendar_part(mail.calendar))
    return message


def _calendar_part(calendar: str) -> MIMEText:
    """An iCalendar attachment that mail programs offer to put into the diary (RFC 6047)."""
    part = MIMEText(calendar, "calendar", "utf-8")
    part.set_param("method", "REQUEST")
    part.add_header("Content-Disposition", "attachment", filename="cita.ics")
    return part


def _codes(error: smtplib.SMTPException) -> list[int]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _ in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []


def _is_temporary(error: smtplib.SMTPException) -> bool:
    return any(400 <= code < 500 for code in _codes(error))


def _words(error: smtplib.SMTPException) -> str:
    return f"SMTP {', '.join(map(str, _codes(error)))}: {error}"[:500]


def register() -> None:
    """Tell the runtime who sends mails."""
    register_effect_handler(KIND, send)
