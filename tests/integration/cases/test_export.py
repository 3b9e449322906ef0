"""The history for process mining."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from tests.integration.cases.conftest import Clock, done

from thaki.cases import export
from thaki.cases.models import Case
from thaki.people.models import User

pytestmark = pytest.mark.django_db
XES = {"x": "http://www.xes-standard.org/"}


@pytest.fixture
def refused(case: Case, ana: User, hugo: User, clock: Clock) -> Case:
    clock.wait(minutes=5)
    done(case, "Ask", ana, clock, wish="tv")
    clock.wait(minutes=5)
    done(case, "Check", hugo, clock, verdict="no")
    return case


def test_xes_has_a_trace_a_case_with_start_and_complete(refused: Case) -> None:
    log = ElementTree.fromstring("".join(export.xes(Case.objects.all())))  # noqa: S314  our own text
    [trace] = log.findall("x:trace", XES)
    events = [{child.get("key"): child.get("value") for child in event} for event in trace.findall("x:event", XES)]
    told = [(event["concept:name"], event["lifecycle:transition"]) for event in events]
    assert told == [("Pregunta", "start"), ("Pregunta", "complete"), ("Revisa", "start"), ("Revisa", "complete")]
    assert events[0]["time:timestamp"] == "2026-11-23T14:00:00.000Z"
    assert events[1]["org:role"] == "ejecutivo_ventas_digitales"


def test_ocel_relates_events_to_the_case_and_its_tasks(refused: Case, ana: User) -> None:
    log = json.loads("".join(export.ocel(Case.objects.all())))
    assert set(log) == {"objectTypes", "eventTypes", "objects", "events"}
    ids = {each["id"] for each in log["objects"]}
    types = {each["name"] for each in log["eventTypes"]}
    assert all(event["type"] in types for event in log["events"])
    assert all(relation["objectId"] in ids for event in log["events"] for relation in event["relationships"])
    completed = next(event for event in log["events"] if event["type"] == "completed")
    assert {relation["qualifier"] for relation in completed["relationships"]} == {"case", "about", "opens"}
    assert {"name": "resource", "value": str(ana.pk)} in completed["attributes"]


def test_no_names_leave_the_house(refused: Case) -> None:
    for text in ("".join(export.xes(Case.objects.all())), "".join(export.ocel(Case.objects.all()))):
        assert "Mónica" not in text and "Ana" not in text


def test_an_empty_log_is_a_log(db: None) -> None:
    assert json.loads("".join(export.ocel(Case.objects.none())))["events"] == []
    assert "".join(export.xes(Case.objects.none())).endswith("</log>\n")
