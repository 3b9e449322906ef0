"""Claims, bajas and the Central de Riesgos come in by file: right rows stay, wrong ones say why."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from thaki.integrations.credit_bureau.models import RiskEntry
from thaki.integrations.credit_bureau.port import get_bureau
from thaki.people.models import User
from thaki.records.claims import changes
from thaki.records.claims.models import Claim
from thaki.records.claims.queries import of_customer
from thaki.records.claims.rules import repeated_damage
from thaki.records.customers.models import Customer, Subscription
from thaki.records.offers.models import Plan
from thaki.records.withdrawals.models import Withdrawal
from thaki.reporting.imports import jobs, kind_of, operations, running
from thaki.reporting.imports.models import Import

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
CLAIMS = "Número de reclamo;Nro servicio;Falla;Fecha del reclamo;Fecha de solución;Solución;Reabierto el;Reiteraciones"
BAJAS = "Nro baja;Servicio;Fecha de solicitud;Tipo de baja;Motivo;Equipos;Certificado;Fecha efectiva"
RISKS = "Carnet;NIT;Nombre;Entidad;Monto;Desde;Hasta"


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ana() -> User:
    return User.objects.create_user("ana", roles=["responsable_retencion"])


@pytest.fixture
def line() -> Subscription:
    plan = Plan.objects.create(
        code="FO60", name="Fibra 60", technology="FO", kind="internet", down_mbps=60, up_mbps=30, tariff_bob=189,
        valid_from_on=date(2026, 1, 1),
    )  # fmt: skip
    customer = Customer.objects.create(
        code="S-1", given_names="Juan", surnames="Quispe", ci_number="4567890", registered_at=NOW
    )
    return Subscription.objects.create(
        customer=customer, plan=plan, number="4251234", technology="FO", since_on=date(2026, 1, 10)
    )


def brought(code: str, by: User, *rows: str, head: str) -> Import:
    """A file imported as the job does it."""
    kind = kind_of(code)
    assert kind is not None
    found = operations.receive(kind, "\n".join([head, *rows]).encode(), name="archivo.csv", by=by, now=NOW)
    operations.remap(found.pk, kind, found.mapping, {})
    operations.start(found.pk, kind, by=by, now=NOW)
    jobs.run_import(found.pk)
    found.refresh_from_db()
    return found


def reasons(found: Import) -> list[str]:
    return [row.reason for row in found.rows.order_by("number")]


def test_claims_come_in_and_make_repeated_damage(ana: User, line: Subscription) -> None:
    found = brought(
        "claims",
        ana,
        "SF-1;4251234;Cortes frecuentes;03/11/2026 09:15;05/11/2026;Cambio de conector;;",
        "SF-2;4251234;lento;15/11/2026 18:00;;;;17/11/2026 10:00; 18/11/2026",
        head=CLAIMS,
    )
    assert (found.state, found.accepted, found.refused) == ("done", 2, 0)
    claims = of_customer(line.customer_id)
    assert [(one.claim.number, one.claim.fault, len(one.again)) for one in claims] == [
        ("SF-2", "slow", 1),
        ("SF-1", "cuts", 0),
    ]
    assert repeated_damage([one.seen() for one in claims], now=NOW)[0].answer == "yes"


def test_wrong_claims_are_refused_each_with_its_reasons(ana: User, line: Subscription) -> None:
    found = brought(
        "claims",
        ana,
        "SF-1;4251234;Cortes;22/11/2026;;;;",
        "SF-2;999;Cortes;03/11/2026;;;;",
        "SF-3;4251234;Paloma;ayer;;;;",
        "SF-4;4251234;TV;03/11/2026;01/11/2026;Listo;;",
        "SF-5;4251234;TV;03/01/2026;;;;",
        "SF-6;4251234;TV;03/11/2026;04/11/2026;;;",
        head=CLAIMS,
    )
    assert (found.accepted, found.refused) == (0, 6)
    future, unknown, words, order, before, mute = reasons(found)
    assert "futura" in future
    assert "999" in unknown
    assert "Paloma" in words
    assert "ayer" in words
    assert "solución" in order
    assert "03/01/2026" in before
    assert "solucionó" in mute


def test_the_same_claim_again_is_brought_up_to_date(ana: User, line: Subscription) -> None:
    brought("claims", ana, "SF-1;4251234;Cortes;03/11/2026;;;;", head=CLAIMS)
    found = brought("claims", ana, "SF-1;4251234;Cortes;03/11/2026;05/11/2026;Cambio de drop;10/11/2026;", head=CLAIMS)
    assert (found.accepted, found.noted) == (1, 1)
    claim = Claim.objects.get()
    assert claim.is_open
    assert claim.reiterations.get().reopens


def test_who_waits_for_a_claim_is_told_of_an_imported_one(
    ana: User, line: Subscription, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(changes, "_listeners", [lambda claim, at: told.append(claim.number)])
    brought("claims", ana, "SF-1;4251234;Cortes;03/11/2026;;;;", head=CLAIMS)
    assert told == ["SF-1"]


def test_the_preview_says_what_each_row_would_do(ana: User, line: Subscription) -> None:
    kind = kind_of("claims")
    assert kind is not None
    assert kind.foresee is not None
    values = dict.fromkeys((field.code for field in kind.fields), "")
    rows = []
    for number, service in ((2, "4251234"), (3, "999")):
        said = {**values, "number": f"SF-{number}", "service": service, "fault": "tv", "claimed_at": "03/11/2026"}
        rows.append(running.Row(number, kind.validate(said, {})))
    told = kind.foresee(rows, running.Batch(1, ana, NOW))
    assert told == ["Nuevo", "No hay ningún servicio con el número «999»."]


def test_bajas_come_in_by_the_day_of_the_request(ana: User, line: Subscription) -> None:
    found = brought(
        "withdrawals", ana, 'SF-B-1;4251234;31/10/2026;Voluntaria;Traslado;"ONT; Deco";si;05/11/2026', head=BAJAS
    )
    assert (found.accepted, found.refused) == (1, 0), reasons(found)
    made = Withdrawal.objects.get()
    assert (made.number, made.requested_on, made.kind, made.reason) == (
        "SF-B-1",
        date(2026, 10, 31),
        "requested",
        "Traslado",
    )
    line.refresh_from_db()
    assert (line.status, line.ended_on) == ("withdrawn", date(2026, 11, 5))


def test_a_second_baja_of_a_service_is_refused(ana: User, line: Subscription) -> None:
    found = brought("withdrawals", ana, *[";4251234;31/10/2026;mora;Mora;;;"] * 2, head=BAJAS)
    assert (found.accepted, found.refused) == (1, 1)
    assert "ya tiene la baja" in reasons(found)[0]


def test_the_list_of_risks_comes_in_is_looked_up_and_brought_up_to_date(ana: User) -> None:
    rows = ("4567890;;Juan Quispe;Banco Unión;1.250,00;15/03/2026;", ";1020304;Sol SRL;BNB;;01/02/2026;")
    assert brought("credit_bureau", ana, *rows, head=RISKS).accepted == 2
    bureau = get_bureau()
    (entry,) = bureau.look_up(ci_number="4567890", on=NOW.date())
    assert entry.entity == "Banco Unión"
    assert entry.amount_bob == 1250
    assert bureau.look_up(nit="1020304", on=NOW.date())
    assert not bureau.look_up(ci_number="4567890", on=date(2026, 3, 14))
    assert not bureau.look_up(ci_number="1111111", on=NOW.date())
    cleared = brought("credit_bureau", ana, "4567890;;Juan Quispe;Banco Unión;0;15/03/2026;20/11/2026", head=RISKS)
    assert cleared.noted == 1
    assert RiskEntry.objects.count() == 2
    assert not bureau.look_up(ci_number="4567890", on=NOW.date())
    assert bureau.look_up(ci_number="4567890", on=date(2026, 11, 19))


@pytest.mark.parametrize(("listed", "asked", "found"), [("", "1A", 1), ("1A", "", 1), ("1A", "1A", 1), ("1A", "2B", 0)])
def test_a_complement_tells_people_apart_only_where_both_are_known(listed: str, asked: str, found: int) -> None:
    RiskEntry.objects.create(
        ci_number="4567890", ci_complement=listed, entity="X", listed_on=NOW - timedelta(days=9), brought_at=NOW
    )
    assert len(get_bureau().look_up(ci_number="4567890", ci_complement=asked, on=NOW.date())) == found


def test_a_risk_without_carnet_or_nit_is_refused(ana: User) -> None:
    found = brought("credit_bureau", ana, ";;Juan;Banco;;15/03/2026;", head=RISKS)
    assert found.refused == 1
    assert "carnet o el NIT" in reasons(found)[0]
