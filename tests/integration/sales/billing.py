"""What the tests of steps 9 to 18 have in common: papers, slips, and a sale brought to where the money is."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict
from PIL import Image
from tests.integration.sales.conftest import NOW, Walk

from thaki.cases import operations
from thaki.cases.runtime import Delivered
from thaki.procedures.sales.models import Requirement
from thaki.records.billing.models import BankAccount, Payment

PRICE = "399"  # FO100: 249 a month and 150 for the installation
PAPERS = [str(kind) for kind in Requirement.Kind]


def picture(name: str = "foto.png", colour: str = "white") -> SimpleUploadedFile:
    """A small picture, as a telephone would send it."""
    out = BytesIO()
    Image.new("RGB", (8, 8), colour).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def answer(walk: Walk, step: int, data: dict[str, Any], **files: Any) -> Delivered:
    """Answer a step with uploads: `slip_files=[picture()]`."""
    task = walk.task(step)
    uploads: MultiValueDict[str, Any] = MultiValueDict({name: list(listed) for name, listed in files.items()})
    return operations.complete(task.pk, by=walk.who(task), now=walk.now, data=data, files=uploads)


def papers_in(**over: Any) -> dict[str, Any]:
    """All three papers accepted, by WhatsApp."""
    values: dict[str, Any] = {}
    for kind in PAPERS:
        values |= {f"{kind}_state": "accepted", f"{kind}_channel": "whatsapp"}
    return values | over


def paper_files() -> dict[str, Any]:
    """The pictures that go with them."""
    return {
        "id_card_files": [picture("frente.png"), picture("dorso.png", "grey")],
        "letter_files": [picture("carta.png")],
    }


def bring_papers(walk: Walk) -> Walk:
    """9 done."""
    walk.to(9)
    answer(walk, 9, papers_in(), **paper_files())
    return walk


def choose(walk: Walk, form: str) -> Walk:
    """10 done, with the customer's own name on the invoice."""
    if walk.open_steps != ["10"]:
        bring_papers(walk)
    walk.done(10, {"payment_form": form, "explained": "on"})
    return walk


def slip(**over: Any) -> dict[str, Any]:
    """A transfer of the whole price, today."""
    values = {
        "result": "sent",
        "route": "transfer",
        "slip_number": "0045821",
        "amount_bob": PRICE,
        "paid_on": f"{NOW:%Y-%m-%d}",
        "operation_type": "transfer",
        "bank": "Banco Unión",
        "depositor": "MARIA ELENA ROJAS VARGAS",
    }
    return values | over


def send_slip(walk: Walk, **over: Any) -> Walk:
    """11 done by transfer."""
    if walk.open_steps != ["11"]:
        choose(walk, "prepaid")
    answer(walk, 11, slip(**over), slip_files=[picture("comprobante.png", "green")])
    return walk


def accept(walk: Walk, **over: Any) -> Delivered:
    """12 done, all as on the slip."""
    return walk.done(12, {"decision": "accept", "agency": "Agencia Central"} | over)


def the_payment(walk: Walk) -> Payment:
    """The sale's latest payment."""
    return Payment.objects.filter(case_ref=walk.case.number).latest("pk")


def an_account() -> BankAccount:
    """Where customers transfer to."""
    return BankAccount.objects.create(bank="Banco Unión", number="1-2345678", holder="COMTECO R.L.")
