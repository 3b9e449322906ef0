"""The charts of the bajas and of the evaluation: what the server draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from thaki.reporting.charts import Chart, Key, bar
from thaki.reporting.kpi import Withheld

TONES = {Withheld.MET.value: "good", Withheld.NOT_MET.value: "bad"}


def trend(months: Sequence[Mapping[str, Any]]) -> Chart:
    """The bajas of each month, in the colour of its verdict; those for arrears beside, not counted."""
    most = max((one["requested"] + one["arrears"] for one in months), default=0)
    return Chart(
        tuple(
            bar(
                one["name"],
                [(TONES[one["verdict"]], one["requested"], one["verdict"]), ("neutral", one["arrears"], "por mora")],
                most,
                str(one["requested"]),
                note=one["verdict"] + (f" · {one['arrears']} por mora" if one["arrears"] else ""),
            )
            for one in months
        ),
        (Key("good", "menos que el mes anterior"), Key("bad", "igual o más"), Key("neutral", "por mora, no cuentan")),
    )


def reasons(rows: Iterable[Sequence[Any]]) -> Chart:
    """How often each reason was given."""
    listed = list(rows)
    most = max((n for _name, n in listed), default=0)
    return Chart(tuple(bar(str(name), [("1", n, "")], most, str(n)) for name, n in listed))


def kept(lines: Iterable[Mapping[str, Any]]) -> Chart:
    """Of each offer or task: kept, under way, with a relapse or lost."""
    listed = [line for line in lines if line["cases"]]
    most = max((line["cases"] for line in listed), default=0)
    return Chart(
        tuple(
            bar(
                str(line["label"]),
                [
                    ("good", line["kept"], "retenidos"),
                    ("wait", line["pending"], "en curso"),
                    ("bad", line["left"], "bajas"),
                    ("neutral", max(0, line["cases"] - line["kept"] - line["pending"] - line["left"]), "otros"),
                ],
                most,
                str(line["cases"]),
                note=_recurred(line),
            )
            for line in listed
        ),
        (
            Key("good", "retenidos"),
            Key("wait", "en curso (30 días)"),
            Key("bad", "bajas"),
            Key("neutral", "otros"),
        ),
    )


def _recurred(line: Mapping[str, Any]) -> str:
    n = line["recurrences"]
    return "" if not n else "1 reincidencia" if n == 1 else f"{n} reincidencias"
