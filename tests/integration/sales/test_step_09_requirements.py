"""Step 9: the three papers, each on its own way, and the place confirmed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.integration.sales.billing import answer, bring_papers, paper_files, papers_in, picture
from tests.integration.sales.conftest import HOME, Walk

from thaki.cases.models import CaseDocument
from thaki.cases.runtime import AnswerInvalid
from thaki.procedures.sales.models import Requirement


def test_all_three_accepted_make_the_presale(walk: Walk) -> None:
    bring_papers(walk)
    assert walk.open_steps == ["10"]
    assert walk.sale.requirements == "complete"
    assert walk.sale.presale_at == walk.now


def test_one_that_is_missing_is_named_beside_it(walk: Walk) -> None:
    walk.to(9)
    with pytest.raises(AnswerInvalid) as refused:
        answer(walk, 9, papers_in(letter_state="received"), **paper_files())
    assert "carta de solicitud" in str(refused.value.form.errors["letter_state"])
    assert walk.open_steps == ["9"]


def test_a_rejection_says_why(walk: Walk) -> None:
    walk.to(9)
    with pytest.raises(AnswerInvalid) as refused:
        answer(walk, 9, papers_in(id_card_state="rejected"), **paper_files())
    assert "id_card_reason" in refused.value.form.errors


def test_an_identity_card_is_not_accepted_unseen(walk: Walk) -> None:
    walk.to(9)
    with pytest.raises(AnswerInvalid) as refused:
        answer(walk, 9, papers_in(), letter_files=[picture()])
    assert "Adjunte" in str(refused.value.form.errors["id_card_files"])


def test_what_came_says_by_which_way(walk: Walk) -> None:
    walk.to(9)
    with pytest.raises(AnswerInvalid) as refused:
        answer(walk, 9, papers_in(id_card_channel=""), **paper_files())
    assert "id_card_channel" in refused.value.form.errors


def test_every_upload_is_kept_and_the_last_one_stands_for_the_paper(walk: Walk) -> None:
    bring_papers(walk)
    assert CaseDocument.objects.filter(case=walk.case, kind="ci").count() == 2
    card = Requirement.objects.get(sale_id=walk.case.pk, kind="id_card")
    assert card.document is not None
    assert card.document.name == "dorso.png"
    assert (card.channel, card.decided_by) == ("whatsapp", walk.people["ejecutivo1"])


def test_papers_are_taken_as_they_come_without_ending_the_step(walk: Walk) -> None:
    walk.to(9)
    walk.act("sales.receive_papers", location_state="received", location_channel="link")
    assert walk.open_steps == ["9"]
    paper = Requirement.objects.get(sale_id=walk.case.pk, kind="location")
    assert (paper.state, paper.received_at) == ("received", walk.now)


def test_a_file_that_only_pretends_is_refused_beside_its_field(walk: Walk) -> None:
    walk.to(9)
    script = SimpleUploadedFile("carnet.png", b"<script>alert(1)</script>", "image/png")
    with pytest.raises(AnswerInvalid) as refused:
        answer(walk, 9, papers_in(), id_card_files=[script], letter_files=[picture()])
    assert "carnet.png" in str(refused.value.form.errors["id_card_files"])


def test_a_pin_that_moved_goes_back_to_5_and_the_capacity_is_asked_anew(walk: Walk) -> None:
    walk.to(9)
    answer(walk, 9, papers_in(lat=str(HOME[0] + 0.01)), **paper_files())
    assert walk.open_steps == ["5"]
    assert (walk.sale.requirements, walk.sale.capacity, walk.sale.max_mbps) == ("relocated", "unknown", None)
    assert walk.sale.presale_at is None


def test_after_a_relocation_the_papers_are_still_there(walk: Walk) -> None:
    walk.to(9)
    answer(walk, 9, papers_in(lat=str(HOME[0] + 0.0001)), **paper_files())
    walk.to(9)
    walk.done(9, {})
    assert walk.open_steps == ["10"]


def test_sent_back_from_10_it_is_open_again(walk: Walk) -> None:
    bring_papers(walk)
    walk.send_back(10, "Step_9")
    assert walk.sale.requirements == "unknown"
    walk.done(9, {})
    assert walk.open_steps == ["10"]
