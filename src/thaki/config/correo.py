"""Pages of the mail that the demo caught: what customers and roles would have received."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_binary_file, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import strip_tags

from thaki.people.access import public

SHOWN = 200
_WHY = "only in a demo, whose people and mail are invented"
# Types that a browser shows without running anything; the rest is downloaded.
_HARMLESS = {"application/pdf", "image/png", "image/jpeg", "image/webp", "text/plain"}


@dataclass(frozen=True)
class Caught:
    """A caught message as the pages show it."""

    key: str
    at: datetime
    sender: str
    to: str
    subject: str
    message: EmailMessage

    @property
    def text(self) -> str:
        """Its words, without markup."""
        body = self.message.get_body(("plain", "html"))
        if body is None:
            return ""
        content = str(body.get_content())
        return strip_tags(content) if body.get_content_type() == "text/html" else content

    @property
    def attachments(self) -> list[EmailMessage]:
        """Its attached files, in order."""
        return list(self.message.iter_attachments())


def read(path: Path) -> Caught:
    """A kept message."""
    with path.open("rb") as file:
        message = message_from_binary_file(file, policy=policy.default)
    at = datetime.fromtimestamp(int(path.stem) / 1e9, tz=UTC)
    to = message["X-Envelope-To"] or message["To"] or ""
    return Caught(path.stem, at, str(message["From"] or ""), str(to), str(message["Subject"] or ""), message)


def newest(folder: Path, wanted: str = "") -> Iterator[Caught]:
    """The last messages, newest first; `wanted` is looked for in recipients and subject."""
    for path in sorted(folder.glob("*.eml"), reverse=True)[:SHOWN]:
        caught = read(path)
        if wanted.lower() in f"{caught.to} {caught.subject}".lower():
            yield caught


def _find(key: str) -> Caught:
    path = settings.MAIL_FOLDER / f"{key}.eml"
    if not settings.DEMO or not re.fullmatch(r"\d{1,25}", key) or not path.exists():
        raise Http404
    return read(path)


@public(_WHY)
def index(request: HttpRequest) -> HttpResponse:
    """The messages caught, newest first."""
    if not settings.DEMO:
        raise Http404
    wanted = request.GET.get("q", "").strip()
    return render(request, "config/mail.html", {"messages_caught": newest(settings.MAIL_FOLDER, wanted), "q": wanted})


@public(_WHY)
def message(request: HttpRequest, key: str) -> HttpResponse:
    """One message with its attachments."""
    return render(request, "config/message.html", {"caught": _find(key)})


@public(_WHY)
def attachment(request: HttpRequest, key: str, part: int) -> HttpResponse:
    """An attached file."""
    parts = _find(key).attachments
    if part >= len(parts):
        raise Http404
    kind = parts[part].get_content_type()
    content = parts[part].get_payload(decode=True)
    body = content if isinstance(content, bytes) else parts[part].as_bytes()  # a forwarded message is a tree of its own
    response = HttpResponse(body, content_type=kind if kind in _HARMLESS else "application/octet-stream")
    name = re.sub(r'[\r\n"\\]', "_", parts[part].get_filename() or "adjunto")
    how = "inline" if kind in _HARMLESS else "attachment"
    response["Content-Disposition"] = f'{how}; filename="{name.encode("ascii", "replace").decode()}"'
    return response
