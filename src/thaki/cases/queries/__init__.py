"""What the screens read. Nothing here writes, and no list costs more because there are more closed cases.

Lists are querysets in their order, to be paged by the caller; pages are dataclasses made with a fixed number of queries.
"""

from thaki.cases.queries.case_page import CasePage, StepState, case_page, history, remarks, stepper
from thaki.cases.queries.diagram import DiagramState, NodeState, diagram_state
from thaki.cases.queries.heat import Heat, NodeHeat, heat
from thaki.cases.queries.lists import CaseFilters, cases, incidents, incidents_for, search
from thaki.cases.queries.worklist import (
    Counts,
    Filters,
    StepCount,
    available,
    count_each,
    counts,
    counts_per_step,
    mine,
    next_task,
    node_of,
    supervised,
)

__all__ = [
    "CaseFilters",
    "CasePage",
    "Counts",
    "DiagramState",
    "Filters",
    "Heat",
    "NodeHeat",
    "NodeState",
    "StepCount",
    "StepState",
    "available",
    "case_page",
    "cases",
    "count_each",
    "counts",
    "counts_per_step",
    "diagram_state",
    "heat",
    "history",
    "incidents",
    "incidents_for",
    "mine",
    "next_task",
    "node_of",
    "remarks",
    "search",
    "stepper",
    "supervised",
]
