"""Mermaid text, which JupyterLab and GitHub draw: entity-relationship diagrams and lineage."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from dataeng_kit.nouns import Attribute, Design, Entity, Profile
from dataeng_kit.nouns.references import parse

_COLUMNS = 5
"""Rows per table in a picture: keys come first, the rest is in the tables beside it."""


def _name(text: str) -> str:
    """Return a diagram identifier: Mermaid takes letters, digits and underscores everywhere."""
    clean = re.sub(r"\W", "_", text)
    return clean if re.match(r"[A-Za-z_]", clean) else f"_{clean}"


def _quoted(text: str) -> str:
    """Return a label; quotes and markup become entities, which Mermaid writes with ``#``."""
    entities = {'"': "#quot;", "<": "#lt;", ">": "#gt;", "#": "#35;", "`": "#96;", ";": "#59;", "\n": " ", "\r": " "}
    return '"' + "".join(entities.get(c, c) for c in text) + '"'


def _names(tables: Iterable[str]) -> dict[str, str]:
    """Return one distinct identifier per table; two names that clean to the same one get a number."""
    taken: dict[str, str] = {}
    for table in tables:
        name, n = _name(table), 2
        while name in taken.values():
            name, n = f"{_name(table)}_{n}", n + 1
        taken[table] = name
    return taken


def er(profile: Profile, focus: str = "") -> str:
    """Return the tables as measured, with their keys; with *focus* that table, its neighbours and their columns.

    Raises `KeyError` for an unknown table.
    """
    shown = [t.name for t in profile.tables]
    if focus:
        near = (
            {k.ref_table for k in profile.parents(focus)}
            | {k.table for k in profile.children(focus)}
            | {profile.table(focus).name}
        )
        shown = [t for t in shown if t in near]
    names = _names(shown)
    lines = ["erDiagram"]
    for name in shown:
        table = profile.table(name)
        foreign = {c for k in profile.parents(name) for c in k.columns}
        keys = [c for c in table.columns if c.name in (table.primary_key or ()) or c.name in foreign]
        columns = [*keys, *[c for c in table.columns if focus and c not in keys]]
        lines.append(f"  {names[name]}[{_quoted(name)}] {{")
        for column in columns[: 4 * _COLUMNS if focus else _COLUMNS]:
            mark = " PK" if column.name in (table.primary_key or ()) else " FK" if column.name in foreign else ""
            lines.append(f"    {_name(column.type)} {_name(column.name)}{mark}")
        lines.append("  }")
    for key in profile.foreign_keys:
        if key.table in names and key.ref_table in names:
            parent = "|o" if key.nulls or key.orphans else "||"
            child = "o|" if key.cardinality == "1:1" else "o{"
            label = " + ".join(key.columns) + (f" ({key.orphans:,} orphans)" if key.orphans else "")
            lines.append(f"  {names[key.ref_table]} {parent}--{child} {names[key.table]} : {_quoted(label)}")
    return "\n".join(lines)


def er_design(design: Design) -> str:
    """Return a target model's entities and references."""
    names = _names(e.name for e in design.entities)
    lines = ["erDiagram"]
    for entity in design.entities:
        foreign = {c for r in entity.references for c in r.columns}
        lines.append(f"  {names[entity.name]}[{_quoted(entity.name)}] {{")
        for attribute in _first(entity, foreign):
            mark = " PK" if attribute.name in entity.key else " FK" if attribute.name in foreign else ""
            lines.append(f"    {_name(attribute.type)} {_name(attribute.name)}{mark}")
        lines.append("  }")
    for entity in design.entities:
        lines += [
            f"  {names[r.entity]} ||--o{{ {names[entity.name]} : {_quoted(' + '.join(r.columns))}"
            for r in entity.references
            if r.entity in names
        ]
    return "\n".join(lines)


def _first(entity: Entity, foreign: set[str]) -> list[Attribute]:
    ranked = sorted(
        entity.attributes, key=lambda a: (a.name not in entity.key, a.name not in foreign, a.name not in entity.measures)
    )
    return ranked[: max(_COLUMNS, len(entity.key) + len(foreign) + 2)]


def lineage(design: Design) -> str:
    """Return which source tables feed which target tables, with the number of columns on each arrow."""
    arrows: dict[tuple[str, str], int] = {}
    for entity in design.entities:
        for attribute in entity.attributes:
            for reference in attribute.lineage:
                pair = parse(reference)[0], entity.name
                arrows[pair] = arrows.get(pair, 0) + 1
    sources, targets = _names(dict.fromkeys(s for s, _ in arrows)), _names(e.name for e in design.entities)
    lines = ["flowchart LR", *_nodes("s_", sources), *_nodes("t_", targets)]
    lines += [f"  s_{sources[s]} -->|{n}| t_{targets[t]}" for (s, t), n in arrows.items()]
    return "\n".join(lines)


def _nodes(prefix: str, names: Mapping[str, str]) -> list[str]:
    return [f"  {prefix}{name}[{_quoted(text)}]" for text, name in names.items()]
