"""A contact attempt in one key, from the list, the agenda or the case: within the rules of step 1 (R-A9)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from thaki.cases import operations
from thaki.cases.models import Case, Task
from thaki.cases.runtime import AnswerInvalid
from thaki.people.models import User
from thaki.records.prospects.when import parse_when
from thaki.records.reasons import RuleError

ACTION = "sales.contact_attempt"
# What a key says, and the result that it is (of ContactAttempt.Result).
QUICK = (
    ("no_answer", "1", _("No contestó"), "phone-off"),
    ("call_back", "2", _("Volver a llamar"), "calendar-time"),
    ("false_data", "3", _("Número equivocado"), "user-x"),
    ("talked", "4", _("Conversó"), "message"),
)
RESULTS = frozenset(result for result, _key, _name, _icon in QUICK)


def note_attempt(case: Case, result: str, when: str = "", *, by: User, now: datetime, submission_key: str = "") -> None:
    """Note how a call ended. Who was talked to at step 1 has been reached: that answers the step.

    Raises RuleError for what cannot be read, and whatever the action and the step refuse (NotNow, NotAllowed, AnswerInvalid).
    """
    if result not in RESULTS:
        raise RuleError("attempt_unknown")
    call_back = parse_when(when, timezone.localtime(now)) if result == "call_back" else None
    step = _first_step(case) if result == "talked" else None
    try:
        if step is not None:
            operations.complete(step.pk, by=by, now=now, data={"channel": "call"}, submission_key=submission_key)
            return
        data: dict[str, Any] = {"channel": "call", "result": result}
        if call_back is not None:
            data["call_back_at"] = call_back.isoformat()
        operations.perform(case.pk, ACTION, by=by, now=now, data=data, submission_key=submission_key)
    except AnswerInvalid as refused:
        errors = [str(error) for texts in refused.form.errors.values() for error in texts]
        raise RuleError("attempt_refused", why=" ".join(errors)) from refused


def _first_step(case: Case) -> Task | None:
    return Task.objects.filter(case=case, state=Task.State.OPEN, step="1").first()
