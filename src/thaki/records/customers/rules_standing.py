"""How a customer stands: VIP or not, and whether he may be made an offer to stay (RET step 1, R-B1 and R-B6). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from thaki.records.money import bob
from thaki.records.reasons import Reason, reason

MONTHS = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether it is so, and why."""

    holds: bool
    why: tuple[Reason, ...]
    average_bob: Decimal = Decimal(0)  # of the bills looked at
    months: tuple[date, ...] = ()  # that they are of, the newest first


def vip(segment: str, billed: Mapping[date, Decimal], *, today: date, least_bob: Decimal) -> Standing:
    """VIP by his segment, or by an average of the last three months' bills of at least `least_bob`.

    `billed`: all services of a month together, by the month's first day. The average is over the last three months that were
    billed, up to today's; who was billed fewer is judged by those. A bill that was removed was billed all the same.
    """
    months = tuple(sorted((month for month in billed if month <= today), reverse=True)[:MONTHS])
    exact = sum((billed[month] for month in months), Decimal(0)) / max(len(months), 1)
    average = bob(exact)
    why = []
    if segment == "vip":
        why.append(reason("vip_segment"))
    if months and exact >= least_bob:
        why.append(reason("vip_billing", average=str(average), least=str(least_bob)))
    if not why:
        none = reason("vip_not", average=str(average), least=str(least_bob)) if months else reason("vip_not_billed")
        return Standing(False, (none,), average, months)
    return Standing(True, tuple(why), average, months)


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of the Central de Riesgos."""

    entity: str
    listed_on: date
    cleared_on: date | None = None


def eligible(arrears: Sequence[str], listed: Iterable[Listed], *, debts: int = 0, today: date) -> Standing:
    """No product withdrawn for arrears, and not in the Central de Riesgos today (1.1).

    `arrears`: the numbers of the products withdrawn for arrears. A debt that led to no withdrawal is said, and excludes nobody.
    """
    why = []
    if arrears:
        why.append(reason("arrears_withdrawn", count=len(arrears), numbers=", ".join(arrears)))
    standing = [entry for entry in listed if on_the_list(entry, today)]
    why += [reason("risk_listed", entity=entry.entity, listed_on=entry.listed_on) for entry in standing]
    if why:
        return Standing(False, tuple(why))
    said = [reason("eligible_clean")]
    if debts:
        said.append(reason("eligible_owes", count=debts))
    return Standing(True, tuple(said))


def on_the_list(entry: Listed, today: date) -> bool:
    """From the day he was put on it; no more from the day he was taken off."""
    return entry.listed_on <= today and (entry.cleared_on is None or entry.cleared_on > today)
