"""Dimensions hidden in one wide table: a determinant column and what it decides become a dimension of their own."""

from __future__ import annotations

from dataclasses import replace

from dataeng_kit.design.dimensions import entity_name
from dataeng_kit.design.laws import Dependency, dependencies, stem
from dataeng_kit.design.reading import TableReading
from dataeng_kit.design.words import Style, snake, unique
from dataeng_kit.nouns import Attribute, Entity, Evidence, Reference
from dataeng_kit.nouns.references import fact_id, write


def split_flat(
    fact: Entity, table: TableReading, evidence: Evidence, style: Style, taken: list[str]
) -> tuple[Entity, list[Entity]]:
    """Return the fact with keys in place of what its determinants decide, and the dimensions so found.

    Laws with exceptions count too: the dimension then keeps one value and says in how many rows another stands.
    Numbers that are measures stay facts; an identifier that decides the event's date is its header (an invoice number)
    and stays on the fact as a degenerate dimension.
    """
    made: list[Entity] = []
    for found in dependencies(evidence, table, exact=False):
        free = tuple(c for c in found.dependents if table.kinds.get(c) in ("text", "label", "code", "flag"))
        if not free or _is_header(found.determinant, table, evidence):
            continue
        entity = _dimension(found, free, table, style, [*taken, *(e.name for e in made)])
        fact = _refer(fact, entity, found, free, table)
        made.append(entity)
    return fact, made


def _dimension(found: Dependency, free: tuple[str, ...], table: TableReading, style: Style, taken: list[str]) -> Entity:
    name = unique(style.dimension + snake(*stem(found.determinant, entity_name(table.name)), singular_last=True), taken)
    attributes = [Attribute(snake(name, "key"), "integer", nullable=False, role="surrogate", note="-1 stands for unknown")]
    for c, role in ((found.determinant, "natural_key"), *((c, "attribute") for c in free)):
        own = unique(snake(c), [a.name for a in attributes])
        attributes.append(
            Attribute(
                own,
                table.profile.column(c).type,
                (write(table.name, c),),
                role=role,
                scd=0 if role == "natural_key" else 1,
                note=_said(found) if role == "attribute" else "",
            )
        )
    return Entity(
        name,
        "dimension",
        (table.name,),
        tuple(attributes),
        (attributes[0].name,),
        (attributes[1].name,),
        (write(table.name, found.determinant),),
        f"one row per {found.determinant} of {table.name}",
        scd=1,
        facts=(fact_id("distinct", table.name, found.determinant),),
        detail={
            "joins": [],
            "folded": [],
            "left_out": {},
            "assumed": True,
            "roles": [],
            "distinct": True,
            "law": found.rule,
            "exceptions": found.exceptions,
        },
    )


def _said(found: Dependency) -> str:
    return found.rule + (f"; {found.exceptions:,} rows show another value, the largest is kept" if found.exceptions else "")


def _is_header(column: str, table: TableReading, evidence: Evidence) -> bool:
    dates = {write(table.name, d) for d in table.of("date", "created")}
    return any(
        x.kind == "dependency" and x.columns[:1] == (write(table.name, column),) and set(x.columns[1:]) & dates
        for x in evidence.profile.laws
    )


def _refer(fact: Entity, entity: Entity, found: Dependency, free: tuple[str, ...], table: TableReading) -> Entity:
    gone = {write(table.name, c) for c in (found.determinant, *free)}
    kept = tuple(
        a for a in fact.attributes if not (set(a.lineage) <= gone and a.lineage and a.role in ("degenerate", "attribute"))
    )
    key = Attribute(
        unique(entity.attributes[0].name, [a.name for a in kept]),
        "integer",
        (write(table.name, found.determinant),),
        nullable=False,
        role="dimension_key",
    )
    lookups = [
        *fact.detail["lookups"],
        {
            "attribute": key.name,
            "dimension": entity.name,
            "natural": True,
            "on": [["s0", found.determinant, entity.natural_key[0]]],
        },
    ]
    left = {k: v for k, v in fact.detail["left_out"].items() if k not in gone}
    return replace(
        fact,
        attributes=(*kept, key),
        dimensions=(*fact.dimensions, entity.name),
        references=(*fact.references, Reference((key.name,), entity.name, entity.key)),
        detail={**fact.detail, "lookups": lookups, "left_out": left},
    )
