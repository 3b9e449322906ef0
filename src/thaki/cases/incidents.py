"""What people do about something automatic that gave up: retry it, correct it, or skip it with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thaki.cases import effects, permissions, store, surroundings
from thaki.cases.models import Effect, Incident, Timer
from thaki.cases.move import Move
from thaki.cases.policies import NotNow
from thaki.cases.rows import Kind
from thaki.cases.versions import of_id

if TYPE_CHECKING:
    from thaki.people.models import User

Resolution = Incident.Resolution


class IncidentAlreadyResolved(NotNow):
    """Somebody was first; names who and when."""

    def __init__(self, incident: Incident) -> None:
        at = timezone.localtime(incident.resolved_at).strftime("%d/%m/%Y %H:%M")
        super().__init__(_("%(who)s ya resolvió este incidente el %(at)s.") % {"who": incident.resolved_by, "at": at})


def retry(incident_id: int, *, by: User, now: datetime, reason: str = "") -> Incident:
    """Try the same again, with all its attempts before it."""
    with transaction.atomic():
        incident = _resolve(incident_id, Resolution.RETRIED, reason, by, now)
        _again(incident)
    return incident


def correct(incident_id: int, payload: Mapping[str, Any], *, by: User, now: datetime, reason: str = "") -> Incident:
    """Mend what the effect is given (a mistyped address) and try again. Only names that the payload already has are taken."""
    with transaction.atomic():
        incident = _resolve(incident_id, Resolution.CORRECTED, reason, by, now)
        if incident.effect is None:
            raise NotNow(_("Este incidente no tiene datos que corregir."))
        known = incident.effect.payload
        known.update({name: value for name, value in payload.items() if name in known})
        Effect.objects.filter(pk=incident.effect.pk).update(payload=known)
        _again(incident)
    return incident


def skip(incident_id: int, *, by: User, now: datetime, reason: str) -> Incident:
    """Let the case go on without it."""
    if not reason.strip():
        raise NotNow(_("Escriba el motivo."))
    with transaction.atomic():
        incident = _resolve(incident_id, Resolution.SKIPPED, reason, by, now)
        if incident.kind == Incident.Kind.TIMER:
            Timer.objects.filter(case=incident.case, token=incident.token or 0).delete()
        elif incident.effect_id is not None:
            effects.settle(incident.effect_id, Effect.State.SKIPPED, {}, now=now)
    return incident


def _resolve(incident_id: int, resolution: Resolution, reason: str, by: User, now: datetime) -> Incident:
    case_id = Incident.objects.values_list("case_id", flat=True).get(pk=incident_id)
    case, _task = store.lock_and_read(case_id, by=by)
    incident = Incident.objects.select_related("case", "effect", "resolved_by").get(pk=incident_id)
    if incident.resolved_at is not None:
        raise IncidentAlreadyResolved(incident)
    permissions.check_can_resolve(by, incident)
    incident.resolution, incident.reason = resolution, reason[:300]
    incident.resolved_by, incident.resolved_at = by, now
    incident.save(update_fields=["resolution", "reason", "resolved_by", "resolved_at"])
    move = Move(of_id(case.version_id), case, by=by, now=now)
    node = move.procedure.nodes.get(incident.node)
    move.enter(Kind.RESOLVED, node, {"incident": incident.pk, "resolution": str(resolution)})
    move.write_history_only()
    return incident


def _again(incident: Incident) -> None:
    world = surroundings.current()
    if incident.effect_id is not None:
        Effect.objects.filter(pk=incident.effect_id).update(
            state=Effect.State.PENDING, attempts=0, settled_at=None, next_try_at=None
        )
        world.defer_effects([incident.effect_id])
    elif incident.kind == Incident.Kind.TIMER:
        Timer.objects.filter(case=incident.case, token=incident.token or 0).update(is_stuck=False, failures=0)
    elif "called" in incident.data:
        world.defer_child(incident.case_id, incident.data["token"], incident.data["called"])
    else:
        world.defer_message(incident.case_id, incident.data["message"], incident.data["payload"])
