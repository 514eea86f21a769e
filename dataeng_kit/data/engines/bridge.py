"""A scratch DuckDB into which engines stream distinct values, so that tables of different engines can be compared."""

from __future__ import annotations

from collections.abc import Sequence

from dataeng_kit.data.engines.base import Engine
from dataeng_kit.data.engines.embedded import Embedded
from dataeng_kit.run import Run


class Bridge:
    """Holds the answers of other engines' queries; memory is bounded by the scratch engine, which spills to disk."""

    def __init__(self) -> None:
        self._scratch: Embedded | None = None
        self._held: dict[tuple[int, str], str] = {}

    @property
    def engine(self) -> Embedded:
        """Return the scratch engine, started when first needed."""
        self._scratch = self._scratch or Embedded()
        return self._scratch

    def relation(self, source: Engine, sql: str, columns: Sequence[tuple[str, str]], run: Run) -> str:
        """Return the scratch table of one query's answer, streamed over once; *columns*: name and canonical type."""
        key = (id(source), sql)
        if key not in self._held:
            engine = self.engine
            name, rows = engine.quote(f"bridge_{len(self._held)}"), engine.quote("block")
            types = ", ".join(f"{engine.quote(n)} {engine.technology.type_name(t)}" for n, t in columns)
            engine.run(f"CREATE TABLE {name} ({types})")
            picks = ", ".join(f"CAST({engine.quote(n)} AS {engine.technology.type_name(t)})" for n, t in columns)
            done = 0
            for block in source.stream(sql, run):
                done += len(block)
                run.step("comparing values across engines", done)
                engine.register(_frame(block, [n for n, _ in columns]), rows, run)
                engine.run(f"INSERT INTO {name} SELECT {picks} FROM {rows}", run)
            self._held[key] = name
        return self._held[key]

    def close(self) -> None:
        """End the scratch engine with all it holds."""
        if self._scratch:
            self._scratch.close()


def _frame(rows: Sequence[tuple[object, ...]], names: Sequence[str]) -> object:
    import pandas as pd

    return pd.DataFrame(rows, columns=list(names))
