"""A call activity: a case of another procedure, opened and waited for by jobs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.cases.conftest import Clock, done
from tests.toy import procedure as toy
from tests.toy.models import Toy

from thaki.cases import incidents, jobs, operations, registry, runtime, surroundings, versions
from thaki.cases.models import Case, Incident, WaitingJob
from thaki.people.models import User

pytestmark = pytest.mark.django_db
OUTER = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:thaki="urn:thaki:bpmn:1" id="D"
    targetNamespace="urn:thaki:outer">
  <bpmn:process id="outer" isExecutable="true">
    <bpmn:extensionElements><thaki:procedure code="outer" prefix="OUT" /></bpmn:extensionElements>
    <bpmn:laneSet id="L"><bpmn:lane id="Lane" name="Cajero" thaki:role="cajero">
      <bpmn:flowNodeRef>Start</bpmn:flowNodeRef><bpmn:flowNodeRef>Call</bpmn:flowNodeRef>
      <bpmn:flowNodeRef>End</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
    <bpmn:startEvent id="Start" />
    <bpmn:callActivity id="Call" calledElement="toy" />
    <bpmn:endEvent id="End" thaki:outcome="called" />
    <bpmn:sequenceFlow id="F1" sourceRef="Start" targetRef="Call" />
    <bpmn:sequenceFlow id="F2" sourceRef="Call" targetRef="End" />
  </bpmn:process>
</bpmn:definitions>
"""


@pytest.fixture
def deferred(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[object, ...]]]:
    """What is asked of the worker, to be done by the test."""
    asked: list[tuple[str, tuple[object, ...]]] = []
    world = replace(
        surroundings.current(),
        defer_child=lambda *values: asked.append(("start", values)),
        defer_child_ended=lambda *values: asked.append(("ended", values)),
        defer_drop_child=lambda *values: asked.append(("drop", values)),
    )
    monkeypatch.setattr(surroundings, "_world", [world])
    return asked


@pytest.fixture
def outer(db: None, tmp_path: Path, clock: Clock, deferred: list[object]) -> Iterator[Case]:
    """A case that calls the toy, whose case is open."""
    file = tmp_path / "outer.bpmn"
    file.write_text(OUTER)
    app = replace(toy.TOY, code="outer", prefix="OUT", bpmn=file, process="outer", facts=lambda record: {})
    registry.register(app)
    # The toy called from outside has no customer of its own.
    inner = replace(
        toy.TOY, start=lambda work, payload: Toy.objects.create(case_id=work.case.pk, customer="De otro caso")
    )
    registry.register(inner)
    versions.forget()
    versions.seed_one(app, clock.now)
    case = runtime.start("outer", {"customer": "Ana"}, by=None, now=clock.now)
    jobs.start_child(case.pk, WaitingJob.objects.get(case=case).token, "toy")
    yield case
    registry.register(toy.TOY)
    registry._apps.pop("outer")


def test_the_called_case_is_opened_once(outer: Case, deferred: list[tuple[str, tuple[object, ...]]]) -> None:
    token = WaitingJob.objects.get(case=outer).token
    assert deferred == [("start", (outer.pk, token, "toy"))]
    jobs.start_child(outer.pk, token, "toy")
    assert Case.objects.get(parent=outer).parent_token == token


def test_the_caller_goes_on_when_it_ends(
    outer: Case, ana: User, hugo: User, clock: Clock, deferred: list[tuple[str, tuple[int, int, str]]]
) -> None:
    child = Case.objects.get(parent=outer)
    done(child, "Ask", ana, clock, wish="tv")
    done(child, "Check", hugo, clock, verdict="no")
    kind, values = deferred[-1]
    assert (kind, values[2]) == ("ended", "no_capacity")
    jobs.child_ended(*values)
    outer.refresh_from_db()
    assert outer.outcome == "called"
    jobs.child_ended(*values)  # twice is once


def test_a_caller_that_is_cancelled_drops_it(
    outer: Case, rita: User, clock: Clock, deferred: list[tuple[str, tuple[int, int]]]
) -> None:
    operations.cancel_case(outer.pk, reason="Prueba", by=rita, now=clock.now)
    kind, values = deferred[-1]
    assert kind == "drop"
    jobs.drop_child(*values)
    assert Case.objects.get(parent=outer).state == "cancelled"


def test_a_call_that_cannot_be_made_is_an_incident_that_is_tried_again(
    outer: Case, clock: Clock, deferred: list[tuple[str, tuple[object, ...]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    second = runtime.start("outer", {"customer": "Eva"}, by=None, now=clock.now)
    token = WaitingJob.objects.get(case=second).token
    with monkeypatch.context() as patch:
        patch.setattr(jobs.runtime, "start", lambda *_a, **_k: (_ for _ in ()).throw(LookupError("toy")))
        jobs.start_child(second.pk, token, "toy")
    incident = Incident.objects.get(case=second)
    assert (incident.node, incident.role) == ("Call", "cajero")
    rita = User.objects.create_user(username="rita2", roles=["administrador"])
    incidents.retry(incident.pk, by=rita, now=clock.now)
    assert deferred[-1] == ("start", (second.pk, token, "toy"))
