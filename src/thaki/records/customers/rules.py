"""Identity cards, telephones, tax numbers, e-mails and names of customers, and how alike two customers are. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

import phonenumbers
from rapidfuzz.fuzz import ratio, token_sort_ratio

from thaki.records.reasons import RuleError
from thaki.records.text import fold, heard, tidy

CI_DEPARTMENTS = {
    "BE": "Beni",
    "CB": "Cochabamba",
    "CH": "Chuquisaca",
    "LP": "La Paz",
    "OR": "Oruro",
    "PD": "Pando",
    "PT": "Potosí",
    "SC": "Santa Cruz",
    "TJ": "Tarija",
}
OLDEST_YEARS = 120
ADULT_YEARS = 18
_COMPLEMENT = re.compile(r"^[0-9][A-Z]$")
_CI = re.compile(r"^(?P<number>\d{4,10})(?:-?(?P<complement>[0-9][A-Z]))?(?:-?(?P<department>[A-Z]{2}))?$")
_EMAIL = re.compile(r"^[A-Z0-9._%+'-]+@(?:[A-Z0-9](?:[A-Z0-9-]{0,61}[A-Z0-9])?\.)+[A-Z]{2,24}$", re.IGNORECASE)
_PARTICLES = frozenset({"de", "del", "la", "las", "los", "y", "e"})
# The mobile operators' and the fixed operators' leading digits in the Bolivian numbering plan (8 digits, no trunk prefix).
_MOBILE = frozenset("67")
_FIXED = frozenset("234")


@dataclass(frozen=True, slots=True)
class Ci:
    """A carnet de identidad in its three fields; complement and department may be empty."""

    number: str
    complement: str = ""
    department: str = ""

    def __str__(self) -> str:
        complement = f"-{self.complement}" if self.complement else ""
        return f"{self.number}{complement} {self.department}".strip()


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A Bolivian telephone: 8 digits and whether it is mobile or fixed."""

    number: str
    kind: str  # "mobile" | "fixed"

    @property
    def e164(self) -> str:
        """As WhatsApp and the outside world write it, without plus sign: 59171234567."""
        return f"591{self.number}"


def check_ci(number: str, complement: str = "", department: str = "") -> Ci:
    """The three fields of an identity card, tidied and checked."""
    digits = re.sub(r"[\s.]", "", number)
    if not digits.isascii() or not digits.isdigit() or not 4 <= len(digits) <= 10:
        raise RuleError("ci_number", on="ci_number")
    complement, department = complement.strip().upper(), department.strip().upper()
    if complement and not _COMPLEMENT.match(complement):
        raise RuleError("ci_complement", on="ci_complement")
    if department and department not in CI_DEPARTMENTS:
        raise RuleError("ci_department", on="ci_department", known=" ".join(CI_DEPARTMENTS))
    return Ci(digits, complement, department)


def parse_ci(text: str) -> Ci:
    """An identity card typed in one field: `4567890`, `4.567.890-1A CB`, `4567890 LP`."""
    bare = re.sub(r"[\s.]", "", text.upper().removeprefix("C.I.").removeprefix("CI"))
    found = _CI.match(bare)
    if not found:
        raise RuleError("ci_unreadable", on="ci", text=text)
    return check_ci(found["number"], found["complement"] or "", found["department"] or "")


def parse_phone(text: str, *, on: str = "phone") -> PhoneNumber:
    """A telephone of Bolivia in 8 digits, however it was written (blanks, dashes, +591).

    A local number of 7 digits is not guessed at: the area digit is asked for (4 in Cochabamba).
    """
    if re.search(r"[^\W\d_]", text):
        raise RuleError("phone_unreadable", on=on)
    digits = re.sub(r"\D", "", text)
    if len(digits) == 7 and not text.strip().startswith("+"):
        raise RuleError("phone_needs_area", on=on, number=digits)
    try:
        parsed = phonenumbers.parse(text, "BO")
    except phonenumbers.NumberParseException as error:
        raise RuleError("phone_unreadable", on=on) from error
    if parsed.country_code != 591:
        raise RuleError("phone_foreign", on=on)
    number = phonenumbers.national_significant_number(parsed)
    if len(number) != 8:
        raise RuleError("phone_length", on=on, digits=len(number))
    if number[0] not in _MOBILE | _FIXED:
        raise RuleError("phone_first_digit", on=on)
    return PhoneNumber(number, "mobile" if number[0] in _MOBILE else "fixed")


def parse_nit(text: str, *, on: str = "nit") -> str:
    """A NIT: digits only; it has no public check digit."""
    bare = re.sub(r"[\s.-]", "", text)
    if not re.fullmatch(r"[0-9]{5,15}", bare):
        raise RuleError("nit", on=on)
    return bare


def parse_email(text: str, *, on: str = "email") -> str:
    """An address without blanks, its domain in lower case."""
    bare = text.strip()
    if len(bare) > 254 or ".." in bare or not _EMAIL.match(bare):
        raise RuleError("email", on=on)
    local, domain = bare.rsplit("@", 1)
    return f"{local}@{domain.lower()}"


def tidy_name(text: str, *, on: str = "name") -> str:
    """A person's name: blanks tidied; what was typed all in capitals or all in small letters is capitalised (`de la Vega`)."""
    name = tidy(text)
    if not any(c.isalpha() for c in name):
        raise RuleError("name_missing", on=on)
    if any(c.isdigit() or c in "<>{}@|\\" for c in name):
        raise RuleError("name_characters", on=on)
    if name in (name.upper(), name.lower()):
        words = name.lower().split()
        name = " ".join(w if w in _PARTICLES and i else _capital(w) for i, w in enumerate(words))
    return name


def _capital(word: str) -> str:
    """`pérez-gil` -> `Pérez-Gil`."""
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))


def check_birth(birth_on: date, today: date) -> date:
    """A date of birth of a living adult."""
    years = today.year - birth_on.year - ((today.month, today.day) < (birth_on.month, birth_on.day))
    if birth_on > today or years > OLDEST_YEARS:
        raise RuleError("birth_impossible", on="birth_on")
    if years < ADULT_YEARS:
        raise RuleError("birth_minor", on="birth_on", years=ADULT_YEARS)
    return birth_on


def split_name(full: str) -> tuple[str, str]:
    """A name written in one field as (given names, surnames): the last two words are the surnames, as is the custom here."""
    words = tidy(full).split()
    if len(words) < 2:
        return " ".join(words), ""
    count = 1 if len(words) == 2 else 2
    while len(words) > count + 1 and words[-count - 1].casefold() in _PARTICLES:
        count += 1
    return " ".join(words[:-count]), " ".join(words[-count:])


# --- how alike two customers are -------------------------------------------------------------------------------------

# How sure one sign alone makes us that it is the same customer (of 100). A telephone or an e-mail may be a relative's.
WEIGHTS = {"same_ci": 99, "same_nit": 95, "same_ci_number": 80, "same_phone": 65, "same_email": 60}
NAME_WEIGHT = 55  # an identical name; less alike weighs proportionally less
NAME_THRESHOLD = 78  # below it names are not shown as alike
SOUND_DISCOUNT = 3
PART_LIKENESS = 84


def name_likeness(one: str, other: str) -> int:
    """How alike two names are, 0 to 100, whatever the order of their words.

    What only sounds the same counts a little less; a name of two words or more that is part of the other, as when
    somebody gives one surname of two, counts less again.
    """
    folded = fold(one)
    return _likeness(folded, heard(folded), fold(other))


def _likeness(spelt: str, sounding: list[str], other: str) -> int:
    """`name_likeness` of names already folded; `sounding` are the words of the first as they sound."""
    as_spelt = token_sort_ratio(spelt, other)
    if as_spelt == 100:
        return 100
    other_sounding = heard(other)
    as_heard = ratio(" ".join(sounding), " ".join(other_sounding)) - SOUND_DISCOUNT
    short, long = (sounding, other_sounding) if len(sounding) <= len(other_sounding) else (other_sounding, sounding)
    part = PART_LIKENESS if len(short) >= 2 and all(word in long for word in short) else 0
    return round(max(as_spelt, as_heard, part))


def most_alike(name: str, folded: Mapping[int, str], limit: int) -> list[int]:
    """The keys of the names most like this one, above the threshold; `folded` are names already folded."""
    spelt = fold(name)
    sounding = heard(spelt)
    likeness = {key: _likeness(spelt, sounding, other) for key, other in folded.items()}
    alike = [key for key, value in likeness.items() if value >= NAME_THRESHOLD]
    return sorted(alike, key=lambda key: (-likeness[key], key))[:limit]


def name_weight(likeness: int) -> int:
    """What a name's likeness is worth as evidence; 0 below the threshold."""
    if likeness < NAME_THRESHOLD:
        return 0
    return round(NAME_WEIGHT * (0.5 + 0.5 * (likeness - NAME_THRESHOLD) / (100 - NAME_THRESHOLD)))


def combined(weights: Iterable[int]) -> int:
    """Independent signs together: 100 less the doubt that each leaves."""
    doubt = 1.0
    for weight in weights:
        doubt *= 1 - weight / 100
    return round(100 * (1 - doubt))


COUNTRY_CODE = "591"


def whatsapp_link(phone: str, text: str) -> str:
    """The wa.me address that opens a chat with an 8-digit mobile and a ready text; "" for a number that is no mobile."""
    if len(phone) != 8 or phone[0] not in "67":
        return ""
    return f"https://wa.me/{COUNTRY_CODE}{phone}?text={quote(text)}"
