"""Whether every gateway has one way out, whatever the facts: by trying every combination."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import prod

from thaki.engine.conditions import Fact, combinations
from thaki.engine.findings import Finding
from thaki.engine.procedure import Flow, NodeKind, Procedure
from thaki.engine.tables import Place

MAX_COMBINATIONS = 100_000  # of the values of the facts that one gateway asks


def check_gateways(procedure: Procedure, path_to: Callable[[str], tuple[str, ...]]) -> Iterator[Finding]:
    """Findings about all gateways that choose; `path_to` gives the shortest way to a node."""
    for node in procedure.nodes.values():
        place = procedure.places[node.id]
        if place.conditional:
            yield from _check(place, path_to(node.id))


def _check(place: Place, path: tuple[str, ...]) -> Iterator[Finding]:
    facts = _asked(place.conditional)
    count = prod(len(fact.values) for fact in facts)
    if count > MAX_COMBINATIONS:
        params = {"combinations": str(count), "limit": str(MAX_COMBINATIONS)}
        yield Finding("too_many_combinations", place.node.id, params, path)
        return
    ways = [(each, _ways(place.conditional, each)) for each in combinations(facts)]
    if place.default is None:
        none = [each for each, flows in ways if not flows]
        yield from _report("gap", place, none, len(ways), path)
    if place.node.kind is NodeKind.EXCLUSIVE_GATEWAY:
        several = [each for each, flows in ways if len(flows) > 1]
        flows = _ways(place.conditional, several[0]) if several else []
        yield from _report("overlap", place, several, len(ways), path, flows)
    for flow in place.conditional:
        if not any(flow in flows for _, flows in ways) and flow.condition is not None:
            params = {"flow": flow.id, "condition": flow.condition.text}
            yield Finding("never_true", place.node.id, params, path)


def _report(
    code: str,
    place: Place,
    wrong: list[dict[str, str]],
    combinations: int,
    path: tuple[str, ...],
    flows: list[Flow] | None = None,
) -> Iterator[Finding]:
    """One finding for all the combinations, with the first of them as its example."""
    if wrong:
        params = {
            "facts": " ".join(f"{name}={value}" for name, value in wrong[0].items()),
            "count": str(len(wrong)),
            "combinations": str(combinations),
        }
        if flows:
            params["flows"] = " ".join(flow.id for flow in flows)
        yield Finding(code, place.node.id, params, path)


def _ways(flows: tuple[Flow, ...], facts: Mapping[str, str]) -> list[Flow]:
    return [each for each in flows if each.condition is not None and each.condition.holds(facts)]


def _asked(flows: tuple[Flow, ...]) -> list[Fact]:
    """The facts that any of the conditions asks, by name."""
    asked = {fact.name: fact for flow in flows if flow.condition for fact in flow.condition.facts}
    return [asked[name] for name in sorted(asked)]
