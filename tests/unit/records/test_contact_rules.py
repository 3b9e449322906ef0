"""Contact attempts (R-A9) and the four states (R-A6)."""

from datetime import UTC, datetime, timedelta

import pytest

from thaki.records.prospects.rules import check_attempt, check_reachable, lost_because
from thaki.records.reasons import RuleError

NOW = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("results", "why"),
    [
        ([], ""),
        (["no_answer"] * 4, ""),
        (["no_answer"] * 5, "no_answer"),
        (["no_answer"] * 4 + ["call_back"] + ["no_answer"] * 4, ""),
        (["talked"] + ["no_answer"] * 5, "no_answer"),
        (["not_interested"], "not_interested"),
        (["no_answer", "false_data"], "false_data"),
        (["not_interested", "talked"], ""),
    ],
)
def test_when_the_attempts_lose_the_sale(results: list[str], why: str) -> None:
    assert lost_because(results) == why


def test_a_prospect_needs_a_telephone_or_an_email() -> None:
    check_reachable("71234567", "")
    check_reachable("", "a@b.bo")
    with pytest.raises(RuleError):
        check_reachable("", "")


def test_call_back_says_when_and_only_it_does() -> None:
    check_attempt("call_back", NOW, NOW + timedelta(minutes=1))
    for result, at in (("call_back", None), ("call_back", NOW), ("no_answer", NOW + timedelta(hours=1))):
        with pytest.raises(RuleError):
            check_attempt(result, NOW, at)
