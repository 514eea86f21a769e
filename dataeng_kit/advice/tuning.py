"""Indexes and partitions as experiments: two copies of a table scaled up, one with the index, the same query timed on both."""

from __future__ import annotations

from dataclasses import dataclass

from dataeng_kit.design.reading import TableReading
from dataeng_kit.design.sql import SOURCE
from dataeng_kit.nouns import Cell, Expectation
from dataeng_kit.nouns.references import fact_id
from dataeng_kit.technologies.postgresql import PostgreSQL

SMALL = 10_000
"""Rows below which a whole scan is already fast: no index is advised."""
SCALED = 200_000
"""Rows to which the copies are scaled by repetition; the share of rows per value stays as measured."""
PARTITION = 10_000_000
"""Rows below which partitions only add planning time; above, or where old periods are dropped, they pay."""
CAPABILITIES = ("topics.database_design.performance_tuning",)


@dataclass(frozen=True)
class Candidate:
    """One index worth trying: the table, the columns, the query it serves and who asks it."""

    table: TableReading
    columns: tuple[str, ...]
    serves: str

    @property
    def name(self) -> str:
        """Return table.columns in words."""
        return f"{self.table.name}.{'+'.join(self.columns)}"


def candidates(tables: dict[str, TableReading]) -> tuple[Candidate, ...]:
    """Return at most six candidates: references of large tables that their primary key does not already lead with."""
    found = []
    for t in tables.values():
        if t.profile.rows < SMALL:
            continue
        for k in t.parents:
            if t.key[: len(k.columns)] != k.columns:
                found.append(
                    Candidate(
                        t,
                        k.columns,
                        f"the rows of {t.name} for one {k.ref_table} (assumed: drill-down, and the check when it is deleted)",
                    )
                )
    return tuple(sorted(found, key=lambda c: -c.table.profile.rows)[:6])


def trial(c: Candidate) -> Cell:
    """Return the experiment for one candidate on PostgreSQL."""
    q = PostgreSQL.named
    copies = max(1, -(-SCALED // max(1, c.table.profile.rows)))
    by = ", ".join(map(q, c.columns))
    shape = f"SELECT s.* FROM {SOURCE}.{q(c.table.name)} AS s CROSS JOIN generate_series(1, {copies}) AS copies(n)"
    middle = f"(SELECT count(DISTINCT ({by})) / 2 FROM tuning.plain)"
    groups = f"SELECT {by} FROM tuning.plain WHERE {q(c.columns[0])} IS NOT NULL GROUP BY {by}"
    typical = f"{groups} ORDER BY count(*), {by} OFFSET {middle} LIMIT 1"
    picked = f"CREATE TABLE tuning.picked AS {typical};"
    source = (
        "\n".join(
            [
                PostgreSQL.comment(f"index for {c.serves}"),
                "CREATE SCHEMA IF NOT EXISTS tuning;",
                f"CREATE TABLE tuning.plain AS {shape};",
                f"CREATE TABLE tuning.indexed AS {shape};",
                picked,
                f"CREATE INDEX trial ON tuning.indexed ({by});",
                "ANALYZE tuning.plain;",
                "ANALYZE tuning.indexed;",
            ]
        )
        + "\n"
    )
    query = f"SELECT count(*) FROM tuning.{{}} WHERE ({by}) = (SELECT {by} FROM tuning.picked)"
    faster = Expectation(
        f"with the index {c.name} the query takes at most half the milliseconds",
        "faster",
        query.format("plain"),
        query.format("indexed"),
        ">=",
    )
    same = Expectation("both copies answer alike", "rows", query.format("plain"), query.format("indexed"))
    facts = (fact_id("rows", c.table.name), *(fact_id("distinct", c.table.name, k) for k in c.columns))
    name = f"tuning.index.{c.name}"
    return Cell(
        name,
        "tuning/index",
        "postgresql",
        "sql",
        f"Index trial on {c.name}",
        f"Times {c.serves} on {copies * c.table.profile.rows:,} rows with and without the index.",
        source,
        f"postgresql/tuning/{c.name}.sql",
        (),
        (same, faster),
        facts,
        CAPABILITIES,
        name,
        (c.table.name,),
    )
