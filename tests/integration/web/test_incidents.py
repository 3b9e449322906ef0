"""Incidents: tried again, corrected, or left undone with a reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from tests.integration.web.conftest import done
from tests.toy import procedure as toy

from thaki.cases import effects
from thaki.cases.models import Case, Effect, Incident
from thaki.cases.registry import EffectError
from thaki.people.models import User

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def incident(case: Case, ana: User, hugo: User) -> Incident:
    """The invoice could not be made."""
    done(case, "Ask", ana, wish="internet")
    done(case, "Check", hugo, verdict="yes")
    toy.TROUBLE.append(EffectError("la caja no responde", retry=False))
    effects.run(Effect.objects.get(kind="toy.invoice").pk, now=timezone.now())
    return Incident.objects.get(case=case)


def test_it_shows_them_to_who_may_mend_them(as_: SignIn, rita: User, ana: User, incident: Incident) -> None:
    assert "la caja no responde" in as_(rita).get("/incidentes/").content.decode()
    assert "la caja no responde" not in as_(ana).get("/incidentes/").content.decode()


def test_trying_again(as_: SignIn, rita: User, incident: Incident) -> None:
    as_(rita).post(f"/incidentes/{incident.pk}/reintentar/")
    incident.refresh_from_db()
    assert (incident.resolution, incident.resolved_by) == ("retried", rita)


def test_correcting_what_it_was_given(as_: SignIn, rita: User, incident: Incident) -> None:
    client = as_(rita)
    assert "100.00" in client.get(f"/incidentes/{incident.pk}/corregir/").content.decode()
    client.post(f"/incidentes/{incident.pk}/corregir/", {"amount": "120.00", "reason": "Era otra tarifa"})
    assert incident.effect is not None
    assert Effect.objects.get(pk=incident.effect.pk).payload["amount"] == "120.00"


def test_going_on_without_it_needs_a_reason(as_: SignIn, rita: User, incident: Incident) -> None:
    client = as_(rita)
    assert client.post(f"/incidentes/{incident.pk}/omitir/", {"reason": ""}).status_code == 422
    client.post(f"/incidentes/{incident.pk}/omitir/", {"reason": "Se facturó a mano"})
    incident.refresh_from_db()
    assert (incident.resolution, incident.reason) == ("skipped", "Se facturó a mano")


def test_the_second_to_mend_it_is_told_who_was_first(as_: SignIn, rita: User, incident: Incident) -> None:
    client = as_(rita)
    client.post(f"/incidentes/{incident.pk}/reintentar/")
    page = client.post(f"/incidentes/{incident.pk}/reintentar/", follow=True)
    assert "ya resolvió este incidente" in page.content.decode()


def test_others_may_not(as_: SignIn, ana: User, incident: Incident) -> None:
    assert as_(ana).post(f"/incidentes/{incident.pk}/reintentar/").status_code == 403


def test_the_case_s_page_warns_of_it(as_: SignIn, ana: User, incident: Incident) -> None:
    assert "la caja no responde" in as_(ana).get(f"/casos/{incident.case.number}/").content.decode()
