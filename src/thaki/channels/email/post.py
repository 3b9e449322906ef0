"""Mails that belong to no case: a report that goes out every morning. Written in the caller's transaction, sent by a job.

Those of a case go by `outbox`, whose failures open an incident there; a mail that gives up here stays unsent in the table.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.utils import make_msgid, parseaddr
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from thaki.cases.registry import EffectError
from thaki.channels.email import outbox
from thaki.channels.email.models import OutboundMail
from thaki.people import house
from thaki.records.documents.models import Document


def post(
    *,
    key: str,
    to: str,
    subject: str,
    template: str,
    context: dict[str, Any],
    attachments: Iterable[Document] = (),
    now: datetime,
) -> OutboundMail:
    """Write a mail in the words of `<template>.txt` and leave it for the worker; a key twice is one mail. Raises BadAddress."""
    outbox.check(to)
    text = outbox.words(f"{template}.txt", {"public_url": settings.PUBLIC_URL, "house": house.words(), **context})
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2]
    mail, is_new = OutboundMail.objects.get_or_create(
        key=key,
        defaults={
            "message_id": make_msgid(idstring="thaki", domain=domain),
            "to": to,
            "subject": subject[:200],
            "text": text,
            "html": render_to_string("email_channel/mail.html", {"text": text, "house": house.words()}),
            "created_at": now,
        },
    )
    if is_new:
        mail.documents.add(*attachments)
        send_posted.defer(mail_id=mail.pk)
    return mail


@app.task(name="email.send_posted", retry=RetryStrategy(max_attempts=12, exponential_wait=4))
def send_posted(mail_id: int) -> None:
    """Hand it to the SMTP server, once; what a later try may mend is tried again."""
    mail = OutboundMail.objects.filter(pk=mail_id, sent_at=None).first()
    if mail is None:
        return
    try:
        outbox.hand_over(mail)
    except EffectError as error:
        if error.retry:
            raise
        return
    mail.sent_at = timezone.now()
    mail.save(update_fields=["sent_at"])
