"""Sales for the benches: walked by the demonstration's own answers, through the same operations as the screens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

from bench.common import quiet
from django.db import connection
from django.utils import timezone

from thaki.cases import effects, operations, runtime, surroundings
from thaki.cases.models import Case, Effect, Task
from thaki.channels.email import outbox
from thaki.config import prepare
from thaki.people.demo import ensure_people
from thaki.people.models import User
from thaki.people.roles import Role
from thaki.procedures.sales.demo.answers import Answer, Person
from thaki.procedures.sales.demo.plan import CasePlan
from thaki.procedures.sales.models import Sale
from thaki.records import demo as records
from thaki.records.invented import address, mobile, person
from thaki.records.network.models import AccessPoint
from thaki.records.prospects import operations as prospects

LONGEST = 40  # steps


def make_house() -> None:
    """Tables, procedures, the demonstration's people and records; no cases."""
    prepare.prepare_database(quiet)
    ensure_people()
    records.build(now=timezone.now())


def everybody(count: int) -> list[User]:
    """People who hold every post, so that each can walk a sale from its first step to its last (R-A16)."""
    known = User.objects.get(username="ejecutivo1").password  # the demonstration's, already hashed
    fresh = [
        User(
            username=f"banco{number}",
            first_name="Banco",
            last_name=str(number),
            roles=[role.value for role in Role],
            office_id="Agencia Central",
            password=known,
        )
        for number in range(1, count + 1)
    ]
    return User.objects.bulk_create(fresh)


@dataclass(slots=True)
class Walker:
    """Opens sales all over the fibre's neighbourhoods, and walks them as far as asked."""

    by: User
    rng: Random
    points: list[AccessPoint] = field(init=False)
    waiting: list[int] = field(default_factory=list)  # effects that the last move asked for

    def __post_init__(self) -> None:
        self.points = list(AccessPoint.objects.filter(technology="FO", active=True).order_by("code"))

    def open(self) -> Case:
        """A web prospect's case."""
        given, surnames = person(self.rng)
        point = self.rng.choice(self.points)
        prospect, _is_new = prospects.receive(
            by=None,
            now=timezone.now(),
            channel="web",
            name=f"{given} {surnames}",
            phone=mobile(self.rng),
            email=f"p{self.rng.randint(10_000, 99_999)}@correo.example",
            interest="Internet",
            address=address(self.rng)[0],
            zone=point.zone,
            lat=point.lat + 0.0002,
            lon=point.lon + 0.0002,
        )
        return runtime.start("sales", {"prospect": prospect.pk}, by=None, now=timezone.now())

    def walk(self, case: Case, plan: CasePlan) -> Iterator[tuple[Task, Answer]]:
        """Answer whatever is open until the plan's stop or the end; yields what was answered, and how."""
        who = Person(plan, self.rng)
        with surroundings.inside(self._world()):
            for _ in range(LONGEST):
                task = Task.objects.filter(case=case, state=Task.State.OPEN).order_by("pk").first()
                if task is None or task.step == plan.stop_at:
                    return
                yield task, self._complete(task, who)

    def _complete(self, task: Task, who: Person) -> Answer:
        now = timezone.now()
        sale = Sale.objects.select_related("case", "prospect", "customer", "plan", "letter").get(pk=task.case_id)
        data, files = who.answer(task, sale, now)
        operations.complete(task.pk, by=self.by, now=now, data=data, files=files)
        self._settle()
        return data, files

    def _settle(self) -> None:
        """What a worker would do; mails are taken as sent."""
        while self.waiting:
            effect = Effect.objects.get(pk=self.waiting.pop(0))
            if effect.kind == outbox.KIND:
                effects.settle(effect.pk, Effect.State.DONE, {}, now=timezone.now())
            else:
                effects.run(effect.pk, now=timezone.now())

    def _world(self) -> surroundings.Surroundings:
        return replace(surroundings.current(), defer_effects=self.waiting.extend, effects_task="")


def plan(stop_at: str = "", *, end: str = "closed", lost_at: str = "", payment: str = "postpaid") -> CasePlan:
    """How far a sale goes, and by which way."""
    return CasePlan(stop_at, end, lost_at, payment, existing=False, age=timedelta())


def analyse() -> None:
    """Let the planner know what is there."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
