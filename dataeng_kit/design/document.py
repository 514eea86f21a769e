"""The document design: a collection per entity, children inside their parent where they are its parts and measured few."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dataeng_kit.design import access
from dataeng_kit.design.access import fields, row_width, sensitive, source, value
from dataeng_kit.design.processes import is_bridge, is_line
from dataeng_kit.design.reading import TableReading, read
from dataeng_kit.design.sizing import human
from dataeng_kit.design.words import snake, unique
from dataeng_kit.errors import NotApplicable
from dataeng_kit.nouns import Attribute, Cell, Design, Entity, Evidence, Expectation, ForeignKey
from dataeng_kit.nouns.references import write
from dataeng_kit.technologies.duckdb import DuckDB
from dataeng_kit.technologies.store import Store

PER_FIELD = 7
"""Bytes of BSON beside a value and its name: type, end of name, length (bsonspec.org)."""
TREATMENT = "client-side field level encryption, deterministic where looked up; the script stores a keyed hash"
SAMPLE = 2_000
"""Documents of a collection that the script checks against the validator and stores; all of them are built and counted."""


def design(evidence: Evidence) -> Design:
    """Return the collections of a case; raises `NotApplicable` without a row."""
    tables, store = read(evidence), access.chosen(evidence, "document")
    if not any(t.profile.rows for t in tables.values()):
        raise NotApplicable(f"Every table of {evidence.name} is empty", "Ask for the normalised design")
    inside = {t.name: k for t in tables.values() if (k := _home(t, tables, store))}
    roots = [t for t in tables.values() if t.name not in inside]
    entities = tuple(_collection(t, tables, [inside[n] for n in inside if inside[n].ref_table == t.name], store) for t in roots)
    linked = [k for t in tables.values() for k in t.parents if inside.get(t.name) is not k]
    return Design(
        "document", store.id, entities, f"Documents of {evidence.name}", _steps(tables, inside, linked, store),
        tuple(line for e in entities for line in e.detail["sizing"]),
        ("references only: one collection per table, joined by $lookup at each read",
         "the subset pattern: the newest children inside, all of them in a collection of their own"),
        (*access.privacy(tables.values(), TREATMENT),
         *(f"a change to {k.table} rewrites its {k.ref_table}: {k.children_max:,} parts at most" for k in inside.values()),
         *(f"{k.orphans:,} rows of {k.table} have no {k.ref_table}: they stay in {snake(k.table)}_orphans"
           for k in inside.values() if k.orphans)),
        tuple(f"Is {k.table} ever read or changed without its {k.ref_table}?" for k in inside.values()),
        (access.verdict(evidence, store, f"{len(inside)} tables are parts of another" if inside else ""),),
    )  # fmt: skip


def _home(t: TableReading, tables: Mapping[str, TableReading], store: type[Store]) -> ForeignKey | None:
    """Return the reference to the table that *t*'s rows are parts of and fit into; None keeps them a collection."""
    if t.children or t.loops:
        return None
    limit = store.limits
    for k in t.parents:
        head = tables[k.ref_table]
        part = is_line(t, head, k) and not (is_bridge(t) and len(t.parents) > 1 and k is not t.parents[0])
        fits = 0 < k.children_max <= limit["embedded_rows"] and _width(head, k, t) <= limit["embedded_bytes"]
        if part and fits and access.meets(k, tables) and not _home_of_parent(head, tables):
            return k
    return None


def _home_of_parent(head: TableReading, tables: Mapping[str, TableReading]) -> bool:
    """A part of a part stays outside: one level of nesting is readable and indexable."""
    return any(is_line(head, tables[k.ref_table], k) and not head.children for k in head.parents)


def _width(head: TableReading, k: ForeignKey, child: TableReading) -> int:
    return row_width(head, PER_FIELD, names=True) + k.children_max * row_width(child, PER_FIELD, names=True)


def _steps(
    tables: Mapping[str, TableReading], inside: Mapping[str, ForeignKey], linked: list[ForeignKey], store: type[Store]
) -> tuple[str, ...]:
    measured = "{k.children_p50:g} (median), {k.children_p99:g} (99 %), {k.children_max:,} (most)"
    embedded = [
        f"{k.table} inside {k.ref_table}: its parts, {measured.format(k=k)} each, largest document "
        f"{human(_width(tables[k.ref_table], k, tables[k.table]))} of {human(store.limits['document_bytes'])}"
        for k in inside.values()
    ]
    kept = [
        f"{write(k.table, k.columns[0])} refers to {k.ref_table}: {measured.format(k=k)} each, "
        + ("past the limits of one document" if k.children_max > store.limits["embedded_rows"] else "a life of its own")
        for k in linked
    ]
    return (
        "1. Embed what is read with its parent and bounded: " + ("; ".join(embedded) or "no table is a bounded part of another"),
        "2. Refer to what lives by itself: " + ("; ".join(kept) or "nothing"),
        "3. One index per way of reading; the validator holds types, and as required what was measured complete",
    )


def _collection(t: TableReading, tables: Mapping[str, TableReading], parts: list[ForeignKey], store: type[Store]) -> Entity:
    key = t.profile.primary_key or ()
    inner: list[tuple[str, ForeignKey]] = []
    attributes, largest = [], row_width(t, PER_FIELD, names=True)
    mean = float(largest)
    for k in parts:
        child = tables[k.table]
        name = unique(snake(k.table), [*fields(t).values(), *(n for n, _ in inner)])
        inner.append((name, k))
        lineage = tuple(write(child.name, c.name) for c in child.profile.columns)
        attributes.append(Attribute(name, "json", lineage, role="embedded", note=f"array of {child.name}"))
        wide = row_width(child, PER_FIELD, names=True)
        largest += k.children_max * wide
        mean += child.profile.rows / max(1, t.profile.rows) * wide
    made = access.entity(
        snake(t.name), "collection", t, store, key, f"one document per row of {t.name}", (k.fact for _, k in inner if k.fact),
        parts=[[n, k.table, list(k.columns), list(k.ref_columns)] for n, k in inner],
        indexes=[list(k.columns) + ([access.moment(t)] if access.moment(t) else []) for k in t.parents],
        sizing=[f"{snake(t.name)}: {t.profile.rows:,} documents × {mean:,.0f} bytes = {human(t.profile.rows * mean)}; "
                f"largest {human(largest)} = {largest / store.limits['document_bytes']:.2%} of the limit"],
        decisions=[_decision(t, tables[k.table], k, store) for _, k in inner],
    )  # fmt: skip
    return replace(made, attributes=(*made.attributes, *attributes), sources=(t.name, *dict.fromkeys(k.table for _, k in inner)))


def _decision(t: TableReading, child: TableReading, k: ForeignKey, store: type[Store]) -> dict[str, Any]:
    rows, most = child.profile.rows, store.limits["embedded_rows"]
    return {
        "subject": k.table, "slug": "embed", "question": f"Does {k.table} lie inside its {k.ref_table}, or beside it?",
        "choice": f"inside: an array of {k.table} in each document of {k.ref_table}",
        "why": f"a row of {k.ref_table} has {k.children_p50:g} of {k.table} (median), {k.children_max:,} at most; largest "
               f"{human(_width(t, k, child))} of {human(store.limits['document_bytes'])}",
        "alternatives": [f"beside: {rows:,} documents of {k.table} that name their {k.ref_table}, joined at each read"],
        "flips": [(f"{write(k.table)}#rows", round(rows * (most + 1) / max(1, k.children_max) * 1.02) + 1)],
        "flips_if": f"one {k.ref_table} gets more than {most:,.0f} rows of {k.table} (now {k.children_max:,})",
    }  # fmt: skip


def cells(design: Design, evidence: Evidence) -> tuple[Cell, ...]:
    """Return the script that creates, validates, fills and counts the collections."""
    tables, store = read(evidence), access.chosen(evidence, "document")
    spec, promised = [], list[Expectation]()
    for e in design.entities:
        t = tables[e.sources[0]]
        spec.append(_spec(e, t, tables, store))
        promised.append(access.counted(f"documents of {e.name} = rows of {t.name}", f"SELECT count(*) FROM {source(t.name)}"))
        promised.append(access.counted(f"documents of {e.name} that its validator refuses", "SELECT 0"))
        promised.append(
            access.counted(
                f"documents of {e.name} that come back by index", f"SELECT least({SAMPLE}, count(*)) FROM {source(t.name)}"
            )
        )
        for name, child, *_ in e.detail["parts"]:
            text = f"rows of {child} inside {e.name} or among {name}_orphans"
            promised.append(access.counted(text, f"SELECT count(*) FROM {source(child)}"))
    reads = [s for e in design.entities for s in e.sources]
    return (access.script(design, f"{store.id}/documents", {"sample": SAMPLE, "collections": spec}, promised, reads, store),)


def _spec(e: Entity, t: TableReading, tables: Mapping[str, TableReading], store: type[Store]) -> dict[str, Any]:
    names = fields(t)
    parts, joins = [], []
    picks = [f"{value(t, c, 'p.')} AS {DuckDB.quote(n)}" for c, n in names.items()]
    shapes = {n: _shape(t, c, store) for c, n in names.items()}
    for nr, (name, child, columns, ref) in enumerate(e.detail["parts"]):
        inner = tables[child]
        own = fields(inner)
        struct = ", ".join(f"{DuckDB.quote(n)} := {value(inner, c)}" for c, n in own.items())
        keys = ", ".join(f"{_text(c)} AS k{i}" for i, c in enumerate(columns))
        on = " AND ".join(f"c{nr}.k{i} = {_text(r, 'p.')}" for i, r in enumerate(ref))
        joins.append(
            f"LEFT JOIN (SELECT {keys}, list(struct_pack({struct})) AS parts FROM {source(child)} GROUP BY ALL) AS c{nr} ON {on}"
        )
        picks.append(f"c{nr}.parts AS {DuckDB.quote(name)}")
        there = " AND ".join(f"{_text(r, 'p.')} = {_text(c, 'c.')}" for c, r in zip(columns, ref, strict=True))
        orphans = f"FROM {source(child)} AS c WHERE NOT EXISTS (SELECT 1 FROM {source(t.name)} AS p WHERE {there})"
        parts.append({"field": name, "said": f"rows of {child} inside {e.name} or among {name}_orphans",
                      "hide": [own[c] for c in sensitive(inner)], "orphans": f"SELECT count(*) {orphans}"})  # fmt: skip
        shapes[name] = {
            "bsonType": "array",
            "items": {"bsonType": "object", "properties": {n: _shape(inner, c, store) for c, n in own.items()}},
        }
    full = [names[c.name] for c in t.profile.columns if not c.nulls and t.profile.rows >= 20]
    return {
        "collection": e.name, "said": f"documents of {e.name} = rows of {t.name}",
        "key": [names[c] for c in t.profile.primary_key or ()],
        "sql": " ".join([f"SELECT {', '.join(picks)} FROM {source(t.name)} AS p", *joins]),
        "hide": [names[c] for c in sensitive(t)], "parts": parts,
        "indexes": [[names[c] for c in columns] for columns in e.detail["indexes"]],
        "validator": {"bsonType": "object", "required": full, "properties": shapes},
    }  # fmt: skip


def _text(column: str, alias: str = "") -> str:
    return f"CAST({alias}{DuckDB.quote(column)} AS VARCHAR)"


def _shape(t: TableReading, column: str, store: type[Store]) -> dict[str, Any]:
    c = t.profile.column(column)
    type = "string" if column in sensitive(t) else store.type_name(c.type)
    return {"bsonType": type if not c.nulls and t.profile.rows >= 20 else [type, "null"]}
