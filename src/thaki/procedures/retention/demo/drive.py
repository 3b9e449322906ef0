"""Makes the demonstration's retentions by walking them (see `channels.walking`): as far as each has come, clocks included."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

import structlog
from django.utils import timezone

from thaki.cases import operations, runtime, surroundings, timers
from thaki.cases.models import Case, Task, Timer
from thaki.channels.walking import Walker, in_processes
from thaki.people.roles import Role
from thaki.procedures.retention.demo import after
from thaki.procedures.retention.demo.answers import Person, proof
from thaki.procedures.retention.demo.plan import CasePlan, hours, plans
from thaki.procedures.retention.models import Retention
from thaki.records.claims import demo as said
from thaki.records.claims import operations as claims
from thaki.records.customers.models import Customer, Subscription

log = structlog.get_logger(__name__)
SEED = 20260303
LONGEST = 60  # steps; a case that needs more is stuck
DEAR_BOB = 300  # a VIP's limit
MORNING, EVENING = time(8), time(20)
LEAVES = {"leaves_3": "Step_3", "leaves_7": "Step_7", "leaves_10": "Wait_Recurrence"}


class Driver(Walker):
    """Walks the cases, one after the other."""

    def run(self, chosen: Sequence[CasePlan]) -> None:
        """Walk these plans."""
        with surroundings.inside(self.world()):
            for plan in chosen:
                self._walk(plan)

    def _walk(self, plan: CasePlan) -> None:
        self.now = min(by_day(self.until - plan.age, back=True), self.until - timedelta(minutes=10))
        customer = Customer.objects.get(pk=plan.customer)
        if plan.way == "damage":
            self._damage(customer)
        adviser = self.rng.choice(self.people[Role.ASESOR_COMERCIAL.value])
        case = runtime.start("retention", {"customer": customer.pk}, by=adviser, now=self.now)
        self.settle()
        who = Person(plan, self.rng)
        for _ in range(LONGEST):
            if not self._step(case, plan, who):
                return

    def _damage(self, customer: Customer) -> None:
        """Claims enough before his reception, the last of them open: each registered on its day."""
        of_internet = [one for one in _services(customer) if one.plan.kind in ("internet", "package")]
        service = max(of_internet or _services(customer), key=lambda one: one.plan.tariff_bob)
        fault = said.fault_of(self.rng, service.plan.kind)
        days = sorted((self.rng.uniform(0.3, 24) for _call in range(self.rng.choice((2, 2, 3)))), reverse=True)
        for number, ago in enumerate(days, 1):
            at = self.now - timedelta(days=ago)
            claim = claims.register(
                customer=customer, subscription=service, fault=fault, description=said.SAID[fault], by=None, now=at
            )
            if number < len(days):
                mended = at + timedelta(hours=5)
                if mended < self.now:
                    claims.solve(claim.pk, solution=self.rng.choice(said.SOLVED), by=None, now=mended)

    # ------------------------------------------------------------ one step
    def _step(self, case: Case, plan: CasePlan, who: Person) -> bool:
        """Do what comes next; False when the case has come as far as it should."""
        task = Task.objects.filter(case=case, state=Task.State.OPEN).order_by("opened_at", "pk").first()
        if task is None:
            return self._wait(case, plan)
        if task.node == plan.stop_at:
            return False
        later = by_day(self.now + hours(self.rng, task.node))
        if later > self.until:
            return False  # the present has come: it waits here
        self._ring(case, until=later)
        self.now = max(later, self.now)
        if LEAVES.get(plan.end) == task.node:
            return self._leave(case)
        if task.node == "Step_7" and (plan.absent or plan.stop_at == "Wait_Resume") and not who.visits:
            return self._fail(case, task, plan, who)
        return self._complete(case, task, who)

    def _wait(self, case: Case, plan: CasePlan) -> bool:
        """Let the next clock ring, if it rings before the present."""
        timer = Timer.objects.filter(case=case).order_by("due_at").first()
        if timer is None:
            return False
        if LEAVES.get(plan.end) == timer.node or (plan.end == "leaves_10" and timer.node == "Timer_Recurrence"):
            self.now = by_day(self.now + timedelta(days=2))
            return self._leave(case)
        if timer.due_at > self.until:
            return False
        self.now = max(self.now, timer.due_at)
        timers.fire_of(case.pk, now=self.now)
        self.settle()
        return True

    def _ring(self, case: Case, *, until: datetime) -> None:
        """The clocks that ring while somebody takes his time: 18 and 24 hours."""
        while timer := Timer.objects.filter(case=case, due_at__lte=until).order_by("due_at").first():
            self.now = max(self.now, timer.due_at)
            if not timers.fire_of(case.pk, now=self.now):
                return
            self.settle()

    def _complete(self, case: Case, task: Task, who: Person) -> bool:
        retention = Retention.objects.select_related("customer", "subscription", "work_order").get(pk=case.pk)
        data = who.answer(task.node, retention, self.now)
        person = self.who(task)
        try:
            operations.complete(task.pk, by=person, now=self.now, data=data)
        except runtime.AnswerInvalid as refused:
            log.warning("demo_answer_refused", case=case.number, node=task.node, errors=refused.form.errors.as_json())
            return False
        self.settle()
        if task.node == "Step_8" and not who.relapses:
            self._mended(retention, person)
        return True

    def _mended(self, retention: Retention, technician: Any) -> None:
        """What the visit solved is closed, so that the line of time tells the truth."""
        for claim in retention.customer.claims.filter(solved_at=None):
            claims.solve(claim.pk, solution="Solución técnica Xpress", by=technician, now=self.now)

    def _leave(self, case: Case) -> bool:
        """The customer insists on leaving (R-B4)."""
        adviser = self.rng.choice(self.people[Role.ASESOR_COMERCIAL.value])
        data = {
            "withdrawal_reason": self.rng.choice(("damage", "competitor")),
            "withdrawal_note": "Insiste en retirarse.",
        }
        operations.perform(case.pk, "retention.leave", by=adviser, now=self.now, data=data)
        self.settle()
        return True

    def _fail(self, case: Case, task: Task, plan: CasePlan, who: Person) -> bool:
        """The first visit cannot be made (R-B11): nobody there, or another day is asked for."""
        who.visits += 1
        data: dict[str, Any] = {"kind": "absent", "note": "Se tocó el timbre y se llamó dos veces."}
        files = {"proof": proof()}
        if plan.stop_at == "Wait_Resume":
            until = by_day(self.until + timedelta(hours=self.rng.uniform(14, 40)))
            data = {
                "kind": "postponed",
                "note": "Pide otro día.",
                "until": f"{timezone.localtime(until):%Y-%m-%dT%H:%M}",
            }
            files = {}
        operations.perform(case.pk, "retention.visit_failed", by=self.who(task), now=self.now, data=data, files=files)
        self.settle()
        return True


def by_day(moment: datetime, *, back: bool = False) -> datetime:
    """The same moment by day; of a night, its next morning (or the evening before)."""
    local = timezone.localtime(moment)
    if MORNING <= local.time() < EVENING:
        return moment
    if back:
        day = local - timedelta(days=1) if local.time() < MORNING else local
        return day.replace(hour=19, minute=local.minute)
    day = local + timedelta(days=1) if local.time() >= EVENING else local
    return day.replace(hour=8, minute=local.minute)


def _services(customer: Customer) -> list[Subscription]:
    return list(customer.subscriptions.filter(status="active").select_related("plan").order_by("pk"))


# ---------------------------------------------------------------- all of them
def build(*, processes: int = 2, say: Callable[[int, int], None] = lambda done, of: None) -> int:
    """Make the demonstration's retentions, unless there are any already; how many there are.

    Several processes share the work. Each case has a customer of its own, chosen before.
    """
    if not Case.objects.filter(procedure="retention").exists():
        until = timezone.now()
        rng = Random(SEED)
        chosen = _with_customers(list(plans(rng)), rng)
        after.prepare(now=until)
        shares = [chosen[first::processes] for first in range(processes)]
        work = [(until, SEED + n, share) for n, share in enumerate(shares)]
        in_processes(_share, work, processes=processes)
        after.finish(now=until)
        say(len(chosen), len(chosen))
    return Case.objects.filter(procedure="retention").count()


def _share(work: tuple[datetime, int, list[CasePlan]]) -> int:
    """One process's part; how many cases it walked."""
    until, seed, chosen = work
    Driver(until=until, seed=seed).run(chosen)
    return len(chosen)


def _with_customers(chosen: list[CasePlan], rng: Random) -> list[CasePlan]:
    """Each plan with a customer who can walk it: the barred among those with a product withdrawn for arrears, the rest not."""
    barred = set(Subscription.objects.filter(status="withdrawn_for_arrears").values_list("customer_id", flat=True))
    able = Customer.objects.filter(
        category="residential", subscriptions__status="active", phones__kind="mobile", lat__isnull=False
    )
    able = able.exclude(pk__in=after.listed()).order_by("pk").distinct()
    keys = list(able.values_list("pk", flat=True))
    rng.shuffle(keys)
    pools = {True: [key for key in keys if key in barred], False: [key for key in keys if key not in barred]}
    if len(pools[True]) < 20 or len(pools[False]) < len(chosen):
        return []
    # Whose month is dear: only a compensation of it needs the Responsable.
    dear = set(
        Subscription.objects.filter(
            status="active", plan__kind__in=("internet", "package"), plan__tariff_bob__gt=DEAR_BOB
        ).values_list("customer_id", flat=True)
    )
    found = []
    for plan in chosen:
        pool = pools[plan.way == "barred"]
        wanted = (
            next((key for key in pool if key in dear), pool[-1]) if plan.stop_at == "Authorise_Amount" else pool[-1]
        )
        pool.remove(wanted)
        found.append(replace(plan, customer=wanted))
    return found
