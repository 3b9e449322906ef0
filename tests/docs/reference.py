"""The reference pages that are made from the program itself, so that they cannot say anything else.

    PYTHONPATH=src:. .thaki/env/bin/python -m tests.docs.reference     writes them under docs/reference/

`test_reference_pages.py` fails when a committed page is not what this makes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference"
MADE = "<!-- Made by `python -m tests.docs.reference`; do not edit. -->\n\n"


def policies_page() -> str:
    """Every policy: code, what it is, default, unit, reading."""
    from thaki.people import policies

    rows = [
        (f"`{p.code}`", _both(p.label), _default(p.default), _spanish(p.unit) or "–", p.reading or "–")
        for p in policies.definitions()
        if not p.code.startswith("text.")  # the words that go out have pages of their own
    ]
    intro = (
        "# Policies\n\nThe numbers of the readings, and a few addresses. *Gestión de Calidad y Desempeño* and the "
        "administrator change them under **Políticas** (`/politicas/`), with a reason; each has its history. A change "
        "holds for what happens from then on; a running clock keeps the time it was set to.\n"
    )
    return MADE + intro + "\n" + _table(("Code", "What", "Default", "Unit", "Reading"), rows)


def roles_page() -> str:
    """Every role: code, Spanish name, English gloss, demo logins, its steps."""
    from thaki.people.demo import PEOPLE
    from thaki.people.roles import ROLE_NAMES

    steps = _steps_by_role()
    rows = [
        (
            f"`{role.value}`",
            _spanish(name),
            _english(name),
            " ".join(f"`{p.login}`" for p in PEOPLE if role in p.roles),
            ", ".join(steps.get(role.value, [])) or "–",
        )
        for role, name in ROLE_NAMES.items()
    ]
    intro = (
        "# Roles\n\nThe code is the lane's `thaki:role` in the BPMN files. A person may hold several. Who supervises a "
        "team, or a whole procedure (*Responsable Equipo Canales Digitales* and *Responsable Equipo Ventas Digitales* "
        "for sales), sees and reassigns its work; *Gestión de Calidad y Desempeño* and the administrator see every case "
        "and mend incidents. Demo logins exist in a demo only.\n"
    )
    return MADE + intro + "\n" + _table(("Code", "Role", "In English", "Demo logins", "Steps"), rows)


def sales_answers_page() -> str:
    """What each step asks: what `./thaki rehearse --describe sales` prints, with the labels of the screens."""
    intro = (
        "# Answers of a sale, step by step\n\nWhat a scenario's `answer:` may say at each step; "
        "`./thaki rehearse --describe sales` prints the same. Fields whose choices depend on the case (plans of this "
        "address, months) list none. A field that the answer leaves out keeps what the screen would show already "
        "filled in. How to write a scenario: [rehearse a scenario](../how-to/rehearse-a-scenario.md).\n"
    )
    parts = [_step_part(step) for code in ("sales", "sales_report") for step in _described(code)]
    return MADE + intro + "\n" + "\n".join(parts)


PAGES: dict[str, Callable[[], str]] = {
    "policies.md": policies_page,
    "roles.md": roles_page,
    "sales-answers.md": sales_answers_page,
}


def write() -> None:
    """Write every page."""
    for name, make in PAGES.items():
        (FOLDER / name).write_text(make())


# ---------------------------------------------------------------- parts
def _described(code: str) -> list[dict[str, Any]]:
    from django.utils import translation

    from thaki.cases.registry import procedure_app
    from thaki.cases.rehearsal.describe import describe

    with translation.override("es"):
        return describe(procedure_app(code))


def _steps_by_role() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for step in [*_described("sales"), *_described("sales_report")]:
        if step["step"]:
            found.setdefault(step["role"], []).append(step["step"])
    return found


def _step_part(step: dict[str, Any]) -> str:
    head = f"## {step['name']}\n\n`{step['node']}` · `{step['role']}`"
    if step.get("back_to"):
        head += " · may go back to " + ", ".join(f"`{node}`" for node in step["back_to"])
    if step.get("automatic"):
        return f"{head} · done by the system\n"
    rows = [
        (f"`{f['name']}`", f["type"].replace("_", " "), _choices(f), "yes" if f["required"] else "", f.get("label", ""))
        for f in step["fields"]
    ]
    return f"{head}\n\n" + _table(("Field", "Type", "Choices", "Required", "On the screen"), rows)


def _choices(field: dict[str, Any]) -> str:
    return " ".join(f"`{choice}`" for choice in field.get("choices", ()))


def _table(heads: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    return "\n".join(_lines(tuple(heads), rows)) + "\n"


def _lines(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '/') for cell in row)} |"


def _default(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"`{value}`" if isinstance(value, str) and value else str(value) or "–"


def _spanish(text: Any) -> str:
    return _in("es", text)


def _english(text: Any) -> str:
    return _in("en", text)


def _both(text: Any) -> str:
    return f"{_spanish(text)} ({_english(text)})"


def _in(language: str, text: Any) -> str:
    from django.utils import translation

    with translation.override(language):
        return str(text)


def main() -> None:
    """Load Django, write the pages."""
    import django

    django.setup()
    write()


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thaki.config.settings")
    main()
