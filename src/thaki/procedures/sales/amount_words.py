"""Amounts in words, as a Bolivian invoice carries them: "Ciento cincuenta 00/100 Bolivianos". Pure."""

from __future__ import annotations

from decimal import Decimal

_SMALL = [
    "cero",
    "uno",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
    "dieciséis",
    "diecisiete",
    "dieciocho",
    "diecinueve",
    "veinte",
    "veintiuno",
    "veintidós",
    "veintitrés",
    "veinticuatro",
    "veinticinco",
    "veintiséis",
    "veintisiete",
    "veintiocho",
    "veintinueve",
]
_TENS = ("", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa")
_HUNDREDS = (
    "",
    "ciento",
    "doscientos",
    "trescientos",
    "cuatrocientos",
    "quinientos",
    "seiscientos",
    "setecientos",
    "ochocientos",
    "novecientos",
)


def in_words(amount_bob: Decimal) -> str:
    """The amount (0 to 999 999 999.99 Bs) in words with its cents as a fraction; ValueError outside of that."""
    if not 0 <= amount_bob < 1_000_000_000:
        raise ValueError(amount_bob)
    whole, cents = divmod(int(amount_bob.quantize(Decimal("0.01")) * 100), 100)
    # "uno" loses its vowel before a noun: un boliviano, veintiún mil.
    return f"{_whole(whole).capitalize()} {cents:02d}/100 Bolivianos"


def _whole(number: int) -> str:
    millions, rest = divmod(number, 1_000_000)
    thousands, units = divmod(rest, 1000)
    parts = []
    if millions:
        parts.append("un millón" if millions == 1 else f"{_shortened(_whole(millions))} millones")
    if thousands:
        parts.append("mil" if thousands == 1 else f"{_shortened(_hundreds(thousands))} mil")
    if units or not parts:
        parts.append(_hundreds(units))
    return " ".join(parts)


def _hundreds(number: int) -> str:
    if number == 100:
        return "cien"
    hundreds, rest = divmod(number, 100)
    return " ".join(part for part in (_HUNDREDS[hundreds], _tens(rest) if rest or not hundreds else "") if part)


def _tens(number: int) -> str:
    if number < len(_SMALL):
        return _SMALL[number]
    tens, units = divmod(number, 10)
    return f"{_TENS[tens]} y {_SMALL[units]}" if units else _TENS[tens]


def _shortened(text: str) -> str:
    if text.endswith("veintiuno"):
        return text.removesuffix("uno") + "ún"
    return text.removesuffix("o") if text.endswith("uno") else text
