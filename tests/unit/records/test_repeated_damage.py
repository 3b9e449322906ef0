"""Step 2: is the damage repeated, and which claims make it (R-B2)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from thaki.records.claims.rules import (
    ClaimSeen,
    Damage,
    Terms,
    check_claimed_at,
    check_history,
    repeated_damage,
)
from thaki.records.reasons import RuleError

NOW = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)  # 15:00 in Bolivia
LINE = 7


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def claim(days: float, *, number: str = "", product: int = LINE, **values: Any) -> ClaimSeen:
    return ClaimSeen(number or f"REC-{days}", product, ago(days), **values)


def verdict(*claims: ClaimSeen, **values: Any) -> Damage:
    found = repeated_damage(claims, now=NOW, **values)
    assert len(found) == 1
    return found[0]


def test_two_open_claims_within_the_days_are_repeated_damage() -> None:
    damage = verdict(claim(20), claim(3))
    assert damage.answer == "yes"
    assert damage.numbers == ("REC-20", "REC-3")
    assert damage.unsolved is not None
    assert damage.unsolved.code == "damage_last_open"


@pytest.mark.parametrize(("days", "answer"), [(29, "yes"), (30, "yes"), (31, "no"), (32, "no")])
def test_the_last_claim_counts_up_to_day_30_before_reception(days: int, answer: str) -> None:
    assert verdict(claim(days + 2), claim(days)).answer == answer


@pytest.mark.parametrize(("apart", "answer"), [(29, "yes"), (30, "yes"), (31, "no")])
def test_claims_lie_apart_30_days_at_most(apart: int, answer: str) -> None:
    assert verdict(claim(10 + apart), claim(10)).answer == answer


def test_a_span_may_begin_60_days_before_reception() -> None:
    assert verdict(claim(60), claim(30)).answer == "yes"


def test_days_are_those_of_the_calendar_in_bolivia() -> None:
    midnight = datetime(2026, 10, 22, 4, 0, tzinfo=UTC)  # 00:00 of the 22nd of October: 30 days before
    assert verdict(claim(35), ClaimSeen("A", LINE, midnight)).answer == "yes"
    before = midnight - timedelta(seconds=1)
    assert verdict(claim(35), ClaimSeen("A", LINE, before)).answer == "no"


def test_one_claim_is_no_repeated_damage_and_says_so() -> None:
    damage = verdict(claim(5))
    assert damage.answer == "no"
    assert damage.why.code == "damage_too_few"
    assert [mark.why.code for mark in damage.marks] == ["claim_alone"]
    assert damage.numbers == ()


def test_no_recent_claim_says_how_old_they_are() -> None:
    damage = verdict(claim(90), claim(80))
    assert damage.why.code == "damage_none_recent"
    assert [mark.why.params["days"] for mark in damage.marks] == [90, 80]


def test_solved_in_between_and_recurred_is_repeated() -> None:
    damage = verdict(claim(20, solved_at=ago(15)), claim(3))
    assert damage.answer == "yes"


def test_all_solved_asks_the_customer() -> None:
    damage = verdict(claim(20, solved_at=ago(15)), claim(3, solved_at=ago(1)))
    assert damage.answer == "ask"
    assert damage.why.code == "damage_all_solved"
    assert damage.numbers == ("REC-20", "REC-3")


def test_the_customer_confirms_that_it_fails_now() -> None:
    damage = verdict(claim(20, solved_at=ago(15)), claim(3, solved_at=ago(1)), confirmed={LINE})
    assert damage.answer == "yes"
    assert damage.unsolved is not None
    assert damage.unsolved.code == "damage_confirmed"


def test_confirming_does_not_make_two_of_one() -> None:
    assert verdict(claim(3, solved_at=ago(1)), confirmed={LINE}).answer == "no"


def test_a_reiteration_of_an_open_claim_counts() -> None:
    damage = verdict(claim(12, again_at=(ago(2),)))
    assert damage.answer == "yes"
    assert [mark.why.code for mark in damage.marks] == ["claim_counts", "claim_counts_again"]


def test_a_reiteration_does_not_count_where_the_policy_says_so() -> None:
    damage = verdict(claim(12, again_at=(ago(2),)), terms=Terms(count_reiterations=False))
    assert damage.answer == "no"
    assert damage.marks[1].why.code == "reiteration_does_not_count"


def test_a_reiteration_of_today_brings_an_old_open_claim_back_into_the_days() -> None:
    assert verdict(claim(29, again_at=(NOW,))).answer == "yes"
    assert verdict(claim(31, again_at=(NOW,))).answer == "no"  # the two calls lie 31 days apart


def test_a_reopened_claim_is_open_and_counts_twice() -> None:
    back = ago(4)
    damage = verdict(claim(18, solved_at=ago(10), reopened_at=back, again_at=(back,)))
    assert damage.answer == "yes"
    assert damage.unsolved is not None
    assert damage.unsolved.code == "damage_last_open"


def test_a_reopened_claim_that_was_solved_again_asks() -> None:
    back = ago(8)
    damage = verdict(claim(18, solved_at=ago(2), reopened_at=back, again_at=(back,)))
    assert damage.answer == "ask"


@pytest.mark.parametrize(("back", "answer"), [(1, "yes"), (30, "yes"), (31, "ask")])
def test_closed_and_it_came_back_within_30_days(back: int, answer: str) -> None:
    last = claim(back, number="LAST", solved_at=ago(back), again_at=(NOW,))
    damage = verdict(claim(back + 1), last, terms=Terms(span_days=60))
    assert damage.answer == answer
    assert damage.unsolved is None or damage.unsolved.code == "damage_came_back"


def test_two_products_are_judged_apart() -> None:
    found = repeated_damage([claim(9, product=1), claim(4, product=2)], now=NOW)
    assert [damage.answer for damage in found] == ["no", "no"]


def test_the_damaged_product_comes_first() -> None:
    found = repeated_damage([claim(9, product=1), claim(8, product=2), claim(4, product=2)], now=NOW)
    assert [(damage.product, damage.answer) for damage in found] == [(2, "yes"), (1, "no")]


def test_two_claims_of_one_day_count_both() -> None:
    damage = verdict(claim(0.3, number="A"), claim(0.1, number="B"))
    assert damage.answer == "yes"
    assert damage.why.params["days"] == 0


def test_a_claim_of_the_moment_of_reception_counts_and_one_after_it_does_not() -> None:
    assert verdict(claim(5), claim(0)).answer == "yes"
    assert verdict(claim(5), claim(-0.01)).answer == "no"


def test_the_claims_outside_the_span_say_why() -> None:
    damage = verdict(claim(45), claim(10), claim(5))
    assert damage.numbers == ("REC-10", "REC-5")
    assert damage.marks[0].why.code == "claim_outside_span"
    assert damage.marks[0].why.params == {"days": 40, "most": 30}


def test_an_older_span_may_be_the_fuller_one() -> None:
    damage = verdict(claim(58), claim(57), claim(29), claim(1), terms=Terms(least=3))
    assert damage.answer == "yes"
    assert damage.numbers == ("REC-58", "REC-57", "REC-29")


def test_the_order_in_which_claims_come_is_of_no_account() -> None:
    one, other = claim(20), claim(3)
    assert verdict(one, other) == verdict(other, one)


def test_who_has_no_claims_has_no_verdicts() -> None:
    assert repeated_damage([], now=NOW) == ()


def test_a_claim_in_the_future_is_refused() -> None:
    check_claimed_at(NOW, NOW)
    with pytest.raises(RuleError, match="futura"):
        check_claimed_at(NOW + timedelta(seconds=1), NOW)


def test_what_a_file_says_of_a_claim_is_in_order() -> None:
    check_history(ago(5), ago(2), [ago(3)], NOW)
    with pytest.raises(RuleError) as refused:
        check_history(ago(5), ago(6), [], NOW)
    assert refused.value.field == "solved_at"
    with pytest.raises(RuleError) as refused:
        check_history(ago(5), None, [ago(7)], NOW)
    assert refused.value.field == "reiterated_at"
