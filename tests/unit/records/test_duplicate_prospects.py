"""The evidence that two prospects are one person, at its edges; what a merge fills and gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from thaki.records.prospects.rules_duplicates import (
    PROPOSED_FROM,
    Candidate,
    compare,
    keys_of,
    level,
    place_words,
    stays,
    to_fill,
    to_give_back,
)


@dataclass
class Who:
    name: str = "María Elena Rojas Vargas"
    phone: str = ""
    email: str = ""
    ci_number: str = ""
    address: str = ""
    zone: str = ""


def codes(one: Who, other: Who) -> list[str]:
    return [reason.code for reason in compare(one, other).evidence]


def test_the_same_telephone_alone_is_a_doubt_worth_asking() -> None:
    found = compare(Who(phone="71234567"), Who(name="María E. Rojas", phone="71234567"))
    assert found.proposed
    assert "same_phone" in [r.code for r in found.evidence]


def test_the_telephone_of_a_household_is_no_proposal_when_the_names_are_others() -> None:
    found = compare(Who(phone="71234567"), Who(name="Óscar Quiroga Paz", phone="71234567"))
    assert not found.proposed
    assert codes(Who(phone="71234567"), Who(name="Óscar Quiroga Paz", phone="71234567")) == ["same_phone"]


def test_telephone_and_mail_of_two_names_are_proposed_all_the_same() -> None:
    one = Who(phone="71234567", email="a@b.bo")
    assert compare(one, Who(name="Óscar Quiroga Paz", phone="71234567", email="A@B.bo")).score == 50 == PROPOSED_FROM


def test_the_same_carnet_is_nearly_sure() -> None:
    assert level(compare(Who(ci_number="4567890"), Who(name="Mariela Rojas", ci_number="4567890")).score) == "sure"


def test_two_carnets_are_two_persons_whatever_else_is_the_same() -> None:
    one = Who(phone="71234567", email="a@b.bo", ci_number="4567890", address="Av. América 451")
    other = Who(phone="71234567", email="a@b.bo", ci_number="9999999", address="Av. América 451")
    assert not compare(one, other).proposed
    assert codes(one, other)[-1] == "other_ci"


def test_a_name_alone_is_no_sign() -> None:
    assert not compare(Who(), Who()).proposed


def test_a_similar_name_at_a_similar_address_is() -> None:
    one = Who(address="Av. América E-0451, Queru Queru")
    other = Who(name="Maria Helena Rojas Bargas", address="America 0451")
    assert compare(one, other).proposed
    assert set(codes(one, other)) == {"similar_name", "similar_address"}


def test_it_reads_the_same_from_both_sides() -> None:
    one, other = (
        Who(phone="71234567", address="Calle Sucre 12"),
        Who(name="Elena Rojas", phone="71234567", address="Sucre 12"),
    )
    assert compare(one, other).score == compare(other, one).score


def test_who_is_alike_shares_a_key_and_who_has_nothing_has_none() -> None:
    one = Who(address="Av. América E-0451, Queru Queru")
    assert set(keys_of(one)) & set(keys_of(Who(name="Rojas Maria Helena", address="America 0451")))
    assert keys_of(Who()) == []


def test_words_that_every_address_has_make_no_keys() -> None:
    assert place_words("Av. Calle Zona Nro 123", "") == []
    assert place_words("", "Zona Queru Queru") == ["keru"]


def test_an_address_is_known_by_its_word_and_its_number() -> None:
    assert place_words("Av. América E-0451", "Queru Queru") == ["amerika#451"]
    assert place_words("Plaza Colón", "") == ["kolon", "plasa"]


@pytest.mark.parametrize(("score", "word"), [(90, "sure"), (89, "likely"), (72, "likely"), (71, "doubtful")])
def test_levels_begin_where_they_say(score: int, word: str) -> None:
    assert level(score) == word


def test_who_is_further_on_stays_then_who_came_first() -> None:
    ahead, early, late = Candidate(3, 2, 30.0), Candidate(2, 0, 10.0), Candidate(1, 0, 20.0)
    assert stays(early, ahead) == ahead
    assert stays(late, early) == early
    assert stays(Candidate(1, -1, 1.0), Candidate(2, 0, 9.0)).id == 2


TEXTS = ("phone", "email", "ci_number", "interest", "message", "zone", "address", "campaign")
EMPTY: dict[str, Any] = dict.fromkeys(TEXTS, "") | {"lat": None, "lon": None}


def test_only_what_is_lacking_is_filled() -> None:
    survivor = EMPTY | {"phone": "71111111"}
    other = EMPTY | {"phone": "72222222", "email": "a@b.bo", "lat": -17.3, "lon": -66.1}
    assert to_fill(survivor, other) == {"email": "a@b.bo", "lat": -17.3, "lon": -66.1}


def test_what_changed_since_is_not_given_back() -> None:
    filled = {"email": "a@b.bo", "zone": "Norte", "lat": -17.3, "lon": -66.1}
    now = EMPTY | {"phone": "71111111", "email": "new@b.bo", "zone": "Norte", "lat": -17.4, "lon": -66.1}
    assert to_give_back(now, filled) == {"zone": ""}


def test_nobody_is_left_without_a_way_to_reach_him() -> None:
    assert to_give_back(EMPTY | {"email": "a@b.bo"}, {"email": "a@b.bo"}) == {}
    assert to_give_back(EMPTY | {"email": "a@b.bo", "phone": "71111111"}, {"email": "a@b.bo"}) == {"email": ""}
