"""Designs over names that hurt still build, load and reconcile on a real DuckDB, and on PostgreSQL in the heavy part."""

from dataclasses import replace

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataeng_kit import advice, design
from dataeng_kit.checks import grammar, run_cells
from dataeng_kit.checks.compare import agrees
from dataeng_kit.data import Data, Source
from dataeng_kit.data.engines.embedded import Embedded
from dataeng_kit.design.cells import chain, translate
from dataeng_kit.design.words import snake, unique
from dataeng_kit.errors import NotApplicable
from dataeng_kit.nouns import Column, ColumnProfile, Context, Evidence, Fact, ForeignKey, Profile, Reading, Table, TableProfile
from dataeng_kit.technologies.duckdb import DuckDB

HURT = [
    "select",
    "order",
    "Über Größe",
    'quo"te',
    "semi;colon",
    "drop table x; --",
    "emoji 🙂",
    "x" * 200,
    "1st",
    "a.b",
    "c#d",
    "new\nline",
    "'",
    "%s",
    "{curly}",
    "at",
    "s0",
    "reject_reason",
    "row_hash",
    "valid_from",
    "Ünïcode" * 12,
    " ",
    "日本語の列",
]
names = st.lists(
    st.one_of(
        st.sampled_from(HURT),
        st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), min_size=1, max_size=30),
    ),
    min_size=9,
    max_size=9,
    unique_by=lambda s: s.strip().casefold() or "blank",
)


def evidence_of(n: list[str]) -> Evidence:
    """Two tables: a described parent, and a child that refers to it with a date and an amount."""
    parent, child = f"{n[0]} parent", f"{n[1]} child"
    shapes = {
        parent: [(n[2], "integer"), (n[3], "text"), (n[4], "text")],
        child: [(n[5], "integer"), (n[6], "integer"), (n[7], "date"), (n[8], "number")],
    }
    profiles = tuple(
        TableProfile(
            t,
            4,
            tuple(ColumnProfile(c, k, "", i, 4, 0, 4 if i == 0 else 2) for i, (c, k) in enumerate(columns)),
            (columns[0][0],),
        )
        for t, columns in shapes.items()
    )
    key = ForeignKey(child, (n[6],), parent, (n[2],))
    tables = tuple(Table(t, "", tuple(Column(c, k) for c, k in columns), Reading(rows=4)) for t, columns in shapes.items())
    facts = tuple(Fact(f"t{i}#rows", 4, "") for i in range(2))
    return Evidence("hurt", Context(), tables, Profile(profiles, (key,), facts=facts))


def fill(connection: duckdb.DuckDBPyConnection, evidence: Evidence, prefix: str) -> None:
    rows = {"integer": "i", "text": "'t' || i % 2", "date": "DATE '2024-01-01' + CAST(i AS INTEGER)", "number": "i * 1.5"}
    for table in evidence.tables:
        picks = ", ".join(f"{rows[c.type]} AS {DuckDB.quote(c.name)}" for c in table.columns)
        connection.execute(f"CREATE TABLE {prefix}{DuckDB.quote(table.name)} AS SELECT {picks} FROM range(1, 5) AS r(i)")


@settings(max_examples=25, deadline=None)
@given(names)
@pytest.mark.parametrize("kind", ["normalised", "dimensional", "vault"])
def test_hostile_names_build_load_and_reconcile(kind, n):
    evidence = evidence_of(n)
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA source")
    fill(connection, evidence, "source.")
    try:
        made = design.find(kind)(evidence)
    except NotApplicable:  # the names drawn may turn the date into bookkeeping
        assert kind == "dimensional"
        return
    for cell in chain(made, evidence, "duckdb"):
        result = connection.execute(cell.source)
    rows = result.fetchall()
    assert rows
    assert all(agrees for *_, agrees in rows), rows


@pytest.mark.heavy
@pytest.mark.parametrize("start", [0, 7, 14])
def test_hostile_names_on_postgresql(start, postgres_url):
    evidence = evidence_of([HURT[(start + i) % len(HURT)] for i in range(9)])
    engine = Embedded()
    fill(engine.connection, evidence, "")
    data = Data(tuple(Source(t, engine, DuckDB.quote(t.name)) for t in evidence.tables))
    cells = [
        c for kind in ("normalised", "dimensional", "vault") for c in chain(design.find(kind)(evidence), evidence, "postgresql")
    ]
    for id, check in run_cells(cells, data, None, postgres_url).items():
        assert check.level == "ran", (id, check.why)
        assert check.ok, (id, check.why)
    data.close()


@given(st.text(max_size=300))
def test_snake_names_are_bare_and_short(text):
    name = snake(text)
    assert name
    assert len(name.encode()) <= 63
    assert not name[0].isdigit()
    assert all(c.isalnum() or c == "_" for c in name)


@given(st.lists(st.sampled_from(["a", "A", "a_2", "b"]), max_size=8))
def test_unique_never_repeats_in_any_case(wanted):
    taken: list[str] = []
    for w in wanted:
        taken.append(unique(w, taken))
    assert len({t.casefold() for t in taken}) == len(taken)


@settings(max_examples=12, deadline=None)
@given(names)
def test_hostile_names_survive_every_topic(n):
    evidence = evidence_of(n)
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA source")
    fill(connection, evidence, "source.")
    for topic in ("model", "pipeline", "quality", "database_design"):
        for cell in advice.advise(topic, evidence).cells:
            if cell.language == "python":
                compile(cell.source, cell.path, "exec")
                continue
            connection.execute(cell.source)
            for promise in (e for e in cell.expects if e.kind != "idempotent"):
                left, right = (connection.execute(s).fetchone()[0] for s in (promise.left, promise.right))
                assert agrees(left, right, promise.relation), (cell.id, promise.name)


@pytest.mark.heavy
@pytest.mark.parametrize("dialect", ["snowflake", "bigquery", "databricks", "redshift", "postgres"])
def test_hostile_names_are_parsed_where_no_server_can_be_had(dialect):
    for start, kind in ((0, "normalised"), (7, "vault"), (14, "dimensional")):
        evidence = evidence_of([HURT[(start + i) % len(HURT)] for i in range(9)])
        ddl = chain(design.find(kind)(evidence), evidence, "postgresql")[0]
        source = ddl.source if dialect == "postgres" else translate(ddl.source, dialect)
        check = grammar.parse(replace(ddl, source=source), dialect, dialect, "no server here")
        assert check.level == "parsed", check.why
