"""Conditions: what they mean is CEL's business, what they may say is ours."""

from __future__ import annotations

import cel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaki.engine.conditions import ConditionError, Fact, FactError, combinations, compile_condition

FACTS = {
    "offer": Fact("offer", "Oferta", {"unknown": "?", "yes": "Sí", "no": "No"}),
    "paid": Fact("paid", "Pagó", {"yes": "Sí", "no": "No"}),
}


@pytest.mark.parametrize(
    ("text", "true_for"),
    [
        ('offer == "yes"', {"yes"}),
        ("'yes' == offer", {"yes"}),
        ('offer != "yes"', {"unknown", "no"}),
        ('offer in ["yes", "no"]', {"yes", "no"}),
        ('!(offer == "yes")', {"unknown", "no"}),
        ('offer == "yes" || offer == "no" && offer == "unknown"', {"yes"}),
        ('(offer == "yes" || offer == "no") && offer != "no"', {"yes"}),
        ("true", {"yes", "no", "unknown"}),
        ("!true || false", set()),
    ],
)
def test_a_condition_holds_for_just_these_values(text: str, true_for: set[str]) -> None:
    condition = compile_condition(text, FACTS)
    assert {value for value in FACTS["offer"].values if condition.holds({"offer": value, "paid": "no"})} == true_for


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "condition_syntax"),
        ("offer ==", "condition_syntax"),
        ("offer", "condition_syntax"),
        ('"yes" == "no"', "condition_syntax"),
        ("offer == paid", "condition_syntax"),
        ('!offer == "yes"', "condition_syntax"),
        ('offer == "yes" extra', "condition_syntax"),
        ('offer == "yes', "condition_syntax"),
        ('offer == "y\\"s"', "condition_syntax"),
        ('offer in "yes"', "condition_syntax"),
        ("offer in []", "condition_syntax"),
        ("offer.size() > 2 ? true : false", "condition_syntax"),
        ('${offer == "yes"}', "condition_syntax"),
        ('offer = "yes"', "condition_syntax"),
        ('ofer == "yes"', "fact_undeclared"),
        ('offer == "si"', "value_undeclared"),
        ('offer in ["yes", "si"]', "value_undeclared"),
        ("(" * 100 + 'offer == "yes"' + ")" * 100, "condition_too_deep"),
        ("!" * 1000 + "true", "condition_too_deep"),
        ('offer == "yes" || ' * 200 + "true", "condition_too_long"),
    ],
)
def test_a_condition_is_refused(text: str, code: str) -> None:
    with pytest.raises(ConditionError) as caught:
        compile_condition(text, FACTS)
    assert caught.value.code == code


def test_a_refusal_says_where_and_what() -> None:
    with pytest.raises(ConditionError) as caught:
        compile_condition('offer == "si"', FACTS)
    assert caught.value.params["fact"] == "offer"
    assert caught.value.params["values"] == "unknown, yes, no"
    with pytest.raises(ConditionError) as caught:
        compile_condition('offer == "yes" & true', FACTS)
    assert caught.value.params["at"] == "15"


@pytest.mark.parametrize("facts", [{}, {"offer": "maybe"}])
def test_facts_must_be_there_and_in_their_domain(facts: dict[str, str]) -> None:
    with pytest.raises(FactError):
        compile_condition('offer == "yes"', FACTS).holds(facts)


def test_a_condition_asks_for_no_fact_that_it_does_not_name() -> None:
    assert compile_condition('offer == "yes"', FACTS).holds({"offer": "yes"})


def _texts() -> st.SearchStrategy[str]:
    values = {name: st.sampled_from(sorted(fact.values)).map(lambda v: f'"{v}"') for name, fact in FACTS.items()}
    comparison = st.one_of(
        [
            strategy
            for name in FACTS
            for strategy in (
                st.builds(f"{name} {{}} {{}}".format, st.sampled_from(["==", "!="]), values[name]),
                st.lists(values[name], min_size=1).map(lambda vs, name=name: f"{name} in [{', '.join(vs)}]"),  # type: ignore[misc]  # mypy cannot type a lambda with a default
            )
        ]
    )
    return st.recursive(
        st.one_of(comparison, st.sampled_from(["true", "false"])),
        lambda inner: st.one_of(
            st.builds("({}) && ({})".format, inner, inner),
            st.builds("({}) || {}".format, inner, st.builds("({})".format, inner)),
            inner.map("!({})".format),
        ),
        max_leaves=8,
    )


@given(_texts())
def test_remembering_a_value_does_not_change_it(text: str) -> None:
    condition = compile_condition(text, FACTS)
    for facts in combinations(list(FACTS.values())) * 2:
        assert condition.holds(facts) is cel.evaluate(text, facts)


@given(st.text(alphabet='ofer ="!&|()[],yesnoin$\\', max_size=40))
def test_no_text_does_worse_than_being_refused(text: str) -> None:
    try:
        condition = compile_condition(text, FACTS)
    except ConditionError:
        return
    assert condition.holds({"offer": "yes", "paid": "no"}) in (True, False)
