"""The words that go out: mails, WhatsApp messages and letters, which their owners may write anew.

A text says what it may tell as fields in braces, and nothing else of it is looked at:

    define("sales.mail.invoice", Kind.MAIL, _("Factura al cliente"), body="Estimado(a) {cliente}: …", fields={…}, …)
    compose("sales.mail.invoice", {"cliente": "Ana Rojas", …})

What was written anew is a policy value, so it has a history, who and why; an empty one is the shipped text. A line whose fields
are all empty is left out. Texts are plain: whoever puts one into a page or a mail's HTML escapes it there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from thaki.people import policies

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from thaki.people.models import User

FIELD = re.compile(r"\{([^{}\n]*)\}")
SPACES = re.compile(r"\n{3,}")
PREFIX = "text."
LONGEST = 6000
Values = Callable[[Mapping[str, Any]], Mapping[str, str]]


class Kind(StrEnum):
    """How a text reaches its reader."""

    MAIL = "mail"
    WHATSAPP = "whatsapp"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class Field:
    """Something that a text may tell."""

    text: str | _StrPromise  # what it is
    sample: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A text as its room declared it."""

    code: str
    kind: Kind
    label: str | _StrPromise
    note: str | _StrPromise  # when it goes out, and to whom
    subject: str  # shipped; "" where there is none
    body: str  # shipped
    fields: Mapping[str, Field]
    values: Values  # what the fields say, from what the sender knows
    real: Callable[[Any, User], Mapping[str, Any]] | None  # what is known of a case, for a preview
    paper: Callable[[str, Any, User], bytes] | None = None  # the PDF that carries these words, of a case or of none


class BadText(ValueError):
    """The text cannot be used; the message says why, for the person who wrote it."""


class UnknownText(LookupError):
    """No room defines a text of that code."""


_definitions: dict[str, Definition] = {}


def define(
    code: str,
    kind: Kind,
    label: str | _StrPromise,
    *,
    note: str | _StrPromise,
    body: str,
    fields: Mapping[str, Field],
    values: Values,
    subject: str = "",
    real: Callable[[Any, User], Mapping[str, Any]] | None = None,
    paper: Callable[[str, Any, User], bytes] | None = None,
) -> None:
    """Declare a text; called when a room is made ready. Raises BadText if its own words name a field it has not."""
    known = Definition(code, kind, label, note, subject, body.strip(), dict(fields), values, real, paper)
    check(known, known.body)
    check(known, subject)
    _definitions[code] = known
    policies.define(_key(code, "body"), "", label, kind=policies.Kind.TEXT)
    if subject:
        policies.define(_key(code, "subject"), "", label, kind=policies.Kind.TEXT)


def defined(code: str) -> bool:
    """Whether some room declared that text."""
    return code in _definitions


def definition(code: str) -> Definition:
    """The declaration of a text; UnknownText when nobody made it."""
    try:
        return _definitions[code]
    except KeyError:
        raise UnknownText(code) from None


def definitions() -> tuple[Definition, ...]:
    """Every text, by code."""
    return tuple(_definitions[code] for code in sorted(_definitions))


def current(code: str, part: str = "body") -> str:
    """The words in force: what somebody wrote, else the shipped ones."""
    return own(code, part) or str(getattr(definition(code), part))


def own(code: str, part: str = "body") -> str:
    """What somebody wrote, "" where the shipped words stand."""
    known = definition(code)
    return "" if part == "subject" and not known.subject else str(policies.get(_key(code, part)))


def check(known: Definition, text: str) -> None:
    """Raises BadText, naming the field that there is not and those that there are."""
    for name in FIELD.findall(text):
        if name not in known.fields:
            allowed = ", ".join(f"{{{field}}}" for field in sorted(known.fields))
            raise BadText(
                _("No existe el campo {%(name)s}. Puede usar: %(allowed)s.") % {"name": name, "allowed": allowed}
            )
    if set("{}") & set(FIELD.sub("", text)):
        raise BadText(_("Hay una llave sin pareja: un campo se escribe {así}."))
    if len(text) > LONGEST:
        raise BadText(_("El texto es demasiado largo (más de %(most)s letras).") % {"most": LONGEST})


def save(code: str, *, body: str, subject: str = "", by: User | None, reason: str, now: datetime) -> None:
    """Write a text anew; what equals the shipped words is not kept. Raises BadText."""
    known = definition(code)
    body = body.replace("\r\n", "\n").strip()
    check(known, body)
    check(known, subject)
    for part, words in (("body", body), ("subject", " ".join(subject.split()))):
        shipped = getattr(known, part)
        kept = "" if words == shipped else words
        if (part == "body" or shipped) and kept != own(code, part):
            policies.set(_key(code, part), kept, by=by, reason=reason, now=now)


def restore(code: str, *, by: User | None, now: datetime) -> None:
    """Go back to the shipped words."""
    for part in ("body", "subject"):
        if own(code, part):
            policies.set(_key(code, part), "", by=by, reason=_("Se restaura el texto original"), now=now)


def sound(code: str, part: str = "body") -> str:
    """The words in force; those that name a field of an older version give way to the shipped ones."""
    known, words = definition(code), current(code, part)
    return str(getattr(known, part)) if any(name not in known.fields for name in FIELD.findall(words)) else words


def compose(code: str, values: Mapping[str, str], part: str = "body") -> str:
    """The text with its fields filled in."""
    return fill(sound(code, part), values)


def of(code: str, context: Mapping[str, Any], part: str = "body") -> str:
    """The text as its sender's context tells it."""
    return compose(code, definition(code).values(context), part)


def fill(words: str, values: Mapping[str, str]) -> str:
    """Put the values in; a line that only had empty ones to tell is left out."""
    lines = [_line(line, values) for line in words.split("\n")]
    return SPACES.sub("\n\n", "\n".join(line for line in lines if line is not None)).strip()


def sample(known: Definition) -> dict[str, str]:
    """A value for each field, invented."""
    return {name: field.sample for name, field in known.fields.items()}


def keys(code: str) -> tuple[str, ...]:
    """The policies that keep the text."""
    return (_key(code, "body"), _key(code, "subject"))


def _key(code: str, part: str) -> str:
    return f"{PREFIX}{code}.{part}"


def _line(line: str, values: Mapping[str, str]) -> str | None:
    names = FIELD.findall(line)
    if names and not any(values.get(name) for name in names):
        return None
    return FIELD.sub(lambda found: values.get(found[1], ""), line).rstrip()
