"""Bank accounts: entered by the administrator, seen by Cobranzas, one always open."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone
from tests.integration.administration.conftest import person

from thaki.people.models import User
from thaki.people.roles import Role
from thaki.records.billing.models import BankAccount, Payment

pytestmark = pytest.mark.django_db
PAGE = "/administracion/cuentas/"
ACCOUNT = {"bank": "Banco Unión", "number": "1-0000012345", "holder": "COMTECO R.L.", "currency": "BOB"}


def test_an_account_is_entered_and_shown_with_its_qr(client: Client, admin: User) -> None:
    page = client.post(f"{PAGE}nueva/", ACCOUNT, follow=True).content.decode()
    assert "<svg" in page and "Cuenta: 1-0000012345 (BOB)" in page and "Creado" in page
    assert client.post(f"{PAGE}nueva/", ACCOUNT).status_code == 422
    assert "entre 5 y 30 dígitos" in client.post(f"{PAGE}nueva/", ACCOUNT | {"number": "abc"}).content.decode()


def test_an_account_that_was_paid_to_keeps_its_number(client: Client, admin: User) -> None:
    account = BankAccount.objects.create(**ACCOUNT)
    Payment.objects.create(
        case_ref="GVD-1", form="transfer", account=account, slip_number="TRX9981", amount_bob=1, paid_on=date(2026, 11, 20),
        operation_type="qr", received_at=timezone.now(),
    )  # fmt: skip
    page = client.post(f"{PAGE}{account.pk}/", ACCOUNT | {"number": "2-0000000001"})
    assert "ya tiene pagos" in page.content.decode()
    client.post(f"{PAGE}{account.pk}/", ACCOUNT | {"holder": "COMTECO"})
    account.refresh_from_db()
    assert (account.number, account.holder) == ("1-0000012345", "COMTECO")


def test_the_last_open_account_stays_open(client: Client, admin: User) -> None:
    first = BankAccount.objects.create(**ACCOUNT)
    other = BankAccount.objects.create(**ACCOUNT | {"number": "2-0000000001"})
    client.post(f"{PAGE}{first.pk}/estado/", {"active": "0"})
    answer = client.post(f"{PAGE}{other.pk}/estado/", {"active": "0"}, follow=True)
    assert "Tiene que quedar una cuenta activa" in answer.content.decode()
    assert BankAccount.objects.get(active=True) == other


def test_cobranzas_sees_the_accounts_and_changes_none(client: Client) -> None:
    account = BankAccount.objects.create(**ACCOUNT)
    client.force_login(person("cobranzas", Role.ENCARGADO_COBRANZAS))
    assert client.get(f"{PAGE}{account.pk}/").status_code == 200
    assert client.post(f"{PAGE}{account.pk}/", ACCOUNT).status_code == 403
    assert client.get(f"{PAGE}nueva/").status_code == 403
