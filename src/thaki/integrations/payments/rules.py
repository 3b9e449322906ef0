"""Cards and signatures. Pure."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import date

from thaki.records.reasons import RuleError

DECLINED = "4000000000000002"  # the customary test number that every demonstration declines


def signature_of(body: bytes, secret: str) -> str:
    """`sha256=<hex HMAC-SHA256(secret, raw body)>`, as Facebook and WhatsApp sign theirs."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether the signature is the body's, compared in constant time."""
    return hmac.compare_digest(signature_of(body, secret).encode(), signature.encode("utf-8", "replace"))


def check_card_number(text: str) -> str:
    """13 to 19 digits with a right check digit (Luhn)."""
    digits = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"[0-9]{13,19}", digits):
        raise RuleError("card_number", on="card_number")
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    if sum(d - 9 if d > 9 else d for d in doubled) % 10:
        raise RuleError("card_number", on="card_number")
    return digits


def check_expiry(text: str, today: date) -> tuple[int, int]:
    """`MM/AA`, valid through the end of that month; (year, month)."""
    found = re.fullmatch(r"\s*(\d{1,2})\s*/\s*(?:20)?(\d{2})\s*", text)
    if not found or not 1 <= int(found[1]) <= 12:
        raise RuleError("card_expiry", on="expiry")
    month, year = int(found[1]), 2000 + int(found[2])
    if (year, month) < (today.year, today.month) or year > today.year + 20:
        raise RuleError("card_expiry", on="expiry")
    return year, month


def check_cvv(text: str) -> str:
    """3 or 4 digits."""
    if not re.fullmatch(r"[0-9]{3,4}", text.strip()):
        raise RuleError("card_cvv", on="cvv")
    return text.strip()
