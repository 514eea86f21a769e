"""Topic `database_design`: indexes timed, partitions weighed, a column changed under running readers."""

from __future__ import annotations

from dataeng_kit import technologies
from dataeng_kit.advice.evolution import steps
from dataeng_kit.advice.said import decide, line, rows_ids, untold
from dataeng_kit.advice.tuning import PARTITION, SMALL, Candidate, candidates, trial
from dataeng_kit.design.reading import TableReading, additivity, read
from dataeng_kit.design.target import named, target
from dataeng_kit.nouns import Advice, Decision, Evidence
from dataeng_kit.nouns.references import fact_id, write
from dataeng_kit.technologies.base import Technology

SORTED = 100_000_000
"""Rows above which a column store's blocks pay for being written in the order of the commonest filter."""


def applies(evidence: Evidence) -> str:
    """Return why the topic fits the case, or an empty text."""
    return f"{len(evidence.profile.tables)} tables to keep fast and to change" if evidence.profile.tables else ""


def advise(evidence: Evidence) -> Advice:
    """Return what keeps the database fast and changeable, each piece run on a copy."""
    tables, own = read(evidence), target(evidence)
    engine = technologies.find(own if own in technologies.all() else "duckdb")
    tried = candidates(tables) if engine.id == "postgresql" else ()
    cells = [trial(c) for c in tried]
    decisions = [_index(evidence, c) for c in tried] or [_no_index(evidence, engine)]
    decisions += [_partition(evidence, t) for t in tables.values() if t.dates and t.profile.time and t.profile.rows >= SMALL]
    measured = _measured(tables)
    if measured:
        table, column = measured
        engines = tuple(dict.fromkeys((engine, technologies.find("duckdb"))))
        cells += [c for t in engines for c in steps(table.profile, column, t)]
        decisions.append(_evolution(evidence, table, column, engine))
    return Advice("database_design", tuple(decisions), tuple(cells), missing=untold(evidence))


def _measured(tables: dict[str, TableReading]) -> tuple[TableReading, str] | None:
    """Return the largest table with an additive floating number, and that number."""
    for t in sorted(tables.values(), key=lambda t: (not t.of("date"), -t.profile.rows)):
        for c in t.of("measure"):
            if t.profile.column(c).type == "number" and additivity(c) == "additive" and t.profile.column(c).filled:
                return t, c
    return None


def _index(evidence: Evidence, c: Candidate) -> Decision:
    t = c.table.profile
    values = t.column(c.columns[0]).distinct
    id = f"tuning.index.{c.name}"
    width = 8 * len(c.columns) + 16
    return decide(
        evidence,
        "database_design",
        c.name,
        "index",
        f"Does {c.name} need an index?",
        f"yes: ({', '.join(c.columns)})",
        f"{t.rows:,} rows over {values:,} values: one value meets {t.rows / max(1, values):,.1f} rows; serves {c.serves}",
        (fact_id("rows", t.name), *(fact_id("distinct", t.name, k) for k in c.columns)),
        [line(m) for m in (named(evidence),) if m],
        [(fact_id("rows", t.name), SMALL - 1)],
        alternatives=(f"none: each such query reads all {t.rows:,} rows of {t.name}",),
        holds_if=(id,),
        cells=(id,),
        effort="S",
        trade_offs=(
            f"each insert into {t.name} writes one entry more, about {t.rows * width / 1e6:,.1f} MB in all; "
            f"the key ({', '.join(c.table.key)}) does not lead with it",
        ),
        flips_if=f"the timed query does not become twice as fast, or {t.name} falls below {SMALL:,} rows",
    )


def _no_index(evidence: Evidence, engine: type[Technology]) -> Decision:
    largest = max(evidence.profile.tables, key=lambda t: t.rows)
    why = (
        f"the largest table, {largest.name}, holds {largest.rows:,} rows, below {SMALL:,}, "
        "or its key already leads with its references"
        if engine.id == "postgresql"
        else f"{engine.title} reads columns with minima and maxima per block; "
        f"an index would slow each load of {largest.name} ({largest.rows:,} rows)"
    )
    return decide(
        evidence,
        "database_design",
        evidence.name,
        "index",
        "Which indexes beside the keys?",
        "none" + (f"; each load writes {largest.name} in the order it is filtered by" if largest.rows > SORTED else ""),
        why,
        rows_ids(evidence),
        [line(m) for m in (named(evidence),) if m],
        [(fact_id("rows", largest.name), SORTED + 1)],
        alternatives=(f"one per reference: {len(evidence.profile.foreign_keys)} indexes to keep up to date",),
        effort="S",
        flips_if=f"{largest.name} passes {SMALL:,} rows on a row store",
    )


def _partition(evidence: Evidence, t: TableReading) -> Decision:
    p = t.profile
    assert p.time is not None
    month = p.time.rows_per_day * 30.4
    kept = evidence.context.retention
    split = p.rows >= PARTITION
    inside = p.time.column in t.key
    years = (PARTITION - p.rows) / max(1, month) / 12
    reach = "each month is a piece worth dropping" if split else f"{PARTITION:,} rows are {years:,.0f} years away"
    split = split or bool(kept and p.rows >= SMALL * 100)
    return decide(
        evidence,
        "database_design",
        p.name,
        "partition",
        f"Is {p.name} cut into partitions?",
        f"yes: by month of {p.time.column}" if split else "no",
        f"{p.rows:,} rows, {month:,.0f} a month by {p.time.column}: {reach}",
        (fact_id("rows", p.name), fact_id("min", p.name, p.time.column), fact_id("max", p.name, p.time.column)),
        [line(s) for s in kept[:1]],
        [(fact_id("rows", p.name), PARTITION + 1 if not split else SMALL)],
        alternatives=(
            f"by month: about {max(1, p.rows / max(1, month)):,.0f} partitions of {month:,.0f} rows"
            if not split
            else f"none: deleting a month rewrites {month:,.0f} rows",
        ),
        risks=()
        if inside
        else (
            f"PostgreSQL then needs {p.time.column} in every unique key: "
            f"({', '.join(t.key) or 'no key'}) would no longer be unique alone",
        ),
        flips_if=f"{p.name} passes {PARTITION:,} rows, or whole periods are deleted at once",
        effort="M",
        questions=() if kept else (f"How long is {p.name} kept, and is it deleted by period?",),
    )


def _evolution(evidence: Evidence, t: TableReading, column: str, engine: type[Technology]) -> Decision:
    cells = tuple(f"evolution.{engine.id}.{part}" for part in ("expand", "contract", "rollback"))
    c = t.profile.column(column)
    return decide(
        evidence,
        "database_design",
        write(t.name, column),
        "evolution",
        f"How does {t.name}.{column} change its type while it is read?",
        "expand, move readers, contract; the way back is written first",
        f"{column} is {c.native or c.type}, which rounds; {c.filled:,} values of {t.profile.rows:,} move "
        f"to {engine.type_name('decimal')}",
        (fact_id("rows", t.name), fact_id("nulls", t.name, column)),
        (),
        [(fact_id("nulls", t.name, column), t.profile.rows)],
        alternatives=(f"one ALTER TABLE: locks {t.profile.rows:,} rows and breaks every reader of {column} at once",),
        holds_if=cells,
        cells=cells,
        effort="M: two releases",
        flips_if=f"{t.name} has no reader but its own load",
        questions=(f"Who reads {t.name}.{column} today?",),
    )
