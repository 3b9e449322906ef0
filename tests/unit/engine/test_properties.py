"""Laws that hold for every model, structured or not."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.unit.engine.drawing import draw
from tests.unit.engine.models import Model, random_model

from thaki.engine import events as ev
from thaki.engine import moves as mv
from thaki.engine.advance import advance
from thaki.engine.bpmn import read
from thaki.engine.conditions import combinations
from thaki.engine.errors import NotApplicable, ProcedureError
from thaki.engine.marking import Marking
from thaki.engine.procedure import NodeKind, Procedure
from thaki.engine.soundness import check
from thaki.engine.states import _leading, _through, canonical, explore, possible_events
from thaki.engine.tables import Wait

LIMIT = 300  # states of a model: bigger ones are left out
STEPS = 25  # events in one run

laws = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def models(jumps: int = 3) -> st.SearchStrategy[Model]:
    """Any model: out of blocks, with up to so many jumps across them. What fails shrinks by its size."""
    return st.builds(
        lambda seed, size, jumps, sends_back: random_model(seed, size=size, jumps=jumps, sends_back=sends_back),
        st.integers(0, 2**32 - 1),
        st.integers(2, 12),
        st.integers(0, jumps),
        st.booleans(),
    )


def _read(model: Model) -> Procedure:
    (procedure,) = read(draw(model.text, model.facts))
    return procedure


class _Case:
    """A case that goes its way at random, as far as the procedure says how."""

    def __init__(self, procedure: Procedure, seed: int) -> None:
        self.procedure = procedure
        self.random = Random(seed)
        self.marking = Marking()
        self.moves: tuple[mv.Move, ...] = ()
        self.history: list[mv.Move] = []
        self.lost = False
        self.apply(ev.Started())

    def facts(self) -> dict[str, str]:
        return {name: self.random.choice(list(fact.values)) for name, fact in self.procedure.facts.items()}

    def apply(self, event: ev.Event) -> None:
        try:
            self.marking, self.moves = advance(self.procedure, self.marking, event, self.facts())
        except ProcedureError:
            self.lost = True
        else:
            self.history.extend(self.moves)

    def go_on(self) -> bool:
        """One more event; False when there is none."""
        events = [] if self.lost else list(possible_events(self.procedure, self.marking))
        if events:
            self.apply(self.random.choice(events))
        return bool(events) and not self.lost


OPENS = (mv.OpenTask, mv.RunJob, mv.ArmTimer, mv.AwaitMessage, mv.StartCase)
WITHDRAWS = (mv.CloseTask, mv.DropJob, mv.DisarmTimer, mv.ForgetMessage, mv.DropCase)


@laws
@given(models(), st.integers(0, 99))
def test_what_is_open_is_what_the_moves_opened_and_did_not_close(model: Model, seed: int) -> None:
    """Moves and marking say the same: a runtime that follows the moves never disagrees."""
    procedure = _read(model)
    case = _Case(procedure, seed)
    open_: dict[int, str] = {}
    event: ev.Event = ev.Started()
    for _ in range(STEPS):
        spent = getattr(event, "token", 0)
        if not isinstance(event, ev.JobFailed | ev.ChildEnded | ev.Completed | ev.SentBack | ev.Escalated):
            open_.pop(spent, None)
        for move in case.moves:
            if isinstance(move, OPENS):
                assert move.token not in open_
                open_[move.token] = move.node
            elif isinstance(move, WITHDRAWS):
                assert open_.pop(move.token) == move.node
        resting = {
            i: t.node
            for i, t in case.marking.tokens.items()
            if procedure.places[t.node].wait not in (Wait.SCOPE, Wait.RACE)
        }
        assert open_ == resting
        events = list(possible_events(procedure, case.marking))
        if not events:
            break
        event = case.random.choice(events)
        case.apply(event)
        if case.lost:
            break


@laws
@given(models(), st.integers(0, 99))
def test_tokens_are_conserved(model: Model, seed: int) -> None:
    """Every token is new or was there; hosts and scopes of tokens exist; an end leaves nothing."""
    case = _Case(_read(model), seed)
    for _ in range(STEPS):
        tokens = case.marking.tokens
        assert all(token < case.marking.next_token for token in tokens)
        for at in tokens.values():
            assert at.host == 0 or at.host in tokens
            assert at.scope == 0 or case.procedure.nodes[tokens[at.scope].node].kind is NodeKind.SUB_PROCESS
        assert all(scope == 0 or scope in tokens for scope, _ in case.marking.arrived)
        ends = sum(isinstance(move, mv.EndCase) for move in case.history)
        assert ends == case.marking.ended
        if not case.go_on():
            break


@laws
@given(models(), st.integers(0, 99))
def test_the_same_event_gives_the_same_answer_and_leaves_its_input_alone(model: Model, seed: int) -> None:
    case = _Case(_read(model), seed)
    for _ in range(STEPS):
        events = [] if case.lost else list(possible_events(case.procedure, case.marking))
        if not events:
            break
        event, facts, before = case.random.choice(events), case.facts(), case.marking.to_json()
        try:
            first = advance(case.procedure, case.marking, event, facts)
        except ProcedureError:
            assert case.marking.to_json() == before
            break
        assert case.marking.to_json() == before
        assert advance(case.procedure, Marking.from_json(json.loads(json.dumps(before))), event, facts) == first
        case.marking = first[0]


@laws
@given(models(), st.integers(0, 99))
def test_an_event_that_does_not_apply_changes_nothing(model: Model, seed: int) -> None:
    case = _Case(_read(model), seed)
    assume(case.marking.begun)  # not lost at its very start
    for _ in range(STEPS):
        before = case.marking.to_json()
        for token in range(case.marking.next_token + 1):
            at = case.marking.tokens.get(token)
            if at is None or case.procedure.places[at.node].wait is not Wait.TASK:
                with pytest.raises(NotApplicable):
                    advance(case.procedure, case.marking, ev.Completed(token), case.facts())
        with pytest.raises(NotApplicable):
            advance(case.procedure, case.marking, ev.Started(), case.facts())
        assert case.marking.to_json() == before
        if not case.go_on():
            break


@laws
@given(models(), st.integers(0, 99))
def test_the_order_in_which_parallel_tasks_are_done_does_not_matter(model: Model, seed: int) -> None:
    """Two tasks open at once, neither able to take the other away: either first, the same comes of it.

    Of sound procedures. In others BPMN's inclusive join may turn on the order: it does not wait for
    a token that could also come where one is already, so two may pass it together or by turns.
    """
    procedure = _read(model)
    assume(not {each.code for each in check(procedure, limit=LIMIT)} - {"dead_step"})
    case = _Case(procedure, seed)
    for _ in range(STEPS):
        tasks = [i for i, t in case.marking.tokens.items() if case.procedure.places[t.node].wait is Wait.TASK]
        if len(tasks) > 1 and not case.lost:
            first, second = case.random.sample(tasks, 2)
            facts = case.facts()
            one, other = _both(case, first, second, facts), _both(case, second, first, facts)
            assert one == other or one is None or other is None
        if not case.go_on():
            break


def _both(case: _Case, first: int, second: int, facts: dict[str, str]) -> object:
    """What the case is after both; None where one takes the other away, or the way is lost."""
    try:
        marking, _ = advance(case.procedure, case.marking, ev.Completed(first), facts)
        marking, _ = advance(case.procedure, marking, ev.Completed(second), facts)
    except (NotApplicable, ProcedureError):
        return None
    return canonical(marking)


@laws
@given(models(jumps=0))
def test_models_out_of_blocks_are_sound(model: Model) -> None:
    """Nothing is found but branches that no facts lead into, which blocks may have by chance."""
    findings = check(_read(model), limit=LIMIT)
    sends_back = " back=" in model.text
    assume(not sends_back and not any(each.code == "too_large" for each in findings))
    assert {each.code for each in findings} <= {"dead_step"}


@laws
@given(models(), st.integers(0, 99))
def test_a_random_run_comes_to_nothing_that_the_check_did_not_find(model: Model, seed: int) -> None:
    procedure = _read(model)
    codes = {each.code for each in check(procedure, limit=LIMIT)}
    assume("too_large" not in codes)
    case = _Case(procedure, seed)
    for _ in range(STEPS):
        if not case.go_on():
            break
    if case.lost:
        assert codes & {"gap", "endless_loop", "twice"}
    elif not case.marking.ended and not list(possible_events(procedure, case.marking)):
        assert codes & {"stuck", "token_left", "twice"}


@settings(laws, max_examples=30)
@given(models())
def test_asking_only_the_facts_on_the_way_misses_no_state(model: Model) -> None:
    """The check tries the facts that gateways ask; trying all of them everywhere finds no more."""
    procedure = _read(model)
    space = explore(procedure, LIMIT)
    # What repeats is tried twice at most, which the plain search here does not know.
    assume(space.complete and not space.twice and len(space.states) < 60 and " soft" not in model.text)
    found: dict[object, Marking] = {}
    todo = [Marking()]
    while todo:
        marking = todo.pop()
        events = possible_events(procedure, marking) if marking.begun else [ev.Started(s) for s in procedure.starts]
        for event in list(events):
            for after, _ in _outcomes(procedure, marking, event):
                if canonical(after) not in found:
                    found[canonical(after)] = after
                    todo.append(after)
    assert found.keys() == {canonical(state.marking) for state in space.states}


@settings(laws, max_examples=30)
@given(models())
def test_every_finding_can_be_walked_to(model: Model) -> None:
    """A case that follows the path stands where the finding says."""
    procedure = _read(model)
    space = explore(procedure, LIMIT)
    for index, state in enumerate(space.states[:25]):
        assert _replay(procedure, space.path(index), canonical(state.marking))


def _replay(procedure: Procedure, path: tuple[str, ...], goal: object) -> bool:
    """Whether some run goes through just these nodes and comes to the goal."""
    starts = [(Marking(), ev.Started(start), ()) for start in procedure.starts]
    todo: list[tuple[Marking, ev.Event, tuple[str, ...]]] = list(starts)
    seen = set()
    while todo:
        marking, event, gone = todo.pop()
        for after, through in _outcomes(procedure, marking, event):
            now = gone + through
            if now == path and canonical(after) == goal:
                return True
            key = (canonical(after), now)
            if path[: len(now)] == now and key not in seen:
                seen.add(key)
                todo.extend((after, each, now) for each in possible_events(procedure, after))
    return False


def _outcomes(procedure: Procedure, marking: Marking, event: ev.Event) -> list[tuple[Marking, tuple[str, ...]]]:
    """All that the event may come to, by trying all facts: slowly, and not as the check does it."""
    found = []
    for facts in combinations(list(procedure.facts.values())):
        try:
            after, moves = advance(procedure, marking, event, facts)
        except ProcedureError:
            continue
        found.append((after, (*_leading(procedure, marking, event), *_through(moves))))
    return found
