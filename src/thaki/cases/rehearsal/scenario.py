"""Reads a scenario: YAML whose every item knows its line, so that what cannot be read is said with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from thaki.cases.rules import Span, parse_span


class Unreadable(Exception):
    """The scenario cannot be read; says where."""

    def __init__(self, source: str, line: int, text: str) -> None:
        self.source, self.line = source, line
        super().__init__(f"{source}:{line}: {text}" if line else f"{source}: {text}")


NO_SPAN = Span()


@dataclass(frozen=True, slots=True)
class Item:
    """One item of `steps:`."""

    kind: str  # step, wait, until, message, action, send_back
    what: str  # the step's number or node, the message's name, the action's code
    line: int
    by: str = ""  # the person's login; "" for the customer or the system
    values: dict[str, Any] = field(default_factory=dict)  # the answer, or the message's payload
    span: Span = NO_SPAN  # of a wait
    until: datetime | None = None
    to: str = ""  # of send_back: the node
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A case as it should go."""

    source: str
    procedure: str
    start: dict[str, Any]
    items: tuple[Item, ...]
    expect: dict[str, Any]
    at: datetime | None = None  # when it begins; None: at the next opening of the office
    start_node: str = ""
    name: str = ""


class _Loader(yaml.SafeLoader):
    """YAML without its surprises: `no` stays a word, and dates stay as they are written."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern) for tag, pattern in known if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")
    ]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"true|false"), list("tf"))

TOP = {"name", "procedure", "at", "start", "start_node", "steps", "expect"}
# What each kind of item may say besides its own word.
ITEMS: Mapping[str, frozenset[str]] = {
    "step": frozenset({"by", "answer"}),
    "wait": frozenset(),
    "until": frozenset(),
    "message": frozenset({"with", "by"}),
    "action": frozenset({"by", "answer"}),
    "send_back": frozenset({"by", "to", "reason"}),
}
EXPECT = {"path", "outcome", "waiting", "effects"}
_UNITS = {"minute": "PT{}M", "hour": "PT{}H", "day": "P{}D", "week": "P{}W", "month": "P{}M"}


def read(path: Path) -> Scenario:
    """The scenario of a file; raises Unreadable."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(str(path), 0, str(error)) from error
    return parse(text, str(path))


def parse(text: str, source: str) -> Scenario:
    """The scenario of a text; `source` names it in complaints."""
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        if not isinstance(root, yaml.MappingNode):
            raise Unreadable(source, 1, _("un escenario es un mapa con «procedure», «start», «steps» y «expect»"))
        reader = _Reader(source, loader)
        return reader.scenario(root)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise Unreadable(source, line, str(error.problem or error)) from error


class _Reader:
    def __init__(self, source: str, loader: _Loader) -> None:
        self.source = source
        self.loader = loader

    def scenario(self, root: yaml.MappingNode) -> Scenario:
        top = self.mapping(root, TOP)
        if "procedure" not in top:
            raise self.trouble(root, _("falta «procedure»"))
        values = {name: self.value(node) for name, node in top.items() if name != "steps"}
        return Scenario(
            source=self.source,
            procedure=str(values["procedure"]),
            start=self.dictionary(top, "start"),
            items=self.items(top.get("steps")),
            expect=self.expectation(top),
            at=self.instant(top["at"]) if "at" in top else None,
            start_node=str(values.get("start_node", "")),
            name=str(values.get("name", "")),
        )

    def items(self, steps: yaml.Node | None) -> tuple[Item, ...]:
        if steps is None:
            return ()
        if not isinstance(steps, yaml.SequenceNode):
            raise self.trouble(steps, _("«steps» es una lista"))
        return tuple(self.item(node) for node in steps.value)

    def item(self, node: yaml.Node) -> Item:
        found = self.mapping(node, None)
        kinds = [name for name in found if name in ITEMS]
        if len(kinds) != 1:
            raise self.trouble(node, _("cada elemento lleva uno de: %(kinds)s") % {"kinds": ", ".join(ITEMS)})
        [kind] = kinds
        strange = set(found) - ITEMS[kind] - {kind}
        if strange:
            raise self.trouble(found[min(strange)], _("«%(name)s» no va aquí") % {"name": min(strange)})
        values = self.dictionary(found, "answer") | self.dictionary(found, "with")
        return Item(
            kind,
            str(self.value(found[kind])),
            node.start_mark.line + 1,
            by=self.text(found, "by"),
            values=values,
            span=self.span(found["wait"]) if kind == "wait" else NO_SPAN,
            until=self.instant(found["until"]) if kind == "until" else None,
            to=self.text(found, "to"),
            reason=self.text(found, "reason"),
        )

    def expectation(self, top: dict[str, yaml.Node]) -> dict[str, Any]:
        if "expect" not in top:
            return {}
        found = self.mapping(top["expect"], EXPECT)
        return {name: self.value(node) for name, node in found.items()}

    def mapping(self, node: yaml.Node, names: set[str] | None) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            raise self.trouble(node, _("aquí va un mapa «nombre: valor»"))
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(self.value(key))
            if name in found or (names is not None and name not in names):
                raise self.trouble(key, _("«%(name)s» está repetido o no se conoce") % {"name": name})
            found[name] = value
        return found

    def dictionary(self, found: Mapping[str, yaml.Node], name: str) -> dict[str, Any]:
        if name not in found:
            return {}
        value = self.value(found[name])
        if not isinstance(value, dict):
            raise self.trouble(found[name], _("aquí va un mapa «nombre: valor»"))
        return {str(key): each for key, each in value.items()}

    def text(self, found: Mapping[str, yaml.Node], name: str) -> str:
        return str(self.value(found[name])) if name in found else ""

    def span(self, node: yaml.Node) -> Span:
        """`2 days`, `15 minutes`, `1 month`, or ISO 8601: `P2D`."""
        text = str(self.value(node)).strip()
        words = re.fullmatch(r"(\d+) *(minute|hour|day|week|month)s?", text)
        try:
            return parse_span(_UNITS[words[2]].format(words[1]) if words else text)
        except ValueError as error:
            raise self.trouble(node, _("no es un tiempo: «%(text)s» (por ejemplo: 2 days)") % {"text": text}) from error

    def instant(self, node: yaml.Node) -> datetime:
        text = str(self.value(node))
        try:
            return datetime.fromisoformat(text)
        except ValueError as error:
            raise self.trouble(node, _("no es una fecha y hora: «%(text)s»") % {"text": text}) from error

    def value(self, node: yaml.Node) -> Any:
        return self.loader.construct_document(node)

    def trouble(self, node: yaml.Node, text: str) -> Unreadable:
        return Unreadable(self.source, node.start_mark.line + 1, text)
