"""Many cases out of a few that really walked: every row that hangs on them is copied by SQL, as often as wanted.

Theory of operation. The copy number g of a row has the id `id + g * stride`, and so has every reference to it, so whatever was
consistent stays so, and nothing has to be looked up. What must be unique beside the ids (numbers, identity cards, slips, keys)
gets g worked in, and all instants of a copy are moved back by the same span. One INSERT … SELECT a table; indexes that are not
unique are dropped before and made again after. It goes in stretches of copies, so that the ends of the unique indexes on which
it works stay in memory however large the whole becomes. A case, its customer and its prospect have one name; a few copies have
one that nobody else has (`RARE`), to be looked for. With `checked` every constraint and trigger of the database is at work;
without, foreign keys are not verified row by row (checks and unique indexes always are), which is some three times quicker.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from random import Random
from typing import Any

import psycopg
from psycopg.sql import SQL, Composed, Identifier, Literal

from thaki.cases.rules import trigrams as case_trigrams
from thaki.records.invented import person
from thaki.records.text import name_keys, sort_key, sounds
from thaki.records.text import trigrams as text_trigrams

CASES = "SELECT unnest(%(cases)s::bigint[])"
NUMBERS = "SELECT number FROM cases_case WHERE id = ANY(%(cases)s)"
PROSPECTS = "SELECT prospect_id FROM sales_sale WHERE case_id = ANY(%(cases)s)"
CUSTOMERS = "SELECT customer_id FROM sales_sale WHERE case_id = ANY(%(cases)s)"
LETTERS = """SELECT l.id FROM offers_commercialletter l JOIN cases_case c ON c.number = l.case_ref
    WHERE c.id = ANY(%(cases)s)"""
ORDERS = "SELECT o.id FROM orders_productorder o JOIN cases_case c ON c.number = o.case_ref WHERE c.id = ANY(%(cases)s)"
# table -> (column, which of its values are copied)
TABLES: dict[str, tuple[str, str]] = {
    "cases_case": ("id", CASES),
    "cases_task": ("case_id", CASES),
    "cases_historyevent": ("case_id", CASES),
    "cases_timer": ("case_id", CASES),
    "cases_wait": ("case_id", CASES),
    "cases_effect": ("case_id", CASES),
    "cases_casedocument": ("case_id", CASES),
    "prospects_prospect": ("id", PROSPECTS),
    "prospects_contactattempt": ("prospect_id", PROSPECTS),
    "customers_customer": ("id", CUSTOMERS),
    "customers_phone": ("customer_id", CUSTOMERS),
    "offers_commercialletter": ("case_ref", NUMBERS),
    "offers_letteritem": ("letter_id", LETTERS),
    "orders_productorder": ("case_ref", NUMBERS),
    "orders_servicecontract": ("order_id", ORDERS),
    "billing_payment": ("case_ref", NUMBERS),
    "billing_invoice": ("case_ref", NUMBERS),
    "billing_recurringenrolment": ("case_ref", NUMBERS),
    "sales_sale": ("case_id", CASES),
    "sales_requirement": ("sale_id", CASES),
    "sales_unservedrequest": ("sale_id", CASES),
    "sales_visitschedule": ("sale_id", CASES),
    "website_customerlink": ("case_id", CASES),
    "email_channel_outboundmail": ("case_id", CASES),
}
NUMBER = "'GVD-2026-' || lpad((substr(t.{column}, 10)::bigint + g * %(stride)s)::text, 12, '0')"
SUFFIX = "t.{column} || '-' || g"
PERSON = "CASE WHEN t.{column} IS NOT NULL THEN (%(people)s::bigint[])[1 + g %% cardinality(%(people)s::bigint[])] END"
NAMES = 5_000  # different ones; at 1,000,000 cases 200 people share one, as they do
RARE = ("Zenobia", "Urquidi Tarqui")  # one more, of three sales of each template and of nobody else
RARE_COPIES = [5, 17, 23]
# Which of the names: by the copy and by the template's case, so that case, customer and prospect have the same.
_NAME_ID = """CASE WHEN g = ANY(%(rare)s::bigint[]) THEN %(names)s + 1 ELSE 1 + (g * 7919 + 31 *
    (SELECT o.ordinal FROM bench_of o WHERE o.kind = '{kind}' AND o.id = t.id)) %% %(names)s END"""
NAMED = "(SELECT n.{field} FROM bench_name n WHERE n.id = " + _NAME_ID + ")"  # noqa: S608  # our own words
PHONE = "'7' || lpad(((t.id + g * 7919) %% 10000000)::text, 7, '0')"
# As `rules_duplicates.keys_of` makes them: the telephone, and pairs of the name's words with a place.
KEYS = f"""(SELECT ARRAY['t' || {PHONE}] || ARRAY(SELECT 'n' || pair || '@avenida#' || (g %% 3000) FROM unnest(n.pairs) pair)
    FROM bench_name n WHERE n.id = {_NAME_ID.format(kind="prospect")})"""  # noqa: S608  # our own words
OF = """INSERT INTO bench_of SELECT k.kind, k.id, t.ordinal FROM unnest(%(cases)s::bigint[]) WITH ORDINALITY t (id, ordinal)
    LEFT JOIN sales_sale s ON s.case_id = t.id,
    LATERAL (VALUES ('case', t.id), ('prospect', s.prospect_id), ('customer', s.customer_id)) k (kind, id)
    WHERE k.id IS NOT NULL ON CONFLICT DO NOTHING"""
# How far a copy lies in the past: the first one furthest, since what is older was written down earlier as well.
AGO = "(%(since)s::interval + %(spread)s::interval * ((%(end)s - g) / %(times)s::float8))"
STRETCH = 2_000  # copies of one INSERT
OTHERWISE: dict[tuple[str, str], str] = {
    ("cases_case", "subject"): NAMED.format(field="full_name", kind="case"),
    ("cases_case", "search"): NAMED.format(field="search", kind="case"),
    ("customers_customer", "given_names"): NAMED.format(field="given_names", kind="customer"),
    ("customers_customer", "surnames"): NAMED.format(field="surnames", kind="customer"),
    ("customers_customer", "sort_key"): NAMED.format(field="sort_key", kind="customer"),
    ("customers_customer", "trigrams"): NAMED.format(field="trigrams", kind="customer"),
    ("customers_customer", "name_keys"): NAMED.format(field="name_keys", kind="customer"),
    ("cases_case", "number"): NUMBER,
    ("cases_case", "submission_key"): "''",
    ("cases_case", "owner_id"): PERSON,
    ("cases_task", "assignee_id"): PERSON,
    ("cases_effect", "key"): SUFFIX,
    ("customers_customer", "code"): SUFFIX,
    ("customers_customer", "ci_number"): "'9' || lpad((g * 1000 + t.id %% 1000)::text, 9, '0')",
    ("customers_customer", "ci_complement"): "''",
    ("customers_phone", "number"): PHONE,
    ("prospects_prospect", "phone"): PHONE,
    ("prospects_prospect", "name"): NAMED.format(field="full_name", kind="prospect"),
    ("prospects_prospect", "trigrams"): NAMED.format(field="prospect_trigrams", kind="prospect"),
    ("prospects_prospect", "keys"): KEYS,
    ("prospects_prospect", "external_ref"): "''",
    ("prospects_contactattempt", "by_id"): PERSON,
    ("sales_sale", "executive_id"): PERSON,
    ("offers_commercialletter", "number"): SUFFIX,
    ("orders_productorder", "number"): SUFFIX,
    ("orders_servicecontract", "number"): SUFFIX,
    ("billing_payment", "slip_number"): "t.{column} || 'G' || g",
    ("billing_invoice", "number"): SUFFIX,
    ("billing_invoice", "cuf"): SUFFIX,
    ("billing_invoice", "credit_note"): SUFFIX,
    ("website_customerlink", "salt"): "left(t.{column}, 33) || lpad(g::text, 10, '0')",
    ("email_channel_outboundmail", "key"): SUFFIX,
    ("email_channel_outboundmail", "message_id"): SUFFIX,
}
COLUMNS = """SELECT table_name, column_name, data_type FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = ANY(%s) AND is_generated = 'NEVER' ORDER BY ordinal_position"""
REFERENCES = """SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'f' AND c.conrelid::regclass::text = ANY(%s) AND c.confrelid::regclass::text = ANY(%s)"""
INDEXES = """SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
    WHERE i.indrelid::regclass::text = ANY(%s) AND NOT i.indisunique"""


@dataclass
class Cloner:
    """Copies cases within one database."""

    connection: psycopg.Connection[Any]
    people: Sequence[int]  # who has the tasks and leads the cases that somebody has: one after the other
    checked: bool = False

    def __post_init__(self) -> None:
        if not self.checked:
            self.connection.execute("SET session_replication_role = replica")
        _make_names(self.connection)

    def copy(self, cases: Sequence[int], times: int, *, spread: str, since: str = "0 days", first: int = 1) -> None:
        """Copy these cases so many times; the copies' instants go back by `since` and up to `spread` more ("1800 days")."""
        values = {
            "cases": list(cases),
            "people": list(self.people),
            "names": NAMES,
            "rare": RARE_COPIES,
            "stride": self._stride,
            "since": since,
            "spread": spread,
            "end": first + times - 1,
            "times": times,
        }
        self.connection.execute(OF, values)
        for start in range(first, first + times, STRETCH):
            part = values | {"first": start, "last": min(start + STRETCH, first + times) - 1}
            for table, (column, which) in TABLES.items():
                self.connection.execute(self._insert(table, column, which), part)

    @contextmanager
    def without_indexes(self) -> Iterator[None]:
        """Inside, the copied tables have unique indexes only; afterwards all of them, and fresh statistics."""
        rows = self.connection.execute(INDEXES, (list(TABLES),)).fetchall()
        for name, _definition in rows:
            self.connection.execute(SQL("DROP INDEX {}").format(SQL(name)))
        yield
        self.connection.execute("SET maintenance_work_mem = '256MB'")
        for _name, definition in rows:
            self.connection.execute(definition)
        self._advance_sequences()

    # ------------------------------------------------------------------ inside
    @cached_property
    def _columns(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for table, column, kind in self.connection.execute(COLUMNS, (list(TABLES),)).fetchall():
            found.setdefault(table, {})[column] = kind
        return found

    @cached_property
    def _references(self) -> set[tuple[str, str]]:
        rows = self.connection.execute(REFERENCES, (list(TABLES), list(TABLES))).fetchall()
        # The database does not know of every reference to a case: checking them would lock it in every step.
        own = {
            (table, name) for table, columns in self._columns.items() for name in ("id", "case_id") if name in columns
        }
        return {(table, column) for table, column in rows} | own

    @cached_property
    def _stride(self) -> int:
        """More than any id that is there."""
        biggest = [self._biggest(table) for table, columns in self._columns.items() if "id" in columns]
        return int(10 ** len(str(max(biggest))))

    def _biggest(self, table: str) -> int:
        row = self.connection.execute(SQL("SELECT coalesce(max(id), 0) FROM {}").format(Identifier(table))).fetchone()
        return int(row[0]) if row else 0

    def _insert(self, table: str, column: str, which: str) -> Composed:
        columns = self._columns[table]
        return SQL(
            "INSERT INTO {} ({}) SELECT {} FROM generate_series(%(first)s::bigint, %(last)s::bigint) g,"
            " {} t WHERE t.{} IN ({})"
        ).format(
            Identifier(table),
            SQL(", ").join(map(Identifier, columns)),
            SQL(", ").join(SQL(self._value(table, name, kind)) for name, kind in columns.items()),
            Identifier(table),
            Identifier(column),
            SQL(which),
        )

    def _value(self, table: str, column: str, kind: str) -> str:
        if (table, column) in OTHERWISE:
            return OTHERWISE[table, column].format(column=column)
        if column == "case_ref":
            return NUMBER.format(column=column)
        if (table, column) in self._references:
            return f"t.{column} + g * %(stride)s"
        if kind == "timestamp with time zone":
            return f"t.{column} - {AGO}"
        return f't."{column}"'

    def _advance_sequences(self) -> None:
        for table, columns in self._columns.items():
            if "id" in columns:
                self.connection.execute(
                    SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), {})").format(
                        Literal(table), Literal(max(1, self._biggest(table)))
                    )
                )


def _make_names(connection: psycopg.Connection[Any]) -> None:
    """Believable names with their keys, for this connection: search and duplicates are only as fast as names are different."""
    connection.execute("""CREATE TEMP TABLE IF NOT EXISTS bench_name (id int PRIMARY KEY, full_name text, given_names text,
        surnames text, search varchar[], sort_key text, trigrams text[], name_keys text[],
        prospect_trigrams text[], pairs text[])""")
    connection.execute(
        "CREATE TEMP TABLE IF NOT EXISTS bench_of (kind text, id bigint, ordinal int, PRIMARY KEY (kind, id))"
    )
    connection.execute("TRUNCATE bench_name, bench_of")
    rng = Random(5_000)
    with connection.cursor().copy("COPY bench_name FROM STDIN") as copy:
        for number in range(1, NAMES + 2):
            given, surnames = person(rng) if number <= NAMES else RARE
            written, family_first = f"{given} {surnames}", f"{surnames} {given}"
            keys = (sort_key(family_first), text_trigrams(family_first), name_keys(family_first))
            pairs = ["+".join(pair) for pair in combinations(sounds(written)[:3], 2)]
            copy.write_row(
                (number, written, given, surnames, case_trigrams(written), *keys, text_trigrams(written), pairs)
            )
    connection.execute("ANALYZE bench_name")
