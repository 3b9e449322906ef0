"""Walking cases with a clock in the past, for demonstrations: the same operations, forms and rules as the screens.

What reaches outside is done at once, in the clock's own time: orders and invoices go to the embedded BSS, mails are kept as
sent and go nowhere. So the history is true, and nothing of ninety days ago waits in the worker's queue.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from datetime import datetime
from random import Random
from typing import Any

import django
from django.db import connection

from thaki.cases import effects, runtime, surroundings
from thaki.cases.models import Effect, Task
from thaki.channels.email import outbox
from thaki.channels.email.models import OutboundMail
from thaki.people.models import User
from thaki.people.roles import Role

Message = tuple[int, str, dict[str, Any]]


class Walker:
    """A clock, the people who answer, and a world in which nothing waits for the worker."""

    def __init__(self, *, until: datetime, seed: int) -> None:
        self.until = until
        self.rng = Random(seed)
        self.now = until
        self.waiting: list[int] = []  # effects
        self.messages: list[Message] = []
        self.people = everybody()

    def world(self) -> surroundings.Surroundings:
        """The world, but for what a worker would do: that waits for the end of the move, and is then done at the clock's time."""
        world = surroundings.current()
        return surroundings.Surroundings(
            next_number=world.next_number,
            defer_effects=self.waiting.extend,
            defer_message=lambda case_id, message, payload: self.messages.append((case_id, message, payload)),
            defer_child=world.defer_child,
            defer_child_ended=world.defer_child_ended,
            defer_drop_child=world.defer_drop_child,
        )

    def settle(self) -> None:
        """Do what the move asked of the outside and of other cases, and what that leads to."""
        while self.waiting or self.messages:
            if self.waiting:
                self._do(Effect.objects.get(pk=self.waiting.pop(0)))
            else:
                case_id, message, payload = self.messages.pop(0)
                with suppress(runtime.NotAwaited):  # the case went on meanwhile
                    runtime.offer(case_id, message, payload, by=None, now=self.now)

    def _do(self, effect: Effect) -> None:
        if effect.kind == outbox.KIND:
            OutboundMail.objects.filter(pk=effect.payload["mail"]).update(sent_at=self.now)
            effects.settle(effect.pk, Effect.State.DONE, {}, now=self.now)
        else:
            effects.run(effect.pk, now=self.now)

    def who(self, task: Task) -> User:
        """Whoever has the task; else somebody of its role."""
        if task.assignee_id is not None:
            return User.objects.get(pk=task.assignee_id)
        return self.rng.choice(self.people[task.role])


def everybody() -> dict[str, list[User]]:
    """The active people by role."""
    staff = list(User.objects.filter(is_active=True).order_by("pk"))
    return {role.value: [user for user in staff if role.value in user.roles] for role in Role}


def in_processes(
    share: Callable[[Any], int], work: Sequence[Any], *, processes: int, say: Callable[[int], None] = lambda done: None
) -> int:
    """Let several processes do the shares, each of them a whole Django of its own; what they add up to."""
    connection.close()  # none of ours is inherited
    context = multiprocessing.get_context("spawn")
    done = 0
    with ProcessPoolExecutor(processes, mp_context=context, initializer=django.setup) as pool:
        for count in pool.map(share, work):
            done += count
            say(done)
    return done
