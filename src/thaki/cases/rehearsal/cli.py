"""`thaki rehearse SCENARIO.yaml [--bpmn FILE] [--json]` and `thaki rehearse --describe CODE`.

Exit status: 0 as expected, 1 differs, 2 unreadable (says where).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from thaki.cases.registry import procedure_app, procedure_apps
from thaki.cases.rehearsal.describe import describe
from thaki.cases.rehearsal.play import Result, rehearse
from thaki.cases.rehearsal.scenario import Unreadable, read
from thaki.engine.bpmn import BpmnError

AS_EXPECTED, DIFFERS, UNREADABLE = 0, 1, 2
PIPE_CLOSED = 141  # as the shell tells it


def main(argv: Sequence[str]) -> int:
    """Run the command; returns its exit status."""
    arguments = _parser().parse_args(argv)
    try:
        if arguments.describe:
            return _describe(arguments.describe, arguments.bpmn, arguments.json)
        if not arguments.scenario:
            _parser().print_usage(sys.stderr)
            return UNREADABLE
        return max(_rehearse(path, arguments.bpmn, arguments.json) for path in arguments.scenario)
    except BrokenPipeError:  # whoever read it has seen enough
        sys.stderr.close()  # or Python complains at its end
        return PIPE_CLOSED
    except Unreadable as error:
        print(error, file=sys.stderr)
    except (BpmnError, OSError, LookupError) as error:
        print(f"{arguments.bpmn or arguments.describe or ''}: {error!r}", file=sys.stderr)
    return UNREADABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="thaki rehearse", description=_("Ensaya un caso y no deja rastro."))
    parser.add_argument("scenario", nargs="*", type=Path, metavar="SCENARIO.yaml", help=_("el caso, paso por paso"))
    parser.add_argument("--bpmn", type=Path, metavar="FILE", help=_("otro texto del procedimiento"))
    parser.add_argument("--json", action="store_true", help=_("una línea JSON por movimiento"))
    parser.add_argument("--describe", metavar="CODE", help=_("muestra lo que pide cada paso de un procedimiento"))
    return parser


def _bpmn(path: Path | None) -> bytes | None:
    return path.read_bytes() if path else None


def _rehearse(path: Path, bpmn: Path | None, as_json: bool) -> int:
    result = rehearse(read(path), _bpmn(bpmn))
    (_print_json if as_json else _print_text)(result, path)
    return AS_EXPECTED if result.as_expected else DIFFERS


def _print_json(result: Result, path: Path) -> None:
    for line in result.lines:
        print(_json(asdict(line)))
    last = {
        "result": "as_expected" if result.as_expected else "differs",
        "path": result.path,
        "outcome": result.outcome,
        "waiting": result.waiting,
        "effects": result.effects,
    }
    if result.differences:
        last["differences"] = result.differences
    print(_json(last))


def _print_text(result: Result, path: Path) -> None:
    for line in result.lines:
        place = f"{line.step:>3} {line.node}" if line.step else f"    {line.node}"
        following = f" → {', '.join(line.next)}" if line.next else ""
        print(f"{line.at[:16]}  {place:<28} {line.by:<14} {line.outcome}{following}")
    print(_("camino: %s") % " ".join(result.path))
    if result.outcome:
        print(_("resultado: %s") % result.outcome)
    if result.waiting:
        print(_("espera: %s") % ", ".join(result.waiting))
    for effect in result.effects:
        print(_("efecto: %(kind)s (%(key)s)") % effect)
    for difference in result.differences:
        print(f"✗ {difference}")
    print(f"{path}: " + (_("como se esperaba") if result.as_expected else _("no salió como se esperaba")))


def _describe(code: str, bpmn: Path | None, as_json: bool) -> int:
    if code not in {app.code for app in procedure_apps()}:
        known = ", ".join(app.code for app in procedure_apps())
        print(
            _("no hay un procedimiento «%(code)s» (hay: %(known)s)") % {"code": code, "known": known}, file=sys.stderr
        )
        return UNREADABLE
    for step in describe(procedure_app(code), _bpmn(bpmn)):
        print(_json(step) if as_json else _in_words(step))
    return AS_EXPECTED


def _in_words(step: dict[str, Any]) -> str:
    number = f"{step['step']:>3}" if step["step"] else "  –"
    lines = [f"{number}  {step['node']}  ({step['role']})  {step['name']}"]
    for field in step["fields"]:
        choices = f": {' | '.join(field['choices'])}" if field.get("choices") else ""
        required = "" if field["required"] else _(" (opcional)")
        lines.append(f"       {field['name']}  {field['type']}{choices}{required}")
    if step.get("automatic"):
        lines.append(_("       lo hace el sistema"))
    return "\n".join(lines)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
