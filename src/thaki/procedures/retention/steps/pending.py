"""What fills a node of the file while its own module is not there yet: a blank form that changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django import forms

from thaki.cases.registry import Job, Step, Work
from thaki.engine.procedure import JOBS, TASKS, Node


class BlankForm(forms.Form):
    """Nothing is asked."""

    def __init__(self, data: Any = None, files: Any = None, *, work: Work, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)


def _nothing(work: Work, data: dict[str, Any] | None = None) -> None:
    """Changes nothing."""


def steps(nodes: Iterable[Node], known: Collection[str]) -> tuple[Step, ...]:
    """A blank step for each task whose handler nobody has."""
    missing = {node.handler for node in nodes if node.kind in TASKS and node.handler not in known}
    return tuple(Step(code, BlankForm, _nothing, "retention/steps/pending.html") for code in sorted(missing))


def jobs(nodes: Iterable[Node], known: Collection[str]) -> tuple[Job, ...]:
    """A job that does nothing, likewise."""
    missing = {node.handler for node in nodes if node.kind in JOBS and node.handler not in known}
    return tuple(Job(code, _nothing) for code in sorted(missing))
