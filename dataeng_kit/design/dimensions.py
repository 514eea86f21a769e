"""Dimensions: which tables describe the events, which fold into them as levels, and what each attribute keeps of its past."""

from __future__ import annotations

from dataclasses import dataclass, field

from dataeng_kit.design.change import scd
from dataeng_kit.design.cues import cue
from dataeng_kit.design.history import FIRST, LAST
from dataeng_kit.design.plan import Plan, column
from dataeng_kit.design.processes import Process, is_bridge, passes
from dataeng_kit.design.reading import TableReading, role
from dataeng_kit.design.words import Style, prefixed, snake, unique, words
from dataeng_kit.nouns import Attribute, ColumnProfile, Context, Entity, ForeignKey
from dataeng_kit.nouns.references import fact_id, write


@dataclass(frozen=True)
class Chosen:
    """The dimension tables of a case: met by a process itself, or beside one (own hierarchy, far side of a bridge).

    ``places`` are levels that one dimension meets in several roles and that others share: dimensions of their own.
    ``passing`` are tables without a word of their own that lead on to others.
    ``duty`` names the framework of CLAUDE.md that keeps people's identifiers out of reports, or is empty.
    """

    direct: tuple[str, ...]
    beside: tuple[str, ...]
    bridges: tuple[str, ...]
    events: frozenset[str]
    names: dict[str, str] = field(default_factory=dict)
    duty: str = ""
    places: frozenset[str] = frozenset()
    passing: frozenset[str] = frozenset()

    @property
    def all(self) -> tuple[str, ...]:
        """Return every dimension table once, direct ones first."""
        return (*self.direct, *self.beside)


def entity_name(table: str) -> str:
    """Return the singular snake name of what a table's row is: raw_customers → customer."""
    found = words(table)
    while len(found) > 1 and found[0] in cue("noise"):
        found = found[1:]
    return snake(*found, singular_last=True)


def choose(tables: dict[str, TableReading], processes: tuple[Process, ...], style: Style, context: Context) -> Chosen:
    """Return the dimension tables that the processes need, each with its target name."""
    events = {p.table for p in processes} | {k.ref_table for p in processes for k in p.headers}
    lent = [p.through.ref_table for p in processes if p.through]
    stages = [s for p in processes for s in (p.table, *(h.ref_table for h in p.headers))]
    passing = frozenset(t.name for t in tables.values() if t.name not in events and passes(t))
    met = [k.ref_table for s in (*stages, *lent) for k in tables[s].parents]
    for t in met:  # grows while it is read: a pass-through is met by what lies behind it
        met += [k.ref_table for k in tables[t].parents if t in passing]
    met = [t for t in met if t not in passing]
    direct = tuple(dict.fromkeys(t for t in met if t not in events))
    bridges = [t for t in tables.values() if t.name not in events and is_bridge(t) and t.targets & set(direct)]
    beside = [k.ref_table for d in direct for k in tables[d].parents if tables[k.ref_table].loops]
    beside += [k.ref_table for b in bridges for k in b.parents]
    places = _places(tables, direct, events)
    beside += places
    rest = tuple(dict.fromkeys(t for t in beside if t not in events and t not in direct))
    names: dict[str, str] = {}
    for t in (*direct, *rest):
        names[t] = unique(style.dimension + entity_name(t), [*names.values(), f"{style.dimension}date"])
    duty = next((f"{m.name} applies ({m.file}:{m.line})" for m in context.compliance), "")
    return Chosen(direct, rest, tuple(b.name for b in bridges), frozenset(events), names, duty, frozenset(places), passing)


def _places(tables: dict[str, TableReading], direct: tuple[str, ...], events: set[str]) -> list[str]:
    """Return the levels that two dimensions share, one of them in several roles (delivery and postal city), with levels above."""
    met: dict[str, list[str]] = {}
    for d in direct:
        for k in tables[d].parents:
            met.setdefault(k.ref_table, []).append(d)
    shared = {level: by for level, by in met.items() if len(set(by)) >= 2 and len(by) > len(set(by))}
    return [level for level in shared if tables[level].parents and level not in (*events, *direct) and not tables[level].loops]


@dataclass
class _Level:
    alias: str
    table: TableReading
    prefix: str
    climb: bool = True


def levels(tables: dict[str, TableReading], chosen: Chosen, name: str) -> tuple[Plan, list[_Level]]:
    """Return the joins that fold a dimension's hierarchy into it: parents that are no dimension or process of their own."""
    plan, found = Plan(name), [_Level("s0", tables[name], "")]
    for level in found:
        for key in level.table.parents if level.climb else ():
            parent = tables[key.ref_table]
            stop = (
                key.ref_table in chosen.events or parent.loops or key.ref_table in {v.table.name for v in found if v.prefix == ""}
            )
            if stop or len(found) > 24:
                continue
            prefix = role(key) if not level.prefix or level.table.name == name else prefixed(level.prefix, role(key))
            alias = plan.add(parent, level.alias, zip(key.columns, key.ref_columns, strict=True))
            found.append(_Level(alias, parent, prefix, climb=key.ref_table not in chosen.direct))
    for key in tables[name].children:
        part = tables[key.table]
        if set(key.columns) == set(part.key) and key.table not in (*chosen.events, *chosen.all) and len(part.targets) == 1:
            alias = plan.add(part, "s0", zip(key.ref_columns, key.columns, strict=True))
            found.append(_Level(alias, part, entity_name(part.name), climb=False))
    return plan, found


def dimension(tables: dict[str, TableReading], chosen: Chosen, name: str) -> Entity:
    """Return one dimension: surrogate key, natural key, own and folded attributes, each with lineage and change type."""
    table = tables[name]
    plan, found = levels(tables, chosen, name)
    target = chosen.names[name]
    attributes = [Attribute(snake(target, "key"), "integer", nullable=False, role="surrogate", note="-1 stands for unknown")]
    left_out: dict[str, str] = {}
    for level in found:
        for c in level.table.profile.columns:
            why = _left_out(level, c, chosen.duty)
            if why:
                left_out[write(level.table.name, c.name)] = why
            else:
                attributes.append(_attribute(level, c, attributes, table))
    change = max((a.scd for a in attributes if a.scd is not None), default=1)
    change = change if change != 0 else 1
    natural = tuple(a.name for a in attributes if a.role == "natural_key")
    if change == 2:
        attributes += _validity(attributes)
    folded = tuple(v.table.name for v in found[1:])
    return Entity(
        target,
        "dimension",
        plan.sources,
        tuple(attributes),
        (attributes[0].name,),
        natural,
        tuple(write(name, c) for c in table.key),
        f"one row per {entity_name(name).replace('_', ' ')}" + (" and version" if change == 2 else ""),
        scd=change,
        facts=_facts(table),
        detail={
            "joins": plan.detail,
            "folded": list(dict.fromkeys(folded)),
            "left_out": left_out,
            "assumed": table.versioned is None,
            "roles": [],
            "key_columns": list(table.key),
        },
    )


def _facts(table: TableReading) -> tuple[str, ...]:
    return (fact_id("rows", table.name), *(fact_id("distinct", table.name, c) for c in table.key))


def _left_out(level: _Level, c: ColumnProfile, duty: str) -> str:
    kind = level.table.kinds[c.name]
    if level.alias == "s0" and c.name in level.table.key:
        return ""
    if kind in ("audit", "valid_from", "valid_to"):
        return "bookkeeping of the source"
    if c.type == "binary" or set(words(c.name)) & cue("secret"):
        return "a secret or a binary: not for reports"
    if duty and c.label and c.label.sensitive and c.label.name not in cue("kept_label") and kind not in ("key", "reference"):
        return f"personal ({c.label.name}): {duty}"
    if level.alias != "s0" and kind in ("key", "reference", "created"):
        return "the level's own key, already in the column that refers to it"
    return ""


def _attribute(level: _Level, c: ColumnProfile, taken: list[Attribute], owner: TableReading) -> Attribute:
    own = level.alias == "s0"
    natural = own and c.name in owner.key
    change, why = scd(level.table if own or level.table.versioned else owner, c, folded=not own)
    wanted = snake(c.name) if own else prefixed(level.prefix, c.name)
    return Attribute(
        unique(wanted, [a.name for a in taken]),
        c.type,
        (write(level.table.name, c.name),),
        "" if own else column(level.alias, c.name),
        role="natural_key" if natural else "attribute",
        scd=0 if natural else change,
        note=why,
    )


def _validity(taken: list[Attribute]) -> list[Attribute]:
    names = [a.name for a in taken]
    rows = (("valid_from", "date", f"DATE '{FIRST}'"), ("valid_to", "date", f"DATE '{LAST}'"), ("is_current", "boolean", "TRUE"))
    return [Attribute(unique(n, names), t, expression=e, nullable=False, role="validity") for n, t, e in rows]


def bridge(tables: dict[str, TableReading], chosen: Chosen, name: str) -> Entity | None:
    """Return the bridge of a many-to-many table between two dimensions, or None when a side is no dimension."""
    table = tables[name]
    if not table.targets <= set(chosen.all):
        return None
    attributes: list[Attribute] = []
    lookups = []
    for key in table.parents:
        attribute = Attribute(
            unique(snake(role(key), "key"), [a.name for a in attributes]),
            "integer",
            tuple(write(name, c) for c in key.columns),
            nullable=False,
            role="dimension_key",
        )
        attributes.append(attribute)
        lookups.append(lookup(attribute.name, chosen.names[key.ref_table], "s0", key, tables))
    refs = {c for k in table.parents for c in k.columns}
    for c in table.profile.columns:
        if c.name not in refs and table.kinds[c.name] not in ("audit", "key", "valid_from", "valid_to"):
            attributes.append(
                Attribute(unique(snake(c.name), [a.name for a in attributes]), c.type, (write(name, c.name),), role="attribute")
            )
    grain = table.key or tuple(c for k in table.parents for c in k.columns)
    parties = " and ".join(role(k).replace("_", " ") for k in table.parents)
    return Entity(
        f"bridge_{entity_name(name)}",
        "bridge",
        (name,),
        tuple(attributes),
        (),
        (),
        tuple(write(name, c) for c in grain),
        f"one row per {parties}",
        dimensions=tuple(chosen.names[k.ref_table] for k in table.parents),
        facts=_facts(table),
        detail={"joins": [], "lookups": lookups, "key_columns": list(grain)},
    )


def lookup(attribute: str, target: str, alias: str, key: ForeignKey, tables: dict[str, TableReading]) -> dict[str, object]:
    """Return how a target's key column finds its dimension row: (alias, source column) = natural key attribute."""
    parent = tables[key.ref_table]
    pairs = [[alias, child, snake(ref)] for child, ref in zip(key.columns, key.ref_columns, strict=True)]
    return {"attribute": attribute, "dimension": target, "on": pairs, "natural": set(key.ref_columns) == set(parent.key)}
