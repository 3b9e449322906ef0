"""The rule tables have no gaps: every event meets every wait, and every element is accounted for."""

from __future__ import annotations

import typing

import pytest
from tests.unit.engine.walking import Walk

from thaki.engine import advance as module
from thaki.engine import events as ev
from thaki.engine.advance import ANSWERS, NotApplicable
from thaki.engine.asking import ASK, TAKE_BACK
from thaki.engine.passing import PASS
from thaki.engine.procedure import Node, NodeKind, Trigger
from thaki.engine.tables import Wait, wait_of

# A case that waits for everything at once, and the node that waits for each thing.
EVERYTHING = """
    start S
    and G
    user A back=B
    user B
    boundary X on=A escalation=any soft
    service J
    boundary Y on=J error=any
    catch T timer=P1D
    receive M message=m
    call C calls=other
    boundary Z on=C error=any
    sub P
    start S2 in=P
    user I in=P
    end E2 in=P
    race R
    catch R1 message=r
    end E
    S -> G
    G -> A -> E
    G -> B -> E
    G -> J -> E
    G -> T -> E
    G -> M -> E
    G -> C -> E
    G -> P -> E
    G -> R -> R1 -> E
    S2 -> I -> E2
    X -> E
    Y -> E
    Z -> E
"""
WAITING = {
    Wait.TASK: "A", Wait.JOB: "J", Wait.TIMER: "T", Wait.MESSAGE: "M",
    Wait.CHILD: "C", Wait.SCOPE: "P", Wait.RACE: "R",
}  # fmt: skip
EVENTS = [event for event in typing.get_args(ev.Event) if event not in (ev.Started, ev.Cancelled)]


def _event(kind: type, token: int) -> ev.Event:
    event: ev.Event = kind(token, "B") if kind is ev.SentBack else kind(token)
    return event


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("wait", WAITING)
def test_an_event_applies_to_just_the_wait_that_it_answers(kind: type, wait: Wait) -> None:
    walk = Walk(EVERYTHING)
    event = _event(kind, walk.token(WAITING[wait]))
    before = walk.marking.to_json()
    if ANSWERS[kind] is wait:
        walk.apply(event)
        assert walk.marking.to_json() != before
    else:
        with pytest.raises(NotApplicable, match="not_waiting_for_that"):
            walk.apply(event)
        assert walk.marking.to_json() == before


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_an_event_about_a_token_that_is_gone_changes_nothing(kind: type) -> None:
    walk = Walk(EVERYTHING)
    before = walk.marking.to_json()
    with pytest.raises(NotApplicable, match="no_such_token"):
        walk.apply(_event(kind, 999))
    assert walk.marking.to_json() == before


def test_what_nothing_catches_does_not_apply() -> None:
    walk = Walk("start S\nservice J\nuser A\nend E\nS -> J -> A -> E")
    with pytest.raises(NotApplicable, match="error_not_caught"):
        walk.fail("J", "bad")
    walk.run("J")
    with pytest.raises(NotApplicable, match="escalation_not_caught"):
        walk.apply(ev.Escalated(walk.token("A"), "late"))


def test_every_event_has_a_rule() -> None:
    assert set(module._APPLY) == set(typing.get_args(ev.Event))
    assert set(ANSWERS) == set(EVENTS)


def test_every_wait_is_asked_for_and_taken_back() -> None:
    assert set(ASK) == set(Wait) - {Wait.NONE}
    # A sub-process and a race take back what is inside and behind them, and are nothing themselves.
    assert set(TAKE_BACK) == set(ASK) - {Wait.SCOPE, Wait.RACE}


@pytest.mark.parametrize("kind", NodeKind)
def test_every_element_waits_or_is_gone_through(kind: NodeKind) -> None:
    waits = [wait_of(Node("N", kind, trigger=trigger, handler="h")) for trigger in Trigger]
    # A boundary event that waits for nothing is thrown at, and never entered.
    assert kind in PASS or kind is NodeKind.BOUNDARY_EVENT or Wait.NONE not in waits
