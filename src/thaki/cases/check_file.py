"""`thaki check FILE.bpmn …`: whether a procedure may be published, said before anybody uses it.

Exit code 0: nothing found. 1: findings, each with the shortest way to it, or a file that is refused. 2: no file, or no XML in it.
Needs the registered procedures, for the handlers that a file may name, and no database.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from thaki.cases import registry
from thaki.cases.findings import say, say_path, say_unreadable, say_way
from thaki.engine import soundness
from thaki.engine.bpmn import BpmnError, read
from thaki.engine.procedure import Procedure
from thaki.people.roles import Role

SOUND, FINDINGS, UNREADABLE = 0, 1, 2
_NO_XML = frozenset({"not_xml", "not_bpmn", "too_big"})


def main(arguments: Sequence[str] | str) -> int:
    """Check the files and print what is wrong; the exit code is the worst one."""
    paths = [arguments] if isinstance(arguments, str) else list(arguments)
    if not paths or paths[0] in ("-h", "--help"):
        print(_("uso: ./thaki check ARCHIVO.bpmn …"), file=sys.stdout if paths else sys.stderr)
        return SOUND if paths else UNREADABLE
    return max(_check_path(Path(each)) for each in paths)


def _check_path(path: Path) -> int:
    try:
        xml = path.read_bytes()
    except OSError as error:
        print(_("%(path)s: no se puede leer (%(why)s).") % {"path": path, "why": error.strerror}, file=sys.stderr)
        return UNREADABLE
    try:
        procedures = read(xml)
    except BpmnError as error:
        print(f"{path}: {say_unreadable(error)}", file=sys.stderr)
        if error.path:
            print(f"     {say_way(error.path)}", file=sys.stderr)
        return UNREADABLE if error.code in _NO_XML else FINDINGS
    return max(_check(path, procedure) for procedure in procedures)


def _check(path: Path, procedure: Procedure) -> int:
    known = {app.code: app for app in registry.procedure_apps()}
    found = soundness.check(
        procedure,
        handlers=_handlers(procedure),
        roles={role.value for role in Role},
        procedures=known,
        messages=known[procedure.code].messages if procedure.code in known else None,
        moments=known[procedure.code].moments if procedure.code in known else None,
    )
    head = f"{path}: «{procedure.name}»"
    if not found:
        steps = len(procedure.steps())
        said = ngettext(
            "bien. %(steps)s paso numerado; todo caso puede terminar y no deja nada pendiente.",
            "bien. %(steps)s pasos numerados; todo caso puede terminar y no deja nada pendiente.",
            steps,
        )
        print(f"{head}: {said % {'steps': steps}}")
        return SOUND
    count = ngettext("%(count)s problema", "%(count)s problemas", len(found)) % {"count": len(found)}
    print(f"{head}: {count}")
    for number, finding in enumerate(found, 1):
        print(f"{number:>3}. {say(finding, procedure)}")
        way = say_path(finding, procedure)
        if way:
            print(f"     {way}")
    return FINDINGS


def _handlers(procedure: Procedure) -> frozenset[str]:
    """Handlers that the file may name: those of its own procedure, or of all when it is of none that we know."""
    apps = {app.code: app.handlers for app in registry.procedure_apps()}
    return apps.get(procedure.code) or frozenset().union(*apps.values())
