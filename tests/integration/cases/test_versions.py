"""The texts of a procedure: shipped, proposed, published; and what its cases stay on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.cases.conftest import Clock, task_at
from tests.toy import procedure as toy

from thaki.cases import registry, runtime, versions
from thaki.cases.models import Case, ProcedureVersion
from thaki.people.models import User

pytestmark = pytest.mark.django_db
TEXT = (toy.HERE / "toy.bpmn").read_text()


@pytest.fixture
def upgrade(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> registry.ProcedureApp:
    """The toy as a later release ships it."""
    file = tmp_path / "toy.bpmn"
    file.write_text(TEXT.replace('name="Pregunta"', 'name="Pregunta mejor"'))
    return replace(toy.TOY, bpmn=file)


def test_the_shipped_file_seeds_the_first_version_once(db: None) -> None:
    version = ProcedureVersion.objects.get(code="toy")
    assert (version.number, version.state, version.origin) == (1, "published", "shipped")
    assert versions.seed_one(toy.TOY) is None


def test_an_upgrade_proposes_and_does_not_overwrite(db: None, upgrade: registry.ProcedureApp, clock: Clock) -> None:
    proposal = versions.seed_one(upgrade, clock.now)
    assert proposal is not None
    assert (proposal.number, proposal.state) == (2, "draft")
    assert versions.in_force("toy").number == 1
    assert versions.seed_one(upgrade, clock.now) is None


def test_cases_stay_on_the_version_they_started_with(
    case: Case, upgrade: registry.ProcedureApp, rita: User, clock: Clock
) -> None:
    proposal = versions.seed_one(upgrade, clock.now)
    assert proposal is not None
    versions.publish(proposal.pk, by=rita, now=clock.now)
    later = runtime.start("toy", {"customer": "Eva"}, by=None, now=clock.now)
    names = [versions.of_id(each.version_id).procedure.nodes["Ask"].name for each in (case, later)]
    assert names == ["Pregunta", "Pregunta mejor"]
    assert task_at(case, "Ask").is_open
    assert ProcedureVersion.objects.get(number=1).state == "retired"


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ('thaki:handler="toy.check"', 'thaki:handler="toy.unknown"', "handler_unknown"),
        ('thaki:role="cajero"', 'thaki:role="nadie"', "role_unknown"),
        ('sourceRef="Join" targetRef="Count"', 'sourceRef="Join" targetRef="Join"', ""),
    ],
)
def test_what_is_unsound_is_not_published(
    db: None, rita: User, clock: Clock, before: str, after: str, code: str
) -> None:
    draft = versions.propose("toy", TEXT.replace(before, after), by=rita, now=clock.now)
    with pytest.raises(versions.Unsound) as refused:
        versions.publish(draft.pk, by=rita, now=clock.now)
    assert not code or code in {finding.code for finding in refused.value.findings}
    assert versions.in_force("toy").number == 1
