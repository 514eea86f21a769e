"""Junk dimensions: the flags and small codes of one process in one row per combination."""

from __future__ import annotations

from math import prod

from dataeng_kit.design.dimensions import entity_name
from dataeng_kit.design.facts import FactBuild
from dataeng_kit.design.plan import column
from dataeng_kit.design.words import Style, snake, unique
from dataeng_kit.nouns import Attribute, Entity, Reference
from dataeng_kit.nouns.references import write


def junk(build: FactBuild, fact: Entity, style: Style) -> tuple[Entity, Entity] | None:
    """Return the junk dimension of a fact and the fact that refers to it, or None when it has too few flags."""
    if not build.junk:
        return None
    name = style.dimension + entity_name(build.process.table) + "_profile"
    attributes = [Attribute(snake(name, "key"), "integer", nullable=False, role="surrogate", note="-1 stands for unknown")]
    pairs = []
    for alias, table, c in build.junk:
        own = unique(snake(c.name), [a.name for a in attributes])
        attributes.append(
            Attribute(
                own, c.type, (write(table, c.name),), "" if alias == "s0" else column(alias, c.name), role="natural_key", scd=0
            )
        )
        pairs.append([alias, c.name, own])
    natural = tuple(a.name for a in attributes[1:])
    rows = build.tables[build.process.table].profile.rows
    bound = min(rows, prod(c.distinct + 1 for _, _, c in build.junk))
    dimension = Entity(
        name,
        "junk",
        build.plan.sources,
        tuple(attributes),
        (attributes[0].name,),
        natural,
        (),
        f"one row per combination of {', '.join(natural)}",
        scd=0,
        facts=fact.facts[:1],
        detail={"joins": build.plan.detail, "bound": bound},
    )
    key = Attribute(
        unique(snake(entity_name(build.process.table), "profile", "key"), [a.name for a in fact.attributes]),
        "integer",
        tuple(r for a in attributes for r in a.lineage),
        nullable=False,
        role="dimension_key",
    )
    lookups = [*fact.detail["lookups"], {"attribute": key.name, "dimension": name, "on": pairs, "natural": True, "nulls": True}]
    changed = Entity(
        fact.name,
        fact.kind,
        fact.sources,
        (*fact.attributes, key),
        fact.key,
        fact.natural_key,
        fact.grain,
        fact.grain_sentence,
        fact.measures,
        fact.dates,
        (*fact.dimensions, name),
        (*fact.references, Reference((key.name,), name, (attributes[0].name,))),
        facts=fact.facts,
        detail={**fact.detail, "lookups": lookups},
    )
    return dimension, changed
