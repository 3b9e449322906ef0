"""Every reason that a rule can give has a sentence, and every sentence can be filled in."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import thaki.integrations
import thaki.records
from thaki.records.messages import SENTENCES, sentence
from thaki.records.reasons import RuleError, reason

ROOTS = [Path(package.__path__[0]) for package in (thaki.records, thaki.integrations)]


@cache
def given_reasons() -> dict[str, set[str]]:
    """Every literal code in a call of `reason` or `RuleError`, with the names of its parameters."""
    found: dict[str, set[str]] = {}
    for path in (p for root in ROOTS for p in root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (
                isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("reason", "RuleError") and node.args
            ):
                continue
            names = {k.arg for k in node.keywords if k.arg} - {"on"}
            for code in (c.value for c in ast.walk(node.args[0]) if isinstance(c, ast.Constant)):
                if isinstance(code, str) and re.fullmatch(r"[a-z][a-z0-9_]{2,}[a-z0-9]", code):
                    found.setdefault(code, set()).update(names)
    return found


def test_every_reason_has_its_sentence() -> None:
    fragments = {"letter_accepted", "requirements_complete"}
    assert {c for c in given_reasons() if c not in SENTENCES} <= fragments


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_sentence_uses_only_what_its_reason_gives(code: str) -> None:
    given = given_reasons()
    wanted = set(re.findall(r"%\((\w+)\)s", str(SENTENCES[code])))
    if code in given:
        assert wanted <= given[code] | {"number", "value", "count", "numbers", "amount"}


def test_an_error_speaks_to_the_person() -> None:
    assert "dígito de área (4 en Cochabamba)" in str(RuleError("phone_needs_area", number="4251234"))


def test_an_unknown_code_is_shown_not_hidden() -> None:
    assert sentence("no_such_code", {}) == "no_such_code"


def test_a_reason_can_be_kept_as_plain_data() -> None:
    assert reason("less_speed", max_mbps=10, wanted_mbps=20).to_json() == {
        "code": "less_speed",
        "params": {"max_mbps": 10, "wanted_mbps": 20},
    }
