"""The houses that `thaki bench scale` measures: so many open cases, so many that ended, all copied from a few that really walked.

Both kinds are spread as in a house at work: open sales at every step, at 19 for each reason, orders in each of their states,
prospects nobody leads yet; ended ones by every way, some of them in the last two months and the rest over five years. Names,
telephones, cards and slips differ from copy to copy (see `_clone`).

Each procedure that is measured brings `Templates`; retention's join in `walked`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.sql import SQL, Identifier, Literal

if TYPE_CHECKING:
    from bench._sales import Walker

    from thaki.procedures.sales.demo.plan import CasePlan

STEP = "Step_2"  # the step that is measured: a residential customer, nothing but the step itself
OPEN_COPIES = 3  # of each open template a person
RECENT_COPIES = 6  # of each ended template a person, within the last RECENT days
RECENT, ARCHIVE = "60 days", "1740 days"
OPEN_SPREAD = "20 days"
FREE = 40  # tasks of the measured person's post that nobody has, in every house
BASE = 60  # prospects whom nobody leads yet, in every house
SELLER = "ejecutivo_ventas_digitales"


@dataclass(slots=True)
class House:
    """One of the databases, and what was measured on it."""

    name: str
    cases: int
    staff: int  # people who share the open cases
    url: str = ""
    cpu: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))  # ms of each time
    wall: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    rounds: dict[str, list[float]] = field(
        default_factory=lambda: defaultdict(list)
    )  # median of each round, ms of processor
    tasks: list[int] = field(default_factory=list)  # that the measured person will complete
    numbers: list[str] = field(default_factory=list)  # of the cases that he will look at
    sought: dict[str, str] = field(default_factory=dict)  # what for -> the text, each found as often in every house
    open: int = 0


@dataclass(frozen=True, slots=True)
class Templates:
    """Ids of walked cases."""

    ended: tuple[int, ...]
    open: tuple[int, ...]


# ---------------------------------------------------------------- what is copied
def walked() -> Templates:
    """A few that were walked: those that ended, each another way, and those that wait, each at another step."""
    from bench import _sales

    from thaki.people.models import User

    walker = _sales.Walker(User.objects.create(username="plantilla", roles=all_roles()), Random(20260101))
    ended = [
        _sales.plan(payment="postpaid"),
        _sales.plan(payment="prepaid_transfer"),
        _sales.plan(end="handed_over"),
        _sales.plan(end="unserved", lost_at="7"),
        _sales.plan(end="unserved", lost_at="8"),
    ]
    waiting = [_sales.plan(step) for step in ("1", "2", "2", "2", "7", "8", "9", "18", "23")]
    waiting += [
        _sales.plan("12", payment="prepaid_transfer"),
        _sales.plan("19", lost_at="7"),
        _sales.plan("19", lost_at="8"),
    ]
    return Templates(
        tuple(_walk(walker, way) for way in ended),
        (*(_walk(walker, way) for way in waiting), *_followed_up(walker)),
    )


def all_roles() -> list[str]:
    """Of everybody, in one."""
    from thaki.people.roles import Role

    return [role.value for role in Role]


def _walk(walker: Walker, way: CasePlan) -> int:
    case = walker.open()
    for _done in walker.walk(case, way):
        pass
    return int(case.pk)


def _followed_up(walker: Walker) -> list[int]:
    """Sales at 24 and 25 with the order in each of its states."""
    from bench import _sales
    from django.utils import timezone

    from thaki.procedures.sales.models import Sale
    from thaki.records.orders import operations as orders

    cases = [_walk(walker, _sales.plan(step)) for step in ("24", "25", "25", "25")]
    _entered, _started, done, annulled = (Sale.objects.get(pk=case).order_id or 0 for case in cases)
    by, now = walker.by, timezone.now()
    orders.complete_order(done, by=by, now=now)
    orders.annul_order(annulled, reason="Sin factibilidad", by=by, now=now)
    return cases


def people(count: int) -> list[int]:
    """Executives, the first of whom is measured; and the head who looks at everything."""
    from thaki.people.models import User

    head = ["responsable_ventas_digitales", "responsable_canales_digitales"]
    User.objects.create(username="responsable", roles=head)
    made = User.objects.bulk_create(User(username=f"vendedor{number}", roles=[SELLER]) for number in range(count))
    return [person.pk for person in made]


# ---------------------------------------------------------------- a house
def fill(connection: psycopg.Connection[Any], house: House, found: Templates, staff: list[int], steps: int) -> None:
    """Copy the templates until there are as many as wanted; give the measured person work for so many steps."""
    from bench._clone import Cloner

    cloner = Cloner(connection, staff)
    opened, recent = OPEN_COPIES * len(staff), RECENT_COPIES * len(staff)
    house.open = len(found.open) * opened
    ended = max(recent, (house.cases - house.open) // len(found.ended))
    with cloner.without_indexes():  # the oldest first: what is new is written behind what is old
        if ended > recent:
            cloner.copy(found.ended, ended - recent, since=RECENT, spread=ARCHIVE)
        cloner.copy(found.ended, recent, spread=RECENT, first=ended - recent + 1)
        cloner.copy(found.open, opened, spread=OPEN_SPREAD, first=ended + 1)
    _share_out(connection, staff)
    _base(connection)
    _give_steps(connection, house, staff[0], steps)
    _choose(connection, house)
    connection.execute("VACUUM ANALYZE")
    connection.execute("CHECKPOINT")  # what was copied is not written while steps are measured


def _share_out(connection: psycopg.Connection[Any], staff: list[int]) -> None:
    """What the measured person may take is the same in every house: the rest of his post's tasks belong to his colleagues."""
    rows = connection.execute(
        """UPDATE cases_task SET assignee_id = (%(staff)s::bigint[])[2 + id %% (cardinality(%(staff)s::bigint[]) - 1)],
            assigned_at = opened_at WHERE id IN (SELECT id FROM cases_task WHERE state = 'open' AND assignee_id IS NULL
            AND role = %(role)s ORDER BY id OFFSET %(free)s) RETURNING case_id, assignee_id""",
        {"staff": staff, "role": SELLER, "free": FREE},
    ).fetchall()
    led = {"cases": [row[0] for row in rows], "people": [row[1] for row in rows]}
    for table, column, key in (("sales_sale", "executive_id", "case_id"), ("cases_case", "owner_id", "id")):
        connection.execute(
            SQL(
                """UPDATE {table} t SET {column} = x.person
                FROM unnest(%(cases)s::bigint[], %(people)s::bigint[]) x (id, person) WHERE t.{key} = x.id"""
            ).format(table=Identifier(table), column=Identifier(column), key=Identifier(key)),
            led,
        )


def _base(connection: psycopg.Connection[Any]) -> None:
    """Prospects whom nobody leads yet: those of the newest ended sales once more, without their sales."""
    row = connection.execute(
        """SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name = 'prospects_prospect' AND is_generated = 'NEVER'
        AND column_name NOT IN ('id', 'standing', 'received_at')"""
    ).fetchone()
    columns = SQL(row[0] if row else "")
    connection.execute(
        SQL("""INSERT INTO prospects_prospect (id, standing, received_at, {columns})
        SELECT nextval(pg_get_serial_sequence('prospects_prospect', 'id')), 'base', now() - n * interval '1 hour', {columns}
        FROM (SELECT p.*, row_number() OVER () AS n FROM prospects_prospect p WHERE standing = 'taken' AND external_ref = ''
            ORDER BY id DESC LIMIT {base}) p""").format(columns=columns, base=Literal(BASE))
    )


def _give_steps(connection: psycopg.Connection[Any], house: House, person: int, steps: int) -> None:
    rows = connection.execute(
        """UPDATE cases_task SET assignee_id = %s, assigned_at = opened_at WHERE id IN (SELECT id FROM cases_task
            WHERE node = %s AND state = 'open' ORDER BY id LIMIT %s) RETURNING id, case_id""",
        (person, STEP, steps),
    ).fetchall()
    house.tasks = [row[0] for row in rows]
    cases = [row[1] for row in rows]
    connection.execute("UPDATE sales_sale SET executive_id = %s WHERE case_id = ANY(%s)", (person, cases))
    connection.execute("UPDATE cases_case SET owner_id = %s WHERE id = ANY(%s)", (person, cases))
    rows = connection.execute(
        """SELECT number FROM cases_case c JOIN cases_task t ON t.case_id = c.id
        WHERE t.node = 'Step_9' AND t.state = 'open' ORDER BY c.id LIMIT 20"""
    ).fetchall()
    house.numbers = [row[0] for row in rows]


def _choose(connection: psycopg.Connection[Any], house: House) -> None:
    """What is looked for: in every house it is found as often, or fills the page."""
    row = connection.execute(
        """SELECT c.number, p.phone, k.ci_number, o.number, pay.slip_number FROM cases_case c
        JOIN sales_sale s ON s.case_id = c.id JOIN prospects_prospect p ON p.id = s.prospect_id
        JOIN customers_customer k ON k.id = s.customer_id JOIN orders_productorder o ON o.id = s.order_id
        JOIN billing_payment pay ON pay.id = s.payment_id
        WHERE c.subject LIKE 'Zenobia%%' AND c.state = 'ended' ORDER BY c.id LIMIT 1"""
    ).fetchone()
    if row is None:
        raise RuntimeError("the rare sale was not copied")
    number, phone, card, order, slip = row
    house.sought = {
        "name that many have": "rojas",
        "name that three have": "urquidi zenobia",
        "name that nobody has": "zzyzx",
        "telephone": phone,
        "carnet": card,
        "case number": number,
        "order": order,
        "slip": slip,
    }
