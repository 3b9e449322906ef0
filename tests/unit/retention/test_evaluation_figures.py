"""The figures of the monthly evaluation (RET 15)."""

from decimal import Decimal

from thaki.procedures.retention.rules_evaluation import Ended, Fell, evaluate


def _case(number: str = "RET-1", **told: object) -> Ended:
    return Ended(**{"number": number, "offer": "removal", "kept": True, "left": False, **told})  # type: ignore[arg-type]


def test_each_offer_has_its_cases_cost_and_what_it_kept() -> None:
    found = evaluate(
        [
            _case("1", cost_bob=Decimal("189.00")),
            _case("2", kept=False, left=True, reason="competitor", cost_bob=Decimal("100.00")),
            _case("3", offer="go_on_tv", cost_bob=Decimal("30")),
        ]
    )
    line = found.offers[0]
    assert (line.key, line.cases, line.kept, line.left) == ("removal", 2, 1, 1)
    assert (line.cost_bob, line.kept_percent, line.cost_of_kept_bob) == (Decimal(289), Decimal(50), Decimal(289))
    assert found.reasons == (("competitor", 1),)


def test_a_recurrence_is_charged_to_the_task_and_the_technician_that_it_followed() -> None:
    case = _case(tasks=("wifi", "drop"), technicians=(7, 8), orders=2, fell=(Fell(tasks=("wifi",), technician=7),))
    found = evaluate([case])
    assert {line.key: line.recurrences for line in found.tasks} == {"wifi": 1, "drop": 0}
    assert {line.key: line.recurrences for line in found.technicians} == {"7": 1, "8": 0}
    assert found.offers[0].recurrences == found.total.recurrences == 1


def test_a_task_done_twice_in_a_case_is_one_case() -> None:
    assert evaluate([_case(tasks=("wifi", "wifi"))]).tasks[0].cases == 1


def test_what_nobody_was_kept_by_costs_nothing_a_head() -> None:
    line = evaluate([_case(kept=False, cost_bob=Decimal(50))]).total
    assert line.cost_of_kept_bob is None
    assert evaluate([]).total.kept_percent is None
