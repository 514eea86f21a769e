"""Fact tables: grain, keys into dimensions, dates in their roles, measures by additivity, header amounts made safe."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dataeng_kit.design.cues import cue
from dataeng_kit.design.dimensions import Chosen, entity_name, lookup
from dataeng_kit.design.plan import Plan, column
from dataeng_kit.design.processes import Process, milestones
from dataeng_kit.design.reading import TableReading, additivity, is_money, role
from dataeng_kit.design.words import Style, snake, unique, words
from dataeng_kit.nouns import Attribute, ColumnProfile, Entity, Evidence, ForeignKey, Reference
from dataeng_kit.nouns.references import fact_id, parse, write

_JUNK = 3
"""Flags and small codes from which a junk dimension pays."""
_SMALL = 12
"""Distinct values up to which a code counts as small."""


@dataclass
class FactBuild:
    """One fact table while it is put together."""

    tables: dict[str, TableReading]
    chosen: Chosen
    process: Process
    plan: Plan
    stages: list[tuple[str, TableReading]]
    attributes: list[Attribute] = field(default_factory=list)
    lookups: list[dict[str, Any]] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    dimensions: list[str] = field(default_factory=list)
    measures: list[str] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    junk: list[tuple[str, str, ColumnProfile]] = field(default_factory=list)
    unproven: set[str] = field(default_factory=set)
    """Headers with an amount that no law derives from the lines: it needs a fact at their own grain."""

    def add(self, wanted: str, type: str, lineage: tuple[str, ...], **more: Any) -> str:
        """Add one column under a free name and return the name."""
        name = unique(wanted, [a.name for a in self.attributes])
        self.attributes.append(Attribute(name, type, lineage, **more))
        return name


def fact(
    tables: dict[str, TableReading], chosen: Chosen, process: Process, style: Style, evidence: Evidence
) -> tuple[Entity, FactBuild]:
    """Return one fact table and the build that explains it."""
    table, plan = tables[process.table], Plan(process.table)
    stages = [("s0", table)]
    for key in process.headers:
        alias = plan.add(tables[key.ref_table], stages[-1][0], zip(key.columns, key.ref_columns, strict=True))
        stages.append((alias, tables[key.ref_table]))
    build = FactBuild(tables, chosen, process, plan, stages)
    _grain(build)
    for alias, stage in stages:
        _dimension_keys(build, alias, stage)
    if process.through:
        lender = tables[process.through.ref_table]
        start = next(a for a, s in stages if s.name == process.through.table)
        alias = plan.add(lender, start, zip(process.through.columns, process.through.ref_columns, strict=True))
        _dimension_keys(build, alias, lender, lent=True)
    for alias, stage in stages:
        for date in milestones(stage) or stage.dates if alias == "s0" else stage.of("date", "text_date"):
            _date(build, alias, stage, date, style)
    if process.kind == "periodic snapshot" and not build.dates:
        build.add(
            "snapshot_date", "date", (), expression="CURRENT_DATE", nullable=False, role="snapshot", note="the day of the load"
        )
    for alias, stage in stages:
        _numbers_and_codes(build, alias, stage, evidence)
    _settle_junk(build)
    return _entity(build, style), build


def _grain(build: FactBuild) -> None:
    table = build.tables[build.process.table]
    for c in table.key:
        build.add(
            snake(c),
            table.profile.column(c).type,
            (write(table.name, c),),
            nullable=False,
            role="grain",
            note="degenerate: proves the grain",
        )
    if not table.key:
        build.add(
            "row_number", "integer", (), nullable=False, role="grain", note="no column set was measured unique: numbered at load"
        )


def _dimension_keys(build: FactBuild, alias: str, stage: TableReading, lent: bool = False) -> None:
    """Add a key per dimension that a stage meets; a stage that only lends gives those that are not there yet."""
    for key in stage.parents:
        if key.ref_table in build.chosen.events:
            if key not in build.process.headers and not lent:
                _degenerate(build, alias, stage, key)
            continue
        if key.ref_table in build.chosen.passing:
            behind = build.tables[key.ref_table]
            _degenerate(build, alias, stage, key)
            on = build.plan.add(behind, alias, zip(key.columns, key.ref_columns, strict=True))
            _dimension_keys(build, on, behind, lent=True)
            continue
        if lent and build.chosen.names[key.ref_table] in build.dimensions:
            continue
        target = build.chosen.names[key.ref_table]
        _dimension_key(build, alias, stage, key, role(key), target)
        parent = build.tables[key.ref_table]
        places = [k for k in parent.parents if k.ref_table in build.chosen.places and build.process.headers]
        to = sorted(places, key=lambda k: not set(words(role(k))) & cue("delivery"))[:1]
        for up in parent.parents:
            if up in to or (up.ref_table in build.chosen.beside and build.tables[up.ref_table].loops):
                through = build.plan.add(parent, alias, zip(key.columns, key.ref_columns, strict=True))
                _dimension_key(build, through, parent, up, f"{role(key)}_{role(up)}", build.chosen.names[up.ref_table])


def _dimension_key(build: FactBuild, alias: str, stage: TableReading, key: ForeignKey, wanted: str, target: str) -> None:
    name = build.add(
        snake(wanted, "key"), "integer", tuple(write(stage.name, c) for c in key.columns), nullable=False, role="dimension_key"
    )
    build.lookups.append(lookup(name, target, alias, key, build.tables))
    build.references.append(Reference((name,), target, (snake(target, "key"),)))
    build.dimensions.append(target)


def _degenerate(build: FactBuild, alias: str, stage: TableReading, key: ForeignKey) -> None:
    for c in key.columns:
        reference = write(stage.name, c)
        if not any(reference in a.lineage for a in build.attributes):
            expression = "" if alias == "s0" else column(alias, c)
            build.add(
                snake(c),
                stage.profile.column(c).type,
                (reference,),
                expression=expression,
                role="degenerate",
                note=f"points at the process {key.ref_table}: drill across, never join facts",
            )


def _date(build: FactBuild, alias: str, stage: TableReading, date: str, style: Style) -> None:
    reference = write(stage.name, date)
    build.dates.append(reference)
    if stage.kinds[date] == "text_date":
        build.add(
            snake(date),
            "text",
            (reference,),
            expression="" if alias == "s0" else column(alias, date),
            role="degenerate",
            note="a date kept as text",
        )
        build.warnings.append(f"{reference} is a date kept as text: it gets no key into the calendar until it is parsed")
        return
    target = f"{style.dimension}date"
    found = [w for w in words(date) if w not in ("date", "at", "on", "time", "timestamp", "when", "dt", "day")]
    name = build.add(snake(*found, "date", "key"), "integer", (reference,), nullable=False, role="date_key")
    build.lookups.append(
        {"attribute": name, "dimension": target, "date": True, "on": [[alias, date, "date_day"]], "natural": True}
    )
    build.references.append(Reference((name,), target, (f"{target}_key",)))
    if stage.profile.column(date).type == "datetime":
        build.add(
            snake(date), "datetime", (reference,), expression="" if alias == "s0" else column(alias, date), role="degenerate"
        )


def _numbers_and_codes(build: FactBuild, alias: str, stage: TableReading, evidence: Evidence) -> None:
    for c in stage.profile.columns:
        kind, reference = stage.kinds[c.name], write(stage.name, c.name)
        if any(reference in a.lineage for a in build.attributes) or kind in ("key", "reference", "date", "text_date"):
            continue
        if kind == "measure":
            if alias == "s0":
                adds = additivity(c.name)
                adds = "semi-additive" if build.process.kind == "periodic snapshot" and adds == "additive" else adds
                name = build.add(snake(c.name), c.type, (reference,), role="measure", additivity=adds)
                build.measures.append(name)
            else:
                _header_amount(build, alias, stage, c, evidence)
        elif kind in ("flag", "code", "text", "label") and _small(c, stage):
            build.junk.append((alias, stage.name, c))
        elif kind in ("code", "text") and _names_something(c):
            own = "" if alias == "s0" else column(alias, c.name)
            build.add(
                snake(c.name),
                c.type,
                (reference,),
                expression=own,
                role="degenerate",
                note="a number or code with nothing behind it",
            )
        else:
            kept = kind in ("audit", "created", "valid_from", "valid_to")
            build.left_out[reference] = "bookkeeping" if kept else "free text, or a date of somebody's life"


def _names_something(c: ColumnProfile) -> bool:
    """True for order numbers and codes of things that have no table: they stay on the fact, to group and to look up by."""
    said = set(words(c.name))
    personal = c.label is not None and c.label.sensitive
    return bool(said & cue("determinant")) and not said & cue("place_code") and not personal and c.type in ("text", "integer")


def _small(c: ColumnProfile, stage: TableReading) -> bool:
    if stage.kinds[c.name] == "flag":
        return True
    return 2 <= c.distinct <= _SMALL and c.rows >= 4 * c.distinct and c.type in ("text", "integer", "boolean")


def _header_amount(build: FactBuild, alias: str, stage: TableReading, c: ColumnProfile, evidence: Evidence) -> None:
    reference = write(stage.name, c.name)
    line = build.process.table
    proof = next((x for x in evidence.profile.laws if reference in x.columns and x.kind == "reconciliation"), None)
    if proof or "total" in words(c.name) or not is_money(c.name):
        why = proof.rule if proof else "a total of the lines or a header's own number"
        if not proof and stage.profile.rows:
            build.unproven.add(stage.name)
        build.left_out[reference] = f"header amount ({why}): at line grain it would count once per line"
        build.warnings.append(f"{reference} repeats on every line of {line}: never sum it there; sum it at {stage.name} grain")
        return
    own = build.process.headers[0].columns
    over = ", ".join(column("s0", k) for k in own)
    expression = f"CAST({column(alias, c.name)} AS DOUBLE PRECISION) / count(*) OVER (PARTITION BY {over})"
    name = build.add(
        snake(c.name, "allocated"),
        "number",
        (reference,),
        expression=expression,
        role="measure",
        additivity="additive",
        note=f"{reference} split evenly over its lines",
    )
    build.measures.append(name)
    build.warnings.append(
        f"{reference} is a header amount: allocated evenly to the rows of {line} as {name}; ask for the rule you want"
    )


def _settle_junk(build: FactBuild) -> None:
    """Fewer than three small codes stay on the fact as degenerate columns; more become one junk dimension."""
    if len(build.junk) >= _JUNK and build.tables[build.process.table].profile.rows:
        return
    for alias, table, c in build.junk:
        build.add(
            snake(c.name),
            c.type,
            (write(table, c.name),),
            expression="" if alias == "s0" else column(alias, c.name),
            role="degenerate",
        )
    build.junk = []


def _entity(build: FactBuild, style: Style) -> Entity:
    p, table = build.process, build.tables[build.process.table]
    key = tuple(a.name for a in build.attributes if a.role in ("grain", "snapshot"))
    what = entity_name(table.name).replace("_", " ")
    parts = f"its {', '.join(table.key)}" if table.key else "row as delivered (no key was measured)"
    sentence = f"one row per {what}: {parts}" + (" and load day" if any(a.role == "snapshot" for a in build.attributes) else "")
    stages = [t.name for _, t in build.stages]
    return Entity(
        style.fact + entity_name(table.name),
        "fact",
        build.plan.sources,
        tuple(build.attributes),
        key,
        (),
        tuple(write(table.name, c) for c in table.key),
        sentence,
        tuple(build.measures),
        tuple(dict.fromkeys(build.dates)),
        tuple(dict.fromkeys(build.dimensions)),
        tuple(build.references),
        facts=(fact_id("rows", table.name), *(fact_id("distinct", table.name, c) for c in table.key)),
        detail={
            "joins": build.plan.detail,
            "lookups": build.lookups,
            "process": p.kind,
            "reasons": list(p.reasons),
            "left_out": build.left_out,
            "stages": stages,
            "key_columns": list(table.key),
        },
    )


def measure_sources(entity: Entity) -> tuple[str, ...]:
    """Return the source references of a fact's own measures; allocated header amounts are named by their header column."""
    found = [r for a in entity.attributes if a.role == "measure" for r in a.lineage]
    return tuple(dict.fromkeys(write(*parse(r)) for r in found))
