"""What each construct does when a case runs."""

from __future__ import annotations

import pytest
from tests.unit.engine.walking import Walk

from thaki.engine import events as ev
from thaki.engine import moves as mv
from thaki.engine.advance import EndlessLoop, NotApplicable, NoWayOut
from thaki.engine.conditions import FactError
from thaki.engine.marking import Marking

OFFER = {"offer": "unknown yes no"}


def test_a_case_opens_its_first_task_and_ends_after_its_last() -> None:
    walk = Walk("start S\nuser A\nend E name=Done\nS -> A -> E")
    assert walk.told == "Passed:S OpenTask:A"
    assert walk.done("A").told == "CloseTask:A Passed:E EndCase:E"
    assert walk.outcome == "Done"


def test_a_procedure_without_a_wait_ends_at_once() -> None:
    walk = Walk("start S\nend E\nS -> E")
    assert walk.outcome == "E"
    assert walk.marking.ended


def test_a_service_asks_for_its_job_and_goes_on_when_it_is_done() -> None:
    walk = Walk("start S\nservice A\nend E\nS -> A -> E")
    assert walk.told == "Passed:S RunJob:A"
    assert walk.run("A").told == "Passed:A Passed:E EndCase:E"


@pytest.mark.parametrize("kind", ["send", "rule"])
def test_sending_and_business_rules_are_jobs_too(kind: str) -> None:
    assert Walk(f"start S\n{kind} A\nend E\nS -> A -> E").told == "Passed:S RunJob:A"


def test_a_message_event_with_a_handler_is_a_job_and_without_one_only_drawn() -> None:
    text = "start S\nthrow A message=m{}\nuser B\nend E message=m{}\nS -> A -> B -> E"
    drawn = Walk(text.format("", ""))
    assert drawn.told == "Passed:S Passed:A OpenTask:B"
    assert drawn.done("B").outcome
    sent = Walk(text.format(" handler=x.send", " handler=x.send"))
    assert sent.told == "Passed:S RunJob:A"
    assert sent.run("A").done("B").told == "CloseTask:B RunJob:E"
    assert sent.run("E").told == "Passed:E EndCase:E"


def test_a_receive_task_waits_for_its_message() -> None:
    walk = Walk("start S\nreceive A message=paid\nend E\nS -> A -> E")
    assert walk.moves[-1] == mv.AwaitMessage(walk.token("A"), "A", "paid")
    assert walk.come("A").outcome == "E"


def test_an_intermediate_timer_waits() -> None:
    walk = Walk("start S\ncatch A timer=P2D\nend E\nS -> A -> E")
    move = walk.moves[-1]
    assert isinstance(move, mv.ArmTimer)
    assert move.spec.value == "P2D"
    assert walk.fire("A").outcome == "E"


def test_a_call_activity_starts_a_case_and_waits_for_its_end() -> None:
    walk = Walk("start S\ncall A calls=report\nend E\nS -> A -> E")
    assert walk.moves[-1] == mv.StartCase(walk.token("A"), "A", "report")
    assert walk.apply(ev.ChildEnded(walk.token("A"), "fine")).outcome == "E"


def test_an_error_of_the_called_case_is_caught_beside_the_call() -> None:
    walk = Walk("start S\ncall A calls=r\nboundary B on=A error=bad\nend E\nend F\nS -> A -> E\nB -> F")
    assert walk.apply(ev.ChildEnded(walk.token("A"), "", "bad")).outcome == "F"


# -- gateways ----------------------------------------------------------------------------------

CHOICE = """
    start S
    user A
    {kind} G
    user B
    user C
    user D
    end E
    S -> A -> G
    G -> B when offer == "yes"
    G -> C when offer in ["yes", "no"]
    G -> D else
    B -> E
    C -> E
    D -> E
"""


@pytest.mark.parametrize(("offer", "then"), [("yes", "B"), ("no", "C"), ("unknown", "D")])
def test_an_exclusive_gateway_takes_the_first_way_that_holds(offer: str, then: str) -> None:
    assert Walk(CHOICE.format(kind="xor"), OFFER, offer=offer).done("A").open == then


@pytest.mark.parametrize(("offer", "then"), [("yes", "B C"), ("no", "C"), ("unknown", "D")])
def test_an_inclusive_gateway_takes_all_that_hold(offer: str, then: str) -> None:
    assert Walk(CHOICE.format(kind="or"), OFFER, offer=offer).done("A").open == then


def test_facts_are_read_when_the_gateway_is_reached() -> None:
    walk = Walk(CHOICE.format(kind="xor"), OFFER, offer="yes")
    walk.facts = {"offer": "no"}
    assert walk.done("A").open == "C"


@pytest.mark.parametrize("kind", ["xor", "or"])
def test_no_way_out_is_an_error_that_names_the_gateway(kind: str) -> None:
    text = (
        f'start S\nuser A\n{kind} G\nend E\nend F\nS -> A -> G\nG -> E when offer == "yes"\nG -> F when offer == "no"'
    )
    walk = Walk(text, OFFER, offer="unknown")
    before = walk.marking.to_json()
    with pytest.raises(NoWayOut) as caught:
        walk.done("A")
    assert caught.value.node == "G"
    assert walk.marking.to_json() == before


@pytest.mark.parametrize("values", [{}, {"offer": "maybe"}])
def test_a_missing_fact_or_one_outside_its_domain_is_an_error(values: dict[str, str]) -> None:
    walk = Walk(CHOICE.format(kind="xor"), OFFER, **values)
    with pytest.raises(FactError) as caught:
        walk.done("A")
    assert caught.value.fact == "offer"


PARALLEL = "start S\nand G\nuser A\nuser B\nand J\nuser C\nend E\nS -> G\nG -> A -> J\nG -> B -> J\nJ -> C -> E"


def test_a_parallel_join_waits_for_every_branch_in_any_order() -> None:
    one, other = Walk(PARALLEL), Walk(PARALLEL)
    assert one.open == "A B"
    assert one.done("A").open == "B"
    assert one.done("B").open == other.done("B", "A").open == "C"


def test_a_task_with_two_ways_out_takes_both() -> None:
    assert Walk("start S\nuser A\nuser B\nuser C\nend E\nS -> A\nA -> B -> E\nA -> C -> E").done("A").open == "B C"


def test_an_exclusive_gateway_does_not_join() -> None:
    text = PARALLEL.replace("and J", "xor J")
    walk = Walk(text).done("A", "B")
    assert walk.open == "C C"


def test_a_parallel_join_keeps_surplus_tokens_on_their_way_in() -> None:
    walk = Walk(
        """start S
        and G
        user A
        user A2
        user B
        xor M
        and J
        user C
        end E
        S -> G
        G -> A -> M
        G -> A2 -> M
        G -> B -> J
        M -> J
        J -> C -> E"""
    ).done("A", "A2")
    assert list(walk.marking.arrived.values()) == [2]
    assert walk.done("B").open == "C"
    assert list(walk.marking.arrived.values()) == [1]
    assert not walk.done("C").marking.ended


INCLUSIVE = """
    start S
    or G
    user A
    user B
    user C
    or J
    user D
    end E
    S -> G
    G -> A when a == "yes"
    G -> B when b == "yes"
    G -> C else
    A -> J
    B -> J
    C -> J
    J -> D -> E
"""
AB = {"a": "yes no", "b": "yes no"}


def test_an_inclusive_join_waits_for_the_branches_taken_and_no_others() -> None:
    assert Walk(INCLUSIVE, AB, a="yes", b="yes").done("A").open == "B"
    assert Walk(INCLUSIVE, AB, a="yes", b="yes").done("A", "B").open == "D"
    assert Walk(INCLUSIVE, AB, a="yes", b="no").done("A").open == "D"
    assert Walk(INCLUSIVE, AB, a="no", b="no").done("C").open == "D"


def test_an_inclusive_join_waits_for_a_token_far_upstream() -> None:
    walk = Walk(
        """start S
        and G
        user A
        user B
        xor H
        end F
        or J
        user D
        end E
        S -> G
        G -> A -> J
        G -> B -> H
        H -> J when a == "yes"
        H -> F else
        J -> D -> E""",
        AB,
        a="no",
        b="no",
    ).done("A")
    assert walk.open == "B"  # B may still come
    assert walk.done("B").open == "D"  # now nothing can


def test_an_inclusive_join_does_not_wait_for_a_token_that_may_come_where_one_is() -> None:
    """BPMN 2.0.2, table 13.3: such a token has also a path to a way in that holds a token."""
    walk = Walk(
        """start S
        and G
        user A
        user B
        xor M
        xor H
        or J
        user D
        end E
        S -> G
        G -> A -> M
        G -> B -> H
        H -> M when a == "yes"
        H -> J else
        M -> J
        J -> D -> E""",
        AB,
        a="yes",
        b="no",
    ).done("A")
    assert walk.open == "B D"


def test_an_inclusive_join_waits_for_what_a_boundary_event_may_still_send() -> None:
    walk = Walk(
        """start S
        and G
        user A
        user B
        boundary T on=B timer=PT1H
        end F
        or J
        user D
        end E
        S -> G
        G -> A -> J
        G -> B -> F
        T -> J
        J -> D -> E"""
    ).done("A")
    assert walk.open == "B [T]"
    assert walk.done("B").open == "D"


def test_the_first_event_behind_an_event_based_gateway_wins() -> None:
    text = """
        start S
        race G
        catch M message=m
        catch T timer=PT1H
        receive R message=r
        end E
        end F
        S -> G
        G -> M -> E
        G -> T -> F
        G -> R -> E
    """
    walk = Walk(text)
    assert walk.told == "Passed:S AwaitMessage:M ArmTimer:T AwaitMessage:R"
    assert walk.fire("T").told == "ForgetMessage:M ForgetMessage:R Passed:T Passed:F EndCase:F"


def test_a_loop_that_waits_for_nobody_is_an_error() -> None:
    walk = Walk(
        'start S\nuser A\nxor G\nxor H\nend E\nS -> A -> G -> H\nH -> G when offer != "yes"\nH -> E else', OFFER
    )
    walk.facts = {"offer": "no"}
    with pytest.raises(EndlessLoop):
        walk.done("A")


# -- events beside an activity -----------------------------------------------------------------

BESIDE = "start S\nuser A\nboundary T on=A timer=P15D{}\nuser B\nend E\nend F name=Late\nS -> A -> E\nT -> B -> F"


def test_finishing_a_task_disarms_what_waits_beside_it() -> None:
    walk = Walk(BESIDE.format(""))
    assert walk.told == "Passed:S OpenTask:A ArmTimer:T"
    assert walk.done("A").told == "CloseTask:A DisarmTimer:T Passed:E EndCase:E"


def test_an_interrupting_event_cancels_its_task() -> None:
    walk = Walk(BESIDE.format("")).fire("T")
    assert walk.told == "CloseTask:A Passed:T OpenTask:B"
    closed = walk.moves[0]
    assert isinstance(closed, mv.CloseTask)
    assert closed.reason is mv.CloseReason.CANCELLED


def test_an_event_that_does_not_interrupt_leaves_its_task_open() -> None:
    walk = Walk(BESIDE.format(" soft")).fire("T")
    assert walk.open == "A B"
    assert walk.done("B", "A").outcome == "E"


def test_a_case_ends_when_the_last_branch_has() -> None:
    walk = Walk(BESIDE.format(" soft")).fire("T").done("A")
    assert walk.open == "B"
    assert walk.done("B").outcome == "Late"


def test_a_timer_cycle_fires_as_often_as_it_says_each_time_anew() -> None:
    text = "start S\nuser A\nboundary T on=A cycle=R3/PT10M soft\nuser B\nend E\nend F\nS -> A -> E\nT -> B -> F"
    walk = Walk(text)
    for rest in (2, 1):
        walk.fire("T").done("B")
        assert walk.open == "A [T]", rest
    assert walk.fire("T").open == "A B"


def test_a_message_that_does_not_interrupt_may_come_again() -> None:
    text = "start S\nuser A\nboundary M on=A message=note soft\nservice B\nend E\nend F\nS -> A -> E\nM -> B -> F"
    walk = Walk(text)
    first = walk.token("M")
    assert walk.come("M").told == "AwaitMessage:M Passed:M RunJob:B"
    assert walk.token("M") != first
    assert walk.run("B").come("M").open == "A B [M]"


def test_a_failed_job_goes_where_its_error_is_caught() -> None:
    text = """
        start S
        service A
        boundary X on=A error=bad
        boundary Y on=A error=any
        end E
        end F
        end H
        S -> A -> E
        X -> F
        Y -> H
    """
    assert Walk(text).fail("A", "bad").outcome == "F"
    assert Walk(text).fail("A", "worse").outcome == "H"


def test_an_escalation_at_a_task_opens_what_is_beside_it() -> None:
    text = "start S\nuser A\nboundary X on=A escalation=late soft\nuser B\nend E\nend F\nS -> A -> E\nX -> B -> F"
    walk = Walk(text)
    assert walk.apply(ev.Escalated(walk.token("A"), "late")).open == "A B"


# -- sub-processes -----------------------------------------------------------------------------

INSIDE = """
    start S
    sub P
    boundary T on=P timer=P1D
    start S2 in=P
    and G in=P
    user A in=P
    user B in=P
    {end} in=P
    end E3 in=P
    user C
    user D
    end E
    S -> P -> C -> E
    T -> D
    D -> E
    S2 -> G
    G -> A -> E2
    G -> B -> E3
"""


def test_a_sub_process_is_complete_when_nothing_is_left_inside() -> None:
    walk = Walk(INSIDE.format(end="end E2"))
    assert walk.told == "Passed:S Passed:S2 ArmTimer:T Passed:G OpenTask:A OpenTask:B"
    assert walk.done("A").open == "B P [T]"
    assert walk.done("B").told == "CloseTask:B Passed:E3 DisarmTimer:T Passed:P OpenTask:C"


def test_a_terminate_end_ends_its_sub_process_only() -> None:
    walk = Walk(INSIDE.format(end="end E2 terminate")).done("A")
    assert walk.told == "CloseTask:A Passed:E2 CloseTask:B DisarmTimer:T Passed:P OpenTask:C"


def test_a_terminate_end_at_the_top_ends_the_case() -> None:
    walk = Walk("start S\nand G\nuser A\nuser B\nend E terminate\nend F\nS -> G\nG -> A -> E\nG -> B -> F").done("A")
    assert walk.told == "CloseTask:A Passed:E CloseTask:B EndCase:E"


def test_interrupting_a_sub_process_gives_up_all_inside() -> None:
    walk = Walk(INSIDE.format(end="end E2")).fire("T")
    assert walk.told == "CloseTask:A CloseTask:B Passed:T OpenTask:D"
    assert walk.open == "D"


def test_an_error_end_is_caught_by_the_nearest_sub_process_that_names_it() -> None:
    text = """
        start S
        sub P
        boundary X on=P error=bad
        sub Q in=P
        boundary Y on=Q error=other in=P
        start S2 in=P
        start S3 in=Q
        user A in=Q
        end E3 in=Q error=bad
        end E2 in=P
        end E
        end F
        S -> P -> E
        X -> F
        Y -> E2
        S2 -> Q -> E2
        S3 -> A -> E3
    """
    assert Walk(text).done("A").outcome == "F"


def test_an_error_that_nobody_catches_ends_the_case_with_its_code() -> None:
    walk = Walk("start S\nand G\nuser A\nuser B\nend E error=bad\nend F\nS -> G\nG -> A -> E\nG -> B -> F").done("A")
    assert walk.moves[-1] == mv.EndCase("E", "E", "bad")
    assert walk.marking.ended


@pytest.mark.parametrize(("soft", "then"), [(" soft", "B C P"), ("", "C")])
def test_an_escalation_rises_to_the_sub_process(soft: str, then: str) -> None:
    text = f"""
        start S
        sub P
        boundary X on=P escalation=up{soft}
        start S2 in=P
        user A in=P
        throw U in=P escalation=up
        user B in=P
        end E2 in=P
        user C
        end E
        end F
        S -> P -> E
        X -> C -> F
        S2 -> A -> U -> B -> E2
    """
    assert Walk(text).done("A").open == then


def test_an_escalation_that_nobody_catches_does_nothing() -> None:
    assert Walk("start S\nuser A\nthrow U escalation=up\nuser B\nend E\nS -> A -> U -> B -> E").done("A").open == "B"


# -- the rest ----------------------------------------------------------------------------------


def test_a_link_goes_on_at_its_other_half() -> None:
    walk = Walk("start S\nthrow A link=x\ncatch B link=x\nuser C\nend E\nS -> A\nB -> C -> E")
    assert walk.told == "Passed:S Passed:A Passed:B OpenTask:C"


def test_a_task_goes_back_only_where_the_procedure_allows() -> None:
    text = "start S\nuser A\nuser B back=A\nuser C\nboundary T on=B timer=P1D\nend E\nS -> A -> B -> C -> E\nT -> E"
    walk = Walk(text).done("A")
    with pytest.raises(NotApplicable, match="not_back_there"):
        walk.apply(ev.SentBack(walk.token("B"), "C"))
    assert walk.apply(ev.SentBack(walk.token("B"), "A")).told == "CloseTask:B DisarmTimer:T OpenTask:A"


STARTS = "start S\nstart M message=m\nstart N message=n\nuser A\nuser B\nend E\nS -> A -> E\nM -> B\nN -> B\nB -> E"


@pytest.mark.parametrize(("start", "then"), [("", "A"), ("S", "A"), ("M", "B"), ("N", "B")])
def test_a_case_starts_where_it_is_told_to(start: str, then: str) -> None:
    assert Walk(STARTS, start=start).open == then


def test_a_lone_message_start_needs_no_name_and_several_do() -> None:
    assert Walk("start M message=m\nuser A\nend E\nM -> A -> E").open == "A"
    with pytest.raises(NotApplicable, match="which_start"):
        Walk("start M message=m\nstart N message=n\nuser A\nend E\nM -> A -> E\nN -> A")
    with pytest.raises(NotApplicable, match="no_such_start"):
        Walk(STARTS, start="E")


def test_cancelling_takes_everything_back() -> None:
    walk = Walk(INSIDE.format(end="end E2")).apply(ev.Cancelled())
    assert walk.told == "CloseTask:A CloseTask:B DisarmTimer:T EndCase:"
    assert walk.outcome == "cancelled"


def test_an_outcome_that_is_named_outweighs_ends_that_only_have_a_name() -> None:
    text = "start S\nand G\nuser A\nuser B\nend E outcome=sold\nend F name=Billing\nS -> G\nG -> A -> E\nG -> B -> F"
    assert Walk(text).done("A", "B").outcome == "sold"
    assert Walk(text).done("B", "A").outcome == "sold"


def test_a_case_that_ended_takes_no_event() -> None:
    walk = Walk("start S\nend E\nS -> E")
    for event in (ev.Started(), ev.Cancelled(), ev.Completed(1)):
        with pytest.raises(NotApplicable):
            walk.apply(event)


def test_a_case_that_has_not_begun_can_only_start() -> None:
    walk = Walk("start S\nuser A\nend E\nS -> A -> E")
    walk.marking = Marking()
    for event in (ev.Cancelled(), ev.Completed(1)):
        with pytest.raises(NotApplicable):
            walk.apply(event)
