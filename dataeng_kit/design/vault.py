"""The vault design: a hub per business key, a link per relationship, satellites by rate of change and by sensitivity."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from dataeng_kit.design import processes
from dataeng_kit.design.append import SEPARATOR, content, key_text, row_text
from dataeng_kit.design.change import scd
from dataeng_kit.design.dimensions import entity_name
from dataeng_kit.design.laws import Dependency, dependencies, stem
from dataeng_kit.design.plan import column
from dataeng_kit.design.reading import TableReading, additivity, read, role
from dataeng_kit.design.sizing import lines
from dataeng_kit.design.target import target
from dataeng_kit.design.words import snake, unique
from dataeng_kit.nouns import Attribute, Design, Entity, Evidence, Reference
from dataeng_kit.nouns.references import fact_id, write

SOURCES = 3
"""Source systems from which a vault earns its joins, unless an audit duty asks for one (Linstedt; consulting practice)."""


@dataclass
class _Hub:
    """A hub while it is put together: its key columns and types, and every (table, columns) that names its keys.

    ``content``: no key was measured, so a row's content is its key; ``part``: the determinant of a wide table.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    feeds: list[tuple[str, tuple[str, ...]]]
    content: bool = False
    part: Dependency | None = None


@dataclass(frozen=True)
class _End:
    """One end of a link: the hub, the columns here that hold its key, and what the relationship is called."""

    hub: _Hub
    columns: tuple[str, ...]
    called: str


@dataclass
class _Build:
    evidence: Evidence
    tables: dict[str, TableReading]
    events: frozenset[str]
    hubs: dict[str, _Hub] = field(default_factory=dict)
    ends: dict[str, list[_End]] = field(default_factory=dict)
    entities: list[Entity] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def name(self, *parts: str) -> str:
        """Return a table name that is still free."""
        return unique(snake(*parts), [e.name for e in self.entities])

    def entity(self, hub: _Hub) -> Entity:
        """Return the finished table of a hub: they come first, in order."""
        return self.entities[list(self.hubs.values()).index(hub)]


def design(evidence: Evidence) -> Design:
    """Return the vault of a case: hubs first, then links, then satellites; loads only ever add rows."""
    tables = read(evidence)
    build = _Build(evidence, tables, frozenset(p.table for p in processes.find(tables)))
    for t in tables.values():
        if not _is_link(t) and not (not t.key and dependencies(evidence, t, exact=False)):
            _open_hub(build, t)
    for t in tables.values():
        _find_ends(build, t)
        if t.name not in build.hubs and not build.ends[t.name]:
            _open_hub(build, t)
    for hub in build.hubs.values():
        build.entities.append(_hub(build, hub))
    for t in tables.values():
        owner = build.entity(build.hubs[t.name]) if t.name in build.hubs else _unit(build, t)
        if t.name in build.hubs:
            _links(build, t, owner)
        _satellites(build, t, owner)
    entities = sorted(build.entities, key=lambda e: ("hub", "link", "satellite").index(e.kind))
    return Design(
        "vault",
        target(evidence),
        tuple(entities),
        f"Data vault of {evidence.name}",
        _steps(build, entities),
        lines(evidence, tuple(tables)),
        ("the normalised design: one table per entity, history only where the source keeps it",
         "persistent staging (each delivery kept as files) under the star: most of the audit trail, none of the joins"),
        _risks(build),
        _questions(build, entities),
        (verdict(evidence), *build.warnings),
    )  # fmt: skip


def verdict(evidence: Evidence) -> str:
    """Return whether a vault earns its joins here: source systems counted, audit duty named."""
    systems = {Path(t.source).parent.as_posix() if "://" not in t.source else t.source.split("?")[0] for t in evidence.tables}
    duty = next((f"{m.name} ({m.file}:{m.line})" for m in evidence.context.compliance), "")
    counted = f"{len(systems)} source system{'s' if len(systems) != 1 else ''}"
    if len(systems) >= SOURCES or duty:
        return f"A vault is worth weighing: {counted}" + (f", and {duty} asks for an audit trail" if duty else "")
    return f"A vault is not worth its joins here: {counted}, below {SOURCES}, and CLAUDE.md names no audit duty"


def _is_link(t: TableReading) -> bool:
    """True for rows that only tie entities together: a key made of references, or no key at all; nothing refers to them."""
    refs = {c for k in t.parents for c in k.columns}
    return bool(t.parents) and not t.children and not t.loops and (not t.key or bool(set(t.key) & refs)) and set(t.key) not in (
        set(k.columns) for k in t.parents
    )  # fmt: skip


def _open_hub(build: _Build, t: TableReading) -> None:
    columns = t.key or tuple(c.name for c in t.profile.columns)
    types = tuple(t.profile.column(c).type for c in t.key) or ("text",)
    build.hubs[t.name] = _Hub(entity_name(t.name), t.name, columns, types, [(t.name, columns)], content=not t.key)


def _find_ends(build: _Build, t: TableReading) -> None:
    """Collect the relationships of a table; each also feeds its hub, so that an orphan's key is kept, not lost."""
    build.ends[t.name] = found = list[_End]()
    for k in (*t.parents, *t.loops):
        hub = build.hubs.get(k.ref_table)
        if hub is None or hub.content or set(k.ref_columns) != set(hub.columns):
            build.warnings.append(
                f"{write(t.name, k.columns[0])} refers to {k.ref_table}, not by its business key: kept as an attribute"
            )
            continue
        own = tuple(k.columns[k.ref_columns.index(c)] for c in hub.columns)
        _widen(hub, tuple(t.profile.column(c).type for c in own), exact=k.orphans == 0)
        hub.feeds.append((t.name, own))
        found.append(_End(hub, own, role(k)))
    for law in dependencies(build.evidence, t, exact=False) if not t.parents else ():
        said, own = snake(*stem(law.determinant, t.name), singular_last=True), (law.determinant,)
        hub = _Hub(
            said,
            t.name,
            own,
            (t.profile.column(law.determinant).type,),
            [(t.name, own)],
            part=law if law.exceptions == 0 else None,
        )
        build.hubs[write(t.name, law.determinant)] = hub
        found.append(_End(hub, own, said))


def _widen(hub: _Hub, theirs: tuple[str, ...], exact: bool) -> None:
    """A hub's key takes the type that holds every feed's values: as it is, else number, else text."""
    numeric = {"integer", "number"}

    def wider(own: str, other: str) -> str:
        if own == other or (exact and {own, other} <= numeric):
            return own
        return "number" if {own, other} <= numeric else "text"

    hub.types = tuple(wider(a, b) for a, b in zip(hub.types, theirs, strict=True))


def _frame(key: str, record_key: tuple[str, ...]) -> tuple[Attribute, Attribute, Attribute]:
    """Return the three columns that every vault table carries: hash key, load date, record source."""
    return (
        Attribute(key, "text", record_key, nullable=False, role="hash"),
        Attribute("load_date", "datetime", nullable=False, role="load_date", note="when this row first arrived"),
        Attribute("record_source", "text", nullable=False, role="record_source", note="the table that delivered it first"),
    )


def _hub(build: _Build, hub: _Hub) -> Entity:
    references = tuple(write(hub.table, c) for c in hub.columns)
    first = next(h for h in build.hubs.values() if h.name == hub.name)
    name = build.name("hub", hub.name) if hub is first else build.name("hub", entity_name(hub.table), hub.name)
    head = _frame(name.removeprefix("hub_") + "_hk", references)
    if hub.content:
        own: tuple[Attribute, ...] = ()
        said = f"one row per distinct row of {hub.table}, keyed by its content: no business key was measured"
    else:
        names: list[str] = [a.name for a in head]
        for c in hub.columns:
            names.append(unique(snake(c), names))
        own = tuple(
            Attribute(n, t, (r,), nullable=False, role="business_key")
            for n, t, r in zip(names[3:], hub.types, references, strict=True)
        )
        said = f"one row per {', '.join(hub.columns)} of {hub.table}, wherever it is named"
    staged = build.hubs.get(hub.table) is hub
    return Entity(
        name, "hub", tuple(dict.fromkeys(t for t, _ in hub.feeds)), (head[0], *own, *head[1:]), (head[0].name,),
        tuple(a.name for a in own), references, said, facts=_facts(build.tables[hub.table]),
        detail={
            "feeds": [[t, list(c)] for t, c in hub.feeds], "types": list(hub.types), "content": hub.content,
            "key_columns": list(build.tables[hub.table].key) if staged else [], "staged": staged,
        },
    )  # fmt: skip


def _facts(t: TableReading) -> tuple[str, ...]:
    return (fact_id("rows", t.name), *(fact_id("distinct", t.name, c) for c in t.key))


def _unit(build: _Build, t: TableReading) -> Entity:
    """A table that ties entities together: one link over all of them, with the rest of its key as dependent child key."""
    ends = build.ends[t.name]
    covered = tuple(c for e in ends for c in e.columns)
    child = tuple(c for c in t.key if c not in covered)
    key = snake(entity_name(t.name), "hk")
    identity = row_text(dict.fromkeys((*t.key, *covered))) if t.key else column("s0", content(t.profile)[0])
    more = {"staged": True, "key_columns": list(t.key), "content": not t.key}
    return _link(build, t, key, f"md5({identity})", ends, child, more)


def _links(build: _Build, t: TableReading, owner: Entity) -> None:
    """One link per relationship of an entity; where it may change, a satellite says which one holds since when."""
    mine = build.hubs[t.name]
    for end in build.ends[t.name]:
        text = f"{_text(t, mine, mine.columns)} || {SEPARATOR} || {_text(t, end.hub, end.columns)}"
        key = snake(entity_name(t.name), end.called, "hk")
        own = _End(mine, mine.columns, mine.name)
        link = _link(build, t, key, f"md5({text})", [own, end], (), {"stage": owner.name})
        if t.name not in build.events:
            lineage = tuple(write(t.name, c) for c in end.columns)
            holds = Attribute(
                link.key[0], "text", lineage, f"CASE WHEN {_present(end.columns)} THEN md5({text}) END", role="attribute"
            )
            _satellite(build, t, owner, (), "effectivity_" + end.called, [holds], f"which {end.called} holds since when")


def _text(t: TableReading, hub: _Hub, columns: tuple[str, ...]) -> str:
    """Return the text that a hub's key is hashed from, as it stands in *t*."""
    return column("s0", content(t.profile)[0]) if hub.content else key_text("s0", columns, hub.types, _types(t, columns))


def _types(t: TableReading, columns: Iterable[str]) -> tuple[str, ...]:
    return tuple(t.profile.column(c).type for c in columns)


def _link(
    build: _Build, t: TableReading, key: str, digest: str, ends: list[_End], child: tuple[str, ...], more: dict[str, object]
) -> Entity:
    head = _frame(key, tuple(dict.fromkeys(write(t.name, c) for e in ends for c in e.columns)))
    attributes = [Attribute(key, "text", head[0].lineage, digest, nullable=False, role="hash")]
    references, pairs = [], []
    for e in ends:
        there = build.entity(e.hub)
        own = e.hub.table == t.name and e.columns == e.hub.columns
        name = unique(there.key[0] if own else snake(e.called, "hk"), [a.name for a in (*attributes, *head[1:])])
        text = _text(t, e.hub, e.columns)
        lineage = tuple(write(t.name, c) for c in e.columns)
        attributes.append(
            Attribute(name, "text", lineage, f"CASE WHEN {_present(e.columns)} THEN md5({text}) END", role="parent")
        )
        references.append(Reference((name,), there.name, there.key))
        pairs.append([name, there.name, list(e.columns)])
    for c in child:
        name = unique(snake(c), [a.name for a in (*attributes, *head[1:])])
        attributes.append(
            Attribute(name, t.profile.column(c).type, (write(t.name, c),), role="business_key", note="dependent child key")
        )
    said = " with ".join(e.called.replace("_", " ") for e in ends) + (f", by {', '.join(child)}" if child else "")
    name = build.name("link", entity_name(t.name), *([] if more.get("staged") else [ends[-1].called]))
    made = Entity(
        name, "link", (t.name,), (*attributes, *head[1:]), (key,), (), head[0].lineage, f"one row per {said}",
        references=tuple(references), facts=_facts(t), detail={"parents": pairs, **more},
    )  # fmt: skip
    build.entities.append(made)
    return made


def _present(columns: Iterable[str]) -> str:
    return " AND ".join(f"{column('s0', c)} IS NOT NULL" for c in columns)


def _satellites(build: _Build, t: TableReading, owner: Entity) -> None:
    """Split a table's attributes: personal ones apart, those that change apart from those that stay; events never change."""
    held = {c for e in build.ends[t.name] for c in e.columns} | set(t.key)
    for end in build.ends[t.name]:
        if end.hub.part:
            decided = [_payload(t, c) for c in end.hub.part.dependents if c not in held]
            held |= set(end.hub.part.dependents)
            _satellite(build, t, owner, end.columns, end.called, decided, f"what {end.columns[0]} decides", build.entity(end.hub))
    groups: dict[str, list[Attribute]] = {"": [], "state": [], "personal": []}
    for c in t.profile.columns:
        moving = t.kinds[c.name] in ("measure", "flag") or scd(t, c, folded=False)[0] == 2
        if c.name not in held:
            group = "personal" if c.label and c.label.sensitive else "state" if moving and t.name not in build.events else ""
            groups[group].append(_payload(t, c.name))
    said = {"": "what describes it", "state": "what changes about it", "personal": "what is personal: erased and granted apart"}
    for group, found in groups.items():
        _satellite(build, t, owner, (), group, found, said[group])


def _payload(t: TableReading, name: str) -> Attribute:
    c = t.profile.column(name)
    measure = t.kinds[name] == "measure" and c.type in ("integer", "number")
    kind = additivity(name) if measure else ""
    return Attribute(snake(name), c.type, (write(t.name, name),), role="measure" if measure else "attribute", additivity=kind)


def _satellite(
    build: _Build, t: TableReading, owner: Entity, by: tuple[str, ...], group: str, found: list[Attribute], said: str,
    parent: Entity | None = None,
) -> None:  # fmt: skip
    """Add a satellite to its hub or link, or (with *by*) to the hub of a determinant inside a wide table."""
    if not found:
        return
    there = parent or owner
    hub = next(e.hub for e in build.ends[t.name] if e.columns == by) if by else build.hubs.get(t.name)
    own = there.attributes[0].expression or (f"md5({_text(t, hub, by or hub.columns)})" if hub else "")
    head = _frame(there.key[0], there.attributes[0].lineage)
    digest = Attribute("hash_diff", "text", nullable=False, role="hash_diff", note="changes when any attribute below changes")
    attributes = [replace(head[0], expression=own), *head[1:], digest]
    for a in found:
        attributes.append(replace(a, name=unique(a.name, [x.name for x in attributes])))
    references = (Reference((head[0].name,), there.name, there.key),)
    said = f"one row per change of {entity_name(t.name).replace('_', ' ')}: {said}"
    build.entities.append(
        Entity(
            build.name("sat", entity_name(t.name), group), "satellite", (t.name,), tuple(attributes),
            (head[0].name, "load_date"), (), there.grain, said,
            tuple(a.name for a in attributes if a.role == "measure"), references=references,
            facts=(fact_id("rows", t.name),), detail={"stage": owner.name, "group": group, "needs": list(by)},
        )
    )  # fmt: skip


def _steps(build: _Build, entities: list[Entity]) -> tuple[str, ...]:
    def said(kind: str) -> str:
        return "; ".join(f"{e.name}: {e.grain_sentence}" for e in entities if e.kind == kind) or "none"

    return (
        f"1. Business keys: {said('hub')}",
        f"2. Relationships: {said('link')}",
        f"3. Satellites by rate of change and sensitivity: {said('satellite')}",
        "4. Load: hubs, then links, then satellites; each only adds what it does not hold, so a second run adds nothing",
    )


def _risks(build: _Build) -> tuple[str, ...]:
    orphans = [k for k in build.evidence.profile.foreign_keys if k.orphans]
    found = [
        f"{write(k.table, k.columns[0])}: {k.orphan_values:,} keys stand in the hub without a row of {k.ref_table}"
        for k in orphans
    ]
    found += [f"{h.table} has no measured key: a corrected row looks like a new one" for h in build.hubs.values() if h.content]
    return (
        *found,
        "a row deleted at the source stays current here: deliver deletions, or compare full loads in a status satellite",
    )


def _questions(build: _Build, entities: list[Entity]) -> tuple[str, ...]:
    states = [e for e in entities if e.detail.get("group") == "state"]
    found = [
        f"How often do {', '.join(a.name for a in e.attributes[4:8])} of {e.sources[0]} change? The split is assumed."
        for e in states
    ]
    found += [
        f"What identifies one row of {h.table}? No column set was measured unique." for h in build.hubs.values() if h.content
    ]
    return tuple(found)
