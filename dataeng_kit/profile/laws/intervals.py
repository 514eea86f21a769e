"""Overlap: whether the intervals of one entity follow each other, and how many entities have several open at once."""

from __future__ import annotations

from collections.abc import Iterator

from dataeng_kit.nouns import Law, TableProfile
from dataeng_kit.profile.laws.scope import Scope, how_many, law
from dataeng_kit.profile.laws.words import date_role, is_identifier, says, stem

_LEAST = 20


def laws(scope: Scope) -> Iterator[Law]:
    """Yield, per interval table and entity, whether intervals overlap; beyond five per cent only where the name speaks."""
    for table in scope.tables(_LEAST):
        ends = _interval(table)
        for entity in _entities(scope, table) if ends else ():
            if ends and scope.spend("overlap", table.name):
                found = _overlap(scope, table, entity, *ends)
                if found:
                    yield found


def _interval(table: TableProfile) -> tuple[str, str] | None:
    """Return the begin and end column of a table whose rows are intervals: the pair whose names share most."""
    dates = [c for c in table.columns if c.type in ("date", "datetime") and c.filled >= 2]
    pairs = [
        (len(stem(b.name) ^ stem(e.name)), b.position, b.name, e.name)
        for b in dates
        for e in dates
        if date_role(b.name) in ("begin", "created") and date_role(e.name) == "end" and b.nulls < 0.1 * b.rows
    ]
    if not pairs:
        return None
    _, _, begin, end = min(pairs)
    return begin, end


def _entities(scope: Scope, table: TableProfile) -> list[str]:
    """Return the column, if any, that names whom the intervals belong to: repeated, linked or an identifier."""
    linked = scope.linked(table.name) - (set(table.primary_key or ()) if len(table.primary_key or ()) == 1 else set())
    found = [
        c
        for c in table.columns
        if c.distinct >= 5
        and c.filled >= 1.5 * c.distinct
        and c.nulls < 0.2 * c.rows
        and (c.name in linked or is_identifier(c.name))
    ]
    return [c.name for c in sorted(found, key=lambda c: (c.name not in linked, c.position))][:1]


def _overlap(scope: Scope, table: TableProfile, entity: str, begin: str, end: str) -> Law | None:
    name = table.name
    e, b, f = (scope.name(name, c, "t") for c in (entity, begin, end))
    until = f"coalesce(CAST({f} AS TIMESTAMP), CAST('9999-12-31' AS TIMESTAMP))"
    window = f"max({until}) OVER (PARTITION BY {e} ORDER BY {b}, {until} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    inner = f"SELECT t.*, {window} AS dk_before FROM {scope.relation(name)} AS t WHERE {e} IS NOT NULL AND {b} IS NOT NULL"
    off = f"dk_before > CAST({b} AS TIMESTAMP)"
    sql = (
        f"SELECT count(*), count(dk_before), {how_many(off)}, count(DISTINCT {e}), "
        f"count(DISTINCT CASE WHEN {off} THEN {e} END) FROM ({inner}) AS t"
    )
    of, later, broken, entities, overlapping = (int(n or 0) for n in scope.rows(name, sql)[0])
    several = f"{e} IS NOT NULL AND {f} IS NULL GROUP BY {e} HAVING count(*) > 1"
    still_open = f"SELECT {e} FROM {scope.relation(name)} AS t WHERE {several}"
    open_sql = f"SELECT count(*) FROM ({still_open}) AS o"
    several_open = int(scope.rows(name, open_sql)[0][0] or 0)
    exclusive = says(name, "exclusive")
    if later < _LEAST or (broken > 0.05 * later and not exclusive):
        return None
    level = "law" if not broken else "law_with_exceptions" if broken <= 0.05 * later else "question"
    return law(
        "overlap",
        name,
        [(name, entity), (name, begin), (name, end)],
        f"the intervals {begin} to {end} of one {entity} do not overlap",
        (of - broken, of),
        level,
        f"SELECT {scope.shown(name, [entity, begin, end])} FROM ({inner}) AS t WHERE {off}",
        detail={
            "entity": entity,
            "entities": entities,
            "overlapping": overlapping,
            "several_open": several_open,
            "exclusive": exclusive,
        },
    )
