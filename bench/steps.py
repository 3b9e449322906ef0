"""How many steps a second go through `deliver`, against the floor of plain psycopg measured in the same run.

Every case walks the same scenario; all cases do one step, then the floor does as many of its own, and so on, so that both meet
the same machine. Timed is `runtime.deliver` alone: lock, form, the step's own operation, facts, engine, one write, deferring of
effects, commit. Opening the cases, filling in the answers and settling the effects (a worker's work) are not.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.floor import Floor, drop, make

GOALS = {1: 0.40, 4: 0.40}
HERE = Path(__file__).parent


@dataclass(slots=True)
class Tally:
    """What one process measured."""

    steps: int = 0
    seconds: float = 0.0
    floor_steps: int = 0
    floor_seconds: float = 0.0
    effects: int = 0
    by_step: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))  # seconds a step, one a round

    @property
    def rate(self) -> float:
        """Steps a second."""
        return self.steps / self.seconds

    @property
    def floor_rate(self) -> float:
        """The floor's steps a second."""
        return self.floor_steps / self.floor_seconds


class Walker:
    """One process's cases."""

    def __init__(self, scenario: Path, cases: int) -> None:
        from django.utils import timezone

        from thaki.cases import runtime
        from thaki.cases.registry import procedure_app
        from thaki.cases.rehearsal.scenario import read

        self.scenario = read(scenario)
        self.app = procedure_app(self.scenario.procedure)
        self.now = timezone.now
        self.people: dict[str, Any] = {}
        self.cases = []
        for _ in range(cases):
            payload = dict(self.scenario.start)
            if self.app.rehearse_start:
                payload = self.app.rehearse_start(payload, self.now())
            self.cases.append(runtime.start(self.app.code, payload, by=None, now=self.now()))

    def person(self, login: str, role: str) -> Any:
        """A user of the bench."""
        from thaki.people.models import User

        if login not in self.people:
            self.people[login], _ = User.objects.get_or_create(username=login, defaults={"roles": [role]})
        return self.people[login]

    def prepare(self, item: Any) -> list[tuple[Any, Any, Any, Any]]:
        """Who answers what, for every case that stands at the step."""
        from thaki.cases import runtime, versions
        from thaki.cases.models import Case, Task
        from thaki.cases.registry import Work
        from thaki.cases.rehearsal.answers import fill
        from thaki.engine import events as ev

        prepared = []
        for case in self.cases:
            for task in Task.objects.filter(case=case, state="open"):
                if item.what not in (task.step, task.node):
                    continue
                person = self.person(item.by, task.role)
                handler = versions.of_id(case.version_id).procedure.nodes[task.node].handler
                fresh = Case.objects.get(pk=case.pk)
                work = Work(fresh, self.app.peek(case.pk), self.now(), person, task, task.node)
                data, files = fill(self.app.step(handler).form(work=work), item.values)
                prepared.append((case.pk, ev.Completed(task.token), person, runtime.Answer(data, files)))
        return prepared

    def walk(self, prepared: list[tuple[Any, Any, Any, Any]]) -> float:
        """Do one step of every case; returns the seconds."""
        from thaki.cases import runtime

        began = time.perf_counter()
        for case_id, event, person, answer in prepared:
            runtime.deliver(case_id, event, by=person, now=self.now(), answer=answer)
        return time.perf_counter() - began

    def settle(self) -> int:
        """What a worker would do; returns how many effects there were."""
        from thaki.cases import effects
        from thaki.cases.models import Effect
        from thaki.cases.registry import rehearsed_effect

        done = 0
        for effect in Effect.objects.filter(case__in=self.cases, state="pending").select_related("case", "by"):
            result = rehearsed_effect(effect.kind)(effect) or {}
            effects.settle(effect.pk, Effect.State.DONE, result, now=self.now())
            done += 1
        return done


def _setup(toy: bool) -> None:
    import django

    django.setup()
    if toy:
        from tests.toy import procedure

        procedure.install()


def _process(number: int, scenario: Path, cases: int, rounds: int, toy: bool, gate: Any, results: Any) -> None:
    """One process of the measurement."""
    _setup(toy)
    tally = Tally()
    floor = Floor(os.environ["DATABASE_URL"], number * cases + 1, cases)
    floor.steps(20)
    for turn in range(rounds + 1):  # the first one warms up: caches, prepared statements
        walker = Walker(scenario, cases)
        for item in walker.scenario.items:
            if item.kind != "step":
                continue
            prepared = walker.prepare(item)
            gate.wait()
            seconds = walker.walk(prepared)
            gate.wait()
            floor_seconds = floor.steps(len(prepared))
            effects = walker.settle()
            if turn:
                tally.steps += len(prepared)
                tally.seconds += seconds
                tally.floor_steps += len(prepared)
                tally.floor_seconds += floor_seconds
                tally.effects += effects
                tally.by_step[item.what].append(seconds / max(1, len(prepared)))
    floor.close()
    results.put(tally)


def measure(scenario: Path, processes: int, cases: int, rounds: int, toy: bool) -> list[Tally]:
    """What each process measured."""
    make(os.environ["DATABASE_URL"], processes * cases)
    context = multiprocessing.get_context("spawn")
    gate, results = context.Barrier(processes), context.Queue()
    running = [
        context.Process(target=_process, args=(number, scenario, cases, rounds, toy, gate, results))
        for number in range(processes)
    ]
    for process in running:
        process.start()
    tallies = [results.get() for _ in running]
    for process in running:
        process.join()
    drop(os.environ["DATABASE_URL"])
    return tallies


def report(tallies: list[Tally], processes: int, details: bool) -> float:
    """Print what was measured; returns the ratio."""
    rate, floor = sum(t.rate for t in tallies), sum(t.floor_rate for t in tallies)
    steps, effects = sum(t.steps for t in tallies), sum(t.effects for t in tallies)
    print(
        f"{processes} process(es): {rate:.0f} steps/s, floor {floor:.0f}, {steps} steps, {effects / steps:.2f} effects a step"
    )
    if details:
        for step in tallies[0].by_step:
            seconds = statistics.mean(s for t in tallies for s in t.by_step[step])
            print(f"  step {step:>3}: {seconds * 1000:7.2f} ms")
    return rate / floor


def main(argv: Sequence[str]) -> int:
    """`thaki bench steps [--cases N] [--rounds N] [--processes 1 4] [--toy] [--details]`."""
    parser = argparse.ArgumentParser(prog="thaki bench steps")
    parser.add_argument("--cases", type=int, default=40, help="cases a process")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--scenario", type=Path)
    parser.add_argument("--toy", action="store_true", help="the procedure of the runtime's own tests")
    parser.add_argument("--details", action="store_true", help="milliseconds of each step")
    options = parser.parse_args(argv)
    scenario = HERE / "toy.yaml" if options.toy else options.scenario or HERE / "sales.yaml"
    _setup(options.toy)
    print(f"mix: {scenario.name}, every step as often as the others")
    for processes in options.processes:
        tallies = measure(scenario, processes, options.cases, options.rounds, options.toy)
        ratio = report(tallies, processes, options.details)
        print(f"ratio: {ratio:.2f} (goal {GOALS.get(processes, 0.40):.2f})")
    return 0
