"""The key-value design: hashes by key, sorted sets per parent, streams of events; life and memory from measured rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dataeng_kit.design import access
from dataeng_kit.design.access import Access, fields, named, present, select, sensitive, source, value
from dataeng_kit.design.processes import find
from dataeng_kit.design.reading import TableReading, read
from dataeng_kit.design.sizing import human
from dataeng_kit.design.words import snake
from dataeng_kit.errors import NotApplicable
from dataeng_kit.nouns import Cell, Design, Entity, Evidence
from dataeng_kit.nouns.references import fact_id
from dataeng_kit.technologies.duckdb import DuckDB
from dataeng_kit.technologies.store import Store

LOADED = 5_000
"""Rows of a table that the script loads to measure memory; the sizing multiplies to all of them."""
TEXT: dict[str, float] = {"integer": 5, "number": 6, "date": 10, "datetime": 19, "boolean": 4}
"""Characters of a value as Redis keeps it: everything is text there."""
TREATMENT = "values are keyed hashes; the key of a hash that is personal is hashed too"


@dataclass(frozen=True)
class Family:
    """One family of keys: what it is, how many keys and members it has, and the bytes of all of them."""

    kind: str
    keys: float
    members: float
    size: float
    said: str


def design(evidence: Evidence) -> Design:
    """Return the key families of a case; raises `NotApplicable` when no row has a key or a parent."""
    tables, store = read(evidence), access.chosen(evidence, "key_value")
    events = [tables[p.table] for p in find(tables) if access.moment(tables[p.table]) and tables[p.table].profile.rows]
    made = [_entity(evidence, a, store) for a in access.accesses(tables)]
    made += [_stream(evidence, t, store) for t in events]
    if not made:
        raise NotApplicable(f"No key and no reference was measured in {evidence.name}", "Name a key, then ask again")
    total = sum(e.detail["bytes"] for e in made)
    life, at = _life(evidence, store)
    return Design(
        "key_value", store.id, tuple(made), f"Keys and values of {evidence.name}",
        ("1. What is read by key is a hash; what is read by parent a sorted set of keys, newest first; events a stream: "
         f"{', '.join(e.name for e in made)}",
         f"2. Life of a cached hash: {life:,} s ({at}); sorted sets are rebuilt with it, streams are trimmed",
         "3. A reader asks the cache, else the database, and fills the cache; a writer publishes the key that changed"),
        (*(e.detail["sizing"] for e in made), f"together {human(total)} of memory; twice that while a snapshot is written"),
        ("one JSON text per row instead of a hash: smaller, and every change rewrites it", "the database alone with its cache"),
        (*access.privacy(tables.values(), TREATMENT),
         "a cache is not the record: whatever is lost here is read again from the database",
         *((f"{human(total)} of memory costs about fifty times the same disk",) if total > 1e9 else ())),
        () if "CLAUDE.md" in at or ":" in at else (f"How old may a cached row of {made[0].sources[0]} be?",),
        (access.verdict(evidence, store),),
    )  # fmt: skip


def _life(evidence: Evidence, store: type[Store]) -> tuple[int, str]:
    """Return the seconds that a cached row may live: the stated freshness, else the store's usual hour."""
    found = access.stated(evidence.context.freshness)
    return min(found) if found else (round(store.limits["ttl_seconds"]), "assumed: no freshness is stated")


def value_bytes(t: TableReading, store: type[Store], named_fields: bool = True) -> float:
    """Return the mean bytes of a row's fields with their names as listpack entries."""
    found = 0.0
    for c in t.profile.columns:
        text = c.mean_length or 8
        own = 64 if c.name in sensitive(t) else TEXT.get(c.type, text)
        found += own + store.limits["field_bytes"] + (len(snake(c.name)) + store.limits["field_bytes"] if named_fields else 0)
    long = named_fields and any((c.mean_length or 0) > store.limits["compact_value"] for c in t.profile.columns)
    return found + (store.limits["large_bytes"] * len(t.profile.columns) if long else 0)


def member_bytes(a: Access, store: type[Store]) -> float:
    """Return the mean bytes of one member of a sorted set: its key and score, more where the sets outgrow the compact form."""
    limit, t = store.limits, a.table
    key = [t.profile.column(c) for c in t.profile.primary_key or ()]
    own = [64 if c.name in sensitive(t) else TEXT.get(c.type, c.mean_length or 8) for c in key]
    plain = 3 if len(key) < 2 and all(c.type == "integer" for c in key) else sum(own) + len(own)
    small = plain + limit["field_bytes"] * 2 + (limit["score_bytes"] if a.moment else 0)
    share = 1.0 if a.p50 > limit["compact"] else 0.5 if a.p99 > limit["compact"] else 0.1 if a.most > limit["compact"] else 0.0
    return small + share * limit["large_bytes"]


def _entity(evidence: Evidence, a: Access, store: type[Store]) -> Entity:
    t, limit, rows = a.table, store.limits, a.table.profile.rows
    if not a.parent:
        name, each = f"{named(t)}:{{{','.join(a.by)}}}", limit["key_bytes"] + value_bytes(t, store)
        said = f"{name}: {rows:,} hashes × {each:,.0f} bytes = {human(rows * each)}"
        return access.entity(name, "hash", t, store, a.by, f"one hash per {a.said.removeprefix('one ')}", a.facts,
                             by=list(a.by), sizing=said, bytes=rows * each, each=each)  # fmt: skip
    keys = max(1, t.profile.column(a.by[0]).distinct)
    name = f"{snake(a.parent)}:{{{','.join(a.by)}}}:{snake(t.name)}"
    member = member_bytes(a, store)
    each = limit["key_bytes"] + rows / keys * member
    said = (
        f"{name}: {keys:,} sorted sets × ({limit['key_bytes']:g} + {rows / keys:,.1f} members × {member:,.0f} bytes) "
        f"= {human(keys * each)}; fullest {a.most:,} members"
    )
    return access.entity(name, "sorted_set", t, store, a.by, f"one sorted set of {a.said}", a.facts, by=list(a.by),
                         moment=a.moment, parent=snake(a.parent), sizing=said, bytes=keys * each, each=each,
                         decisions=[_decision(a, name)] if a.moment else [])  # fmt: skip


def _decision(a: Access, name: str) -> dict[str, Any]:
    t = a.table
    return {
        "subject": name, "slug": "structure", "question": f"How does Redis hold the rows of {t.name} of one {a.parent}?",
        "choice": f"a sorted set of keys, scored by {a.moment}",
        "why": f"{a.p50:g} rows (median), {a.most:,} at most; the newest are read first by {a.moment}",
        "alternatives": [f"a list: cannot drop one of {t.profile.rows:,} rows of {t.name} without reading it"],
        "flips": [(fact_id("nulls", t.name, a.moment), t.profile.rows)],
        "flips_if": f"{a.moment} of {t.name} is empty: then a plain set",
    }  # fmt: skip


def _stream(evidence: Evidence, t: TableReading, store: type[Store]) -> Entity:
    rows, each = t.profile.rows, store.limits["event_bytes"] + value_bytes(t, store, named_fields=False)
    said = f"stream:{snake(t.name)}: {rows:,} events × {each:,.0f} bytes = {human(rows * each)}; trimmed at {rows:,}"
    return access.entity(
        f"stream:{snake(t.name)}", "stream", t, store, t.profile.primary_key or (), f"one event per row of {t.name}", (),
        moment=access.moment(t), sizing=said, bytes=rows * each, each=each,
    )  # fmt: skip


def cells(design: Design, evidence: Evidence) -> tuple[Cell, ...]:
    """Return the script that loads the structures, reads them back and measures their memory."""
    tables, store = read(evidence), access.chosen(evidence, "key_value")
    life, _ = _life(evidence, store)
    spec = [_spec(e, tables[e.sources[0]]) for e in design.entities]
    promised = []
    for e, one in zip(design.entities, spec, strict=True):
        rows = f"SELECT count(*) FROM ({one['sql']} LIMIT {LOADED}) AS x"
        promised.append(access.counted(f"{e.name}: entries read back", rows))
    for side, factor, sign in (("at most twice", 2, ">="), ("at least half", 0.5, "<=")):
        left = f"SELECT n * {factor} FROM counts WHERE name = 'bytes estimated'"
        promised.append(access.counted("bytes measured", left, sign, "sum", f"memory of all keys is {side} what was estimated"))
    if any(one["kind"] == "hash" for one in spec):
        promised.append(access.counted("cache: keys asked twice that missed once and were found once", "SELECT 50"))
        promised.append(access.counted("cache: changed keys that a subscriber heard of", "SELECT 3"))
    if any(one["kind"] == "stream" for one in spec):
        promised.append(access.counted("streams: events taken by a consumer group and not acknowledged", "SELECT 0"))
    plan = {"seconds": life, "rows": LOADED, "families": spec}
    return (access.script(design, f"{store.id}/structures", plan, promised, [e.sources[0] for e in design.entities], store),)


def _spec(e: Entity, t: TableReading) -> dict[str, Any]:
    names, by = fields(t), e.detail.get("by", [])
    found: dict[str, Any] = {"name": e.name, "kind": e.kind, "each": round(e.detail["each"], 1)}
    if e.kind == "sorted_set":
        score = e.detail["moment"]
        number = f"epoch(CAST({DuckDB.quote(score)} AS TIMESTAMP))" if score else "0"
        key = list(t.profile.primary_key or ())
        member = (
            " || ':' || ".join(f"CAST({DuckDB.quote(c)} AS VARCHAR)" for c in key)
            if key
            else "CAST(row_number() OVER () AS VARCHAR)"
        )
        parent = " || ':' || ".join(f"CAST({DuckDB.quote(c)} AS VARCHAR)" for c in by)
        secret = [n for n, c in (("parent", by), ("member", key)) if set(c) & set(sensitive(t))]
        sql = f"SELECT {parent} AS parent, {member} AS member, {number} AS score FROM {source(t.name)}"
        need = [*by, *key, *([score] if score else [])]
        return {
            **found,
            "prefix": e.detail["parent"],
            "suffix": snake(t.name),
            "sql": f"{sql} WHERE {present(need)}",
            "hide": secret,
        }
    where = present(by) if by else ""
    order = f" ORDER BY {value(t, e.detail['moment'])}" if e.kind == "stream" else ""
    return {
        **found, "prefix": named(t), "key": [names[c] for c in by], "hide": [names[c] for c in sensitive(t)],
        "sql": select(t, None, where) + order,
    }  # fmt: skip


def _joined(columns: list[str]) -> str:
    return " || ':' || ".join(f"CAST({DuckDB.quote(c)} AS VARCHAR)" for c in columns)
