"""A customer who wants to leave, on his way through the adviser's steps, all of them the real ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from thaki.cases import operations, runtime, versions
from thaki.cases.models import Case, Task
from thaki.people.models import User
from thaki.people.roles import Role
from thaki.procedures.retention import shipped, stage
from thaki.procedures.retention.models import Retention

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # a Monday, 10:00 in Cochabamba
DAMAGED = [{"days_ago": 20, "fault": "cuts", "solved_days_ago": 18}, {"days_ago": 3, "fault": "cuts"}]
LOGINS = {"asesor1": Role.ASESOR_COMERCIAL, "asesor2": Role.ASESOR_COMERCIAL, "retencion1": Role.RESPONSABLE_RETENCION}


def ground() -> dict[str, User]:
    """Procedures, offers and people."""
    versions.forget()
    versions.seed(NOW)
    shipped.ensure()
    return {
        login: User.objects.create_user(login, roles=[role.value], email=f"{login}@comteco.example")
        for login, role in LOGINS.items()
    }


@dataclass
class Decided:
    """One case and its clock."""

    people: dict[str, User]
    start: dict[str, Any] = field(default_factory=dict)
    now: datetime = NOW
    case: Case = field(init=False)

    def __post_init__(self) -> None:
        payload = stage.set_up(dict(self.start), self.now)
        self.case = runtime.start("retention", payload, by=self.people["asesor1"], now=self.now)

    def does(self, node: str, login: str = "asesor1", **answer: Any) -> Retention:
        """Complete the task as its form asks."""
        self.now += timedelta(minutes=1)
        task = Task.objects.get(case=self.case, node=node, state="open")
        by = self.people[login]
        if task.assignee_id != by.pk:
            operations.claim(task.pk, by=by, now=self.now)
        operations.complete(task.pk, by=by, now=self.now, data=answer)
        return self.retention

    @property
    def retention(self) -> Retention:
        """As it is now."""
        return Retention.objects.get(pk=self.case.pk)

    @property
    def nodes(self) -> set[str]:
        """Where it waits for somebody."""
        return set(Task.objects.filter(case=self.case, state="open").values_list("node", flat=True))
