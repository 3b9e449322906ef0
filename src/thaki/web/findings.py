"""What is wrong with a version, in words that the owner of a procedure understands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from thaki.engine.bpmn import BpmnError

if TYPE_CHECKING:
    from thaki.cases.models import ProcedureVersion
    from thaki.cases.versions import Version


def say_unreadable(error: BpmnError) -> str:
    """Why a file cannot be read as a procedure."""
    where = _(" (elemento %(id)s)") % {"id": error.element_id} if error.element_id else ""
    particulars = ", ".join(f"{name}: {value}" for name, value in error.params.items())
    return _("El archivo no se puede leer como procedimiento: %(code)s%(where)s. %(more)s") % {
        "code": error.code,
        "where": where,
        "more": particulars,
    }


def of_version(row: ProcedureVersion, version: Version) -> tuple[str, ...]:
    """What the check finds; empty when the version may be put in force."""
    from thaki.cases import versions

    try:
        versions.check(row.xml.encode(), version.app)
    except versions.Unsound as unsound:
        return tuple(str(finding) for finding in unsound.findings)
    return ()
