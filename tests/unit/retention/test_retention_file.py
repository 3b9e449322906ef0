"""The procedure's file and the program say the same: facts, handlers, moments."""

from types import SimpleNamespace

from thaki.cases import registry, versions
from thaki.procedures.retention.facts import facts

APP = registry.procedure_app("retention")
FILE = versions.parse(APP.bpmn.read_bytes(), "retention")
ALL = SimpleNamespace(
    eligible="yes", request="unknown", exception="unknown", fault_live=False, repeated="yes", stage="damage", offer="removal",
    next_offer="none", authorisation="not_needed", petition="unknown", visit="unknown", quality="unknown",
    recurrence="unknown", decision="unknown", orders="room",
)  # fmt: skip


def test_the_facts_are_those_that_the_file_declares() -> None:
    assert set(facts(ALL)) == set(FILE.facts)


def test_every_value_of_the_record_is_declared() -> None:
    from thaki.procedures.retention.models import Retention

    for name, fact in FILE.facts.items():
        if name in ("fault", "orders"):
            continue
        choices = {value for value, _label in Retention._meta.get_field(name).flatchoices}  # type: ignore[union-attr]
        assert choices <= set(fact.values), name


def test_no_step_is_left_blank() -> None:
    assert not [step.handler for step in APP.steps if step.template.endswith("pending.html")]


def test_every_moment_that_a_clock_counts_from_is_known() -> None:
    named = {spec.since for node in FILE.nodes.values() for spec in (node.timer, node.due) if spec and spec.since}
    assert named == set(APP.moments)


def test_the_fifteen_steps_stand_in_the_two_files() -> None:
    other = versions.parse((APP.bpmn.parent / "evaluation.bpmn").read_bytes(), "retention_evaluation")
    assert [node.step for node in FILE.steps()] == [str(n) for n in range(1, 15)]
    assert [node.step for node in other.steps()] == ["15"]
