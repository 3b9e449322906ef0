"""The embedded Central de Riesgos: the port on a list of one's own."""

from __future__ import annotations

from datetime import date

from thaki.integrations.credit_bureau.models import RiskEntry
from thaki.integrations.credit_bureau.port import RiskView
from thaki.people.prepared import Prepared

# Each side is answered by its partial index. A complement settles who it is only where both sides have one.
_FOUND = Prepared(
    RiskEntry,
    "((m.ci_number = %s AND m.ci_number > '' AND (m.ci_complement = %s OR m.ci_complement = '' OR %s = '')) "
    "OR (m.nit = %s AND m.nit > '')) AND m.listed_on <= %s AND (m.cleared_on IS NULL OR m.cleared_on > %s) "
    "ORDER BY m.listed_on, m.id LIMIT 50",
)


class EmbeddedBureau:
    """See `port.CreditBureau`, whose method this is."""

    def look_up(self, *, ci_number: str = "", ci_complement: str = "", nit: str = "", on: date) -> tuple[RiskView, ...]:
        """One query."""
        entries = _FOUND.all(ci_number, ci_complement, ci_complement, nit, on, on)
        return tuple(RiskView(e.entity, e.listed_on, e.amount_bob, e.name, e.cleared_on) for e in entries)
