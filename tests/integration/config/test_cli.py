"""The command line: what it refuses, and the sentences with which it does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from thaki.config import environment
from thaki.config.cli import doctor, main
from thaki.config.environment import CHECKOUT


def thaki(*words: str, data: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """`thaki` as a process of its own, without what the tests' environment says."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("THAKI_") and key != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-m", "thaki", *words],
        env=kept | {"PYTHONPATH": str(CHECKOUT / "src"), "THAKI_DATA": str(data)} | more,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_alone_it_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "./thaki ORDEN" in capsys.readouterr().out


def test_an_unknown_command_is_named_and_the_known_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["subir"]) == 2
    told = capsys.readouterr().err
    assert "«subir»" in told
    assert "rehearse" in told


def test_web_without_a_database_says_what_to_do(tmp_path: Path) -> None:
    done = thaki("web", data=tmp_path)
    assert done.returncode == 1
    assert "defina DATABASE_URL, o use «./thaki up»" in done.stderr
    assert "Traceback" not in done.stderr


def test_up_refuses_a_taken_port_with_a_sentence(tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        taken.settimeout(30)
        process = subprocess.Popen(
            [sys.executable, "-m", "thaki", "up", "--port", port, "--data", str(tmp_path / "data")],
            env=os.environ | {"PYTHONPATH": str(CHECKOUT / "src")},
            stderr=subprocess.PIPE,
            text=True,
        )
        client, _address = taken.accept()  # it asks whether a Thaki is on its way out there
        client.sendall(b"HTTP/1.0 200 OK\r\n\r\nsomething else")
        client.close()
        _out, told = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"No se puede usar el puerto {port}" in told
    assert not (tmp_path / "data" / "postgres").exists()


def test_an_unreachable_server_of_ones_own_is_told_without_a_traceback(tmp_path: Path) -> None:
    done = thaki("up", "--port", "0", data=tmp_path, DATABASE_URL="postgresql://nobody@/nothing?host=/nonexistent")
    assert done.returncode == 1
    assert "La base de datos no responde" in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_on_nothing_says_how_to_begin(tmp_path: Path) -> None:
    done = thaki("doctor", data=tmp_path / "nueva")
    assert done.returncode == 0
    assert "«./thaki up» la crea" in done.stdout
    assert "La base de datos está parada" in done.stdout


def test_the_secret_key_is_made_once_and_kept_from_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("THAKI_SECRET_KEY", raising=False)
    environment.make_secret_key(tmp_path)
    first = environment.secret_key(tmp_path)
    environment.make_secret_key(tmp_path)
    assert environment.secret_key(tmp_path) == first
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600
    assert len(first) > 50


def test_a_database_address_may_name_a_socket_a_password_and_libpqs_own_words() -> None:
    found = environment.database("postgresql://ana:c%40ve@db.example:6432/thaki?sslmode=require")
    assert (found["HOST"], found["PORT"], found["PASSWORD"]) == ("db.example", "6432", "c@ve")
    assert found["OPTIONS"]["sslmode"] == "require"
    assert environment.database("postgresql://thaki@/thaki?host=/run/x%20y")["HOST"] == "/run/x y"


def test_a_mail_address_says_how_it_is_protected() -> None:
    assert environment.mail("smtps://u:p@mail.example")["EMAIL_PORT"] == 465
    assert environment.mail("smtp+starttls://mail.example")["EMAIL_USE_TLS"]
    assert environment.mail("smtp://127.0.0.1:2525")["EMAIL_PORT"] == 2525


def test_doctor_finds_what_a_working_database_lacks(db: None) -> None:
    findings = {finding.what: finding for finding in doctor._inside()}
    assert "La base de datos está al día." in findings
    assert findings["No hay nadie que pueda ingresar."].remedy == "./thaki admin USUARIO"
    silent = next(finding for finding in findings.values() if "Ningún trabajador" in finding.what)
    assert silent.level is doctor.Level.BAD
    assert "./thaki worker" in silent.remedy


def test_doctor_asks_nothing_more_of_a_database_without_its_tables(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("thaki.config.health.pending_migrations", lambda: ["cases.0001_initial"])
    findings = list(doctor._inside())
    assert findings[-1] == doctor.bad("Faltan 1 migraciones.", "./thaki migrate")


def test_doctor_warns_of_known_passwords_on_a_public_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THAKI_DEMO", "1")
    monkeypatch.setenv("THAKI_PUBLIC_URL", "https://thaki.example.bo")
    assert doctor._demo(tmp_path).level is doctor.Level.BAD
    monkeypatch.setenv("THAKI_PUBLIC_URL", "http://localhost:8000")
    assert doctor._demo(tmp_path).level is doctor.Level.WARNING


def test_doctor_sees_a_secret_key_that_others_can_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("THAKI_SECRET_KEY", raising=False)
    environment.make_secret_key(tmp_path)
    assert doctor._secret(tmp_path).level is doctor.Level.GOOD
    (tmp_path / "secret-key").chmod(0o644)
    assert doctor._secret(tmp_path) == doctor.bad(
        f"Otros usuarios pueden leer {tmp_path / 'secret-key'}.", f"chmod 600 {tmp_path / 'secret-key'}"
    )
