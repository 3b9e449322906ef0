"""Before a sale is sent back, whoever does it reads what has left already and what going back settles."""

from __future__ import annotations

from django.test import Client
from django.utils import timezone
from tests.integration.sales.conftest import Walk

from thaki.cases.models import Task
from thaki.channels.email.models import OutboundMail


def asked(walk: Walk) -> str:
    """The question of the open task, as its executive reads it."""
    client = Client()
    client.force_login(walk.people["ejecutivo1"], backend="django.contrib.auth.backends.ModelBackend")
    task = Task.objects.get(case=walk.case, state="open")
    return client.get(f"/tareas/{task.pk}/devolver/").content.decode()


def test_the_letter_and_the_capacity_are_named(walk: Walk) -> None:
    walk.to(9)
    assert walk.sale.letter is not None
    page = asked(walk)
    assert f"La Carta Comercial {walk.sale.letter.number} ya se respondió" in page
    assert "Help Desk ya respondió" in page


def test_only_mails_that_have_left_are_counted(walk: Walk) -> None:
    walk.to(9)
    mails = OutboundMail.objects.filter(case=walk.case)
    mails.update(sent_at=None)
    assert "salieron" not in asked(walk)
    mails.update(sent_at=timezone.now())
    assert mails.exists()
    assert "no se puede" in asked(walk)


def test_at_the_beginning_there_is_nothing_to_tell(walk: Walk) -> None:
    walk.to(3)
    assert "tenga en cuenta" not in asked(walk)


def test_going_back_to_8_withdraws_the_answer_so_that_a_new_letter_is_issued(walk: Walk) -> None:
    walk.to(9)
    walk.send_back(9, "Step_8")
    assert walk.open_steps == ["8"]
    assert (walk.sale.offer, walk.sale.letter) == ("unknown", None)
