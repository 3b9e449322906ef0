"""`thaki rehearse`: the toy played from scenarios."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.toy.models import Toy
from tests.toy.procedure import HANDED_OUT, HERE

from thaki.cases.models import Case, HistoryEvent
from thaki.cases.rehearsal import cli
from thaki.people.models import User

pytestmark = pytest.mark.django_db

HAPPY = """
procedure: toy
at: 2026-11-23 09:00
start: {customer: Ana Rojas}
steps:
  - {step: 1, by: ejecutivo1, answer: {wish: internet}}
  - {step: 2, by: helpdesk1, answer: {verdict: no}}
expect: {path: [1, 2], outcome: no_capacity, waiting: []}
"""
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a scenario's text; exit status, output, complaints."""

    def command(text: str, *options: str) -> tuple[int, str, str]:
        file = tmp_path / "scenario.yaml"
        file.write_text(text)
        status = cli.main([str(file), *options])
        out = capsys.readouterr()
        return status, out.out, out.err

    return command


def test_a_scenario_that_goes_as_it_says(run: Run) -> None:
    assert run(HAPPY)[0] == 0


def test_nothing_stays(run: Run) -> None:
    run(HAPPY)
    assert not Case.objects.exists()
    assert not HistoryEvent.objects.exists()
    assert not Toy.objects.exists()
    assert not User.objects.exists()
    assert not HANDED_OUT


def test_one_that_differs_tells_what(run: Run) -> None:
    status, out, _err = run(HAPPY.replace("no_capacity", "done"))
    assert status == 1
    assert "outcome" in out


def test_json_is_one_line_a_move(run: Run) -> None:
    status, out, _err = run(HAPPY, "--json")
    lines = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert set(lines[0]) == {"at", "step", "node", "role", "by", "outcome", "next"}
    assert [line["step"] for line in lines[1:3]] == ["1", "2"]
    assert lines[1]["by"] == "ejecutivo1" and lines[1]["next"] == ["2"]
    last: dict[str, Any] = lines[-1]
    assert (last["result"], last["outcome"], last["path"], last["waiting"]) == (
        "as_expected",
        "no_capacity",
        ["1", "2"],
        [],
    )
    assert [effect["kind"] for effect in last["effects"]] == ["toy.mail"]


def test_effects_are_recorded_and_the_case_goes_on(run: Run) -> None:
    text = HAPPY.replace("verdict: no}}", "verdict: yes}}\n  - {step: 4, by: cajero1, answer: {slip: recibo.pdf}}")
    text = text.replace("[1, 2], outcome: no_capacity, waiting: []", "[1, 2, 3, 4], waiting: [5]")
    status, out, _err = run(text)
    assert status == 0, out


def test_clocks_ring_while_it_waits(run: Run) -> None:
    text = "procedure: toy\nstart: {customer: Ana}\nsteps:\n  - {wait: 15 days}\nexpect: {waiting: [6]}"
    status, out, _err = run(text)
    assert status == 0, out


def test_a_message_goes_to_the_case(run: Run) -> None:
    text = "procedure: toy\nstart: {customer: Ana}\nsteps:\n  - {message: lost, with: {why: no_answer}}\nexpect: {waiting: [6]}"
    status, out, _err = run(text)
    assert status == 0, out


def test_a_step_sent_back(run: Run) -> None:
    text = HAPPY.replace(
        "  - {step: 2, by: helpdesk1, answer: {verdict: no}}", "  - {send_back: 2, to: 1, by: helpdesk1, reason: Falta}"
    ).replace("path: [1, 2], outcome: no_capacity, waiting: []", "path: [1], waiting: [1]")
    status, out, _err = run(text)
    assert status == 0, out


def test_a_person_who_may_not_is_a_difference(run: Run, hugo: User) -> None:
    status, out, _err = run(HAPPY.replace("ejecutivo1", "hugo"))
    assert status == 1
    assert "otro cargo" in out


def test_an_answer_that_the_form_refuses_is_a_difference(run: Run) -> None:
    status, out, _err = run(HAPPY.replace("wish: internet", "wish: la luna"))
    assert status == 1
    assert "Eso no se vende." in out


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("procedure: toy\nsteps:\n  - {step: 1, de: ana}", 3, "de"),
        ("procedure: toy\nsteps:\n  - {wait: ayer}", 3, "ayer"),
        ("procedure: toy\nsteps:\n  - hola", 3, "mapa"),
        ("procedure: toy\nsteps: [", 2, ""),
        ("procedure: nada", 0, "nada"),
        ("procedure: toy\nstart: {customer: A}\nsteps:\n  - {step: 99}", 4, "99"),
        ("procedure: toy\nstart: {customer: A}\nsteps:\n  - {step: 1, by: e, answer: {wihs: tv}}", 4, "wihs"),
        ("[]", 1, "mapa"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(run: Run, text: str, line: int, words: str) -> None:
    status, _out, err = run(text)
    assert status == 2
    assert words in err
    assert f"scenario.yaml:{line}" in err if line else "scenario.yaml" in err


def test_another_text_of_the_procedure_is_tried(run: Run, tmp_path: Path) -> None:
    other = tmp_path / "other.bpmn"
    other.write_text((HERE / "toy.bpmn").read_text().replace('thaki:outcome="no_capacity"', 'thaki:outcome="nothing"'))
    status, out, _err = run(HAPPY.replace("no_capacity", "nothing"), "--bpmn", str(other))
    assert status == 0, out
    assert run(HAPPY)[0] == 0


def test_a_procedure_is_described_by_its_steps(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--describe", "toy", "--json"]) == 0
    steps = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [step["step"] for step in steps] == ["1", "2", "3", "4", "5", "6"]
    assert steps[1]["fields"] == [{"name": "verdict", "type": "choice", "required": True, "choices": ["yes", "no"]}]
