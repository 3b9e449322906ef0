"""What a text typed in the search box may mean: a number in parts, a telephone, a card, a slip, an e-mail, a name. Pure.

Nothing is decided here: "4567890" may be a card, a line or a slip, and is looked for as each of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from thaki.cases.rules import folded, numbers_said
from thaki.records.customers.rules import parse_ci
from thaki.records.reasons import RuleError
from thaki.records.text import fold

LONGEST = 80
PHONE_FROM, SLIP_FROM, NUMBER_UP_TO = 4, 4, 9  # digits
AREA = "4"  # of Cochabamba: a line of seven digits is said without it
SERIES = ("OS", "CS", "CC", "FAC", "S")  # orders, contracts, letters, invoices, customers (`records.numbers`)
_SAID = re.compile(r"(?:CASO|ORDEN|CONTRATO|FACTURA|CARTA|COMPROBANTE|BOLETA|DEP[OÓ]SITO)?\s*(?:N[O°º.]+\s+|#\s*)?")
_PHONE = re.compile(r"[\d\s().+-]+")
_CARD = re.compile(r"(?:C\.?I\.?|CARNET)?\s*([\d.\s]{4,14})(?:[-\s]*(\d[A-Z]))?(?:[-\s]*([A-Z]{2}))?")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


@dataclass(frozen=True, slots=True)
class Meant:
    """Everything that the text may be; what it cannot be is empty."""

    text: str = ""
    numbers: tuple[str, ...] = ()  # of cases, orders, contracts, invoices, letters and customers, whole
    phones: tuple[str, ...] = ()  # digits with which a telephone begins
    card: str = ""
    complement: str = ""
    tax_id: str = ""
    slip: str = ""  # with which a slip's number begins
    email: str = ""
    words: tuple[str, ...] = ()  # of a name, folded: each begins one of the words found
    case_words: tuple[str, ...] = ()  # some trigrams of a case's subject
    name_words: tuple[str, ...] = ()  # some trigrams of a customer's name

    @property
    def has_signs(self) -> bool:
        """Whether it may be anything but a name."""
        return bool(self.numbers or self.phones or self.card or self.tax_id or self.slip or self.email)


def meant(text: str, prefixes: Sequence[str], year: int) -> Meant:
    """Read a typed text; `prefixes` are those of case numbers, `year` is the present one."""
    tidy = " ".join(text.split())[:LONGEST]
    typed = tidy.upper()
    if len(typed) < 2 and not typed.isdigit():
        return Meant(tidy)
    card, complement = _card(typed)
    digits = re.sub(r"\D", "", typed)
    bare = _SAID.sub("", typed, count=1)
    is_name = sum(map(str.isalpha, typed)) > len(digits) and not card and not _EMAIL.fullmatch(typed)
    return Meant(
        tidy,
        numbers=numbers_said(bare, (*prefixes, *SERIES), year),
        phones=phones(typed),
        card=card,
        complement=complement,
        tax_id=digits if _PHONE.fullmatch(typed) and 5 <= len(digits) <= 15 else "",
        slip=_slip(bare),
        email=typed.lower() if _EMAIL.fullmatch(typed) else "",
        words=tuple(fold(tidy).split()) if is_name else (),
        case_words=telling(folded(tidy).split()) if is_name else (),
        name_words=telling(fold(tidy).split()) if is_name else (),
    )


def phones(typed: str) -> tuple[str, ...]:
    """The digits with which the telephone may begin: without the country's prefix and the trunk's zero, with the area's digit."""
    if not _PHONE.fullmatch(typed):
        return ()
    digits = re.sub(r"\D", "", typed).lstrip("0")
    abroad = typed.startswith(("+", "00")) or len(digits) > 8
    digits = digits.removeprefix("591").lstrip("0") if abroad else digits
    if not PHONE_FROM <= len(digits) <= 8:
        return ()
    return (digits, AREA + digits) if len(digits) == 7 else (digits,)


def telling(words: Sequence[str]) -> tuple[str, ...]:
    """The trigrams by which an index finds folded words: two of each, for every one more costs as much again.

    The first and the last inside a word tell nearly as much as all of it; what they bring too much is left out afterwards, by
    the words themselves. Of a short word its beginning is one of them.
    """
    found: set[str] = set()
    for word in words:
        padded = f"  {word}"
        pieces = [padded[at : at + 3] for at in range(len(word))]
        found.update({pieces[2], pieces[-1]} if len(word) > 3 else pieces[-2:])
    return tuple(sorted(found))


def _card(typed: str) -> tuple[str, str]:
    found = _CARD.fullmatch(typed)
    if not found:
        return "", ""
    try:
        card = parse_ci("-".join(part for part in (found[1].replace(" ", ""), found[2], found[3]) if part))
    except RuleError:
        return "", ""
    return card.number, card.complement


def _slip(typed: str) -> str:
    """As slips are kept: capitals and digits, without leading zeros."""
    bare = re.sub(r"[^A-Z0-9]", "", typed)
    bare = bare.lstrip("0") if bare.isdigit() else bare
    digits = sum(c.isdigit() for c in bare)
    return bare if digits >= SLIP_FROM and len(bare) <= 40 and digits * 2 >= len(bare) else ""
