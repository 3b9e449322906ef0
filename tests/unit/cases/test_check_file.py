"""`thaki check`: what its owner reads about a procedure, and the exit codes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import translation
from tests.unit.engine.drawing import draw
from tests.unit.engine.drawing import procedure as drawn

from thaki.cases import check_file
from thaki.cases.findings import say, say_path, say_unreadable
from thaki.cases.unreadable import SENTENCES
from thaki.engine.bpmn import BpmnError, read
from thaki.engine.findings import CODES, Finding
from thaki.engine.soundness import check
from thaki.procedures import sales

FIXTURES = Path(__file__).parents[2] / "fixtures" / "bpmn"
ENGINE = Path(check_file.__file__).parents[1] / "engine"


@pytest.fixture(autouse=True)
def spanish() -> object:
    """The words tested here are the source's."""
    with translation.override("es"):
        yield


def said(text: str, facts: dict[str, str] | None = None) -> list[str]:
    """The sentences about a drawing."""
    procedure = drawn(text, facts)
    return [say(each, procedure) for each in check(procedure)]


# -- sentences ---------------------------------------------------------------------------------------------------------


def test_a_gap_is_told_by_the_labels_of_its_facts() -> None:
    text = 'start S\nuser A\nxor G name=¿Acepta?\nend E\nend F\nS -> A -> G\nG -> E when a == "x"\nG -> F when a == "y"'
    assert said(text, {"a": "x y z w"}) == [
        "En la decisión «¿Acepta?» (G) ningún camino vale cuando «a» es «z» (2 de 4 combinaciones posibles)."
    ]


def test_an_overlap_names_its_ways() -> None:
    text = 'start S\nxor G\nend E\nend F\nS -> G\nG -> E when a == "x"\nG -> F when a in ["x", "y"]'
    assert said(text, {"a": "x y"}) == [
        "En la decisión «G» (G) vale más de un camino (el que va al fin «E» (E) y el que va al fin «F» (F)) "
        "cuando «a» es «x»."
    ]


def test_a_name_that_bears_its_number_is_not_numbered_twice() -> None:
    procedure = drawn("start S\nuser A step=7 name=7.Revisa\nuser B handler=- step=8\nend E\nS -> A -> B -> E")
    (finding,) = check(procedure)
    assert say_path(finding, procedure) == "Camino más corto: S → 7. Revisa → 8. B"


def test_what_it_asks_of_others_must_be_there() -> None:
    procedure = drawn("start S\ncall A calls=ghost\nend E\nS -> A -> E")
    (finding,) = check(procedure, procedures={"sales"})
    assert say(finding, procedure) == "La llamada «A» (A) llama al procedimiento «ghost», que no existe."
    procedure = drawn("start S\ncatch M message=nobody\nend E\nS -> M -> E")
    (finding,) = check(procedure, messages={"lost"})
    assert "espera el mensaje «nobody»" in say(finding, procedure)


def test_a_step_is_called_by_its_number_and_name_and_the_way_to_it_is_told() -> None:
    procedure = drawn("start S\nuser A step=7 name=Revisa\nuser B handler=- step=8\nend E\nS -> A -> B -> E")
    (finding,) = check(procedure)
    assert say(finding, procedure) == "El paso 8 «B» (B) no dice qué hace el sistema allí (thaki:handler)."
    assert say_path(finding, procedure) == "Camino más corto: S → 7. Revisa → 8. B"


def test_waiting_for_ever_is_told_without_speaking_of_tokens() -> None:
    text = 'start S\nxor G\nuser B\nuser C\nand J\nend E\nS -> G\nG -> B when a == "x"\nG -> C else\nB -> J\nC -> J\nJ -> E'
    (sentence,) = said(text, {"a": "x y"})
    assert sentence.startswith("El caso se queda esperando para siempre en la compuerta paralela «J» (J)")


@pytest.mark.parametrize("code", CODES)
def test_every_finding_has_a_sentence(code: str) -> None:
    procedure = drawn('start S\nuser A\nxor G\nend E\nS -> A -> G\nG -> E when a == "x"\nG -> A else', {"a": "x y"})
    params = dict.fromkeys(CODES[code], "1") | {"facts": "a=x", "flows": "F3 F4", "flow": "F3", "joins": "G"}
    node = "Lane_1" if code in ("lane_without_role", "role_unknown") else "G"
    assert "%(" not in say(Finding(code, node, params, ("S",)), procedure)


def _codes_raised() -> set[str]:
    """Codes in the engine's own text, so that a new one cannot be forgotten."""
    text = "".join(
        (ENGINE / f"{name}.py").read_text() for name in ("bpmn", "bpmn_elements", "bpmn_structure", "conditions")
    )
    return set(re.findall(r'(?:BpmnError|ConditionError)\(\s*"(\w+)"', text))


def test_every_refusal_has_a_sentence_and_every_sentence_a_refusal() -> None:
    assert _codes_raised() == set(SENTENCES)


def test_a_refusal_names_its_element() -> None:
    with pytest.raises(BpmnError) as caught:
        read(draw("start S\nscriptTask A\nend E\nS -> A -> E"))
    assert (
        say_unreadable(caught.value) == "El elemento «scriptTask» no se puede usar en un procedimiento. (Elemento «A».)"
    )


# -- the command -------------------------------------------------------------------------------------------------------


def test_the_shipped_procedures_are_sound(capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path(sales.__file__).parent
    assert check_file.main([str(each) for each in sorted(folder.glob("*.bpmn"))]) == 0
    assert "todo caso puede terminar" in capsys.readouterr().out


def test_findings_are_numbered_with_the_shortest_way_and_exit_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "p.bpmn"
    path.write_bytes(draw("start S\nand G\nuser A\nxor J\nuser C\nend E\nS -> G\nG -> A -> J\nG -> J\nJ -> C -> E"))
    assert check_file.main([str(path)]) == 1
    out = capsys.readouterr().out
    assert "3. " in out
    assert "dos veces a la vez" in out
    assert "Camino más corto: S → G → J" in out


@pytest.mark.parametrize(
    ("name", "code"), [("billion_laughs", 1), ("external_entity", 1), ("not_xml", 2), ("nowhere", 2)]
)
def test_what_cannot_be_read_is_one_sentence(name: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert check_file.main([str(FIXTURES / f"{name}.bpmn")]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1


def test_a_refusal_tells_the_way_to_its_element(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "p.bpmn"
    path.write_bytes(draw("start S\nuser A step=1\nuser B step=2\nend E\nS -> A -> B"))
    assert check_file.main([str(path)]) == 1
    assert capsys.readouterr().err.splitlines()[1].strip() == "Camino más corto: S → 1. A → 2. B"


def test_without_a_file_it_says_how_to_use_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_file.main([]) == 2
    assert "thaki check" in capsys.readouterr().err
