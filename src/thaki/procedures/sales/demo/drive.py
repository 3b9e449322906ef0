"""Makes the demonstration's sales by walking them (see `channels.walking`): ninety days of them, as far as each has come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import structlog
from django.utils import timezone

from thaki.cases import operations, runtime, surroundings
from thaki.cases.models import Case, Task
from thaki.channels.walking import Walker, in_processes
from thaki.people.calendar import is_open, next_opening
from thaki.people.models import User
from thaki.people.working_hours import office_calendar
from thaki.procedures.sales.demo.answers import Person
from thaki.procedures.sales.demo.plan import CasePlan, hours, plans
from thaki.procedures.sales.models import Sale
from thaki.records.customers.models import Customer
from thaki.records.invented import address, mobile, person
from thaki.records.network.models import AccessPoint
from thaki.records.prospects import operations as prospects

log = structlog.get_logger(__name__)
CHANNELS = ("web", "web", "facebook", "botmaker", "whatsapp", "phone", "referral")
INTERESTS = (
    "Internet",
    "Internet y televisión",
    "Fibra óptica",
    "Internet para teletrabajo",
    "Televisión",
    "Cambio de plan",
)
SEED = 20260101
SLICES = 4  # shares a process, so that progress can be told
LONGEST = 60  # steps; a case that needs more is stuck


class Driver(Walker):
    """Walks the cases, one after the other."""

    def __init__(self, *, until: datetime, seed: int) -> None:
        super().__init__(until=until, seed=seed)
        self.points = list(AccessPoint.objects.filter(technology__in=("FO", "HFC"), active=True).order_by("code"))
        self.customers = list(Customer.objects.filter(category="residential", lat__isnull=False).order_by("pk")[:400])

    def run(self, chosen: Sequence[CasePlan]) -> None:
        """Walk these plans."""
        with surroundings.inside(self.world()):
            for plan in chosen:
                self._walk(plan)

    def send_report(self, month_on: date, *, at: datetime, comment: str) -> None:
        """Step 26 for a month that is over: opened at that hour, and sent the same morning."""
        with surroundings.inside(self.world()):
            self.now = at
            case = runtime.start("sales_report", {"month": month_on.isoformat()}, by=None, now=self.now)
            self.settle()
            task = Task.objects.get(case=case, state=Task.State.OPEN)
            self._pass(timedelta(hours=2))
            answer = {"comment": comment, "send": "on"}
            operations.complete(task.pk, by=self.who(task), now=self.now, data=answer)
            self.settle()

    # ------------------------------------------------------------ one case
    def _walk(self, plan: CasePlan) -> None:
        self.now = next_opening(self.until - plan.age, office_calendar())
        if self.now >= self.until:
            self.now = self.until - timedelta(minutes=30)
        existing = self.rng.choice(self.customers) if plan.existing and self.customers else None
        case = self._open(existing)
        who = Person(plan, self.rng, existing)
        for _ in range(LONGEST):
            if not self._step(case, plan, who):
                return

    def _open(self, existing: Customer | None) -> Case:
        prospect, _new = prospects.receive(by=None, now=self.now, **self._lead(existing))
        case = runtime.start("sales", {"prospect": prospect.pk}, by=None, now=self.now)
        self.settle()
        return case

    def _lead(self, existing: Customer | None) -> dict[str, Any]:
        point = self.rng.choice(self.points)
        given, surnames = person(self.rng)
        phone = existing.phones.first() if existing else None
        return {
            "channel": self.rng.choice(CHANNELS),
            "name": existing.full_name if existing else f"{given} {surnames}",
            "phone": phone.number if phone else mobile(self.rng),
            "email": "" if self.rng.random() < 0.3 else f"p{self.rng.randint(10_000, 99_999)}@correo.example",
            "interest": self.rng.choice(INTERESTS),
            "address": address(self.rng)[0],
            "zone": point.zone,
            "lat": round(point.lat + self.rng.uniform(-0.0008, 0.0008), 6),  # as a pin on the map gives them
            "lon": round(point.lon + self.rng.uniform(-0.0008, 0.0008), 6),
        }

    def _step(self, case: Case, plan: CasePlan, who: Person) -> bool:
        """Do what comes next; False when the case has come as far as it should."""
        waiting = list(Task.objects.filter(case=case, state=Task.State.OPEN).order_by("opened_at", "pk"))
        if not waiting or any(_is_target(task, plan) for task in waiting):
            return False
        task = waiting[0]
        self._pass(hours(self.rng, task.step if task.node.startswith("Step_") else ""))
        if self.now >= self.until - timedelta(seconds=30) and task.step in ("1", "8", "9", "11", "25"):
            return False  # the present has come: it waits here
        if plan.lost_at and task.step == plan.lost_at and task.step not in ("7", "8"):
            return self._lose(case, task)
        return self._complete(case, task, who)

    def _pass(self, span: timedelta) -> None:
        later = next_opening(self.now + span, office_calendar())
        self.now = (
            later
            if later < self.until
            else max(self.now, self.until - timedelta(seconds=20)) + timedelta(milliseconds=5)
        )

    def _lose(self, case: Case, task: Task) -> bool:
        """The customer withdraws, or does not want to know any more."""
        seller = self.who(task)
        if task.step in ("9", "11"):
            if task.step == "11":
                self._slip(case, task, seller)
            operations.perform(
                case.pk,
                "sales.withdraw",
                by=seller,
                now=self.now,
                data={"withdrawal_reason": "changed_mind", "note": ""},
            )
        else:
            operations.perform(
                case.pk,
                "sales.contact_attempt",
                by=seller,
                now=self.now,
                data={"channel": "call", "result": "not_interested"},
            )
        self.settle()
        return True

    def _slip(self, case: Case, task: Task, seller: User) -> None:
        """Money that is in when the customer withdraws."""
        sale = Sale.objects.select_related("case", "customer").get(pk=case.pk)
        data, files = Person(CasePlan("", "", "", "prepaid_transfer", False, timedelta()), self.rng).answer(
            task, sale, self.now
        )
        operations.perform(case.pk, "sales.receive_slip", by=seller, now=self.now, data=data, files=files)

    def _complete(self, case: Case, task: Task, who: Person) -> bool:
        sale = Sale.objects.select_related("case", "prospect", "customer", "plan", "letter").get(pk=case.pk)
        data, files = who.answer(task, sale, self.now)
        try:
            operations.complete(task.pk, by=self.who(task), now=self.now, data=data, files=files)
        except runtime.AnswerInvalid as refused:
            log.warning("demo_answer_refused", case=case.number, step=task.step, errors=refused.form.errors.as_json())
            return False
        self.settle()
        return True


def _is_target(task: Task, plan: CasePlan) -> bool:
    return plan.stop_at == ("refund" if task.node.startswith("Refund") else task.step) and plan.stop_at != ""


def last_office_moment(now: datetime) -> datetime:
    """Now, or the end of the last office hours when the office is closed: nobody of the demonstration works at night."""
    calendar = office_calendar()
    moment = now
    while not is_open(moment, calendar):
        moment -= timedelta(minutes=15)
    return moment


def build(
    *, now: datetime | None = None, processes: int = 2, say: Callable[[int, int], None] = lambda done, of: None
) -> int:
    """Make the demonstration's sales, unless there are sales already; how many cases there are.

    Several processes share the work, each with its own chance: a case needs some twenty steps, each a whole one.
    """
    if not Case.objects.filter(procedure="sales").exists():
        until = last_office_moment(now or timezone.now())
        chosen = list(plans(Random(SEED)))
        shares = [chosen[first :: processes * SLICES] for first in range(processes * SLICES)]
        work = [(until, SEED + n, share) for n, share in enumerate(shares)]
        in_processes(_share, work, processes=processes, say=lambda done: say(done, len(chosen)))
    return Case.objects.filter(procedure="sales").count()


def _share(work: tuple[datetime, int, list[CasePlan]]) -> int:
    """One process's part; how many cases it walked."""
    until, seed, chosen = work
    Driver(until=until, seed=seed).run(chosen)
    return len(chosen)
