"""Tells a scenario's author what each step asks: number, node, role, and the fields of its form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.text import camel_case_to_spaces

from thaki.cases import versions
from thaki.cases.registry import ProcedureApp, Step
from thaki.engine.procedure import TASKS, Node, Procedure


def describe(app: ProcedureApp, bpmn: bytes | None = None) -> list[dict[str, Any]]:
    """Every step of the procedure, in the order of the signed numbers, then the nodes of our own."""
    procedure = versions.parse(bpmn if bpmn is not None else app.bpmn.read_bytes(), app.process)
    return [_described(app, node) for node in _in_order(procedure)]


def _in_order(procedure: Procedure) -> Iterator[Node]:
    yield from procedure.steps()
    yield from (node for node in procedure.nodes.values() if node.kind in TASKS and not node.step)


def _described(app: ProcedureApp, node: Node) -> dict[str, Any]:
    found: dict[str, Any] = {"step": node.step, "node": node.id, "name": node.name, "role": node.role}
    if node.kind in TASKS and node.handler:
        found["handler"] = node.handler
        found["fields"] = fields(app.step(node.handler))
    else:
        found["handler"], found["fields"] = node.handler, []
    if node.kind not in TASKS:
        found["automatic"] = True
    if node.back_to:
        found["back_to"] = list(node.back_to)
    return found


def fields(step: Step) -> list[dict[str, Any]]:
    """The fields of a step's form as its class declares them: those that depend on the case may differ on the screen."""
    declared: dict[str, forms.Field] = getattr(step.form, "base_fields", {})
    return [_field(name, field) for name, field in declared.items()]


def _field(name: str, field: forms.Field) -> dict[str, Any]:
    described: dict[str, Any] = {"name": name, "type": _type(field), "required": field.required}
    if field.label:
        described["label"] = str(field.label)
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        described["choices"] = list(_values(field.choices))
    return described


def _type(field: forms.Field) -> str:
    """The kind of field as Django names it: our own kinds are known by the one they are made from."""
    known = next(kind for kind in type(field).__mro__ if kind.__module__.startswith("django."))
    return camel_case_to_spaces(known.__name__.removesuffix("Field")).replace(" ", "_")


def _values(choices: Any) -> Iterator[str]:
    """The values of choices, those in groups too, but the empty one."""
    for value, label in choices:
        if isinstance(label, str | Promise):
            if value not in ("", None):
                yield str(value)
        else:
            yield from _values(label)
