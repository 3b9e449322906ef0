"""How Bolivia writes things: dates, money, telephones, and spans of time in words. Pure but for translation.

Dates `21/11/2026 14:05`, money `Bs 1.234,50`, telephones `7xx xxxxx`. One writing for both languages: the office is one.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

NOTHING = "—"
LA_PAZ = ZoneInfo("America/La_Paz")
MINUTE, HOUR, DAY = 60, 3600, 86400


def format_date(value: date | datetime | None) -> str:
    """`21/11/2026`; an instant is taken to La Paz first."""
    if not value:  # a template gives "" for what is not there
        return NOTHING
    return f"{_local(value):%d/%m/%Y}"


def format_time(value: datetime | None) -> str:
    """`14:05`."""
    return NOTHING if not value else f"{_local(value):%H:%M}"


def format_instant(value: datetime | None) -> str:
    """`21/11/2026 14:05`."""
    return NOTHING if not value else f"{_local(value):%d/%m/%Y %H:%M}"


def format_number(value: Decimal | float | int | None, places: int = 0) -> str:
    """`1.234,50`: a point each thousand, a comma before the decimals, half rounded up."""
    if value is None:
        return NOTHING
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{exact:,.{places}f}".translate(str.maketrans(",.", ".,"))


def format_money(value: Decimal | int | None) -> str:
    """`Bs 1.234,50`, with a space that does not break."""
    return NOTHING if value is None else f"Bs\u00a0{format_number(value, 2)}"


def format_percent(value: Decimal | float | int | None, places: int = 1) -> str:
    """`98,4 %`."""
    return NOTHING if value is None else f"{format_number(value, places)}\u00a0%"


def format_phone(value: str | None) -> str:
    """`712 34567`: the eight digits as people say them; anything else as it is."""
    digits = "".join(c for c in value or "" if c.isdigit())
    if digits.startswith("591") and len(digits) == 11:
        digits = digits[3:]
    return f"{digits[:3]}\u00a0{digits[3:]}" if len(digits) == 8 else value or NOTHING


def format_metres(value: float | None) -> str:
    """`85 m`, `1,2 km`."""
    if value is None:
        return NOTHING
    return f"{format_number(value)}\u00a0m" if value < 1000 else f"{format_number(value / 1000, 1)}\u00a0km"


def format_speed(value: float | None) -> str:
    """`100 Mbps`; decimals only where there are some."""
    if value is None:
        return NOTHING
    return f"{format_number(value, 0 if value == int(value) else 1)}\u00a0Mbps"


def format_technology(code: str) -> str:
    """As people call it: `FO`, `HFC` and `ADSL` are their words too, the code of the wireless network is not."""
    return _("Inalámbrico") if code == "WIRELESS" else code


def format_technology_words(code: str) -> str:
    """As it reads in a sentence to somebody who does not know the codes."""
    words = {"FO": _("fibra óptica"), "HFC": _("cable HFC"), "WIRELESS": _("red inalámbrica")}
    return words.get(code, code)


def format_size(value: int | None) -> str:
    """`340 KB`, `2,1 MB`."""
    if value is None:
        return NOTHING
    if value < 1024 * 1024:
        return f"{format_number(max(1, value // 1024))}\u00a0KB"
    return f"{format_number(value / 1024 / 1024, 1)}\u00a0MB"


def format_span(span: timedelta | None) -> str:
    """A span in words, its two largest parts: `2 días y 3 h`, `1 h 15 min`, `20 min`, `menos de 1 min`."""
    if span is None:
        return NOTHING
    seconds = int(abs(span.total_seconds()))
    days, hours, minutes = seconds // DAY, seconds % DAY // HOUR, seconds % HOUR // MINUTE
    if days:
        text = ngettext("%(n)d día", "%(n)d días", days) % {"n": days}
        return text if days >= 10 or not hours else _("%(days)s y %(hours)d h") % {"days": text, "hours": hours}
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min" if minutes else _("menos de 1 min")


def format_ago(value: datetime | None, now: datetime) -> str:
    """`hace 20 min`, `en 2 h`."""
    if value is None:
        return NOTHING
    words = {"span": format_span(now - value)}
    return _("hace %(span)s") % words if value <= now else _("en %(span)s") % words


def initials(name: str) -> str:
    """Of a person's first and last word: `Ana María Quispe` is `AQ`."""
    words = [word for word in name.split() if word[:1].isalnum()]
    return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper() or "?"


def _local(value: date | datetime) -> date | datetime:
    return value.astimezone(LA_PAZ) if isinstance(value, datetime) and value.tzinfo else value
