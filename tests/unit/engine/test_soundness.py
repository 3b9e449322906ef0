"""What the check finds before a procedure is published, and that it finds nothing else."""

from __future__ import annotations

import pytest
from tests.unit.engine.drawing import draw, procedure

from thaki.engine.bpmn import read
from thaki.engine.soundness import CODES, Finding, check

FACTS = {"a": "x y z", "b": "x y"}


def found(text: str, **options: object) -> list[tuple[str, str]]:
    """Code and node of each finding."""
    return [(each.code, each.node) for each in check(procedure(text, FACTS), **options)]  # type: ignore[arg-type]  # as given


def only(text: str) -> Finding:
    """The one finding."""
    (finding,) = check(procedure(text, FACTS))
    return finding


SOUND = [
    "start S\nuser A\nend E\nS -> A -> E",
    "start S\nand G\nuser A\nuser B\nand J\nend E\nS -> G\nG -> A -> J\nG -> B -> J\nJ -> E",
    'start S\nor G\nuser A\nuser B\nor J\nend E\nS -> G\nG -> A when a == "x"\nG -> B else\nA -> J\nB -> J\nJ -> E',
    'start S\nuser A\nxor G\nend E\nS -> A -> G\nG -> A when a == "x"\nG -> E else',
    "start S\nuser A\nboundary T on=A cycle=R9/PT1H soft\nservice B\nend F\nend E\nS -> A -> E\nT -> B -> F",
    "start S\nuser A\nboundary M on=A message=m soft\nuser B\nend F\nend E\nS -> A -> E\nM -> B -> F",
    "start S\nuser A\nuser B back=A\nend E\nS -> A -> B -> E",
    "start S cycle=R/P1M\nuser A\nend E\nS -> A -> E",
    "start S\nstart M message=m\nuser A\nend E\nS -> A -> E\nM -> A",
    "start S\nand G\nuser A\nuser B\nend E\nend F\nS -> G\nG -> A -> E\nG -> B -> F",
    "start S\nservice A\nboundary X on=A error=bad\nuser B\nend E\nS -> A -> E\nX -> B -> E",
]


@pytest.mark.parametrize("text", SOUND)
def test_a_sound_procedure_has_no_findings(text: str) -> None:
    assert found(text, handlers={"test.work"}, roles={"clerk"}) == []


# -- gateways ----------------------------------------------------------------------------------


def test_facts_that_no_way_answers_are_found_with_an_example() -> None:
    finding = only(
        'start S\nuser A\nxor G\nend E\nend F\nS -> A -> G\nG -> E when a == "x"\nG -> F when a == "y" && b == "x"'
    )
    assert (finding.code, finding.node) == ("gap", "G")
    assert finding.params == {"facts": "a=y b=y", "count": "3", "combinations": "6"}
    assert finding.path == ("S", "A", "G")


def test_facts_that_two_ways_answer_are_found_with_the_ways() -> None:
    finding = only('start S\nxor G\nend E\nend F\nS -> G\nG -> E when a in ["x", "y"]\nG -> F when a != "x"')
    assert finding.code == "overlap"
    assert finding.params == {"facts": "a=y", "flows": "F2 F3", "count": "1", "combinations": "3"}


def test_an_inclusive_gateway_may_overlap_but_must_answer_all() -> None:
    text = 'start S\nor G\nuser A\nend E\nend F\nS -> G\nG -> A when a != "x"\nG -> F when a != "y"\nA -> E'
    assert found(text) == []
    assert found(text.replace('a != "x"', 'a == "z"').replace('a != "y"', 'a == "z"')) == [("gap", "G")]


def test_a_condition_that_is_never_true_is_found() -> None:
    text = 'start S\nxor G\nend E\nend F\nS -> G\nG -> E when a == "x" && a == "y"\nG -> F else'
    assert ("never_true", "G") in found(text)


def test_too_many_combinations_are_said_to_be_so() -> None:
    facts = {f"f{n}": "a b c d e f g h" for n in range(6)}
    conditions = " && ".join(f'{name} == "a"' for name in facts)
    text = f"start S\nuser A\nxor G\nend E\nend F\nS -> A -> G\nG -> E when {conditions}\nG -> F else"
    codes = {each.code for each in check(procedure(text, facts), limit=100)}
    assert codes == {"too_many_combinations", "too_large"}


# -- what happens when it runs -----------------------------------------------------------------


def test_a_join_that_waits_for_ever_is_found_with_the_way_there() -> None:
    text = """
        start S
        user A
        xor G
        user B
        user C
        and J
        end E
        S -> A -> G
        G -> B when a == "x"
        G -> C else
        B -> J
        C -> J
        J -> E
    """
    findings = check(procedure(text, FACTS))
    assert [(each.code, each.node) for each in findings] == [("stuck", "J")]
    assert findings[0].path in (("S", "A", "G", "B"), ("S", "A", "G", "C"))


def test_a_token_left_behind_at_an_end_is_found() -> None:
    text = """
        start S
        and G
        user A
        xor H
        and J
        end E
        end F
        S -> G
        G -> A -> H
        G -> J
        H -> J when a == "x"
        H -> E else
        J -> F
    """
    finding = only(text)
    assert (finding.code, finding.node) == ("token_left", "J")
    assert finding.path == ("S", "G", "A", "H", "E")


def test_the_shortest_path_is_told_not_the_first_one() -> None:
    text = """
        start S
        user A
        xor G
        user B
        user C
        user D
        and J
        end E
        S -> A -> G
        G -> B when a == "x"
        G -> D else
        B -> C -> D
        D -> J
        B -> J
        J -> E
    """
    stuck = [each for each in check(procedure(text, FACTS)) if each.code == "stuck"]
    assert stuck[0].path == ("S", "A", "G", "D")


def test_going_round_for_ever_is_found() -> None:
    text = (
        'start S\nxor G\nuser A\nuser B\nxor J\nend E\nS -> G\nG -> A when a == "x"\nG -> E else\nA -> J\nJ -> B -> J'
    )
    finding = only(text)
    assert (finding.code, finding.path) == ("never_ends", ("S", "G"))


def test_going_round_without_waiting_is_found() -> None:
    text = 'start S\nxor J\nxor G\nend E\nS -> J -> G\nG -> J when a == "x"\nG -> E else'
    assert ("endless_loop", "J") in found(text) or ("endless_loop", "G") in found(text)


def test_a_step_done_twice_at_once_is_found() -> None:
    text = "start S\nand G\nuser A\nuser B\nxor J\nuser C\nend E\nS -> G\nG -> A -> J\nG -> B -> J\nJ -> C -> E"
    finding = only(text)
    assert (finding.code, finding.node) == ("twice", "C")
    assert finding.path == ("S", "G", "A", "J", "B", "J")


def test_sending_back_out_of_a_branch_is_found() -> None:
    text = """
        start S
        user A
        and G
        user B back=A
        user C
        and J
        end E
        S -> A -> G
        G -> B -> J
        G -> C -> J
        J -> E
    """
    assert ("twice", "C") in found(text)


def test_a_step_that_nobody_comes_to_is_found_where_it_begins() -> None:
    text = "start S\nuser A\nuser B\nuser C\nend E\nend F\nS -> A -> E\nB -> C -> F"
    assert found(text) == [("dead_step", "B")]


def test_a_dead_round_is_found_once() -> None:
    text = "start S\nuser A\nuser B\nuser C\nend E\nS -> A -> E\nB -> C -> B"
    assert found(text) == [("dead_step", "B")]


def test_what_is_caught_but_never_thrown_is_dead() -> None:
    text = "start S\nuser A\nboundary X on=A error=bad\nuser B\nend E\nS -> A -> E\nX -> B -> E"
    assert found(text) == [("dead_step", "X")]


def test_two_inclusive_joins_that_wait_for_each_other_are_found() -> None:
    text = """
        start S
        and G
        user A
        user B
        or J
        or K
        and H
        and I
        end E
        S -> G
        G -> A -> J
        G -> B -> K
        J -> H
        K -> I
        H -> K
        I -> J
        H -> E
        I -> E
    """
    assert ("stuck", "J") in found(text)


def test_what_is_too_large_is_said_to_be_so() -> None:
    branches = "".join(f"user T{n}\nuser U{n}\n" for n in range(9))
    flows = "".join(f"G -> T{n} -> U{n} -> J\n" for n in range(9))
    text = f"start S\nand G\n{branches}and J\nend E\nS -> G\n{flows}J -> E"
    finding = check(procedure(text), limit=1_000)[-1]
    assert (finding.code, finding.params) == ("too_large", {"states": "1000", "limit": "1000"})


# -- single elements ---------------------------------------------------------------------------


def test_a_step_without_a_handler_or_with_an_unknown_one_is_found() -> None:
    text = "start S\nuser A handler=-\nservice B handler=x.gone\nmanual C\nend E\nS -> A -> B -> C -> E"
    assert found(text, handlers={"x.here"}) == [("no_handler", "A"), ("handler_unknown", "B")]
    assert found(text) == [("no_handler", "A")]


def test_lanes_without_a_role_or_with_an_unknown_one_are_found() -> None:
    text = "start S\nuser A\nend E\nS -> A -> E"
    assert found(text, roles={"other"}) == [("role_unknown", "Lane_1")]
    (without,) = read(draw(text).replace(b' thaki:role="clerk"', b""))
    assert [each.code for each in check(without)] == ["lane_without_role"]
    (outside,) = read(draw(text, lanes=False))
    assert [(each.code, each.node) for each in check(outside)] == [("no_lane", "A")]


@pytest.mark.parametrize(
    ("timer", "code"),
    [("cycle=R/PT1H", "timer_unbounded"), ("timer=PT0S", "timer_at_once"), ("cycle=R3/PT0M", "timer_at_once")],
)
def test_a_timer_that_is_unbounded_or_no_time_at_all_is_found(timer: str, code: str) -> None:
    text = f"start S\nuser A\nboundary T on=A {timer} soft\nuser B\nend E\nend F\nS -> A -> E\nT -> B -> F"
    finding = only(text)
    assert (finding.code, finding.node) == (code, "T")
    assert finding.path == ("S", "T") or finding.path == ("S", "A", "T")


# -- the report --------------------------------------------------------------------------------


def test_findings_come_in_the_order_of_the_codes_with_the_params_promised() -> None:
    text = """
        start S
        user A handler=-
        xor G
        xor H
        user D
        end E
        end F
        S -> A -> G
        G -> E when a == "x"
        G -> F when a == "y"
        H -> E else
        H -> D when a == "x"
        D -> E
    """
    findings = check(procedure(text, FACTS))
    assert [each.code for each in findings] == ["no_handler", "gap", "dead_step"]
    for each in findings:
        assert set(each.params) <= set(CODES[each.code])


def test_a_procedure_without_a_way_on_at_some_gateway_is_still_tried_elsewhere() -> None:
    text = """
        start S
        user A
        xor G
        user B
        user C
        end E
        S -> A -> G
        G -> B when a == "x"
        G -> C when a == "y"
        B -> E
        C -> E
    """
    assert found(text) == [("gap", "G")]
