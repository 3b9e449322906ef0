"""The API is what its description says, whatever it is asked: schemathesis asks every address in every way that it finds.

Bounded and repeatable: some dozens of made-up requests an address, the same ones each time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import CHECKS
from tests.integration.api.conftest import Caller

from thaki.api import service
from thaki.cases.models import Case
from thaki.people import policies

pytestmark = pytest.mark.django_db
SOME = 15  # made-up requests an operation and mode
PATHS = [(method.upper(), path) for path, methods in service.description()["paths"].items() for method in methods]


@pytest.fixture(scope="module")
def described() -> Any:
    """The description as schemathesis reads it, and the application that it describes."""
    loaded = schemathesis.openapi.from_dict(json.loads(json.dumps(service.description())))
    loaded.app = get_wsgi_application()
    return loaded


def test_the_description_is_openapi_31() -> None:
    assert service.description()["openapi"].startswith("3.1")


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """All requests are asked inside the test's transaction, on its connection; Django's own test client does the same."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("method", "path"), PATHS, ids=lambda value: str(value))
def test_every_answer_is_as_described(
    method: str, path: str, mode: Any, described: Any, case: Case, caller: Callable[..., Caller]
) -> None:
    from django.utils import timezone

    policies.set("api.requests_per_minute", 100_000, by=None, reason="prueba", now=timezone.now())
    asked = caller("jefeventas1" if "report" in path else "ejecutivo1")
    operation = described[path][method]

    @seed(20261121)
    @settings(
        max_examples=SOME,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(made=operation.as_strategy(generation_mode=mode))
    def ask(made: Any) -> None:
        if mode == schemathesis.GenerationMode.POSITIVE and made.query:
            made.query.pop("cursor", None)  # a description cannot say which texts are cursors
        headers = {"Authorization": f"Bearer {asked.key}", "Accept-Encoding": "identity"}
        made.call_and_validate(headers=headers, excluded_checks=_not_ours(path))

    ask()


def _not_ours(path: str) -> list[Any]:
    """Checks that have no meaning within one request of a test, or that ask more than a description can say."""
    found = ["use_after_free", "ensure_resource_availability", "ignored_auth"]
    if path.endswith(("/prospects", "/complete")):  # a telephone or an e-mail; what the step's own form asks
        found.append("positive_data_acceptance")
    return [CHECKS.get_one(name) for name in found]
