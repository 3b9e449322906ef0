"""What the reader understands, and what it refuses by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from SpiffWorkflow.bpmn.parser import BpmnParser, BpmnValidator
from tests.unit.engine.drawing import draw
from tests.unit.engine.models import random_model

from thaki.engine.bpmn import BPMN, BpmnError, read
from thaki.engine.procedure import NodeKind, Procedure, TimerKind, TimerSpec, Trigger
from thaki.engine.soundness import check

FIXTURES = Path(__file__).parents[2] / "fixtures" / "bpmn"


@pytest.fixture(scope="module")
def loan() -> Procedure:
    """A file as a modeler saves it."""
    (found,) = read((FIXTURES / "loan.bpmn").read_bytes())
    return found


def test_a_modelers_file_is_read_unchanged(loan: Procedure) -> None:
    assert (loan.id, loan.code, loan.prefix, loan.name) == ("loan", "loan", "PRE", "Préstamo de un libro")
    assert loan.documentation == "Del pedido a la devolución."
    assert loan.readings == {"R-1": "Un lector sin carnet se atiende en sala."}
    assert loan.facts["member"].values == {"unknown": "No se sabe", "yes": "Sí", "no": "No"}
    assert loan.starts == ("Start_1",)
    assert check(loan, handlers={"loan.receive", "loan.fetch", "loan.remind"}, roles={"desk", "store"}) == ()


def test_what_the_engine_does_not_need_is_kept(loan: Procedure) -> None:
    assert loan.extras_named("header")[0].attributes["approved"] == "Dirección"
    assert loan.extras_named("definition")[0].text == "Quien pide un libro."
    assert loan.extras_named("kpi")[0].extras[0].text == "n"


def test_a_node_has_all_that_the_file_says_of_it(loan: Procedure) -> None:
    node = loan.nodes["Step_1"]
    assert (node.kind, node.name, node.step, node.handler) == (
        NodeKind.USER_TASK,
        "Atiende el pedido",
        "1",
        "loan.receive",
    )
    assert (node.lane, node.role, node.reading, node.documentation) == ("Lane_1", "desk", "R-1", "Se mira el carnet.")
    assert node.due == TimerSpec(TimerKind.DURATION, "PT30M", "office", "loan.minutes")
    late = loan.nodes["Late_1"]
    assert late.timer == TimerSpec(TimerKind.DURATION, "P15D", policy="loan.days", unit="days")
    assert (late.attached_to, late.interrupting, late.trigger) == ("Step_2", False, Trigger.TIMER)
    assert loan.nodes["Step_2_2"].message == "book_returned"
    assert loan.nodes["End_1"].outcome == "returned"


def test_the_innermost_lane_counts_also_inside_a_sub_process(loan: Procedure) -> None:
    assert loan.nodes["Step_2"].role == "store"
    assert loan.nodes["Step_2_1"].role == "store"


def test_steps_come_in_the_order_of_their_numbers(loan: Procedure) -> None:
    assert [node.step for node in loan.steps()] == ["1", "2", "2.1", "2.2", "3"]
    text = "start S\n" + "\n".join(f"user T{n} step={n}" for n in (10, 9, 2)) + "\nend E\nS -> T10 -> T9 -> T2 -> E"
    (drawn,) = read(draw(text))
    assert [node.step for node in drawn.steps()] == ["2", "9", "10"]


def test_several_processes_of_a_file_are_several_procedures() -> None:
    process = (
        '<process id="{0}"><startEvent id="S{0}"/><endEvent id="E{0}"/>'
        '<sequenceFlow id="F{0}" sourceRef="S{0}" targetRef="E{0}"/></process>'
    )
    inner = process.format("a") + process.format("b") + '<process id="c" isExecutable="false"/>'
    assert [each.id for each in read(_document(inner))] == ["a", "b"]


def _document(inner: str) -> bytes:
    return f'<definitions xmlns="{BPMN}" xmlns:thaki="urn:thaki:bpmn:1" id="D" targetNamespace="u">{inner}</definitions>'.encode()


PLAIN = "start S\nuser A\nend E\nS -> A -> E"


def _refused(xml: bytes) -> BpmnError:
    with pytest.raises(BpmnError) as caught:
        read(xml)
    return caught.value


# -- hostile and broken files ------------------------------------------------------------------


@pytest.mark.parametrize("name", ["billion_laughs", "external_entity"])
def test_entities_are_refused_unread(name: str) -> None:
    assert _refused((FIXTURES / f"{name}.bpmn").read_bytes()).code == "xml_forbidden"


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"\x00\x01",
        b"<a>",
        (FIXTURES / "not_xml.bpmn").read_bytes(),
        b'<?xml version="1.0" encoding="nonsense"?><a/>',
    ],
)
def test_what_is_not_xml_is_refused(xml: bytes) -> None:
    assert _refused(xml).code == "not_xml"


def test_a_fault_in_the_xml_is_told_by_line_and_column() -> None:
    assert _refused((FIXTURES / "not_xml.bpmn").read_bytes()).params == {"line": "4", "column": "3"}


def test_other_xml_and_too_much_of_it_are_refused() -> None:
    assert _refused(b"<html/>").code == "not_bpmn"
    assert _refused(b" " * 2_000_001).code == "too_big"
    assert _refused(_document("")).code == "no_process"
    many = "".join(f'<endEvent id="E{n}"/>' for n in range(2_001))
    assert _refused(_document(f'<process id="p">{many}</process>')).code == "too_many"


def test_sub_processes_nested_without_end_are_refused() -> None:
    depth = 500
    inner = "".join(f'<subProcess id="P{n}">' for n in range(depth)) + "</subProcess>" * depth
    assert _refused(_document(f'<process id="p">{inner}</process>')).code == "too_deep"


@given(st.binary(max_size=200))
def test_no_bytes_do_worse_than_being_refused(xml: bytes) -> None:
    with pytest.raises(BpmnError):
        read(xml)


# -- what is outside ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "element",
    [
        "task",
        "scriptTask",
        "complexGateway",
        "transaction",
        "adHocSubProcess",
        "callChoreography",
        "implicitThrowEvent",
    ],
)
def test_elements_outside_the_subset_are_refused_by_name(element: str) -> None:
    found = _refused(draw(f"start S\n{element} A\nend E\nS -> A -> E"))
    assert (found.code, found.element_id, found.params["element"]) == ("unsupported", "A", element)


@pytest.mark.parametrize("definition", ["signal", "conditional", "compensate", "cancel"])
def test_triggers_outside_the_subset_are_refused_by_name(definition: str) -> None:
    tag = f"{definition}EventDefinition"
    xml = draw(PLAIN).replace(b'<endEvent id="E" name="E">', f'<endEvent id="E"><{tag} id="X"/>'.encode())
    assert _refused(xml).params == {"element": tag}


@pytest.mark.parametrize(
    ("kind", "trigger"),
    [("start", "error=x"), ("start", "escalation=x"), ("end", "timer=P1D"), ("end", "link=x"), ("catch", "error=x"),
     ("catch", ""), ("throw", "timer=P1D"), ("boundary", "link=x on=A"), ("boundary", "terminate on=A"), ("throw", "terminate")],
)  # fmt: skip
def test_a_trigger_in_the_wrong_place_is_refused(kind: str, trigger: str) -> None:
    found = _refused(draw(f"start S\nuser A\n{kind} X {trigger}\nend E\nS -> A -> E"))
    assert (found.code, found.element_id) == ("unsupported_event", "X")


def test_a_triggered_start_inside_a_sub_process_is_refused() -> None:
    xml = draw("start S\nsub P\nstart S2 message=m in=P\nend E2 in=P\nend E\nS -> P -> E\nS2 -> E2")
    assert _refused(xml).code == "unsupported_event"


@pytest.mark.parametrize(
    ("attribute", "element"),
    [
        ('isForCompensation="true"', "userTask"),
        ('startQuantity="2"', "userTask"),
        ('parallelMultiple="true"', "startEvent"),
    ],
)
def test_attributes_that_would_change_the_run_are_refused(attribute: str, element: str) -> None:
    xml = draw(PLAIN).replace(f"<{element} ".encode(), f"<{element} {attribute} ".encode())
    found = _refused(xml)
    assert found.code == "unsupported_attribute"
    assert f'{found.params["attribute"]}="{found.params["value"]}"' == attribute


@pytest.mark.parametrize("kind", ["multiInstanceLoopCharacteristics", "standardLoopCharacteristics"])
@pytest.mark.parametrize(
    "activity", [b'<userTask id="A" name="A" thaki:handler="test.work">', b'<subProcess id="P" name="P">']
)
def test_loop_markers_are_refused(kind: str, activity: bytes) -> None:
    text = "start S\nuser A\nsub P\nstart S2 in=P\nend E2 in=P\nend E\nS -> A -> P -> E\nS2 -> E2"
    assert _refused(draw(text).replace(activity, activity + f"<{kind}/>".encode())).params == {"element": kind}


def test_an_event_sub_process_is_refused() -> None:
    xml = draw(INSIDE).replace(b'<subProcess id="P"', b'<subProcess triggeredByEvent="true" id="P"')
    assert _refused(xml).params["attribute"] == "triggeredByEvent"


def test_a_slip_in_our_own_attributes_is_refused() -> None:
    found = _refused(draw(PLAIN).replace(b"thaki:handler", b"thaki:handlr"))
    assert (found.code, found.element_id, found.params) == ("unknown_attribute", "A", {"attribute": "handlr"})


def test_two_triggers_on_one_event_are_refused() -> None:
    xml = draw(PLAIN).replace(
        b'<endEvent id="E" name="E">', b'<endEvent id="E"><terminateEventDefinition/><errorEventDefinition/>'
    )
    assert _refused(xml).code == "several_triggers"


INSIDE = "start S\nsub P\nstart S2 in=P\nend E2 in=P\nend E\nS -> P -> E\nS2 -> E2\n"


# -- incorrect diagrams ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "element"),
    [
        ("start S\nuser A\nend E\nS -> A", "no_way_out", "A"),
        ("start S\nuser A\nend E\nS -> A -> E\nE -> A", "flow_out_of", "E"),
        ("start S\nuser A\nend E\nS -> A -> E\nA -> S", "flow_into", "S"),
        ("start S\nuser A\nend E\nS -> A -> B", "flow_end_unknown", "F2"),
        ("user A\nend E\nA -> E", "no_start", ""),
        ("start S\nuser A\nS -> A\nA -> A", "no_end", ""),
        (f"{INSIDE}start S3 in=P\nS3 -> E2", "several_starts", "P"),
        (f"{INSIDE}user A in=P\nA -> E", "flow_crosses", "F4"),
        ("start S\nuser A\nboundary B on=X timer=P1D\nend E\nS -> A -> E\nB -> E", "attached_nowhere", "B"),
        ("start S\nxor A\nboundary B on=A timer=P1D\nend E\nS -> A -> E\nB -> E", "attached_nowhere", "B"),
        ("start S\nuser A back=Q\nend E\nS -> A -> E", "back_to_unknown", "A"),
        ("start S\nservice A back=S\nend E\nS -> A -> E", "back_to_not_here", "A"),
        ("start S\nxor G\nuser A\nend E\nS -> G\nG -> A -> E\nG -> E", "condition_missing", "F2"),
        ('start S\nuser A\nend E\nS -> A\nA -> E when a == "x"', "condition_not_here", "F2"),
        ("start S\nand G\nuser A\nend E\nS -> G\nG -> A -> E\nG -> E else", "default_not_here", "F4"),
        ("start S\nthrow A link=x\nend E\nS -> A\nS -> E", "link_halves", "A"),
        ("start S\ncatch A link=x\nend E\nS -> A -> E", "flow_into", "A"),
        ("start S\nrace G\nuser A\nend E\nS -> G -> A -> E", "race_target", "A"),
        ("start S\nrace G\ncatch A message=m\nend E\nS -> G -> A -> E\nS -> A", "race_target", "A"),
        ("start S\ncall A\nend E\nS -> A -> E", "called_missing", "A"),
        ("start S\ncatch A message=any\nend E\nS -> A -> E", "message_missing", "A"),
        ("start S\ncatch A timer=soon\nend E\nS -> A -> E", "timer_malformed", "A"),
        ("start S\ncatch A date=tomorrow\nend E\nS -> A -> E", "timer_malformed", "A"),
        ("start S\ncatch A cycle=R3\nend E\nS -> A -> E", "timer_malformed", "A"),
        ("start S\nuser A due=later\nend E\nS -> A -> E", "timer_malformed", "A"),
        ("start S\nuser Lanes\nend E\nS -> Lanes -> E", "id_twice", "Lanes"),
    ],
)  # fmt: skip
def test_an_incorrect_diagram_is_refused(text: str, code: str, element: str) -> None:
    found = _refused(draw(text, {"a": "x y"}))
    assert (found.code, found.element_id) == (code, element)


def test_a_condition_that_is_refused_names_its_flow() -> None:
    found = _refused(draw('start S\nxor G\nend E\nend F\nS -> G\nG -> E when a == "z"\nG -> F else', {"a": "x y"}))
    assert (found.code, found.element_id, found.params["value"]) == ("value_undeclared", "F2", "z")


def test_conditions_in_another_language_are_refused() -> None:
    text = 'start S\nxor G\nend E\nend F\nS -> G\nG -> E when a == "x"\nG -> F else'
    xml = draw(text, {"a": "x y"}).replace(b"https://cel.dev", b"http://www.w3.org/1999/XPath")
    found = _refused(xml)
    assert (found.code, found.params["language"]) == ("expression_language", "http://www.w3.org/1999/XPath")


@pytest.mark.parametrize(
    ("extension", "code"),
    [
        ('<thaki:fact name="a"/>', "fact_values"),
        ('<thaki:fact name="a b"><thaki:value name="x"/></thaki:fact>', "fact_name"),
        ('<thaki:fact name="in"><thaki:value name="x"/></thaki:fact>', "fact_name"),
        ('<thaki:fact name="a"><thaki:value name="x y"/></thaki:fact>', "fact_values"),
        ('<thaki:fact name="a"><thaki:value name="x"/></thaki:fact>' * 2, "fact_twice"),
    ],
)
def test_facts_need_a_name_and_values(extension: str, code: str) -> None:
    xml = draw(PLAIN).replace(b"</extensionElements>", extension.encode() + b"</extensionElements>")
    assert _refused(xml).code == code


def test_unknown_references_and_calendars_are_refused() -> None:
    xml = draw("start S\nreceive A message=m\nend E\nS -> A -> E")
    assert _refused(xml.replace(b'messageRef="message_m"', b'messageRef="other"')).code == "reference_unknown"
    xml = draw("start S\ncatch A timer=P1D\nend E\nS -> A -> E")
    odd = xml.replace(b'<intermediateCatchEvent id="A"', b'<intermediateCatchEvent thaki:calendar="moon" id="A"')
    assert _refused(odd).params == {"calendar": "moon", "unit": "minutes"}


# -- the tests' own drawings -------------------------------------------------------------------


def test_the_drawings_of_the_tests_are_bpmn_by_its_schema() -> None:
    validator = BpmnValidator()
    for seed in range(40):
        model = random_model(seed, size=10)
        BpmnParser(validator=validator).add_bpmn_str(draw(model.text, model.facts))


def test_a_refusal_tells_the_shortest_way_to_what_it_refuses() -> None:
    text = "start S\nuser A step=1 name=Ask\nsub P\nboundary T on=P timer=P1D\nuser B step=3\nuser C step=4\nend E\n"
    inside = "start S2 in=P\nuser I in=P step=2\nend E2 in=P\nS -> A -> P -> E\nA -> C -> E\n"
    assert _refused(draw(text + inside + "T -> B\nS2 -> I -> E2")).path == ("S", "1. Ask", "P", "T", "3. B")
    assert _refused(draw(text + inside + "T -> B -> E\nS2 -> I")).path == ("S", "1. Ask", "P", "S2", "2. I")
    text = 'start S\nuser A\nxor G\nend E\nend F\nS -> A -> G\nG -> E when a == "z"\nG -> F else'
    assert _refused(draw(text, {"a": "x"})).path == ("S", "A", "G")
    assert _refused(draw("start S\nuser A\ntask B\nend E\nS -> A -> E\nB -> E")).path == ()
