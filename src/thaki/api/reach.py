"""What the caller may reach, by the rules of the screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from thaki.api.problems import not_found
from thaki.cases import permissions, versions
from thaki.cases.models import Case, Task
from thaki.cases.registry import ProcedureApp, procedure_apps

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from thaki.people.models import User


def visible_procedures(user: User) -> list[ProcedureApp]:
    """The procedures in which the person has a part."""
    return [app for app in procedure_apps() if _sees(user, app.code)]


def _sees(user: User, code: str) -> bool:
    try:
        version = versions.in_force(code)
    except versions.NotInForce:
        return False
    return permissions.can_see_case(user, Case(procedure=code, version_id=version.id))


def procedure_asked(user: User, code: str) -> str:
    """The procedure that a list is of: the one named, else the first that the person sees. NotAllowed for another's."""
    seen = [app.code for app in visible_procedures(user)]
    if (code and code not in seen) or not seen:
        raise permissions.NotAllowed(_("Su cargo no participa en este procedimiento."))
    return code or seen[0]


def find_case(number: str, user: User) -> Case:
    """The case of that number, if the person may see it."""
    return _allowed(Case.objects.select_related("owner").filter(number=number.upper()), user)


def find_task(task_id: int, user: User) -> Task:
    """A task of a case that the person may see."""
    task = Task.objects.select_related("case", "assignee").filter(pk=task_id, case__is_rehearsal=False).first()
    if task is None:
        raise not_found()
    permissions.check_can_see_case(user, task.case)
    return task


def _allowed(rows: QuerySet[Case], user: User) -> Case:
    case = rows.filter(is_rehearsal=False).first()
    if case is None:
        raise not_found()
    permissions.check_can_see_case(user, case)
    return case
