"""Dimensions that keep their past: each load closes the versions that changed, opens new ones, and overwrites the rest."""

from __future__ import annotations

from dataeng_kit.design.sql import Writer
from dataeng_kit.nouns import Attribute, Entity

FIRST, LAST = "1900-01-01", "9999-12-31"
"""The first version of a member holds from the first day, the current one until the last."""


def versioned(entity: Entity) -> bool:
    """True for a dimension that keeps versions (change type 2)."""
    return entity.kind == "dimension" and any(a.role == "validity" for a in entity.attributes)


def validity(writer: Writer, entity: Entity) -> dict[str, str]:
    """Return the quoted columns of a version by what they are: valid_from, valid_to, is_current; empty without versions."""
    return {a.name.rstrip("_0123456789"): writer.q(a.name) for a in entity.attributes if a.role == "validity"}


def current_of(writer: Writer, entity: Entity, alias: str = "s0") -> str:
    """Return the query of the current version of a staged row's member."""
    natural = [a for a in entity.attributes if a.role == "natural_key"]
    same = " AND ".join(f"d.{writer.q(a.name)} = {_of(writer, entity, a, alias)}" for a in natural)
    return f"SELECT 1 FROM {writer.table(entity.name)} AS d WHERE {same} AND d.{validity(writer, entity)['is_current']}"


def _of(writer: Writer, entity: Entity, a: Attribute, alias: str) -> str:
    return writer.expression(entity, a.lineage[0], a.expression) if alias == "s0" else f"{alias}.{writer.q(a.name)}"


def merge(writer: Writer, entity: Entity) -> str:
    """Return the load of a versioned dimension; a second run on one day corrects that day's version and doubles nothing."""
    q, table, spans = writer.q, writer.table(entity.name), validity(writer, entity)
    begin, end, now = spans["valid_from"], spans["valid_to"], spans["is_current"]
    incoming = f"{writer.schema}.{q('incoming_' + entity.name)}"
    own = [a for a in entity.attributes if a.role not in ("surrogate", "validity")]
    tracked = [a for a in own if a.scd == 2]
    plain = [a for a in own if a.role != "natural_key" and a.scd != 2]
    select = ",\n  ".join(f"{_of(writer, entity, a, 's0')} AS {q(a.name)}" for a in own)
    sources = "\n".join([f"{writer.stage(entity)} AS s0", *writer.joins(entity)])
    same = " AND ".join(f"d.{q(a.name)} = i.{q(a.name)}" for a in own if a.role == "natural_key")
    moved = " OR ".join(f"d.{q(a.name)} IS DISTINCT FROM i.{q(a.name)}" for a in tracked)
    key, names = q(entity.key[0]), ", ".join(q(a.name) for a in own)
    natural = ", ".join(f"i.{q(a.name)}" for a in own if a.role == "natural_key")
    last = f"(SELECT coalesce(max({key}), 0) FROM {table} WHERE {key} > 0)"
    seen = f"EXISTS (SELECT 1 FROM {table} AS d WHERE {same})"
    statements = [
        f"DROP TABLE IF EXISTS {incoming};\nCREATE TABLE {incoming} AS\nSELECT\n  {select}\nFROM {sources}\n"
        f"WHERE s0.{writer.reject(entity)} IS NULL;",
        _overwrite(writer, table, incoming, same, tracked, f"d.{begin} = CURRENT_DATE"),
        f"UPDATE {table} AS d SET {end} = CURRENT_DATE, {now} = FALSE\nFROM {incoming} AS i\n"
        f"WHERE {same} AND d.{now} AND ({moved});",
        _overwrite(writer, table, incoming, same, plain, ""),
        f"INSERT INTO {table} ({key}, {names}, {begin}, {end}, {now})\n"
        f"SELECT {last} + row_number() OVER (ORDER BY {natural}), {', '.join('i.' + q(a.name) for a in own)},\n"
        f"  CASE WHEN {seen} THEN CURRENT_DATE ELSE DATE '{FIRST}' END, DATE '{LAST}', TRUE\n"
        f"FROM {incoming} AS i\nWHERE NOT EXISTS (SELECT 1 FROM {table} AS d WHERE {same} AND d.{now});",
        f"INSERT INTO {table} ({key}, {begin}, {end}, {now})\nSELECT -1, DATE '{FIRST}', DATE '{LAST}', TRUE\n"
        f"WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE {key} = -1);",
        f"DROP TABLE {incoming};",
    ]
    return "\n".join(s for s in statements if s)


def _overwrite(writer: Writer, table: str, incoming: str, same: str, columns: list[Attribute], only: str) -> str:
    """Return the update of what keeps no past, in every version; or of today's own versions."""
    if not columns:
        return ""
    q = writer.q
    sets = ", ".join(f"{q(a.name)} = i.{q(a.name)}" for a in columns)
    differ = " OR ".join(f"d.{q(a.name)} IS DISTINCT FROM i.{q(a.name)}" for a in columns)
    where = f"{same} AND {only} AND ({differ})" if only else f"{same} AND ({differ})"
    return f"UPDATE {table} AS d SET {sets}\nFROM {incoming} AS i\nWHERE {where};"
