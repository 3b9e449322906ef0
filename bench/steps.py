"""How many steps a second go through `deliver`, against the floor of plain psycopg measured in the same run.

Every case walks the same way; all cases do one step, then the floor does as many of its own, and so on, so that both meet the
same machine. Timed is the person's `complete` and nothing else: lock, form, the step's own operation, facts, engine, one write,
deferring of effects, commit. Opening the cases, thinking of the answers and settling the effects (a worker's work) are not.

Two ratios come out of it. The first is `deliver`: the lock, the case and its sale read, the facts, the engine, the sale saved,
history, effects, commit. It is the whole time less what the step's own form and operation take with other records, measured by
wrapping them; the sale's own saving within them counts as `deliver`'s. The second is the whole step, with all that GVD does in
it: recognising a customer, drawing a letter, keeping three photographs. The floor knows no such work, so the first ratio tells
what the engine and its transaction cost, the second one what a step costs.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import wraps
from random import Random
from typing import Any

from bench.floor import Floor, drop, make

GOAL = 0.40
# Steps whose operation is mostly the drawing of a PDF (10 to 90 ms of Typst): in the table, but not in the ratio of the engine.
DRAWING = frozenset({"8", "23"})


@dataclass(slots=True)
class Tally:
    """What one process measured."""

    floor: list[float] = field(default_factory=list)  # seconds a step, one entry a batch
    steps: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))  # the same, by step
    rooms: dict[str, list[float]] = field(
        default_factory=lambda: defaultdict(list)
    )  # the procedure's share of it, by step
    effects: int = 0
    error: str = ""

    def seconds(self, without: frozenset[str] = frozenset()) -> float:
        """Mean of a step, each step of the way as often as the others."""
        return statistics.mean(statistics.mean(each) for step, each in self.steps.items() if step not in without)

    def own_seconds(self) -> float:
        """The same, less what the steps' forms and operations took."""
        rooms = statistics.mean(statistics.mean(each) for each in self.rooms.values())
        return self.seconds() - rooms


@dataclass(slots=True)
class Course:
    """A way for cases to walk."""

    name: str
    open: Callable[[], Any]  # a new case
    answer: Callable[[Any, Any], tuple[Any, Any]]  # (case, its open task) -> data and files
    by: Any  # who holds every post
    record: Any  # the model of the procedure's own record


def toy_course(number: int) -> Course:
    """The toy's long way: four steps, two effects, one of which the case waits for."""
    from django.utils import timezone
    from tests.toy import procedure
    from tests.toy.models import Toy

    from thaki.cases import runtime
    from thaki.people.models import User
    from thaki.people.roles import Role

    procedure.install()
    answers = {"1": {"wish": "internet"}, "2": {"verdict": "yes"}}
    roles = [role.value for role in Role]
    by, _ = User.objects.get_or_create(username=f"bench{number}", defaults={"roles": roles})
    return Course(
        "toy",
        lambda: runtime.start("toy", {"customer": "Ana Rojas"}, by=None, now=timezone.now()),
        lambda case, task: (answers.get(task.step, {}), {}),
        by,
        Toy,
    )


def sales_course(number: int) -> Course:
    """GVD, postpaid, from the prospect to ATENDIDO/CERRADA."""
    from bench import _sales
    from django.utils import timezone

    from thaki.people.models import User
    from thaki.procedures.sales.demo.answers import Person
    from thaki.procedures.sales.models import Sale

    by = User.objects.get(username=f"banco{number + 1}")
    walker = _sales.Walker(by, Random(time.time_ns()))
    people: dict[int, Person] = {}

    def answer(case: Any, task: Any) -> tuple[Any, Any]:
        who = people.setdefault(case.pk, Person(_sales.plan(), walker.rng))
        sale = Sale.objects.select_related("case", "prospect", "customer", "plan", "letter").get(pk=case.pk)
        data, files = who.answer(task, sale, timezone.now())
        if "reference_numbers" in data:  # which lines are the nearest changes while the others' sales are closed
            [reference, *_more] = data.pop("reference_numbers")  # a number that the customer gives is good anywhere
            data["other_reference"] = reference
        return data, files

    return Course("sales, postpaid", walker.open, answer, by, Sale)


class Stopwatch:
    """Time spent in the forms and operations of steps and jobs; one called by another is counted once."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._inside = False

    def around(self, function: Any) -> Any:
        """The function, timed."""
        if function is None:
            return None

        @wraps(function, updated=())
        def timed(*args: Any, **kwargs: Any) -> Any:
            if self._inside:
                return function(*args, **kwargs)
            self._inside, began = True, time.perf_counter()
            try:
                made = function(*args, **kwargs)
            finally:
                self.seconds += time.perf_counter() - began
                self._inside = False
            if hasattr(made, "is_valid"):  # a form: validating it is the procedure's work too
                made.is_valid = self.around(made.is_valid)
            return made

        return timed

    def leave_out(self, model: Any) -> None:
        """What saving this record takes is `deliver`'s, wherever it is done."""
        save = model.save

        @wraps(save)
        def saved(*args: Any, **kwargs: Any) -> None:
            began = time.perf_counter()
            try:
                save(*args, **kwargs)
            finally:
                if self._inside:
                    self.seconds -= time.perf_counter() - began

        model.save = saved

    def wrap(self, code: str) -> None:
        """Time a registered procedure."""
        from thaki.cases import registry, versions

        app = registry.procedure_app(code)
        steps = tuple(
            replace(
                step,
                form=self.around(step.form),
                complete=self.around(step.complete),
                opened=self.around(step.opened),
            )
            for step in app.steps
        )
        jobs = tuple(replace(job, run=self.around(job.run), done=self.around(job.done)) for job in app.jobs)
        registry.register(replace(app, steps=steps, jobs=jobs))
        versions.forget()


class Walk:
    """One process's cases on their way."""

    def __init__(self, course: Course, cases: int) -> None:
        self.course = course
        self.cases = [course.open() for _ in range(cases)]

    def prepare(self) -> list[tuple[Any, Any, Any]]:
        """The next step of every case: task, data and files."""
        from thaki.cases.models import Task

        prepared = []
        for case in self.cases:
            task = Task.objects.filter(case=case, state="open").order_by("pk").first()
            if task is not None:
                prepared.append((task, *self.course.answer(case, task)))
        return prepared

    def walk(self, prepared: list[tuple[Any, Any, Any]]) -> float:
        """Do one step of every case; returns the seconds."""
        from django.utils import timezone

        from thaki.cases import operations

        by = self.course.by
        began = time.perf_counter()
        for task, data, files in prepared:
            operations.complete(task.pk, by=by, now=timezone.now(), data=data, files=files)
        return time.perf_counter() - began

    def settle(self) -> int:
        """What a worker would do, mails taken as sent; returns how many effects there were."""
        from django.utils import timezone

        from thaki.cases import effects
        from thaki.cases.models import Effect

        done = 0
        for effect in Effect.objects.filter(case__in=self.cases, state="pending").order_by("pk"):
            if effect.kind.startswith("bss."):
                effects.run(effect.pk, now=timezone.now())
            else:
                effects.settle(effect.pk, Effect.State.DONE, {}, now=timezone.now())
            done += 1
        return done


def _process(number: int, toy: bool, cases: int, rounds: int, gate: Any, results: Any) -> None:
    """One process of the measurement."""
    tally = Tally()
    try:
        import django

        django.setup()
        _measure(number, toy, cases, rounds, gate, tally)
    except Exception as error:  # the parent waits for an answer, and tells it
        gate.abort()
        tally.error = repr(error)
    tally.steps, tally.rooms = dict(tally.steps), dict(tally.rooms)
    results.put(tally)


def _measure(number: int, toy: bool, cases: int, rounds: int, gate: Any, tally: Tally) -> None:
    course = toy_course(number) if toy else sales_course(number)
    watch = Stopwatch()
    watch.wrap("toy" if toy else "sales")
    watch.leave_out(course.record)
    floor = Floor(os.environ["DATABASE_URL"], number * cases + 1, cases)
    floor.steps(20)
    for turn in range(rounds + 1):  # the first one warms up: caches, prepared statements
        walk = Walk(course, cases)
        while prepared := walk.prepare():
            _together(gate)
            watch.seconds = 0.0
            seconds = walk.walk(prepared)
            rooms = watch.seconds
            _together(gate)
            floor_seconds = floor.steps(len(prepared))
            effects = walk.settle()
            if turn:
                task = prepared[0][0]
                tally.steps[task.step or task.node].append(seconds / len(prepared))
                tally.rooms[task.step or task.node].append(rooms / len(prepared))
                tally.floor.append(floor_seconds / len(prepared))
                tally.effects += effects
    floor.close()


def _together(gate: Any) -> None:
    """Begin with the others; without them, should one have failed or its cases have taken another way."""
    with suppress(threading.BrokenBarrierError):
        gate.wait(120)


def measure(processes: int, toy: bool, cases: int, rounds: int) -> list[Tally]:
    """What each process measured."""
    url = os.environ["DATABASE_URL"]
    make(url, processes * cases)
    context = multiprocessing.get_context("spawn")
    gate, results = context.Barrier(processes), context.Queue()
    running = [
        context.Process(target=_process, args=(number, toy, cases, rounds, gate, results), daemon=True)
        for number in range(processes)
    ]
    for process in running:
        process.start()
    tallies = [results.get() for _ in running]
    for process in running:
        process.join()
    drop(url)
    for tally in tallies:
        if tally.error:
            raise RuntimeError(tally.error)
    return tallies


def report(tallies: list[Tally], processes: int, cases: int, rounds: int) -> None:
    """Print what was measured, the ratios last."""
    floor = sum(1 / statistics.mean(tally.floor) for tally in tallies)
    every = sum(1 / tally.seconds() for tally in tallies)
    plain = sum(1 / tally.seconds(DRAWING) for tally in tallies)
    own = sum(1 / tally.own_seconds() for tally in tallies)
    names = list(tallies[0].steps)
    effects = sum(tally.effects for tally in tallies) / (len(tallies) * cases * rounds * len(names))
    print(
        f"{processes} process(es): floor {floor:.0f} steps/s; {len(names)} steps each as often, {effects:.2f} effects a step"
    )
    for name in names:
        whole = statistics.mean(statistics.mean(tally.steps[name]) for tally in tallies)
        room = statistics.mean(statistics.mean(tally.rooms[name]) for tally in tallies)
        print(
            f"  step {name:>16}: {whole * 1000:7.2f} ms, of which the step's form and operation {room * 1000:7.2f} ms"
        )
    apart = ", ".join(sorted(DRAWING))
    print(f"deliver: {own:.0f}/s; whole steps: {every:.0f}/s; without those that draw a PDF ({apart}): {plain:.0f}/s")
    print(f"ratio: {own / floor:.2f} (goal {GOAL:.2f})  deliver ÷ floor, {processes} process(es)")
    print(f"ratio: {plain / floor:.2f}  whole steps without a PDF ÷ floor, {processes} process(es)")


def main(argv: Sequence[str]) -> int:
    """`thaki bench steps [--cases N] [--rounds N] [--processes 1 4] [--toy]`."""
    parser = argparse.ArgumentParser(prog="thaki bench steps")
    parser.add_argument("--cases", type=int, default=30, help="cases a process")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--toy", action="store_true", help="the procedure of the runtime's own tests")
    options = parser.parse_args(argv)
    from bench import common

    print(common.machine())
    with common.own_folder() as folder, common.own_database(folder) as url:
        os.environ["DATABASE_URL"] = url
        _house(options.toy, max(options.processes))
        for processes in options.processes:
            tallies = measure(processes, options.toy, options.cases, options.rounds)
            report(tallies, processes, options.cases, options.rounds)
    return 0


def _house(toy: bool, processes: int) -> None:
    from bench import _sales, common

    from thaki.config import prepare

    if toy:
        prepare.prepare_database(common.quiet)
    else:
        _sales.make_house()
        _sales.everybody(processes)
    common.close()
