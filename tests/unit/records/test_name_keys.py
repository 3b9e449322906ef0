"""Keys for sorting, searching and recognising names."""

from hypothesis import given
from hypothesis import strategies as st

from thaki.records.customers.rules import combined, most_alike, name_likeness, name_weight
from thaki.records.text import fold, name_keys, sort_key, strongest, tidy, trigrams


def test_accents_do_not_count_and_n_tilde_comes_after_n() -> None:
    names = ["Ñahui", "Zurita", "Núñez", "Nuzco", "Álvarez", "Arce", "Nunez"]
    assert sorted(names, key=sort_key) == ["Álvarez", "Arce", "Nunez", "Núñez", "Nuzco", "Ñahui", "Zurita"]


def test_people_who_search_type_n_for_n_tilde() -> None:
    assert fold("PEÑARANDA, Ángela") == "penaranda angela"


def test_the_pieces_of_a_half_typed_word_are_among_those_of_the_whole() -> None:
    assert set(trigrams("quis")) <= set(trigrams("Quispe Mamani"))


def test_common_misspellings_share_a_key() -> None:
    assert set(name_keys("Huáscar Veizaga Kispe")) == set(name_keys("Uascar Beizaga Quispe"))


def test_the_order_of_the_words_does_not_matter() -> None:
    assert name_keys("Quispe Mamani Juan") == name_keys("Juan Quispe Mamani")


def test_particles_and_single_letters_make_no_keys() -> None:
    assert name_keys("Ana de la Paz") == name_keys("Ana Paz")
    assert name_keys("Ana") == []


def test_keys_of_three_words_are_the_strongest() -> None:
    threes, twos = strongest(name_keys("Juan Quispe Mamani"))
    assert (len(threes), len(twos)) == (1, 3)


@given(st.text(max_size=60))
def test_any_text_makes_keys_without_failing_and_few_of_them(text: str) -> None:
    assert len(name_keys(text)) <= 35
    assert fold(fold(text)) == fold(text)
    assert tidy(tidy(text)) == tidy(text)


def test_the_same_name_in_another_order_is_wholly_alike() -> None:
    assert name_likeness("Juan Quispe Mamani", "QUISPE MAMANI JUAN") == 100


def test_what_only_sounds_the_same_is_a_little_less_alike() -> None:
    assert name_likeness("Juan Kispe Mamani", "Juan Quispe Mamani") == 97


def test_one_surname_of_two_is_alike_but_less() -> None:
    assert name_likeness("Juan Quispe", "Juan Quispe Mamani") == 84
    assert name_likeness("Quispe", "Juan Quispe Mamani") < 78


def test_only_names_above_the_threshold_weigh() -> None:
    assert name_weight(77) == 0
    assert 0 < name_weight(78) < name_weight(100)


def test_the_most_alike_come_first() -> None:
    folded = {1: "perez ana", 2: "quispe mamani juan", 3: "quispe mamani juana"}
    assert most_alike("Juan Quispe Mamani", folded, 5) == [2, 3]


def test_signs_together_leave_less_doubt_than_each() -> None:
    assert combined([]) == 0
    assert combined([60, 50]) == 80
