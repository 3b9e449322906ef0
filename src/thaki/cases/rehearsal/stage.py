"""The stage of a rehearsal: a transaction that is rolled back, with its own numbers, clock, effects, documents and people."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any
from unittest import mock

from django.db import connection, transaction
from django.test.utils import override_settings

from thaki.cases import effects, runtime, surroundings, versions
from thaki.cases.models import Case, Effect, ProcedureVersion
from thaki.cases.policies import NotNow
from thaki.cases.registry import ProcedureApp, rehearsed_effect
from thaki.cases.rules import REHEARSAL_PREFIX
from thaki.engine import events as ev
from thaki.people.models import User


@dataclass(slots=True)
class Stage:
    """What a rehearsal plays on."""

    now: datetime
    effects: list[dict[str, Any]] = field(default_factory=list)  # recorded instead of sent
    messages: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)  # from one case to another
    _todo: list[int] = field(default_factory=list)  # effects to be marked as done
    _children: list[tuple[int, int, str]] = field(default_factory=list)
    _ended: list[tuple[int, int, str]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def person(self, login: str, role: str) -> User | None:
        """The demo user of that login; made here with the role that the lane needs when there is none. None for ""."""
        if not login:
            return None
        known = User.objects.filter(username=login).first()
        return known or User.objects.create(username=login, first_name=login, roles=[role] if role else [])

    def settle(self) -> None:
        """Do what the worker would: effects are marked as done, messages and called cases are delivered."""
        while self._todo or self.messages or self._children or self._ended:
            for effect_id in _taken(self._todo):
                self._settle_effect(effect_id)
            for case_id, message, payload in _taken(self.messages):
                self._offer(case_id, message, payload)
            for case_id, token, called in _taken(self._children):
                runtime.start(called, {"parent": case_id}, by=None, now=self.now, parent=(case_id, token))
            for case_id, token, outcome in _taken(self._ended):
                runtime.deliver(case_id, ev.ChildEnded(token, outcome), by=None, now=self.now)

    def _settle_effect(self, effect_id: int) -> None:
        effect = Effect.objects.select_related("case", "by").get(pk=effect_id)
        self.effects.append({"kind": effect.kind, "key": effect.key, "node": effect.node, "payload": effect.payload})
        result = rehearsed_effect(effect.kind)(effect) or {}
        effects.settle(effect_id, Effect.State.DONE, result, now=self.now)

    def _offer(self, case_id: int, message: str, payload: dict[str, Any]) -> None:
        try:
            runtime.offer(case_id, message, payload, by=None, now=self.now)
        except NotNow:
            return  # as the worker does: a message that is not awaited (any more) is only noted

    def surroundings(self) -> surroundings.Surroundings:
        """What the runtime reaches instead of the world."""
        return surroundings.Surroundings(
            next_number=self._number,
            defer_effects=self._defer_effects,
            defer_message=lambda case_id, message, payload: self.messages.append((case_id, message, payload)),
            defer_child=lambda case_id, token, called: self._children.append((case_id, token, called)),
            defer_child_ended=lambda case_id, token, outcome: self._ended.append((case_id, token, outcome)),
            defer_drop_child=self._drop_child,
            rehearsing=True,
        )

    def _number(self, prefix: str, now: datetime) -> str:
        return f"{REHEARSAL_PREFIX}-{prefix}-{next(self._numbers):06d}"

    def _defer_effects(self, ids: Sequence[int]) -> None:
        self._todo.extend(ids)

    def _drop_child(self, case_id: int, token: int) -> None:
        for child in Case.objects.filter(parent=case_id, parent_token=token, ended_at=None):
            runtime.deliver(child.pk, ev.Cancelled(), by=None, now=self.now)


@contextmanager
def stage(app: ProcedureApp, now: datetime, bpmn: bytes | None = None) -> Iterator[Stage]:
    """A stage on which the procedure, or another text of it, is in force. Everything is rolled back at the end."""
    made = Stage(now)
    known = set(versions.known())
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="thaki-rehearsal-"))
        stack.callback(lambda: versions.forget(keep=known))
        stack.enter_context(override_settings(DATA_DIR=folder))
        stack.enter_context(mock.patch("django.utils.timezone.now", lambda: made.now))
        stack.enter_context(surroundings.inside(made.surroundings()))
        stack.enter_context(_rolled_back())
        put_in_force(app, bpmn, now)
        yield made


@contextmanager
def _rolled_back() -> Iterator[None]:
    """A transaction that never commits, so its hooks never run, and that waits for nobody's locks for long."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '3s'")
        try:
            yield
        finally:
            transaction.set_rollback(True)


def put_in_force(app: ProcedureApp, bpmn: bytes | None, now: datetime) -> None:
    """The given text, else what is in force, else the shipped file."""
    if bpmn is None:
        if not ProcedureVersion.objects.filter(code=app.code, state="published").exists():
            versions.seed_one(app, now)
        return
    ProcedureVersion.objects.filter(code=app.code, state="published").update(state="retired")
    versions.add(app.code, app.process, bpmn.decode(), now, note="ensayo", published=True)


def _taken(waiting: list[Any]) -> list[Any]:
    taken = list(waiting)
    waiting.clear()
    return taken
