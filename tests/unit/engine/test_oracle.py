"""SpiffWorkflow and this engine run the same models and make the same choices."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from itertools import count
from random import Random

import pytest
from tests.unit.engine.drawing import draw
from tests.unit.engine.models import Model, random_model
from tests.unit.engine.oracle import Difference, compare

from thaki.engine.bpmn import read
from thaki.engine.soundness import check

MODELS = 2_000  # a run of the suite
SHARES = 4  # tests, for several processes to share
SMALL = 400  # states: bigger models are left out


@pytest.fixture
def how_many(request: pytest.FixtureRequest) -> int:
    """`--oracle-models N` or THAKI_ORACLE_MODELS=N asks for more."""
    option = request.config.getoption("--oracle-models", default=None)
    return int(option or os.environ.get("THAKI_ORACLE_MODELS") or MODELS)


def _models(share: int) -> Iterator[tuple[int, Model]]:
    """Structured ones, and every third with jumps across its structure."""
    for number in count():
        seed = number * SHARES + share
        yield seed, random_model(seed, size=8, jumps=2 if number % 3 == 2 else 0)


@pytest.mark.parametrize("share", range(SHARES))
def test_both_engines_have_the_same_open_at_every_point(share: int, how_many: int) -> None:
    compared, wanted = 0, -(-how_many // SHARES)
    settled: Counter[str] = Counter()
    for seed, model in _models(share):
        if compared == wanted:
            break
        xml = draw(model.text, model.facts)
        (procedure,) = read(xml)
        if check(procedure, limit=SMALL):
            continue  # what is not sound has no one right run
        compared += 1
        found = compare(procedure, xml, Random(seed))
        if found is not None:
            assert found.settled, _told(seed, model, found)
            settled[found.settled] += 1
    assert sum(settled.values()) <= max(5, wanted * 0.02), settled


def _told(seed: int, model: Model, found: Difference) -> str:
    return f"model {seed} differs after {found.answered}:\n{found.ours}\n{found.theirs}\n{model.text}"
