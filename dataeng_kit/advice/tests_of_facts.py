"""Data tests from measured facts: what is a law becomes a test, what only holds in this delivery does not."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from dataeng_kit import technologies
from dataeng_kit.design.reading import key_of
from dataeng_kit.design.sql import SOURCE
from dataeng_kit.nouns import Evidence, ForeignKey
from dataeng_kit.nouns.references import fact_id, write
from dataeng_kit.technologies.base import Technology

_ACCIDENTS = ("partial_period", "closed_days", "dependency", "copy", "measures", "date_parts")
"""Kinds of law that describe one delivery or another table's attributes: shown in the review, no test of the next load."""


@dataclass(frozen=True)
class DataTest:
    """One test: its name, the table it guards, SQL that counts failing rows, how many fail today, and the facts behind it."""

    name: str
    table: str
    count: str
    known: int
    facts: tuple[str, ...]
    strict: bool


def tests(evidence: Evidence, technology: type[Technology]) -> tuple[DataTest, ...]:
    """Return the tests of a case in one technology, tables in order: keys, references, laws."""
    found: list[DataTest] = []
    names = frozenset(t.name for t in evidence.profile.tables)
    for table in evidence.profile.tables:
        found += _key(evidence, table.name, technology)
    for key in evidence.profile.foreign_keys:
        found.append(_reference(key, technology))
    for law in evidence.profile.laws:
        sql = _rewritten(law.query, names, technology.id)
        if law.standing in ("law", "law_with_exceptions") and law.kind not in _ACCIDENTS and sql:
            known = law.exceptions
            found.append(DataTest(f"{law.table}: {law.rule}", law.table, sql, known, (law.fact,) if law.fact else (), known == 0))
    return tuple(found)


def _source(name: str, technology: type[Technology]) -> str:
    return f"{SOURCE}.{technology.quote(technology.fit(name))}"


def _key(evidence: Evidence, name: str, technology: type[Technology]) -> list[DataTest]:
    table = evidence.profile.table(name)
    key = key_of(table)
    if not key or not table.rows:
        return []
    columns = [technology.quote(technology.fit(c)) for c in key]
    known = next((k.repeats for k in table.almost_keys if k.columns == key), 0)
    whole = ", ".join(columns)
    present = " AND ".join(f"{c} IS NOT NULL" for c in columns)
    repeats = f"SELECT count(*) - count(DISTINCT ({whole})) FROM {_source(name, technology)} WHERE {present}"
    absent = f"SELECT count(*) FROM {_source(name, technology)} WHERE NOT ({present})"
    facts = (fact_id("rows", name), *(fact_id("distinct", name, c) for c in key))
    return [
        DataTest(f"{name}: ({', '.join(key)}) does not repeat", name, repeats, known, facts, known == 0),
        DataTest(
            f"{name}: ({', '.join(key)}) is never empty", name, absent, 0, tuple(fact_id("nulls", name, c) for c in key), True
        ),
    ]


def _reference(key: ForeignKey, technology: type[Technology]) -> DataTest:
    child = [f"c.{technology.quote(technology.fit(c))}" for c in key.columns]
    parent = [f"p.{technology.quote(technology.fit(c))}" for c in key.ref_columns]
    same = " AND ".join(f"{a} = {b}" for a, b in zip(child, parent, strict=True))
    present = " AND ".join(f"{c} IS NOT NULL" for c in child)
    missing = f"NOT EXISTS (SELECT 1 FROM {_source(key.ref_table, technology)} AS p WHERE {same})"
    sql = f"SELECT count(*) FROM {_source(key.table, technology)} AS c WHERE {present} AND {missing}"
    name = f"{write(key.table, key.columns[0])} names an existing row of {key.ref_table}"
    return DataTest(name, key.table, sql, key.orphans, (key.fact,) if key.fact else (), key.orphans == 0)


@functools.cache
def _rewritten(query: str, known: frozenset[str], engine: str) -> str:
    """Return the law's own query as a count over schema ``source`` in another dialect, or an empty text where none takes it."""
    import sqlglot
    from sqlglot import exp

    technology = technologies.find(engine)
    try:
        tree = sqlglot.parse_one(query, read="duckdb")
    except sqlglot.errors.SqlglotError:
        return ""
    for table in tree.find_all(exp.Table):
        name = next((n for n in (f"{table.db}.{table.name}", table.name) if n in known), "")
        if name:
            table.set("this", exp.to_identifier(technology.fit(name), quoted=True))
            table.set("db", exp.to_identifier(SOURCE))
            table.set("catalog", None)
    return f"SELECT count(*) FROM ({tree.sql(dialect=technology.sqlglot)}) AS failing"
