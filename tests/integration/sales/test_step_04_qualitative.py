"""GVD step 4: what the customer needs."""

import pytest
from tests.integration.sales.conftest import ANSWERS, Walk

from thaki.cases.runtime import AnswerInvalid


def test_the_need_is_kept(walk: Walk) -> None:
    walk.to(4).done(4, special_needs="Casa de dos plantas")
    sale = walk.sale
    assert (sale.use_type, sale.wanted_kind, sale.wanted_mbps) == ("streaming", "internet", 100)
    assert sale.special_needs == "Casa de dos plantas"


def test_internet_is_asked_for_at_a_speed(walk: Walk) -> None:
    walk.to(4)
    with pytest.raises(AnswerInvalid) as refused:
        walk.done(4, ANSWERS[4] | {"wanted_mbps": ""})
    assert "wanted_mbps" in refused.value.form.errors


def test_television_needs_no_speed(walk: Walk) -> None:
    walk.to(4).done(4, ANSWERS[4] | {"wanted_kind": "tv", "wanted_mbps": ""})
    assert walk.open_steps == ["5"]


@pytest.mark.parametrize("speed", ["0", "-5", "cien", "99999"])
def test_an_impossible_speed_is_refused(walk: Walk, speed: str) -> None:
    walk.to(4)
    with pytest.raises(AnswerInvalid) as refused:
        walk.done(4, ANSWERS[4] | {"wanted_mbps": speed})
    assert "wanted_mbps" in refused.value.form.errors
