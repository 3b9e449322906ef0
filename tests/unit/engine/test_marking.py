"""Markings and the JSON they are kept in."""

from __future__ import annotations

import json

import pytest
from tests.unit.engine.walking import Walk

from thaki.engine.marking import Marking, Token


def test_the_json_of_a_plain_case_is_small() -> None:
    walk = Walk("start S\nuser A\nend E\nS -> A -> E")
    assert json.dumps(walk.marking.to_json(), separators=(",", ":")) == '{"n":3,"t":[[2,"A"]]}'
    assert walk.done("A").marking.to_json() == {"n": 3, "o": "E"}


@pytest.mark.parametrize(
    "marking",
    [
        Marking(),
        Marking({3: Token("A"), 4: Token("B", 3), 5: Token("C", 3, 4), 6: Token("D", 0, 3, 2)}, {(3, "F1"): 2}, 7, "E"),
    ],
)
def test_the_json_gives_the_marking_back(marking: Marking) -> None:
    assert Marking.from_json(json.loads(json.dumps(marking.to_json()))) == marking


@pytest.mark.parametrize(
    "text", ["{}", '{"n": "x"}', '{"n": 1, "t": [[]]}', '{"n": 1, "a": 5}', '{"n": 1, "t": [[1]]}']
)
def test_what_is_no_marking_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a marking"):
        Marking.from_json(json.loads(text))


def test_a_case_has_begun_from_its_start_and_ended_when_nothing_is_left() -> None:
    assert not Marking().begun
    assert not Marking().ended
    walk = Walk("start S\nuser A\nend E\nS -> A -> E")
    assert walk.marking.begun
    assert not walk.marking.ended
    assert walk.done("A").marking.ended
