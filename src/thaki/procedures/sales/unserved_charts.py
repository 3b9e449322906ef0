"""The charts of demand not served: by reason, by zone and by technology, each bar a link to its part of the list."""

from __future__ import annotations

from collections import Counter

from django.utils.translation import gettext as _

from thaki.procedures.sales import unserved_list as listed
from thaki.procedures.sales.unserved_list import REASON, TECHNOLOGY, ZONE, Counts, Filters
from thaki.reporting.charts import Bar, Chart, Key, bar
from thaki.ui.formats import format_number

ZONES = 15  # bars; the others are one
KINDS = 6  # colours


def charts(counts: Counts, filters: Filters) -> dict[str, Chart]:
    """The three charts of a list."""
    tones = {code: str(min(n, KINDS)) for n, (code, _n) in enumerate(counts.by(TECHNOLOGY), start=1)}
    keys = tuple(Key(tone, listed.technology_name(code)) for code, tone in tones.items())
    by_reason = counts.split(REASON, TECHNOLOGY)
    by_zone = counts.split(ZONE, TECHNOLOGY)
    most_reason = max((n for _code, n in counts.by(REASON)), default=0)
    most_zone = max((n for _zone, n in counts.by(ZONE)), default=0)
    reasons = [
        _bar(listed.reason_name(code), by_reason[code], tones, most_reason, counts.total, filters.query(motivo=code))
        for code, _n in counts.by(REASON)
    ]
    shown = counts.by(ZONE)[:ZONES]
    zones = [
        _bar(
            zone or _("Sin zona"),
            by_zone[zone],
            tones,
            most_zone,
            counts.total,
            filters.query(zona=zone) if zone else "",
        )
        for zone, _n in shown
    ]
    rest: Counter[str] = sum((by_zone[zone] for zone, _n in counts.by(ZONE)[ZONES:]), Counter())
    if rest:
        zones.append(_bar(_("Las demás zonas"), rest, tones, max(most_zone, rest.total()), counts.total, ""))
    return {
        "by_reason": Chart(tuple(reasons), keys),
        "by_zone": Chart(tuple(zones), keys),
        "by_technology": Chart(
            tuple(_technology(code, n, tones, counts, filters) for code, n in counts.by(TECHNOLOGY))
        ),
    }


def _bar(label: str, parts: Counter[str], tones: dict[str, str], most: int, total: int, query: str) -> Bar:
    drawn = [(tones[code], n, f"{listed.technology_name(code)}: {n}") for code, n in parts.most_common()]
    n = parts.total()
    return bar(label, drawn, most, str(n), href=f"?{query}" if query else "", note=_share(n, total))


def _technology(code: str, n: int, tones: dict[str, str], counts: Counts, filters: Filters) -> Bar:
    query = filters.query(tecnologia=code or listed.UNKNOWN)
    name = listed.technology_name(code)
    return bar(name, [(tones[code], n, "")], counts.total, str(n), href=f"?{query}", note=_share(n, counts.total))


def _share(n: int, total: int) -> str:
    return f"{format_number(100 * n / total)} %" if total else ""
