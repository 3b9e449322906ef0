"""Policy values: read, changed, kept in the history, and never believed after a rollback."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from thaki.people import policies
from thaki.people.calendar import add_office_time
from thaki.people.models import PlannedPolicy, Policy, User, history_of
from thaki.people.roles import Role
from thaki.people.working_hours import office_calendar

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
HOURS = "calendar.office_hours"


@pytest.fixture(autouse=True)
def fresh() -> None:
    policies.forget()


@pytest.fixture
def owner() -> User:
    return User.objects.create_user("procesos", roles=[Role.GESTION_CALIDAD.value], password="unguessable")


def test_a_value_nobody_set_is_the_default() -> None:
    assert policies.get(HOURS) == "08:30-12:30, 14:30-18:30"


def test_a_value_set_is_seen_at_once(owner: User) -> None:
    policies.get(HOURS)
    policies.set(HOURS, "08:00-16:00", by=owner, reason="Horario continuo", now=NOW)
    assert policies.get(HOURS) == "08:00-16:00"
    assert office_calendar().hours[0][0].hour == 8


def test_a_value_rolled_back_was_never_there(owner: User) -> None:
    policies.get(HOURS)
    with transaction.atomic():
        policies.set(HOURS, "08:00-16:00", by=owner, reason="Ensayo", now=NOW)
        assert policies.get(HOURS) == "08:00-16:00"
        transaction.set_rollback(True)
    assert policies.get(HOURS) == "08:30-12:30, 14:30-18:30"


def test_every_value_it_had_is_kept_with_who_and_why(owner: User) -> None:
    policies.set(HOURS, "08:00-16:00", by=owner, reason="Horario continuo", now=NOW)
    policies.set(HOURS, "09:00-17:00", by=owner, reason="Invierno", now=NOW + timedelta(days=1))
    kept = history_of(Policy).filter(code=HOURS).order_by("pgh_id").values_list("value", "reason", "changed_by")
    assert list(kept) == [("08:00-16:00", "Horario continuo", owner.pk), ("09:00-17:00", "Invierno", owner.pk)]


def test_it_refuses_a_value_that_does_not_fit(owner: User) -> None:
    with pytest.raises(policies.BadValue):
        policies.set(HOURS, "de sol a sol", by=owner, reason="", now=NOW)
    assert not Policy.objects.exists()


def test_a_code_nobody_defined_is_an_error() -> None:
    with pytest.raises(policies.UnknownPolicy):
        policies.get("nadie.nada")


def test_cochabambas_day_and_extra_holidays_do_not_count(owner: User) -> None:
    holidays = office_calendar().holidays
    assert date(2026, 9, 14) in holidays
    assert date(2026, 12, 24) not in holidays
    policies.set("calendar.extra_holidays", "2026-11-23", by=owner, reason="Tolerancia", now=NOW)
    friday_evening = datetime(2026, 11, 20, 22, 25, tzinfo=UTC)  # 18:25 in La Paz
    due = add_office_time(friday_evening, timedelta(minutes=15), office_calendar())
    assert f"{due:%Y-%m-%d %H:%M}" == "2026-11-24 08:40"


def test_its_owner_changes_a_value_on_the_page(client: Client, owner: User) -> None:
    client.force_login(owner)
    page = client.post(
        f"/politicas/{HOURS}/cambiar/", {"value": "08:00-16:00", "reason": "Horario continuo"}, follow=True
    )
    assert "Horario continuo" in page.content.decode()
    assert policies.get(HOURS) == "08:00-16:00"


def test_what_was_typed_stays_when_it_is_wrong(client: Client, owner: User) -> None:
    client.force_login(owner)
    page = client.post(f"/politicas/{HOURS}/cambiar/", {"value": "siempre", "reason": "Más atención"})
    assert page.status_code == 422
    assert "siempre" in page.content.decode() and "08:30-12:30" in page.content.decode()


def test_others_read_it_without_a_form(client: Client) -> None:
    client.force_login(User.objects.create_user("cajera", roles=[Role.CAJERO.value]))
    page = client.get(f"/politicas/{HOURS}/").content.decode()
    assert "Motivo del cambio" not in page


def test_an_earlier_value_is_taken_up_again_with_its_reason(client: Client, owner: User) -> None:
    client.force_login(owner)
    code = "sales.max_contact_attempts"
    for value, reason in (("6", "Campaña"), ("8", "Feria")):
        client.post(f"/politicas/{code}/cambiar/", {"value": value, "reason": reason})
    page = client.get(f"/politicas/{code}/").content.decode()
    assert "6 → 8" in page and "5 → 6" in page and "Volver a este valor" in page
    client.post(f"/politicas/{code}/cambiar/", {"value": "6", "reason": "Se vuelve al valor del 21/11/2026"})
    assert policies.get(code) == 6


def test_policies_are_found_without_accents(client: Client, owner: User) -> None:
    client.force_login(owner)
    page = client.get("/politicas/?q=intentos r-a9").content.decode()
    assert "Intentos de contacto" in page and "Validez de la Carta" not in page
    assert "Ninguna política coincide" in client.get("/politicas/?q=zzz").content.decode()
    assert "text.sales" not in client.get("/politicas/").content.decode()


# ---------------------------------------------------------------------- entered ahead
def test_a_value_entered_ahead_begins_by_itself_on_its_day(owner: User) -> None:
    day = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)  # midnight in La Paz
    with time_machine.travel(NOW, tick=False):
        policies.set(HOURS, "08:00-16:00", by=owner, reason="Verano", now=NOW, effective_from=day)
        assert policies.get(HOURS) == "08:30-12:30, 14:30-18:30"
    policies.forget()
    with time_machine.travel(day, tick=False):
        assert policies.get(HOURS) == "08:00-16:00"


def test_which_value_was_or_will_be_in_force_at_a_moment_is_told(owner: User) -> None:
    policies.set(HOURS, "08:00-16:00", by=owner, reason="Continuo", now=NOW)
    later = NOW + timedelta(days=10)
    policies.set(HOURS, "09:00-17:00", by=owner, reason="Invierno", now=NOW, effective_from=later)
    moments = (NOW - timedelta(days=1), NOW, later - timedelta(seconds=1), later)
    told = [policies.at(HOURS, moment) for moment in moments]
    assert told == ["08:30-12:30, 14:30-18:30", "08:00-16:00", "08:00-16:00", "09:00-17:00"]


def test_a_value_set_after_the_planned_one_began_stands(owner: User) -> None:
    day = NOW + timedelta(days=1)
    policies.set(HOURS, "08:00-16:00", by=owner, reason="Verano", now=NOW, effective_from=day)
    policies.set(HOURS, "09:00-17:00", by=owner, reason="Otra vez", now=day + timedelta(hours=1))
    policies.forget()
    with time_machine.travel(day + timedelta(hours=2), tick=False):
        assert policies.get(HOURS) == "09:00-17:00"


def test_it_is_entered_shown_and_taken_back_on_its_page(client: Client, owner: User) -> None:
    client.force_login(owner)
    page = f"/politicas/{HOURS}/"
    with time_machine.travel(NOW, tick=False):
        told = {"value": "08:00-16:00", "reason": "Verano", "effective_from": "2026-12-01"}
        client.post(f"{page}cambiar/", told)
        assert "desde el 01/12/2026" in client.get(page).content.decode()
        assert "cambia el 01/12/2026" in client.get("/politicas/").content.decode()
        client.post(f"{page}quitar-previsto/", {"from_at": PlannedPolicy.objects.get().from_at.isoformat()})
    assert not PlannedPolicy.objects.exists()


def test_once_it_has_begun_it_stands_in_the_history_and_stays(client: Client, owner: User) -> None:
    day = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)
    policies.set(HOURS, "08:00-16:00", by=owner, reason="Verano", now=NOW, effective_from=day)
    policies.forget()
    with time_machine.travel(day + timedelta(days=1), tick=False):
        client.force_login(owner)
        page = client.get(f"/politicas/{HOURS}/").content.decode()
        answer = client.post(f"/politicas/{HOURS}/quitar-previsto/", {"from_at": day.isoformat()}, follow=True)
    assert "08:30-12:30, 14:30-18:30 → 08:00-16:00" in page
    assert "ya rige" in answer.content.decode()
    assert PlannedPolicy.objects.exists()


def test_a_day_that_is_over_is_refused(client: Client, owner: User) -> None:
    client.force_login(owner)
    with time_machine.travel(NOW, tick=False):
        told = {"value": "08:00-16:00", "reason": "Verano", "effective_from": "2026-11-01"}
        answer = client.post(f"/politicas/{HOURS}/cambiar/", told)
    assert answer.status_code == 422
