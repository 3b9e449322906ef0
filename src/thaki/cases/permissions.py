"""This person may. (What the state allows is in `policies.py`: the two change for different reasons.)

`check_x` raises `NotAllowed` with the reason, which is also the tooltip of the disabled button; `can_x` is its bool.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from thaki.cases.cover import cover_of
from thaki.cases.registry import procedure_app
from thaki.cases.rows import plain_start
from thaki.people.models import Team
from thaki.people.roles import ROLE_NAMES, Role

if TYPE_CHECKING:
    from thaki.cases.models import Case, Incident, Task
    from thaki.cases.registry import Action
    from thaki.cases.versions import Version
    from thaki.people.models import User

# They look after the house: they see every case, and mend what is stuck in it.
CARETAKERS = frozenset({Role.ADMINISTRADOR, Role.GESTION_CALIDAD})


class NotAllowed(PermissionDenied):
    """This person may not do that; the message says why, in Spanish."""


def _supervised(user: User) -> tuple[Team, ...]:
    """The teams that the person supervises, read once a person object (one request)."""
    known: tuple[Team, ...] | None = getattr(user, "_supervised_teams", None)
    if known is None:
        known = tuple(Team.objects.filter(supervisor=user))
        user._supervised_teams = known  # type: ignore[attr-defined]  # a memory for this request only
    return known


def supervised_roles(user: User) -> frozenset[str]:
    """The roles whose work the person may see and reassign as the supervisor of a team."""
    return frozenset(team.role for team in _supervised(user))


def _supervises_procedure(user: User, procedure: str) -> bool:
    return any(role in user.roles for role in procedure_app(procedure).supervisors)


def lane_roles(version: Version) -> frozenset[str]:
    """The roles that have a lane in the procedure."""
    return frozenset(lane.role for lane in version.procedure.lanes.values())


def check_can_see_case(user: User, case: Case) -> None:
    """Those with a lane in its procedure, their supervisors, and the caretakers see a case."""
    from thaki.cases import versions

    if _supervises_procedure(user, case.procedure) or any(role.value in user.roles for role in CARETAKERS):
        return
    roles = lane_roles(versions.of_id(case.version_id))
    if not roles.intersection(user.roles) and not roles & supervised_roles(user):
        raise NotAllowed(_("Su cargo no participa en este procedimiento."))


def can_see_case(user: User, case: Case) -> bool:
    """Whether the person may open the case's page and its documents."""
    return _allowed(check_can_see_case, user, case)


def check_can_open(user: User, case: Case, kind: str, attached_by: int | None = None) -> None:
    """A document of a case is for the roles whose work needs its kind, the supervisors, and who put it there."""
    check_can_see_case(user, case)
    readers = procedure_app(case.procedure).document_readers
    if readers is None or attached_by == user.pk or _supervises_procedure(user, case.procedure):
        return
    roles = readers.get(kind, frozenset())
    if not roles.intersection(user.roles) and not roles & supervised_roles(user):
        who = ", ".join(str(ROLE_NAMES[Role(role)]) for role in sorted(roles))
        needed = _("Este documento lo abren solo quienes lo necesitan para su paso: %(who)s.") % {"who": who}
        raise NotAllowed(needed if roles else _("Este documento lo abren solo los responsables del procedimiento."))


def can_open(user: User, case: Case, kind: str, attached_by: int | None = None) -> bool:
    """Whether the person may open a document of that kind."""
    return _allowed(check_can_open, user, case, kind, attached_by)


def check_can_act(user: User, task: Task, now: datetime | None = None) -> None:
    """Whoever has the task may do it; so may the substitute of an absent person, and anyone of the role while nobody does it."""
    if task.assignee_id == user.pk or (task.assignee_id is not None and _stands_in(user, task, now)):
        return
    if task.assignee_id is not None and not _is_left_alone(user, task, now):
        raise NotAllowed(_("La tarea la tiene otra persona."))
    check_is_for(user, task)


def can_act(user: User, task: Task, now: datetime | None = None) -> bool:
    """Whether the person may complete the task."""
    return _allowed(check_can_act, user, task, now)


def check_is_for(user: User, task: Task) -> None:
    """The task's role, team and agency are the person's."""
    if task.role not in user.roles:
        raise NotAllowed(_("La tarea corresponde a otro cargo."))
    if task.team_id is not None and task.team_id != user.team_id:
        raise NotAllowed(_("La tarea corresponde a otro equipo."))
    if task.agency and user.agency and task.agency != user.agency:
        raise NotAllowed(_("La tarea corresponde a otra agencia."))


def check_can_claim(user: User, task: Task, now: datetime | None = None) -> None:
    """A task that nobody has is taken by anyone of its role; that of an absent person by the substitute."""
    if task.assignee_id == user.pk:
        raise NotAllowed(_("Usted ya tiene la tarea."))
    check_can_act(user, task, now)


def can_claim(user: User, task: Task, now: datetime | None = None) -> bool:
    """Whether the person may take the task."""
    return _allowed(check_can_claim, user, task, now)


def check_can_reassign(user: User, task: Task) -> None:
    """Whoever has the task may return it or hand it over; so may who supervises its team, or the procedure."""
    if task.assignee_id == user.pk or _supervises_procedure(user, task.case.procedure):
        return
    if not any(team.role == task.role and task.team_id in (None, team.pk) for team in _supervised(user)):
        raise NotAllowed(_("Solo quien tiene la tarea o su responsable puede traspasarla."))


def can_reassign(user: User, task: Task) -> bool:
    """Whether the person may return the task to the queue or give it to somebody."""
    return _allowed(check_can_reassign, user, task)


def check_can_receive(user: User, task: Task) -> None:
    """Only somebody at work whose post it is can be given a task."""
    if not user.is_active:
        raise NotAllowed(_("Esa persona ya no trabaja en el sistema."))
    check_is_for(user, task)


def can_receive(user: User, task: Task) -> bool:
    """Whether the person can be given the task."""
    return _allowed(check_can_receive, user, task)


def check_can_supervise(user: User, case: Case) -> None:
    """To suspend, resume, cancel or extend is for the supervisors of the procedure and of the teams in it."""
    from thaki.cases import versions

    if _supervises_procedure(user, case.procedure):
        return
    if not supervised_roles(user) & lane_roles(versions.of_id(case.version_id)):
        raise NotAllowed(_("Solo un responsable del procedimiento puede hacerlo."))


def can_supervise(user: User, case: Case) -> bool:
    """Whether the person may suspend, resume, cancel or extend."""
    return _allowed(check_can_supervise, user, case)


def check_can_perform(user: User, action: Action, case: Case) -> None:
    """An action is for the roles that it names, and for the supervisors."""
    if not action.roles.intersection(user.roles):
        check_can_supervise(user, case)


def can_perform(user: User, action: Action, case: Case) -> bool:
    """Whether the person may do the action."""
    return _allowed(check_can_perform, user, action, case)


def check_can_start(user: User, version: Version, start: str = "") -> None:
    """A case is opened by hand by the role in whose lane it starts, or by who supervises."""
    node = version.procedure.nodes[start] if start else plain_start(version.procedure)
    if node.role not in user.roles and not _supervises_procedure(user, version.app.code):
        raise NotAllowed(_("Su cargo no abre casos de este procedimiento."))


def can_start(user: User, version: Version, start: str = "") -> bool:
    """Whether the person may open a case by hand."""
    return _allowed(check_can_start, user, version, start)


def check_can_resolve(user: User, incident: Incident) -> None:
    """An incident is mended by the role in whose lane it happened, a supervisor or a caretaker."""
    if incident.role in user.roles or any(role.value in user.roles for role in CARETAKERS):
        return
    check_can_supervise(user, incident.case)


def can_resolve(user: User, incident: Incident) -> bool:
    """Whether the person may retry, correct or skip it."""
    return _allowed(check_can_resolve, user, incident)


def absent_people(user: User, now: datetime) -> tuple[int, ...]:
    """Ids of those whose work the person does today, because they are away."""
    return cover_of(user, now).mine


def uncovered_people(user: User, now: datetime) -> tuple[int, ...]:
    """Ids of those who are away without anybody in their place: their role does their work."""
    return cover_of(user, now).anybody


def _stands_in(user: User, task: Task, now: datetime | None) -> bool:
    return task.assignee_id in absent_people(user, now or timezone.now())


def _is_left_alone(user: User, task: Task, now: datetime | None) -> bool:
    return task.assignee_id in uncovered_people(user, now or timezone.now())


def _allowed(check: object, *arguments: object) -> bool:
    try:
        check(*arguments)  # type: ignore[operator]  # every check above; their arguments differ
    except NotAllowed:
        return False
    return True
