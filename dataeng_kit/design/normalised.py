"""The normalised design: one table per entity with keys and references; wide tables split where dependencies are laws."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dataeng_kit.design.dimensions import entity_name
from dataeng_kit.design.laws import Dependency, dependencies
from dataeng_kit.design.reading import TableReading, read
from dataeng_kit.design.sizing import lines
from dataeng_kit.design.target import target
from dataeng_kit.design.words import snake, unique
from dataeng_kit.nouns import Attribute, Design, Entity, Evidence, ForeignKey, Reference
from dataeng_kit.nouns.references import fact_id, write


def design(evidence: Evidence) -> Design:
    """Return the tables in load order: a table comes after everything it refers to."""
    tables = read(evidence)
    names: dict[str, str] = {}
    for t in tables.values():
        names[t.name] = unique(entity_name(t.name), names.values())
    built: dict[str, Entity] = {}
    split: list[Entity] = []
    warnings: list[str] = []
    for t in _load_order(tables):
        entity = _entity(t, tables, names, built, warnings)
        for found in dependencies(evidence, t):
            part, entity = _split(found, t, entity, [*names.values(), *(s.name for s in split)])
            split.append(part)
        built[t.name] = entity
    entities = [*split, *built.values()]
    return Design(
        "normalised",
        target(evidence),
        tuple(entities),
        f"Normalised model of {evidence.name}",
        _steps(tables, entities, split),
        lines(evidence, tuple(tables)),
        _alternatives(entities),
        _risks(evidence, entities),
        _questions(tables),
        tuple(warnings),
    )


def _load_order(tables: dict[str, TableReading]) -> list[TableReading]:
    """Parents first; where references form a ring, the table with the fewest unmet ones goes next."""
    waiting, done, result = dict(tables), set[str](), []
    while waiting:
        name = min(waiting, key=lambda n: (len(waiting[n].targets - done), list(tables).index(n)))
        result.append(waiting.pop(name))
        done.add(name)
    return result


def _entity(
    t: TableReading, tables: dict[str, TableReading], names: dict[str, str], built: dict[str, Entity], warnings: list[str]
) -> Entity:
    attributes: list[Attribute] = []
    for c in t.profile.columns:
        attributes.append(
            Attribute(
                unique(snake(c.name), [a.name for a in attributes]),
                c.type,
                (write(t.name, c.name),),
                nullable=c.name not in t.key,
                role="natural_key" if c.name in t.key else "attribute",
            )
        )
    own = {c.name: a.name for c, a in zip(t.profile.columns, attributes, strict=True)}
    key = tuple(own[c] for c in t.key)
    if not key:
        attributes.insert(
            0,
            Attribute(
                unique(f"{names[t.name]}_row", own.values()),
                "integer",
                nullable=False,
                role="grain",
                note="no column set was measured unique: numbered at load",
            ),
        )
        key = (attributes[0].name,)
    references: list[Reference] = []
    orphans: list[dict[str, Any]] = []
    for k in t.parents:
        _refer(k, tables[k.ref_table], built.get(k.ref_table), own, attributes, references, orphans, warnings)
    loops = [k for k in t.loops if k.orphans == 0 and tuple(k.ref_columns) == t.key]
    references += [Reference(tuple(own[c] for c in k.columns), names[t.name], key) for k in loops]
    return Entity(
        names[t.name],
        "table",
        (t.name,),
        tuple(attributes),
        key,
        key if t.key else (),
        tuple(write(t.name, c) for c in t.key),
        f"one row per {', '.join(t.key)} of {t.name}" if t.key else f"one row per row of {t.name}",
        references=tuple(references),
        facts=(fact_id("rows", t.name), *(fact_id("distinct", t.name, c) for c in t.key)),
        detail={"joins": [], "key_columns": list(t.key), "orphans": orphans},
    )


def _refer(
    k: ForeignKey,
    parent: TableReading,
    there: Entity | None,
    own: dict[str, str],
    attributes: list[Attribute],
    references: list[Reference],
    orphans: list[dict[str, Any]],
    warnings: list[str],
) -> None:
    if there is None or set(k.ref_columns) != set(parent.key):
        why = "the two tables refer to each other" if there is None else f"{', '.join(k.ref_columns)} is not its primary key"
        warnings.append(f"{write(k.table, k.columns[0])} refers to {k.ref_table}, but is not declared: {why}")
        return
    pairs = []
    for child, ref in zip(k.columns, k.ref_columns, strict=True):
        up = next(a for a in there.attributes if a.lineage == (write(k.ref_table, ref),))
        at = next(n for n, a in enumerate(attributes) if a.name == own[child])
        if attributes[at].type != up.type and {attributes[at].type, up.type} == {"integer", "number"}:
            attributes[at] = replace(
                attributes[at], type=up.type, note=f"stored as {attributes[at].type}, a reference to {up.type}"
            )
        elif attributes[at].type != up.type:
            warnings.append(
                f"{write(k.table, child)} is {attributes[at].type}, {write(k.ref_table, ref)} is {up.type}: not declared"
            )
            return
        pairs.append([child, up.name, up.type])
    order = {a.name: n for n, a in enumerate(there.attributes)}
    references.append(
        Reference(
            tuple(own[c] for c, _, _ in pairs), there.name, tuple(u for _, u, _ in sorted(pairs, key=lambda p: order[p[1]]))
        )
    )
    orphans.append({"on": pairs, "entity": there.name})


def _split(found: Dependency, t: TableReading, entity: Entity, taken: list[str]) -> tuple[Entity, Entity]:
    """Return the determinant's own table and the wide table without the columns it decides."""
    gone = {write(t.name, c) for c in found.dependents}
    here = write(t.name, found.determinant)
    name = unique(f"{entity.name}_{entity_name(found.determinant)}", taken)
    attributes = [
        replace(a, role="natural_key" if a.lineage == (here,) else "attribute", nullable=a.lineage != (here,))
        for a in entity.attributes
        if a.lineage == (here,) or (a.lineage and a.lineage[0] in gone)
    ]
    key = next(a for a in attributes if a.role == "natural_key")
    part = Entity(
        name,
        "table",
        (t.name,),
        tuple(sorted(attributes, key=lambda a: a.role != "natural_key")),
        (key.name,),
        (key.name,),
        (here,),
        f"one row per {found.determinant} of {t.name}",
        facts=(fact_id("distinct", t.name, found.determinant), *found.facts),
        detail={
            "joins": [],
            "distinct": True,
            "split_from": entity.name,
            "law": found.rule,
            "dependents": list(found.dependents),
        },
    )
    kept = tuple(a for a in entity.attributes if not (a.lineage and a.lineage[0] in gone and a.name not in entity.key))
    return part, replace(entity, attributes=kept, references=(*entity.references, Reference((key.name,), name, (key.name,))))


def _steps(tables: dict[str, TableReading], entities: list[Entity], split: list[Entity]) -> tuple[str, ...]:
    keyed = [f"{t.name} ({', '.join(t.key)})" for t in tables.values() if t.key]
    unkeyed = [t.name for t in tables.values() if not t.key]
    refs = [f"{e.name}.{'+'.join(r.columns)} → {r.entity}" for e in entities for r in e.references]
    return (
        "1. Keys: " + "; ".join(keyed) + (f"; no key measured: {', '.join(unkeyed)}" if unkeyed else ""),
        "2. Dependencies: "
        + ("; ".join(f"{e.sources[0]}: {e.detail['law']}" for e in split) or "no column besides the keys decides others by law"),
        "3. Third normal form: "
        + (
            "; ".join(f"{e.name} leaves {e.detail['split_from']}, joined back without loss" for e in split)
            or f"the {len(tables)} tables stand as delivered"
        ),
        "4. References: " + ("; ".join(refs) or "none measured"),
    )


def _alternatives(entities: list[Entity]) -> tuple[str, ...]:
    return (
        f"keep the {len(entities)} tables as delivered, without constraints: loads never fail, even where they should",
        "surrogate keys everywhere: stable when a source key is reused, one lookup more per load",
    )


def _risks(evidence: Evidence, entities: list[Entity]) -> tuple[str, ...]:
    broken = [k for k in evidence.profile.foreign_keys if k.orphans]
    return tuple(
        f"{write(k.table, *k.columns[:1])}: {k.orphans:,} rows go to quarantine, their {k.ref_table} is missing" for k in broken
    )


def _questions(tables: dict[str, TableReading]) -> tuple[str, ...]:
    return tuple(
        f"What identifies one row of {t.name} ({t.profile.rows:,} rows)? No column set was measured unique."
        for t in tables.values()
        if not t.key
    )
