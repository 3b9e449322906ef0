"""Bars that the server draws: parts on one scale, never wider than it."""

import pytest

from thaki.reporting.charts import bar


def test_parts_stand_one_after_another() -> None:
    drawn = bar("Centro", [("1", 3, "Fibra: 3"), ("2", 1, "HFC: 1")], 8, "4").parts
    assert [(part.x, part.width) for part in drawn] == [(0, 37.5), (37.5, 12.5)]


def test_what_passes_the_scale_is_cut_there() -> None:
    drawn = bar("x", [("1", 9, ""), ("2", 9, "")], 10, "18", goal=25)
    assert sum(part.width for part in drawn.parts) == 100
    assert drawn.mark == 100


@pytest.mark.parametrize("most", [0, 5])
def test_nothing_is_no_part(most: int) -> None:
    drawn = bar("x", [("1", 0, "")], most, "0", goal=0)
    assert drawn.parts == ()
