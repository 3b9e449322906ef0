"""The OpenAPI document as a page shows it: grouped, in words, without a script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from thaki.api import service


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of a body."""

    name: str
    where: str  # path, query, header, body, answer
    type: str
    required: bool
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One operation."""

    method: str
    path: str
    summary: str
    text: str
    takes: tuple[Field, ...]
    tells: tuple[Field, ...]
    statuses: tuple[tuple[str, str], ...]

    @property
    def anchor(self) -> str:
        """For links to it."""
        return f"{self.method}-{self.path}".lower().translate(str.maketrans("/{}_", "----")).strip("-")


@cache
def groups() -> tuple[tuple[str, tuple[Shown, ...]], ...]:
    """(tag, operations), in the order of the routes. The description does not change while the process runs."""
    document = service.description()
    found: dict[str, list[Shown]] = {}
    for path, method, operation in service.operations(document):
        found.setdefault(operation["tags"][0], []).append(_shown(document, path, method, operation))
    return tuple((tag, tuple(operations)) for tag, operations in found.items())


def _shown(document: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> Shown:
    takes = [
        Field(p["name"], p["in"], _type(document, p["schema"]), p.get("required", False), _text(p["schema"], p))
        for p in operation.get("parameters", ())
    ]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    good: dict[str, Any] = next((r for s, r in operation["responses"].items() if int(s) < 300), {})
    answer = good.get("content", {}).get("application/json", {}).get("schema")
    return Shown(
        method.upper(),
        path,
        operation["summary"],
        operation.get("description", ""),
        (*takes, *_fields(document, body, "body")),
        tuple(_fields(document, answer, "answer")),
        tuple((str(s), str(r.get("description", ""))) for s, r in operation["responses"].items()),
    )


def _fields(document: dict[str, Any], schema: dict[str, Any] | None, where: str) -> Iterator[Field]:
    if not schema:
        return
    whole = _resolved(document, schema)
    for name, part in whole.get("properties", {}).items():
        yield Field(name, where, _type(document, part), name in whole.get("required", ()), _text(part))


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref", "")
    found: dict[str, Any] = document["components"]["schemas"][reference.rpartition("/")[2]] if reference else schema
    return found


def _type(document: dict[str, Any], schema: dict[str, Any]) -> str:
    """`text`, `integer`, `text | null`, `[Case]`, `a | b`."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return " | ".join(str(value) or '""' for value in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(document, part) for part in schema["anyOf"]))
    if schema.get("type") == "array":
        return f"[{_type(document, schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("type") or "any")


def _text(*schemas: dict[str, Any]) -> str:
    return next((str(s["description"]) for s in schemas if s.get("description")), "")
