"""Models made up for tests: structured ones out of blocks, and the same with jumps across them.

A model is drawn by asking `choose(n)` for numbers below n, so the same code serves hypothesis (which
shrinks what it finds) and plain random numbers (of which the oracle needs thousands a run).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

FACTS: Mapping[str, str] = {f"f{number}": "a b c" for number in range(4)}
Choose = Callable[[int], int]


@dataclass(frozen=True)
class Model:
    """A drawing (see drawing.py) with the facts of its conditions."""

    text: str
    facts: Mapping[str, str]


def random_model(seed: int, **options: object) -> Model:
    """The model that belongs to this seed."""
    return make(Random(seed).randrange, **options)  # type: ignore[arg-type]  # options are checked by make


def make(choose: Choose, *, size: int = 8, jumps: int = 0, blocks: str = "", sends_back: bool = False) -> Model:
    """A model of about `size` tasks; `blocks` names the constructs it may use (all when empty)."""
    builder = _Builder(choose, blocks.split() or list(_BLOCKS), sends_back)
    builder.element("start S")
    last = builder.sequence("S", size)
    builder.element("end E")
    builder.flow(last, "E")
    for _ in range(jumps):
        builder.jump()
    return Model(builder.text(), FACTS)


class _Builder:
    """A drawing while it is made. Every block is given the node before it and returns its last."""

    def __init__(self, choose: Choose, blocks: list[str], sends_back: bool) -> None:
        self.choose = choose
        self.blocks = blocks
        self.sends_back = sends_back
        self.elements: list[str] = []
        self.flows: list[str] = []
        self.scope = ""
        self.count = 0
        self.tasks: list[str] = []  # of this scope, so far

    def text(self) -> str:
        return "\n".join([*self.elements, *self.flows])

    def name(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def element(self, line: str) -> str:
        """Draw an element in the scope at hand; its id."""
        self.elements.append(line + (f" in={self.scope}" if self.scope else ""))
        return line.split()[1]

    def flow(self, source: str, target: str, condition: str = "") -> None:
        self.flows.append(f"{source} -> {target}{condition}")

    def fact(self) -> str:
        return f"f{self.choose(len(FACTS))}"

    def sequence(self, before: str, size: int) -> str:
        """Blocks one after another, of about `size` tasks together."""
        while size > 0:
            share = 1 + self.choose(size)
            block = self.blocks[self.choose(len(self.blocks))] if share > 1 else "task"
            before = _BLOCKS[block](self, before, share)
            size -= share
        return before

    def task(self, before: str, _size: int) -> str:
        back = ""
        if self.sends_back and self.tasks and self.choose(4) == 0:
            back = f" back={self.tasks[self.choose(len(self.tasks))]}"
        kind = "manual" if self.choose(5) == 0 else "user"
        task = self.element(f"{kind} {self.name('T')}{back}")
        self.tasks.append(task)
        self.flow(before, task)
        return task

    def branches(self, split: str, join: str, size: int, conditions: list[str]) -> None:
        """One branch for each condition; a branch may be empty, if it is the last."""
        share = max(1, size // len(conditions))
        for number, condition in enumerate(conditions):
            if number == len(conditions) - 1 and self.choose(3) == 0:
                self.flow(split, join, condition)
                continue
            first = self.element(f"user {self.name('T')}")
            self.flow(split, first, condition)
            self.flow(self.sequence(first, share - 1), join)

    def gateways(self, kind: str, before: str) -> tuple[str, str]:
        split = self.element(f"{kind} {self.name('G')}")
        join = self.element(f"{kind} {self.name('J')}")
        self.flow(before, split)
        return split, join

    def exclusive(self, before: str, size: int) -> str:
        split, join = self.gateways("xor", before)
        fact = self.fact()
        last = " else" if self.choose(2) else f' when {fact} in ["b", "c"]'
        self.branches(split, join, size, [f' when {fact} == "a"', last])
        return join

    def parallel(self, before: str, size: int) -> str:
        split, join = self.gateways("and", before)
        self.branches(split, join, size, [""] * (2 + self.choose(2)))
        return join

    def inclusive(self, before: str, size: int) -> str:
        split, join = self.gateways("or", before)
        # Never "c", so that there are facts under which only the default is left.
        conditions = [f' when {self.fact()} == "{"ab"[self.choose(2)]}"' for _ in range(1 + self.choose(3))]
        self.branches(split, join, size, [*conditions, " else"])
        return join

    def loop(self, before: str, size: int) -> str:
        join = self.element(f"xor {self.name('J')}")
        self.flow(before, join)
        first = self.element(f"user {self.name('T')}")
        self.flow(join, first)
        last = self.sequence(first, size - 1)
        split = self.element(f"xor {self.name('G')}")
        self.flow(last, split)
        self.flow(split, join, f' when {self.fact()} == "c"')
        after = self.element(f"user {self.name('T')}")
        self.flow(split, after, " else")
        return after

    def race(self, before: str, size: int) -> str:
        split = self.element(f"race {self.name('G')}")
        join = self.element(f"xor {self.name('J')}")
        self.flow(before, split)
        for _ in range(2):
            event = self.name("M")
            self.element(f"catch {event} message={event}")
            self.flow(split, event)
            self.flow(self.sequence(event, size // 2), join)
        return join

    def interrupted(self, before: str, size: int) -> str:
        """A task with a message beside it that takes the case elsewhere, and both ways joined."""
        task = self.task(before, 1)
        event = self.name("B")
        self.element(f"boundary {event} on={task} message={event}")
        join = self.element(f"xor {self.name('J')}")
        self.flow(task, join)
        self.flow(self.sequence(event, size - 1), join)
        return join

    def reminded(self, before: str, size: int) -> str:
        """A task with a message beside it that starts something with an end of its own."""
        task = self.task(before, 1)
        event = self.name("B")
        self.element(f"boundary {event} on={task} message={event} soft")
        after = self.element(f"user {self.name('T')}")
        self.flow(event, after)
        self.flow(after, self.element(f"end {self.name('E')}"))
        return self.sequence(task, size - 1)

    def inside(self, before: str, size: int) -> str:
        """A sub-process; sometimes it can fail, and what catches that joins the way on."""
        inner = self.element(f"sub {self.name('P')}")
        self.flow(before, inner)
        outer, self.scope, tasks, self.tasks = self.scope, inner, self.tasks, []
        last = self.sequence(self.element(f"start {self.name('S')}"), size)
        fails = self.choose(3) == 0
        if fails:
            split = self.element(f"xor {self.name('G')}")
            self.flow(last, split)
            error = self.name("R")
            self.flow(split, self.element(f"end {self.name('E')} error={error}"), f' when {self.fact()} == "a"')
            self.flow(split, self.element(f"end {self.name('E')}"), " else")
        else:
            self.flow(last, self.element(f"end {self.name('E')}"))
        self.scope, self.tasks = outer, tasks
        if not fails:
            return inner
        caught = self.element(f"boundary {self.name('B')} on={inner} error={error}")
        join = self.element(f"xor {self.name('J')}")
        self.flow(inner, join)
        self.flow(self.task(caught, 1), join)
        return join

    def mixed(self, before: str, size: int) -> str:
        """Gateways that join and split at once."""
        first, middle, last = (self.element(f"and {self.name('G')}") for _ in range(3))
        self.flow(before, first)
        for split, join in ((first, middle), (middle, last)):
            self.branches(split, join, size // 2, ["", ""])
        return last

    def awaited(self, before: str, _size: int) -> str:
        """A message, awaited on the way by an event or a task."""
        kind = ("catch", "receive")[self.choose(2)]
        event = self.name("M")
        self.flow(before, self.element(f"{kind} {event} message={event}"))
        return event

    def escalated(self, before: str, size: int) -> str:
        """A sub-process from which something rises, and goes its own way or interrupts."""
        inner = self.element(f"sub {self.name('P')}")
        self.flow(before, inner)
        outer, self.scope, tasks, self.tasks = self.scope, inner, self.tasks, []
        soft = self.choose(2) == 0
        rises = self.name("X")
        last = self.sequence(self.element(f"start {self.name('S')}"), size // 2)
        if soft:
            self.flow(last, self.element(f"throw {rises} escalation={rises}"))
            self.flow(self.sequence(rises, size // 2), self.element(f"end {self.name('E')}"))
        else:
            split = self.element(f"xor {self.name('G')}")
            self.flow(last, split)
            self.flow(split, self.element(f"end {rises} escalation={rises}"), f' when {self.fact()} == "a"')
            self.flow(split, self.element(f"end {self.name('E')}"), " else")
        self.scope, self.tasks = outer, tasks
        caught = self.element(f"boundary {self.name('B')} on={inner} escalation={rises}{' soft' if soft else ''}")
        after = self.task(caught, 1)
        if soft:
            self.flow(after, self.element(f"end {self.name('E')}"))
            return self.task(inner, 1)
        join = self.element(f"xor {self.name('J')}")
        self.flow(inner, join)
        self.flow(after, join)
        return join

    def stopped(self, before: str, _size: int) -> str:
        """Sometimes all is over at once."""
        split = self.element(f"xor {self.name('G')}")
        self.flow(before, split)
        self.flow(split, self.element(f"end {self.name('E')} terminate"), f' when {self.fact()} == "b"')
        after = self.element(f"user {self.name('T')}")
        self.flow(split, after, " else")
        return after

    def jump(self) -> None:
        """Lead a flow into a choice whose other way goes anywhere in the same scope."""
        spare = [i for i, flow in enumerate(self.flows) if "->" in flow]
        number = spare[self.choose(len(spare))]
        path, _, condition = self.flows[number].partition(" when ")
        path, is_default = (path.removesuffix(" else"), True) if path.endswith(" else") else (path, False)
        source, target = path.split(" -> ")
        scope = self._scope_of(target)
        others = [e.split()[1] for e in self.elements if self._may_enter(e) and self._scope_of(e.split()[1]) == scope]
        if (source.startswith("G") and source in self._races()) or not others:
            return
        outer, self.scope = self.scope, scope
        split = self.element(f"xor {self.name('G')}")
        self.scope = outer
        tail = f" when {condition}" if condition else " else" if is_default else ""
        self.flows[number] = f"{source} -> {split}{tail}"
        fact = self.fact()
        self.flow(split, target, f' when {fact} != "c"')
        self.flow(split, others[self.choose(len(others))], f' when {fact} == "c"')

    def _scope_of(self, node: str) -> str:
        line = next(each for each in self.elements if each.split()[1] == node)
        return line.partition(" in=")[2]

    def _races(self) -> list[str]:
        return [each.split()[1] for each in self.elements if each.startswith("race ")]

    @staticmethod
    def _may_enter(line: str) -> bool:
        return line.split()[0] not in ("start", "boundary", "catch")


_BLOCKS: Mapping[str, Callable[[_Builder, str, int], str]] = {
    "task": _Builder.task,
    "xor": _Builder.exclusive,
    "and": _Builder.parallel,
    "or": _Builder.inclusive,
    "loop": _Builder.loop,
    "race": _Builder.race,
    "interrupted": _Builder.interrupted,
    "reminded": _Builder.reminded,
    "inside": _Builder.inside,
    "stopped": _Builder.stopped,
    "mixed": _Builder.mixed,
    "awaited": _Builder.awaited,
    "escalated": _Builder.escalated,
}
