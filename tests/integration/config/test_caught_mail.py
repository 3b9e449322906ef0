"""The demo's mail server and its pages."""

import multiprocessing
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from smtplib import SMTP

import pytest
from django.test import Client
from pytest_django import Settings

from thaki.config import mailcatcher
from thaki.config.correo import newest


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.DEMO = True
    settings.MAIL_FOLDER = tmp_path / "mail"
    return tmp_path / "mail"


@pytest.fixture
def port(folder: Path) -> Iterator[int]:
    """A running catcher."""
    listening = mailcatcher.listen()
    process = multiprocessing.get_context("fork").Process(target=mailcatcher.serve, args=(listening, folder))
    process.start()
    yield int(listening.getsockname()[1])
    process.kill()
    process.join()
    listening.close()


def send(port: int, subject: str = "Carta Comercial", attached: tuple[str, str] = ("application", "pdf")) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ventas@comteco.example", "ana@example.bo", subject
    message.set_content("Estimada Ana: adjuntamos la carta.\nhttps://example.bo/c/abc")
    message.add_attachment(b"%PDF-1.7 contenido", maintype=attached[0], subtype=attached[1], filename="carta ñ.pdf")
    with SMTP("127.0.0.1", port) as server:
        server.send_message(message, to_addrs=["ana@example.bo", "copia@example.bo"])


def test_a_message_is_kept_with_its_recipients_words_and_attachment(port: int, folder: Path) -> None:
    send(port)
    (caught,) = newest(folder)
    assert caught.subject == "Carta Comercial"
    assert caught.to == "ana@example.bo, copia@example.bo"
    assert "adjuntamos la carta" in caught.text
    assert [part.get_filename() for part in caught.attachments] == ["carta ñ.pdf"]


def test_the_pages_show_it_and_hand_out_the_attachment(port: int, folder: Path, client: Client) -> None:
    send(port)
    (caught,) = newest(folder)
    assert "Carta Comercial" in client.get("/correo-de-prueba/").content.decode()
    page = client.get(f"/correo-de-prueba/{caught.key}/").content.decode()
    assert 'href="https://example.bo/c/abc"' in page
    file = client.get(f"/correo-de-prueba/{caught.key}/0/")
    assert file.content == b"%PDF-1.7 contenido"
    assert file["Content-Type"] == "application/pdf"


def test_what_a_browser_might_run_is_only_downloaded(port: int, folder: Path, client: Client) -> None:
    send(port, attached=("text", "html"))
    (caught,) = newest(folder)
    file = client.get(f"/correo-de-prueba/{caught.key}/0/")
    assert file["Content-Type"] == "application/octet-stream"
    assert file["Content-Disposition"].startswith("attachment")


def test_the_newest_come_first_and_can_be_searched(port: int, folder: Path, client: Client) -> None:
    send(port, "Primera")
    send(port, "Segunda")
    assert [caught.subject for caught in newest(folder)] == ["Segunda", "Primera"]
    assert [caught.subject for caught in newest(folder, "primera")] == ["Primera"]


@pytest.mark.django_db  # the page says whose house it is
@pytest.mark.parametrize("path", ["", "1/", "1/0/"])
def test_outside_a_demo_there_are_no_such_pages(client: Client, settings: Settings, path: str) -> None:
    settings.DEMO = False
    assert client.get(f"/correo-de-prueba/{path}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["nada", "..", "1"])
def test_a_key_that_is_none_leads_nowhere(client: Client, folder: Path, key: str) -> None:
    assert client.get(f"/correo-de-prueba/{key}/").status_code == 404
