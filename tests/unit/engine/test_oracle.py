"""SpiffWorkflow and this engine run the same models and make the same choices."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest
from tests.unit.engine.drawing import draw
from tests.unit.engine.models import Model, random_model
from tests.unit.engine.oracle import Difference, compare

from thaki.engine.bpmn import read
from thaki.engine.soundness import check

MODELS = 2_000  # a run of the suite
SMALL = 400  # states: bigger models are left out


@pytest.fixture
def how_many(request: pytest.FixtureRequest) -> int:
    """`--oracle-models N` or THAKI_ORACLE_MODELS=N asks for more."""
    option = request.config.getoption("--oracle-models", default=None)
    return int(option or os.environ.get("THAKI_ORACLE_MODELS") or MODELS)


def _models() -> Iterator[tuple[int, Model]]:
    """Structured ones, and every third with jumps across its structure."""
    seed = 0
    while True:
        yield seed, random_model(seed, size=8, jumps=2 if seed % 3 == 2 else 0)
        seed += 1


def test_both_engines_have_the_same_open_at_every_point(how_many: int) -> None:
    compared = 0
    settled: Counter[str] = Counter()
    for seed, model in _models():
        if compared == how_many:
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
    assert sum(settled.values()) <= how_many * 0.02, settled


def _told(seed: int, model: Model, found: Difference) -> str:
    return f"model {seed} differs after {found.answered}:\n{found.ours}\n{found.theirs}\n{model.text}"
