"""Every shipped rehearsal of the retention goes as it says, on an installation that has nothing but its procedures."""

from pathlib import Path

import pytest

from thaki.cases.models import Case
from thaki.cases.registry import procedure_app
from thaki.cases.rehearsal.play import rehearse
from thaki.cases.rehearsal.scenario import read

FOLDER = procedure_app("retention").scenarios
assert FOLDER is not None
SCENARIOS = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_it_goes_as_expected(db: None, path: Path) -> None:
    result = rehearse(read(path))
    assert not result.differences
    assert not Case.objects.exists()
