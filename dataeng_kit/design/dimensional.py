"""The dimensional design: Kimball's four steps in their order, over every business process of the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dataeng_kit.design import processes as events
from dataeng_kit.design.dimensions import Chosen, bridge, choose, dimension, entity_name
from dataeng_kit.design.facts import FactBuild, fact
from dataeng_kit.design.flat import split_flat
from dataeng_kit.design.junk import junk
from dataeng_kit.design.options import alternatives
from dataeng_kit.design.reading import TableReading, read
from dataeng_kit.design.sizing import lines
from dataeng_kit.design.target import target
from dataeng_kit.design.words import Style
from dataeng_kit.errors import NotApplicable
from dataeng_kit.nouns import Attribute, Design, Entity, Evidence
from dataeng_kit.nouns.references import write

_CALENDAR = (
    ("date_day", "date", "natural_key"),
    ("year", "integer", "attribute"),
    ("quarter", "integer", "attribute"),
    ("month", "integer", "attribute"),
    ("day_of_month", "integer", "attribute"),
    ("iso_weekday", "integer", "attribute"),
    ("is_weekend", "boolean", "attribute"),
)


def design(evidence: Evidence) -> Design:
    """Return the star schema of a case; raises `NotApplicable` when no table records events."""
    tables = read(evidence)
    found = events.find(tables)
    if not found:
        names = ", ".join(t.name for t in evidence.profile.tables)
        raise NotApplicable(
            f"No table of {names} records events (a date or number with references)", "Ask for the normalised design"
        )
    style = Style.of(evidence.context)
    chosen = choose(tables, found, style, evidence.context)
    dimensions = {t: dimension(tables, chosen, t) for t in chosen.all}
    bridges = [b for name in chosen.bridges if (b := bridge(tables, chosen, name))]
    facts: list[Entity] = []
    extra: list[Entity] = []
    builds: list[FactBuild] = []
    waiting = list(found)
    for process in waiting:
        entity, build = fact(tables, chosen, process, style, evidence)
        waiting += _at_header_grain(build, [p.table for p in waiting])
        entity, parts = split_flat(
            entity, tables[process.table], evidence, style, [*chosen.names.values(), *(e.name for e in extra)]
        )
        made = junk(build, entity, style)
        entity = made[1] if made else entity
        extra += [*parts, *([made[0]] if made else [])]
        facts.append(entity)
        builds.append(build)
    roles = _roles(facts)
    conformed = [replace(d, detail={**d.detail, "roles": roles.get(d.name, [])}) for d in dimensions.values()]
    entities = [_calendar(evidence, tables, facts, style), *conformed, *extra, *bridges, *facts]
    return Design(
        "dimensional",
        target(evidence),
        tuple(entities),
        f"Star schema of {evidence.name}",
        _steps(tuple(waiting), facts, entities, chosen),
        lines(evidence, tuple(t.name for t in evidence.profile.tables)),
        alternatives(evidence, facts, conformed),
        _risks(facts, conformed),
        _questions(tables, facts, conformed),
        tuple(w for b in builds for w in b.warnings),
    )


def _at_header_grain(build: FactBuild, known: list[str]) -> list[events.Process]:
    """Return a process for each header whose own amounts would be lost at line grain."""
    chain, why = build.process.headers, "amounts of {} that its lines do not add up to"
    return [
        events.process(build.tables, build.chosen.events, k.ref_table, "transaction", chain[n + 1 :], (why.format(k.ref_table),))
        for n, k in enumerate(chain)
        if k.ref_table in build.unproven and k.ref_table not in known
    ]


def _calendar(evidence: Evidence, tables: dict[str, TableReading], facts: list[Entity], style: Style) -> Entity:
    name = f"{style.dimension}date"
    own = {r for f in facts for r in f.dates}
    ends = [
        str(v)[:4]
        for t in evidence.profile.tables
        for c in t.columns
        if write(t.name, c.name) in own
        for v in (c.min, c.max, *(q for q in c.quantiles[:1]))
    ]
    years = sorted(int(y) for y in ends if y.isdigit() and 1950 <= int(y) <= 2100) or [2020, 2030]
    attributes = (
        Attribute(f"{name}_key", "integer", nullable=False, role="surrogate", note="yyyymmdd; -1 stands for unknown"),
        *(Attribute(n, t, role=r, scd=0) for n, t, r in _CALENDAR),
    )
    roles = sorted({a.name for f in facts for a in f.attributes if a.role == "date_key"})
    return Entity(
        name,
        "calendar",
        (),
        attributes,
        (f"{name}_key",),
        ("date_day",),
        (),
        "one row per day",
        scd=0,
        detail={"first": f"{years[0]}-01-01", "last": f"{years[-1]}-12-31", "roles": roles},
    )


def _roles(facts: Sequence[Entity]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for f in facts:
        for reference in f.references:
            found.setdefault(reference.entity, []).append(f"{f.name}.{reference.columns[0]}")
    return found


def bus_matrix(facts: Sequence[Entity], entities: Sequence[Entity]) -> str:
    """Return the bus matrix as a Markdown table: process × dimension, × where they meet."""
    names = [e.name for e in entities if e.kind in ("calendar", "dimension", "junk") and any(e.name in _met(f) for f in facts)]
    head = "| process | " + " | ".join(names) + " |\n|---|" + "---|" * len(names)
    rows = [f"| {f.name} | " + " | ".join("×" if n in _met(f) else "" for n in names) + " |" for f in facts]
    return "\n".join([head, *rows])


def _met(fact_table: Entity) -> set[str]:
    return {r.entity for r in fact_table.references}


def _steps(found: tuple[events.Process, ...], facts: list[Entity], entities: list[Entity], chosen: Chosen) -> tuple[str, ...]:
    first = "; ".join(f"{entity_name(p.table).replace('_', ' ')} ({p.kind}: {', '.join(p.reasons)})" for p in found)
    second = "; ".join(f"{f.name}: {f.grain_sentence}" for f in facts)
    dims = [e for e in entities if e.kind in ("dimension", "junk", "bridge", "calendar")]
    third = "; ".join(_dimension_words(d, facts) for d in dims)
    fourth = "; ".join(f"{f.name}: {_measure_words(f)}" for f in facts)
    return (
        f"1. Business processes: {first}",
        f"2. Grain: {second}",
        f"3. Dimensions: {third}",
        f"4. Facts: {fourth}",
        "Bus matrix:\n\n" + bus_matrix(facts, entities),
    )


def _dimension_words(d: Entity, facts: Sequence[Entity]) -> str:
    roles = [r.split(".")[-1] for r in d.detail.get("roles", ())]
    parts = [
        f"conformed over {sum(d.name in _met(f) for f in facts)} processes" if sum(d.name in _met(f) for f in facts) > 1 else ""
    ]
    if len(set(roles)) > 1:
        parts.append(f"plays {len(set(roles))} roles: {', '.join(sorted(set(roles)))}")
    if d.detail.get("folded"):
        parts.append(f"with {', '.join(d.detail['folded'])} folded in as levels")
    if d.kind == "junk":
        parts.append(f"junk: at most {d.detail['bound']:,} combinations")
    if d.kind == "bridge":
        parts.append(f"bridge between {' and '.join(d.dimensions)}")
    elif d.scd is not None and d.kind == "dimension":
        parts.append(f"change type {d.scd}" + (" assumed, ask" if d.detail.get("assumed") else " measured"))
    said = "; ".join(p for p in parts if p)
    return f"{d.name} ({said})" if said else d.name


def _measure_words(f: Entity) -> str:
    found = [f"{a.name} {a.additivity}" for a in f.attributes if a.role == "measure"]
    return ", ".join(found) if found else "no number: each row counts as one (factless)"


def _risks(facts: list[Entity], dims: list[Entity]) -> tuple[str, ...]:
    found = [
        f"{f.name} has no measured key: a delivered duplicate cannot be told from a second event" for f in facts if not f.grain
    ]
    found += [f"{d.name} keeps versions from the first load on; earlier facts meet the first version" for d in dims if d.scd == 2]
    return tuple(found)


def _questions(tables: dict[str, TableReading], facts: list[Entity], dims: list[Entity]) -> tuple[str, ...]:
    asked = []
    for d in dims:
        slicing = [a.name for a in d.attributes if a.scd == 2]
        if d.detail.get("assumed") and slicing:
            shown = ", ".join(slicing[:4])
            asked.append(
                f"{d.name}: must reports of last year show {shown} as they were then (type 2, assumed), "
                "or as they are today (type 1)?"
            )
    asked += [
        f"What identifies one row of {f.sources[0]}? No column set of it was measured unique." for f in facts if not f.grain
    ]
    return tuple(asked)
