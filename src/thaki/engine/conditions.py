"""Conditions on flows: CEL over declared, finite facts.

A fact is a question with a closed list of answers, so a condition is a finite truth table. The text
is compiled once by the CEL library, which alone decides what it means; each combination of values
is evaluated once and remembered, and the memory cannot outgrow the table.

CEL by itself calls `offer == "acepted"` false for ever. So the text is also parsed here, and what
could hide a slip is refused: a fact that is not declared, a literal outside its fact's domain, and
whatever is not a comparison of a fact with literals:

    condition  = conjunction { "||" conjunction }
    conjunction = term { "&&" term }
    term       = "!" term | "(" condition ")" | "true" | "false" | comparison
    comparison = fact ("==" | "!=") literal | literal ("==" | "!=") fact
               | fact "in" "[" literal { "," literal } "]"
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from types import MappingProxyType

import cel

MAX_LENGTH = 2_000  # characters of a condition
MAX_DEPTH = 40  # of parentheses and negations


@dataclass(frozen=True, slots=True)
class Fact:
    """A question that conditions may ask of a case, with all the answers it can have."""

    name: str
    label: str
    values: Mapping[str, str]  # value -> label

    def __post_init__(self) -> None:
        """Freeze the values."""
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))


class ConditionError(Exception):
    """The condition cannot be read or asks for what is not declared."""

    def __init__(self, code: str, **params: str) -> None:
        """`code` names what is wrong; `params` are its particulars."""
        super().__init__(code, params)
        self.code = code
        self.params = params


class FactError(Exception):
    """A fact is missing, or has a value outside its domain."""

    def __init__(self, fact: str, value: str | None) -> None:
        """`value` is None when the fact is missing."""
        super().__init__(fact, value)
        self.fact = fact
        self.value = value


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled condition. Equal when its text and facts are."""

    text: str
    facts: tuple[Fact, ...]  # those it asks, by name
    _program: cel.Program = field(repr=False, compare=False)
    _known: dict[tuple[str | None, ...], bool] = field(default_factory=dict, repr=False, compare=False)
    names: tuple[str, ...] = ()

    def holds(self, facts: Mapping[str, str]) -> bool:
        """Whether it holds; raises FactError when a fact it asks is missing or out of domain."""
        values = tuple(facts.get(name) for name in self.names)
        known = self._known.get(values)
        if known is None:
            known = self._known[values] = self._evaluate(values)
        return known

    def _evaluate(self, values: Sequence[str | None]) -> bool:
        for fact, value in zip(self.facts, values, strict=True):
            if value not in fact.values:
                raise FactError(fact.name, value)
        return bool(self._program.execute(dict(zip(self.names, values, strict=True))))


def combinations(facts: Sequence[Fact]) -> list[dict[str, str]]:
    """Every combination of values of these facts; one empty combination when there are none."""
    names = [fact.name for fact in facts]
    return [dict(zip(names, values, strict=True)) for values in product(*(f.values for f in facts))]


def compile_condition(text: str, facts: Mapping[str, Fact]) -> Condition:
    """Compile a condition, or raise ConditionError."""
    if len(text) > MAX_LENGTH:
        raise ConditionError("condition_too_long", limit=str(MAX_LENGTH))
    asked = _Parser(text, facts).parse()
    try:
        program = cel.compile(text)
    except ValueError as error:  # unreachable as far as we know: our grammar is part of CEL's
        raise ConditionError("condition_syntax", text=text, at="1") from error
    names = tuple(sorted(asked))
    return Condition(text, tuple(facts[name] for name in names), program, names=names)


_TOKEN = re.compile(
    r"""\s*(?:
        (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<literal>"[^"\\\n]*"|'[^'\\\n]*')
      | (?P<sign>&&|\|\||==|!=|[!()\[\],])
    )""",
    re.VERBOSE,
)
# CEL keeps these for itself.
_WORDS = frozenset(
    [
        "true",
        "false",
        "null",
        "in",
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
        "void",
        "while",
    ]
)
_VALUE = re.compile(r"[A-Za-z0-9_-]{1,60}", re.ASCII)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,60}", re.ASCII)


class _Parser:
    """Reads a condition for the facts it asks; its value is CEL's business."""

    def __init__(self, text: str, facts: Mapping[str, Fact]) -> None:
        self._text = text
        self._facts = facts
        self._tokens = self._split()
        self._next = 0
        self._asked: set[str] = set()

    def parse(self) -> set[str]:
        """Names of the facts asked."""
        self._either(0)
        if self._peek() != "":
            raise self._wrong()
        return self._asked

    def _split(self) -> list[tuple[str, int]]:
        tokens: list[tuple[str, int]] = []
        at = 0
        end = len(self._text.rstrip())
        while at < end:
            match = _TOKEN.match(self._text, at)
            if match is None:
                raise ConditionError("condition_syntax", text=self._text, at=str(at + 1))
            tokens.append((match.group().strip(), match.end()))
            at = match.end()
        return tokens

    def _peek(self) -> str:
        return self._tokens[self._next][0] if self._next < len(self._tokens) else ""

    def _take(self, expected: str = "") -> str:
        token = self._peek()
        if token == "" or (expected and token != expected):
            raise self._wrong()
        self._next += 1
        return token

    def _wrong(self) -> ConditionError:
        """A syntax error at the token in hand, counted in characters from 1."""
        at = self._tokens[self._next - 1][1] if self._next else 0
        return ConditionError("condition_syntax", text=self._text, at=str(at + 1))

    def _either(self, depth: int) -> None:
        self._both(depth)
        while self._peek() == "||":
            self._take()
            self._both(depth)

    def _both(self, depth: int) -> None:
        self._term(depth)
        while self._peek() == "&&":
            self._take()
            self._term(depth)

    def _term(self, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise ConditionError("condition_too_deep", limit=str(MAX_DEPTH))
        ahead = self._peek()
        if ahead == "!":
            self._take()
            # In CEL `!a == b` is `(!a) == b`, which nobody means.
            if self._peek() not in ("!", "(", "true", "false"):
                raise self._wrong()
            self._term(depth + 1)
        elif ahead == "(":
            self._take()
            self._either(depth + 1)
            self._take(")")
        elif ahead in ("true", "false"):
            self._take()
        else:
            self._comparison()

    def _comparison(self) -> None:
        first = self._take()
        sign = self._take()
        if sign == "in":
            self._ask(self._fact(first), self._list())
        elif sign in ("==", "!="):
            second = self._take()
            if _is_literal(first):
                first, second = second, first
            self._ask(self._fact(first), [second])
        else:
            self._next -= 1
            raise self._wrong()

    def _list(self) -> list[str]:
        self._take("[")
        literals = [self._take()]
        while self._peek() == ",":
            self._take()
            literals.append(self._take())
        self._take("]")
        return literals

    def _fact(self, name: str) -> Fact:
        if _is_literal(name) or not name[0].isidentifier() or name in _WORDS:
            raise self._wrong()
        if name not in self._facts:
            raise ConditionError("fact_undeclared", text=self._text, fact=name)
        self._asked.add(name)
        return self._facts[name]

    def _ask(self, fact: Fact, literals: Sequence[str]) -> None:
        for literal in literals:
            if not _is_literal(literal):
                raise self._wrong()
            if literal[1:-1] not in fact.values:
                raise ConditionError(
                    "value_undeclared",
                    text=self._text,
                    fact=fact.name,
                    value=literal[1:-1],
                    values=", ".join(fact.values),
                )


def _is_literal(token: str) -> bool:
    return token[:1] in ("'", '"')


def is_name(text: str) -> bool:
    """Whether it can name a fact."""
    return _NAME.fullmatch(text) is not None and text not in _WORDS


def is_value(text: str) -> bool:
    """Whether it can be one of a fact's values."""
    return _VALUE.fullmatch(text) is not None
