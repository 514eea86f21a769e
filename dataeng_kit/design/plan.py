"""The joins under a target table: which source feeds it, by which columns, and whether the joined side is unique."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from dataeng_kit.design.reading import TableReading
from dataeng_kit.nouns import Entity
from dataeng_kit.technologies.duckdb import DuckDB


@dataclass(frozen=True)
class Join:
    """One LEFT JOIN: *table* as *alias*, on pairs (column of *left*, own column); ``unique`` when the key was measured so."""

    alias: str
    table: str
    left: str
    on: tuple[tuple[str, str], ...]
    unique: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return the join as it lies in `Entity.detail["joins"]`."""
        return {
            "alias": self.alias,
            "table": self.table,
            "left": self.left,
            "on": [list(p) for p in self.on],
            "unique": self.unique,
        }


@dataclass
class Plan:
    """A target table's source (alias s0) and the joins that were added to it."""

    table: str
    joins: list[Join] = field(default_factory=list)

    def add(self, table: TableReading, left: str, on: Iterable[tuple[str, str]]) -> str:
        """Join one more source and return its alias; the same join is added once."""
        pairs = tuple(on)
        for join in self.joins:
            if (join.table, join.left, join.on) == (table.name, left, pairs):
                return join.alias
        alias = f"s{len(self.joins) + 1}"
        known = {p for _, p in pairs} >= set(table.profile.primary_key or (None,))
        self.joins.append(Join(alias, table.name, left, pairs, known))
        return alias

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the source tables by alias position: s0, s1, …"""
        return (self.table, *(j.table for j in self.joins))

    @property
    def detail(self) -> list[dict[str, Any]]:
        """Return the joins as JSON."""
        return [j.to_json() for j in self.joins]


def joins(entity: Entity) -> tuple[Join, ...]:
    """Return the joins that an entity carries in its detail."""
    return tuple(
        Join(j["alias"], j["table"], j["left"], tuple((a, b) for a, b in j["on"]), j["unique"])
        for j in entity.detail.get("joins", ())
    )


def column(alias: str, name: str) -> str:
    """Return ``alias."name"`` in the design's own dialect (DuckDB)."""
    return f"{alias}.{DuckDB.quote(name)}"
