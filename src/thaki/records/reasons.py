"""Why something is so, or may not be: a code and parameters. Pure; the sentences are in `thaki.records.messages`.

Rules return and raise codes, never sentences, so they can be tested, counted and translated. `str()` of a reason is its sentence
in the reader's language once Django has started (`speak_with`); before that, and in tests without Django, it is the code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

_speak: list[Callable[[str, Mapping[str, Any]], str]] = []


def speak_with(speaker: Callable[[str, Mapping[str, Any]], str]) -> None:
    """Say who turns a code and its parameters into a sentence; called once at start-up."""
    _speak[:] = [speaker]


@dataclass(frozen=True, slots=True)
class Reason:
    """A code with its parameters, e.g. Reason("less_speed", {"max_mbps": 20, "wanted_mbps": 50})."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return _speak[0](self.code, self.params) if _speak else self.code

    def to_json(self) -> dict[str, Any]:
        """Plain data for a JSON column; amounts and dates become text."""
        plain = {
            k: v if isinstance(v, (int, float, str, bool)) or v is None else str(v) for k, v in self.params.items()
        }
        return {"code": self.code, "params": plain}


def reason(code: str, **params: Any) -> Reason:
    """Short form of `Reason`."""
    return Reason(code, params)


class RuleError(ValueError):
    """A rule refuses: `code` and `params` say why, `field` where; `str()` is a sentence for the person."""

    def __init__(self, code: str, /, *, on: str = "", **params: Any) -> None:
        self.reason = Reason(code, params)
        self.code = code
        self.params = params
        self.field = on
        super().__init__(code)

    def __str__(self) -> str:
        return str(self.reason)
