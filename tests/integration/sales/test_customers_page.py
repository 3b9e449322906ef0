"""The customer's pages: everything known in one place, for the posts that deal with customers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from tests.integration.sales.conftest import NOW, Walk
from tests.integration.sales.ending import ordered, sold_postpaid, sold_prepaid

from thaki.people.models import User
from thaki.records.customers import operations
from thaki.records.customers.models import Customer, Debt, Phone, ServiceRequest

PARTS = ("", "dinero/", "conversaciones/", "documentos/", "historia/", "parecidos/")


def signed_in(user: User) -> Client:
    """A browser in which somebody has signed in."""
    cache.clear()
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def ana(people: dict[str, User]) -> Client:
    """The executive's browser."""
    return signed_in(people["ejecutivo1"])


def address(walk: Walk, part: str = "") -> str:
    """Of a page of the walk's customer."""
    return f"/clientes/{walk.sale.customer_id}/{part}"


def test_a_customer_is_shown_with_services_cases_and_what_can_be_done(walk: Walk, ana: Client) -> None:
    ordered(sold_postpaid(walk))
    page = ana.get(address(walk)).content.decode()
    for said in (walk.case.number, "4567890", "712\xa034567", "tel:+59171234567", "wa.me/59171234567", "Nueva venta"):
        assert said in page, said


def test_debts_bills_payments_and_invoices_stand_together(walk: Walk, ana: Client) -> None:
    sold_prepaid(walk)
    customer = Customer.objects.get()
    Debt.objects.create(customer=customer, concept="Factura vieja", amount_bob=Decimal("150.50"), due_on=NOW.date())
    page = ana.get(address(walk, "dinero/")).content.decode()
    payment = walk.sale.payment
    assert payment is not None
    assert "Bs\xa0150,50" in page and "Factura vieja" in page and payment.slip_number in page


def test_conversations_are_the_mails_and_the_tries_to_call(walk: Walk, ana: Client) -> None:
    walk.act("sales.contact_attempt", channel="call", result="no_answer", note="Sonó ocupado")
    walk.to(9)
    page = ana.get(address(walk, "conversaciones/")).content.decode()
    assert "Sonó ocupado" in page and "No contesta" in page


def test_history_tells_what_was_before_and_who_changed_it(walk: Walk, ana: Client, people: dict[str, User]) -> None:
    walk.to(5)
    operations.amend(Customer.objects.get().pk, address="Calle Nueva 7", by=people["ejecutivo1"], now=NOW)
    page = ana.get(address(walk, "historia/")).content.decode()
    assert "Catastrado" in page and "→ Calle Nueva 7" in page


def test_a_crowded_customer_is_shown_in_stretches_that_cost_the_same(
    walk: Walk, ana: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    ordered(sold_prepaid(walk))
    customer = Customer.objects.get()
    debts = [Debt(customer=customer, concept=f"Mes {n:02}", amount_bob=10, due_on=NOW.date()) for n in range(30)]
    Debt.objects.bulk_create(debts)
    asked = [ServiceRequest(customer=customer, number=f"SC-{n}", kind="claim", opened_at=NOW) for n in range(30)]
    ServiceRequest.objects.bulk_create(asked)
    for part in PARTS:
        ana.get(address(walk, part))
        with django_assert_max_num_queries(15):
            assert ana.get(address(walk, part)).status_code == 200, part
    first = ana.get(address(walk, "dinero/"))
    following = ana.get(address(walk, "dinero/"), {"deudas": first.context["debts"].after}).content.decode()
    assert "Mes 29" in first.content.decode() and "Mes 29" not in following and "Mes 21" in following


def test_a_prospect_with_the_same_telephone_is_pointed_out(
    walk: Walk, walk_of: Callable[..., Walk], ana: Client
) -> None:
    walk.to(5)
    other = walk_of(name="Elena Rojas")
    assert other.case.number in ana.get(address(walk, "parecidos/")).content.decode()


def test_somebody_registered_twice_is_pointed_out(walk: Walk, ana: Client) -> None:
    walk.to(5)
    known = Customer.objects.get()
    twin = Customer.objects.create(code="S-X", given_names="María Elena", surnames="Rojas Vargas", registered_at=NOW)
    Phone.objects.create(customer=twin, number=known.main_phone, kind="mobile")
    assert f"/clientes/{twin.pk}/" in ana.get(address(walk, "parecidos/")).content.decode()


def test_a_customer_of_whom_little_is_known_has_his_page_too(ana: Client) -> None:
    company = Customer.objects.create(code="S-Y", business_name="Ferretería El Clavo", registered_at=NOW)
    for part in PARTS:
        assert ana.get(f"/clientes/{company.pk}/{part}").status_code == 200, part
    assert ana.get("/clientes/999999999999999999999/").status_code == 404


def test_a_document_is_opened_only_by_those_whose_work_needs_it(walk: Walk, people: dict[str, User]) -> None:
    sold_prepaid(walk)
    for name, sees in (("ejecutivo1", True), ("helpdesk1", False)):
        page = signed_in(people[name]).get(address(walk, "documentos/")).content.decode()
        assert ("/documentos/" in page.replace(address(walk, "documentos/"), "")) is sees, name


def test_whoever_has_no_part_in_his_cases_does_not_see_them(walk: Walk) -> None:
    walk.to(5)
    adviser = User.objects.create_user("asesor1", roles=["asesor_comercial"])
    page = signed_in(adviser).get(address(walk)).content.decode()
    assert walk.case.number not in page and "no participa" in page


def test_a_new_sale_to_him_and_his_case_lead_to_and_fro(walk: Walk, ana: Client) -> None:
    walk.to(5)
    customer = Customer.objects.get()
    assert f'href="{address(walk)}"' in ana.get(f"/casos/{walk.case.number}/").content.decode()
    form = ana.get("/ventas/prospectos/nuevo/", {"cliente": customer.pk}).context["form"]
    assert (form["name"].value(), form["phone"].value()) == ("María Elena Rojas Vargas", "71234567")
    assert ana.get("/ventas/prospectos/nuevo/", {"cliente": "9" * 17}).status_code == 200


# ---------------------------------------------------------------------- the register
def test_the_register_is_by_name_and_goes_on_from_the_last_one(ana: Client) -> None:
    rows = [
        Customer(code=f"S-{n}", given_names="Ana", surnames=f"Apellido {n:03}", zone="Norte", registered_at=NOW)
        for n in range(90)
    ]
    for row in rows:
        row.refresh_keys()
    Customer.objects.bulk_create(rows)
    page = ana.get("/clientes/", {"zona": "Norte"})
    assert [c.code for c in page.context["rows"]] == [f"S-{n}" for n in range(40)]
    after = page.context["stretch"].after
    assert [c.code for c in ana.get("/clientes/", {"desde": after}).context["rows"]] == [
        f"S-{n}" for n in range(40, 80)
    ]


def test_the_register_is_narrowed_by_its_address(walk: Walk, ana: Client) -> None:
    walk.to(5)
    assert len(ana.get("/clientes/", {"q": "rojas maria"}).context["rows"]) == 1
    for nobody in ({"q": "rojas", "segmento": "vip"}, {"deuda": "1"}, {"zona": "Nada"}, {"q": "zzz"}):
        assert ana.get("/clientes/", nobody).context["rows"] == []
    assert ana.get("/clientes/", {"desde": "x|y", "categoria": "rara"}).status_code == 200


# ---------------------------------------------------------------------- recent things and the palette
def test_what_was_opened_lately_comes_first_and_only_if_it_may_still_be_opened(
    walk: Walk, ana: Client, people: dict[str, User]
) -> None:
    walk.to(5)
    ana.get(f"/casos/{walk.case.number}/")
    ana.get(address(walk))
    page = ana.get("/buscar/").content.decode()
    assert page.index(f'href="{address(walk)}"') < page.index(f'href="/casos/{walk.case.number}/"')
    people["ejecutivo1"].roles = ["tecnico_multiservicios"]
    people["ejecutivo1"].save()
    assert walk.case.number not in ana.get("/buscar/").content.decode()


def test_the_palette_offers_what_is_found_the_pages_and_the_actions_of_the_case(walk: Walk, ana: Client) -> None:
    walk.to(5)
    here = f"/casos/{walk.case.number}/"
    empty = ana.get("/paleta/", {"desde": here}).content.decode()
    assert "En este caso" in empty and "/prospectos/" in empty and f"{here}historia/" in empty
    found = ana.get("/paleta/", {"q": "rojas", "desde": "/"}).content.decode()
    assert f'href="{address(walk)}"' in found and f'href="{here}"' in found and "En este caso" not in found
    assert 'href="/clientes/"' in ana.get("/paleta/", {"q": "clie", "desde": "/nada/"}).content.decode()
    assert "No se encontró nada" in ana.get("/paleta/", {"q": "zzzz"}).content.decode()


def test_the_palette_tells_nobody_of_a_case_that_he_may_not_open(walk: Walk) -> None:
    stranger = signed_in(User.objects.create_user("tecnico1", roles=["tecnico_multiservicios"]))
    page = stranger.get("/paleta/", {"q": "rojas", "desde": f"/casos/{walk.case.number}/"}).content.decode()
    assert walk.case.number not in page and "Rojas" not in page


def test_no_more_is_remembered_than_is_of_use(walk: Walk, people: dict[str, User]) -> None:
    from thaki.web import recents
    from thaki.web.models import Recent

    for number in range(recents.KEPT + 5):
        recents.remember(people["ejecutivo1"], Recent.Kind.CASE, number, now=timezone.now())
    assert Recent.objects.filter(user=people["ejecutivo1"]).count() == recents.KEPT
