"""Data: the live side of a case's tables; the only place that measures anything after reading."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import Any

from dataeng_kit.data.engines.base import Engine
from dataeng_kit.errors import nearest
from dataeng_kit.nouns import Fact, Skipped, Table
from dataeng_kit.run import Run


@dataclass
class Source:
    """One table where it lies: its description, its engine, and its quoted relation there."""

    table: Table
    engine: Engine
    relation: str
    has_header: bool = True
    place: int = 0
    """Which of the case's places it comes from, counted from 0."""


@dataclass
class Data:
    """All tables of a case with their engines; measures facts, bounded and cancellable."""

    sources: tuple[Source, ...]
    skipped: tuple[Skipped, ...] = ()
    where: tuple[str, ...] = ()
    _engines: list[Engine] = field(default_factory=list)

    @property
    def tables(self) -> tuple[Table, ...]:
        """Return the descriptions of all tables."""
        return tuple(s.table for s in self.sources)

    def source(self, name: str) -> Source:
        """Return one table's live side; raises `KeyError` naming the nearest table."""
        for source in self.sources:
            if source.table.name == name:
                return source
        raise KeyError(f"no table '{name}'. {nearest(name, [s.table.name for s in self.sources])}")

    def relation(self, name: str) -> str:
        """Return the quoted relation of a table, ready for FROM."""
        return self.source(name).relation

    def measure(self, id: str, sql: str, run: Run | None = None, engine: Engine | None = None, method: str = "exact") -> Fact:
        """Return one value as a Fact; *sql* answers one row and one column."""
        engine = engine or self.sources[0].engine
        return Fact(id, engine.value(sql, run), sql, method, engine.technology.id)

    def rows(self, sql: str, run: Run | None = None, engine: Engine | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of one query on the engine of the first table, or on *engine*."""
        return (engine or self.sources[0].engine).run(sql, run)

    def together(self, *names: str) -> bool:
        """True when the named tables lie in one engine, so that one query can join them."""
        return len({id(self.source(n).engine) for n in names}) <= 1

    def close(self) -> None:
        """Close every engine."""
        for engine in {id(s.engine): s.engine for s in self.sources}.values():
            with contextlib.suppress(Exception):
                engine.close()
