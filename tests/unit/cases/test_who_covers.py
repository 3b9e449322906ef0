"""Who does the work of those who are away."""

from thaki.cases.cover import who_covers


def test_the_substitute_does() -> None:
    assert who_covers({1: 2}) == {1: 2}


def test_one_who_is_away_too_is_followed_to_his_own() -> None:
    assert who_covers({1: 2, 2: 3}) == {1: 3, 2: 3}


def test_without_a_substitute_nobody_in_particular_does() -> None:
    assert who_covers({1: None, 2: 1}) == {1: None, 2: None}


def test_two_who_stand_in_for_each_other_help_nobody() -> None:
    assert who_covers({1: 2, 2: 1}) == {1: None, 2: None}
