"""DDL of a design: tables in load order with keys, references and a line of lineage per column."""

from __future__ import annotations

from dataeng_kit.design.append import GROWING
from dataeng_kit.design.sql import Writer
from dataeng_kit.nouns import Attribute, Entity


def ddl(writer: Writer) -> str:
    """Return the CREATE statements of a design; running them twice changes nothing."""
    head = [f"CREATE SCHEMA IF NOT EXISTS {writer.schema};", _quarantine(writer)]
    return "\n\n".join(head + [create(writer, e) for e in writer.design.entities]) + "\n"


def _quarantine(writer: Writer) -> str:
    text = writer.type("text")
    columns = f"entity {text} NOT NULL, source_table {text} NOT NULL, reason {text} NOT NULL, row_data {text} NOT NULL"
    return f"CREATE TABLE IF NOT EXISTS {writer.quarantine} ({columns});"


def create(writer: Writer, entity: Entity) -> str:
    """Return one CREATE TABLE."""
    lines = [(_column(writer, a), _lineage(a)) for a in entity.attributes]
    lines += [(c, "") for c in _constraints(writer, entity)]
    last = len(lines) - 1
    body = [
        f"  {text}{'' if n == last else ','}" + (f"  {writer.technology.comment(note)}" if note else "")
        for n, (text, note) in enumerate(lines)
    ]
    title = writer.technology.comment(f"{entity.name}: {entity.grain_sentence}")
    return f"{title}\nCREATE TABLE IF NOT EXISTS {writer.table(entity.name)} (\n" + "\n".join(body) + "\n);"


def _column(writer: Writer, a: Attribute) -> str:
    return f"{writer.q(a.name)} {writer.type(a.type)}" + ("" if a.nullable else " NOT NULL")


def _lineage(a: Attribute) -> str:
    said = " ".join(a.lineage)
    if a.role == "measure" and a.additivity:
        return f"{said}; {a.additivity}"
    return said or a.note


def _constraints(writer: Writer, entity: Entity) -> list[str]:
    found = []
    if entity.key:
        found.append(f"PRIMARY KEY ({_list(writer, entity.key)})")
    natural = (
        *entity.natural_key,
        *(a.name for a in entity.attributes if a.role == "validity" and a.name.startswith("valid_from")),
    )
    if entity.natural_key and entity.natural_key != entity.key and entity.kind != "junk":
        found.append(f"UNIQUE ({_list(writer, natural)})")
    for group in entity.detail.get("unique", ()):
        found.append(f"UNIQUE ({_list(writer, group)})")
    for reference in entity.references:
        if declares(writer, entity, reference.entity) and list(reference.columns) not in entity.detail.get("soft", []):
            there = _list(writer, reference.entity_columns)
            found.append(
                f"FOREIGN KEY ({_list(writer, reference.columns)}) REFERENCES {writer.table(reference.entity)} ({there})"
            )
    return found


GROWING_UP_TO = 200_000
"""Rows up to which tables that only grow declare references: above, each insert would check every row; the proof counts them."""


def declares(writer: Writer, entity: Entity, target: str) -> bool:
    """True when the engine should hold this reference: not above its row limit, not to itself where checked row by row."""
    limit = writer.technology.foreign_keys_up_to or (GROWING_UP_TO if entity.kind in GROWING else None)
    rows = max((t.rows for t in writer.evidence.profile.tables if t.name in entity.sources[:1]), default=0)
    return limit is None or (rows <= limit and target != entity.name)


def _list(writer: Writer, names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(writer.q(n) for n in names)
