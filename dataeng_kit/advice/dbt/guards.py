"""Singular tests: no row lost, no row doubled by a join, totals kept, references and laws as measured."""

from __future__ import annotations

from typing import Any

from dataeng_kit.advice.dbt.names import ModelWriter, plain, raw, ref
from dataeng_kit.advice.dbt.schema import simple
from dataeng_kit.advice.tests_of_facts import tests
from dataeng_kit.design.load import find
from dataeng_kit.design.plan import joins
from dataeng_kit.design.sql import SOURCE
from dataeng_kit.design.words import unique
from dataeng_kit.nouns import Attribute, Entity, ForeignKey
from dataeng_kit.nouns.references import parse
from dataeng_kit.technologies.base import Technology
from dataeng_kit.technologies.duckdb import DuckDB
from dataeng_kit.technologies.postgresql import PostgreSQL


def guards(w: ModelWriter) -> dict[str, str]:
    """Return the singular tests of a project by path, with refs as tokens."""
    found: dict[str, str] = {}
    for t in w.evidence.profile.tables:
        found[f"tests/rows/every_row_of_{w.names.sources[t.name]}_is_kept.sql"] = _kept(w, t.name)
    for e in w.design.entities:
        if e.kind not in ("fact", "bridge"):
            continue
        name = w.names.models[e.name]
        found[f"tests/fan_out/rows_of_{name}.sql"] = _rows(w, e)
        for look in e.detail.get("lookups", ()):
            if w.design.entity(look["dimension"]).kind == "dimension" and look.get("natural"):
                stem = unique(f"unknown_{name}__{plain(look['attribute'])}", _stems(found))
                found[f"tests/unknown/{stem}.sql"] = _unknown(w, e, look)
        for a in e.attributes:
            if a.role == "measure" and a.type in ("integer", "number", "decimal") and (sql := _total(w, e, a)):
                found[f"tests/fan_out/{unique(f'{name}__{plain(a.name)}', _stems(found))}.sql"] = sql
    for k in w.evidence.profile.foreign_keys:
        if not simple(w, k):
            stem = unique(plain(f"{k.table} {' '.join(k.columns)} in {k.ref_table}"), _stems(found))
            found[f"tests/references/{stem}.sql"] = _reference(w, k)
    return {**found, **_laws(w, found)}


def _stems(found: dict[str, str]) -> list[str]:
    return [p.rpartition("/")[2].removesuffix(".sql") for p in found]


def _differ(w: ModelWriter, said: str, before: str, after: str) -> str:
    """A test that returns a row when two numbers differ by more than floating point does."""
    differ = "abs(before_joins - after_joins) > 1e-9 * greatest(1, abs(before_joins))"
    both = f"SELECT\n    ({before}) AS before_joins,\n    ({after}) AS after_joins"
    return f"{w.technology.comment(said)}\nSELECT * FROM (\n  {both}\n) AS totals\nWHERE {differ}"


def _kept(w: ModelWriter, table: str) -> str:
    refused = f"SELECT count(*) FROM {ref('quarantine')} WHERE source_table = {w.text(table)}"
    after = f"(SELECT count(*) FROM {w.source(table)}) + ({refused})"
    said = f"every row of {table} is staged or in quarantine"
    return _differ(w, said, f"SELECT count(*) FROM {raw(w.names.sources[table])}", f"SELECT {after}")


def _rows(w: ModelWriter, e: Entity) -> str:
    said = f"{e.name} has as many rows as {e.sources[0]}: no join loses or doubles one"
    return _differ(w, said, f"SELECT count(*) FROM {w.source(e.sources[0])}", f"SELECT count(*) FROM {w.table(e.name)}")


def _unknown(w: ModelWriter, e: Entity, look: dict[str, Any]) -> str:
    """No more rows at the unknown member than rows whose reference is empty or names nobody."""
    dimension, tables = w.design.entity(look["dimension"]), _tables(e)
    same = []
    for side, column, there in look["on"]:
        attribute = find(dimension, there)
        name = parse(attribute.lineage[0])[-1]
        left = w.column("p", name)
        same.append(w.equal(left, attribute.type, w.column(side, column), w.type_of(tables[side], column)))
    lost = f"NOT EXISTS (SELECT 1 FROM {w.source(dimension.sources[0])} AS p WHERE {' AND '.join(same)})"
    nobody = f"SELECT count(*) FROM {_upto(w, e, look['on'][0][0])} WHERE {lost}"
    unknown = f"SELECT count(*) FROM {w.table(e.name)} WHERE {w.q(look['attribute'])} = -1"
    both = f"SELECT\n    ({nobody}) AS names_nobody,\n    ({unknown}) AS at_unknown"
    said = w.technology.comment(f"{e.name}.{look['attribute']} is unknown only where the source names no {dimension.sources[0]}")
    return f"{said}\nSELECT * FROM (\n  {both}\n) AS members\nWHERE at_unknown > names_nobody"


def _tables(e: Entity) -> dict[str, str]:
    return {"s0": e.sources[0], **{j.alias: j.table for j in joins(e)}}


def _upto(w: ModelWriter, e: Entity, alias: str) -> str:
    """The fact's own staging model with the joins that lead to *alias*."""
    needed = [w.join(e, j) for j in joins(e) if int(j.alias[1:]) <= int(alias[1:])]
    return " ".join([f"{w.source(e.sources[0])} AS s0", *needed])


def _total(w: ModelWriter, e: Entity, a: Attribute) -> str:
    after = f"SELECT coalesce(sum({w.q(a.name)}), 0) FROM {w.table(e.name)}"
    if a.name.endswith("_allocated") and a.expression:
        said = f"{a.name}: the headers' total, each header once = total in {e.name}"
        return _differ(w, said, _headers(w, e, a), after)
    if a.expression or not a.lineage:
        return ""
    before = f"SELECT coalesce(sum({w.column('s0', parse(a.lineage[0])[-1])}), 0) FROM {w.source(e.sources[0])} AS s0"
    return _differ(w, f"{a.name}: total before the joins = total in {e.name}", before, after)


def _headers(w: ModelWriter, e: Entity, a: Attribute) -> str:
    """Each header that has a line counts once."""
    table, column = parse(a.lineage[0])
    join = next(j for j in joins(e) if j.table == table)
    tables = _tables(e)
    same = " AND ".join(
        w.equal(w.column("h", p), w.type_of(table, p), w.column(join.left, c), w.type_of(tables[join.left], c))
        for c, p in join.on
    )
    return (
        f"SELECT coalesce(sum({w.column('h', column)}), 0) FROM {w.source(table)} AS h "
        f"WHERE EXISTS (SELECT 1 FROM {_upto(w, e, join.left)} WHERE {same})"
    )


def _reference(w: ModelWriter, k: ForeignKey) -> str:
    pairs = list(zip(k.columns, k.ref_columns, strict=True))
    same = " AND ".join(
        w.equal(w.column("c", a), w.type_of(k.table, a), w.column("p", b), w.type_of(k.ref_table, b)) for a, b in pairs
    )
    present = " AND ".join(f"{w.column('c', a)} IS NOT NULL" for a, _ in pairs)
    missing = f"NOT EXISTS (SELECT 1 FROM {w.source(k.ref_table)} AS p WHERE {same})"
    said = w.technology.comment(f"{', '.join(k.columns)} of {k.table} names a row of {k.ref_table}; {k.orphans} known not to")
    count = f"SELECT count(*) AS failing FROM {w.source(k.table)} AS c WHERE {present} AND {missing}"
    return f"{said}\nSELECT failing FROM (\n  {count}\n) AS orphans\nWHERE failing > {k.orphans}"


def _laws(w: ModelWriter, found: dict[str, str]) -> dict[str, str]:
    """Laws as measured, on the raw tables; a known number of exceptions is allowed, one more is not."""
    made: dict[str, str] = {}
    ours, theirs = (_law_tests(w, t) for t in (DuckDB, PostgreSQL))
    for name, (sql, allowed) in ours.items():
        other = theirs.get(name, (sql, 0))[0]
        both = sql if sql == other else f"\0%if target.type == 'duckdb'\0{sql}\0%else\0{other}\0%endif\0"
        stem = unique(plain(f"law {name}"), _stems({**found, **made}))
        said = w.technology.comment(f"{name}; {allowed} known exceptions")
        made[f"tests/laws/{stem}.sql"] = f"{said}\nSELECT failing FROM (\n{both}\n) AS law\nWHERE failing > {allowed}"
    return made


def _law_tests(w: ModelWriter, technology: type[Technology]) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    rules = {f"{x.table}: {x.rule}" for x in w.evidence.profile.laws}
    cut = {t.name for t in w.evidence.profile.tables if any(w.technology.fit(c.name) != c.name for c in t.columns)}
    for t in tests(w.evidence, technology):
        if t.name not in rules or t.table in cut:  # a law's query names columns in full; the raw table holds them cut
            continue
        sql = t.count.replace("count(*)", "count(*) AS failing", 1)
        for table, name in w.names.sources.items():
            sql = sql.replace(f"{SOURCE}.{technology.quote(technology.fit(table))}", raw(name))
        found[t.name] = (sql, t.known)
    return found
