"""A small demonstration with a clock that stands still, for the pictures of the guide; run as a process of its own.

The cases are walked as those of `./thaki up` are, only fewer: one waits at each signed step, all of them with the same
executive, so that each picture has its case. The environment says where: DATABASE_URL, THAKI_DATA and PORT.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import time_machine

MOMENT = datetime(2026, 11, 19, 14, 30, tzinfo=UTC)  # a Thursday, 10:30 in Cochabamba
SHARE = 14  # one of so many of the demonstration's cases


def furnish() -> None:
    """People, records, and the cases."""
    from thaki.cases import rollups
    from thaki.config.prepare import prepare_database
    from thaki.people.demo import ensure_people
    from thaki.people.models import Absence, User
    from thaki.people.roles import Role
    from thaki.procedures.sales.demo import closings, control, months
    from thaki.procedures.sales.demo.drive import Driver
    from thaki.procedures.sales.demo.plan import OPEN_AT, plans
    from thaki.records import demo as records

    prepare_database(print)
    ensure_people()
    User.objects.update(toured_at=MOMENT)
    records.build(now=MOMENT, customers=400, lines=700, points=40)
    every = list(plans(Random(7)))
    first = {plan.stop_at: plan for plan in every}
    one_each = [
        replace(plan, payment=_payment(step, plan.payment), existing=False, age=_age(step, plan.age))
        for step, plan in ((step, first[step]) for step in OPEN_AT)
    ]
    others = every[::SHARE]
    driver = Driver(until=MOMENT, seed=7)
    everybody = driver.people[Role.EJECUTIVO_VENTAS_DIGITALES]
    driver.run(others)
    driver.people[Role.EJECUTIVO_VENTAS_DIGITALES] = everybody[:1]
    driver.run(sorted(one_each, key=lambda plan: -plan.age))
    months.build()
    closings.build()
    control.build()
    rollups.roll(now=MOMENT, most=400)
    away = User.objects.get(username="ejecutivo3")
    Absence.objects.create(
        user=away,
        from_on=MOMENT.date() + timedelta(days=12),
        to_on=MOMENT.date() + timedelta(days=16),
        substitute=everybody[0],
    )


def _payment(step: str, usual: str) -> str:
    return "prepaid_transfer" if step in ("11", "12", "21", "22") else usual


def _age(step: str, usual: timedelta) -> timedelta:
    """Time enough to reach a later step before the present does."""
    return usual if step.isdecimal() and int(step) < 8 else usual * 2


def main() -> None:
    """Furnish the database, and serve until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thaki.config.settings")
    with time_machine.travel(MOMENT, tick=True):
        import django

        django.setup()
        furnish()
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.db import connections

    from thaki.config.wsgi import application

    connections.close_all()
    server = ThreadedWSGIServer(("127.0.0.1", int(os.environ["PORT"])), WSGIRequestHandler)
    server.set_app(application)
    with time_machine.travel(MOMENT, tick=False):
        server.serve_forever()


if __name__ == "__main__":
    main()
