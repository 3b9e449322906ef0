"""An import of 10,000 prospects into a base that has 50,000, duplicates found: `thaki bench imports`.

The file is a campaign's: names, telephones, e-mails and addresses as people write them. One row in ten is somebody of the base
under the same telephone, one in twenty somebody of the file itself a word of the name miswritten, one in fifty is wrong. What
is timed is all that the job does: reading the file, checking its rows, finding who may be known, storing, and comparing every new
one with everybody. Goals are held against the time by the clock; the processor's time, here and in PostgreSQL, is printed beside
it, since it is told the same on a busy machine.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from bench.common import machine, own_database, own_folder, ratio, served

ROWS, KNOWN = 10_000, 50_000
GOAL_S = 20.0
SAME, TWICE, WRONG = 10, 20, 50  # one row in so many
HEAD = "Nombre completo;Celular;Correo;Zona;Dirección;Canal;Identificador"


def main(argv: Sequence[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="thaki bench imports")
    parser.add_argument("--rows", type=int, default=ROWS, help="rows of the file")
    parser.add_argument("--known", type=int, default=KNOWN, help="prospects that the base has already")
    args = parser.parse_args(argv)
    print(machine(), flush=True)
    with own_folder() as folder, own_database(folder, durable=False):
        make(args.known)
        print("\n".join(measured(args.rows, args.known)), flush=True)
    return 0


# ---------------------------------------------------------------- making
def make(count: int) -> None:
    """A base of so many prospects, as earlier campaigns left it."""
    from bench.common import quiet
    from django.db import connection
    from django.utils import timezone

    from thaki.config import prepare
    from thaki.people.demo import ensure_people
    from thaki.records.prospects.models import Prospect

    prepare.prepare_database(quiet)
    ensure_people()
    rng, now = Random(1), timezone.now()
    fields = [field for field in Prospect._meta.concrete_fields if not field.primary_key]
    names = ", ".join(str(field.column) for field in fields)
    with connection.cursor() as cursor, cursor.copy(f"COPY prospects_prospect ({names}) FROM STDIN") as copy:
        for number in range(count):
            name, address, zone = someone(rng)
            base = Prospect(name=name, phone=_phone(number), address=address, zone=zone, channel="facebook")
            base.standing, base.received_at = Prospect.Standing.BASE, now
            base.refresh_keys()
            base.compared = True
            copy.write_row([getattr(base, field.attname) for field in fields])
    _analyse()


def _analyse() -> None:
    from bench._sales import analyse

    analyse()


def _phone(number: int) -> str:
    return f"7{(number * 7919) % 10_000_000:07d}"


def someone(rng: Random) -> tuple[str, str, str]:
    """A name, an address and its zone."""
    from thaki.records.invented import address, person

    given, surnames = person(rng)
    street, _reference = address(rng)
    return f"{given} {surnames}", street, rng.choice(("Norte", "Sur", "Queru Queru", "Tiquipaya", "Centro"))


def file_of(rows: int, known: int) -> bytes:
    """The campaign's file."""
    return "\n".join([HEAD, *_lines(rows, known)]).encode()


def _lines(rows: int, known: int) -> Iterator[str]:
    rng = Random(2)
    last = ("", "", "")
    for number in range(rows):
        name, address, zone = someone(rng)
        phone = _phone(known + number)
        if number % SAME == 1:
            phone = _phone(rng.randrange(known))
        elif number % TWICE == 2:
            name, address, zone = last[0].replace("z", "s", 1), last[1], last[2]
        elif number % WRONG == 3:
            phone = "12"
        last = (name, address, zone)
        yield f"{name};{phone};p{number}@correo.example;{zone};{address};Facebook;l:{number}"


# ---------------------------------------------------------------- measuring
def measured(rows: int, known: int) -> list[str]:
    """What the import takes, and what it found."""
    from django.utils import timezone

    from thaki.people.models import User
    from thaki.records.prospects.models import Likeness
    from thaki.reporting.imports import kind_of, operations
    from thaki.reporting.imports.models import Import

    kind = kind_of("prospects")
    assert kind is not None
    by, now, data = User.objects.get(username="ventas1"), timezone.now(), file_of(rows, known)
    began, used, theirs = time.perf_counter(), time.process_time(), served()
    found = operations.receive(kind, data, name="campaña.csv", by=by, now=now)
    operations.remap(found.pk, kind, found.mapping, {})
    Import.objects.filter(pk=found.pk).update(state=Import.State.RUNNING, started_at=now)
    _run(found.pk)
    took, ours, theirs = time.perf_counter() - began, time.process_time() - used, served() - theirs
    found.refresh_from_db()
    proposed = Likeness.objects.count()
    return [
        f"{found.total:,} rows into {known:,}: {found.accepted:,} entered, {found.refused:,} refused, {found.noted:,} noted, "
        f"{proposed:,} pairs proposed",
        f"{took:.1f} s by the clock; processor {ours:.1f} s here, {theirs:.1f} s in PostgreSQL",
        ratio(GOAL_S / took, 1.0, f"{rows:,} prospects imported in {GOAL_S:.0f} s"),
        ratio(GOAL_S / (ours + theirs), 1.0, "the same, in processor time"),
    ]


def _run(import_id: int) -> None:
    """As the worker's job."""
    from django.utils import timezone

    from thaki.reporting.imports import running
    from thaki.reporting.imports.models import Import

    table: Any = running.content_of(Import.objects.get(pk=import_id))
    while running.run_batch(import_id, table, now=timezone.now()):
        pass
