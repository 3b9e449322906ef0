"""The technology that a request not served would have had (19)."""

from thaki.procedures.sales.rules import technology_asked

VERDICTS = [
    {"technology": "FO", "available": False, "meets_wanted": False},
    {"technology": "HFC", "available": True, "meets_wanted": False},
    {"technology": "ADSL", "available": True, "meets_wanted": True},
]


def test_what_help_desk_confirmed_comes_first_and_then_the_plan() -> None:
    assert technology_asked("WIRELESS", "FO", VERDICTS) == "WIRELESS"
    assert technology_asked("", "FO", VERDICTS) == "FO"


def test_else_the_first_that_would_do_be_it_barely() -> None:
    assert technology_asked("", "", VERDICTS) == "ADSL"
    assert technology_asked("", "", VERDICTS[:2]) == "HFC"
    assert technology_asked("", "", VERDICTS[:1]) == "FO"


def test_of_a_place_of_which_nothing_is_known_there_is_none() -> None:
    assert technology_asked("", "", []) == ""
