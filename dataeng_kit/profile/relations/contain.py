"""Containment: how many of a child's distinct values the parent holds, in memory for small columns, else in the engine."""

from __future__ import annotations

from typing import Any

from dataeng_kit.data.engines.bridge import Bridge
from dataeng_kit.errors import KitError
from dataeng_kit.profile.facts import Values as Counted
from dataeng_kit.profile.relations.pairs import Pair, Ref
from dataeng_kit.run import Run

SMALL = 50_000
"""Columns of at most this many distinct values are held in memory once and compared there."""
PROBE = 20_000
LOST = 0.8
PLACEHOLDERS = frozenset(
    {0, -1, 9, 99, 999, 9999, 99999, 999999, "", "0", "-1", "-", "?", "n/a", "N/A", "none", "unknown", "NULL"}
)


class Values:
    """Reads each small column's distinct values with their row counts once; answers containment for any pair."""

    def __init__(self, run: Run) -> None:
        self.run, self.bridge = run, Bridge()
        self._counts: dict[tuple[str, str], dict[Any, int]] = {}

    def counts(self, ref: Ref) -> dict[Any, int] | None:
        """Return value → rows of a small column, in the order of the values; None when it is not small."""
        if ref.column.distinct > SMALL * 1.1:
            return None
        if ref.name not in self._counts:
            queries = Counted(ref.relation, ref.quoted, ref.column.type, ref.source.engine.technology)
            self._counts[ref.name] = dict(ref.source.engine.run(queries.all(), self.run))
        return self._counts[ref.name]

    def keys(self, pair: Pair) -> tuple[list[Any], int] | None:
        """Return the parent's keys in order, or only those within the child's range, and how many lie below them."""
        parent = self.counts(pair.parent)
        if parent is not None:
            return list(parent), 0
        child = self.counts(pair.child)
        if child is None or pair.child.source.engine is not pair.parent.source.engine:
            return None
        k, low, high = pair.parent.quoted, *map(pair.parent.source.engine.technology.literal, (min(child), max(child)))
        where, engine = f"FROM {pair.parent.relation} WHERE {k}", pair.parent.source.engine
        below, inside = engine.run(
            f"SELECT (SELECT count(*) {where} < {low}), (SELECT count(*) {where} BETWEEN {low} AND {high})", self.run
        )[0]
        if inside > SMALL * 4:
            return None
        return [r[0] for r in engine.run(f"SELECT {k} {where} BETWEEN {low} AND {high} ORDER BY {k}", self.run)], int(below)

    def measure(self, pair: Pair) -> bool:
        """Fill in *values* and *found* of a pair; False when it is refused."""
        child, parent = self.counts(pair.child), self.counts(pair.parent)
        if parent is not None and not pair.parent.is_key and _spaced(parent):
            return False  # unique addresses and names are no keys
        if child is not None and parent is not None:
            pair.values = len(child)
            missing = [v for v in child if v not in parent]
            pair.found = pair.values - len(missing)
            if any(isinstance(v, float) and not v.is_integer() for v in missing):
                return False  # an amount, not an identifier
            odd = max(missing, key=lambda v: child[v], default=None)
            if odd in PLACEHOLDERS and pair.values > 1:
                pair.values, pair.ignored = pair.values - 1, odd
        elif pair.child.source.engine is not pair.parent.source.engine:
            pair.values, pair.found = self._across(pair)
        elif not self._probe(pair):
            return False
        return pair.found > 0 and pair.inclusion >= LOST

    def _across(self, pair: Pair) -> tuple[int, int]:
        """Compare the columns of two engines where their distinct values meet."""
        d, p = (
            self.bridge.relation(
                r.source.engine,
                f"SELECT DISTINCT {r.quoted} AS v FROM {r.relation} WHERE {r.quoted} IS NOT NULL",
                [("v", r.column.type)],
                self.run,
            )
            for r in (pair.child, pair.parent)
        )
        values, found = self.bridge.engine.run(
            f"SELECT count(*), count(p.v) FROM {d} AS d LEFT JOIN {p} AS p ON p.v = d.v", self.run
        )[0]
        return int(values), int(found)

    def _probe(self, pair: Pair) -> bool:
        """Look at the first rows before all rows: most chance pairs end there."""
        head = f"(SELECT {pair.child.quoted} FROM {pair.child.relation} WHERE {pair.child.quoted} IS NOT NULL LIMIT {PROBE})"
        values, found = self._join(pair, head)
        if found < (LOST - 0.05) * values:
            pair.values, pair.found = values, found
            return False
        pair.values, pair.found = self._join(pair, pair.child.relation)
        return True

    def _join(self, pair: Pair, rows: str) -> tuple[int, int]:
        c, k = pair.child.quoted, pair.parent.quoted
        distinct = f"SELECT DISTINCT {c} AS v FROM {rows} AS t WHERE {c} IS NOT NULL"
        keys = f"(SELECT DISTINCT {k} FROM {pair.parent.relation})" if pair.parent.repeats else pair.parent.relation
        query = f"SELECT count(*), count(p.{k}) FROM ({distinct}) AS d LEFT JOIN {keys} AS p ON p.{k} = d.v"
        try:
            values, found = pair.child.source.engine.run(query, self.run)[0]
        except KitError:
            self.run.check()
            return 0, 0
        return int(values), int(found)


def _spaced(values: dict[Any, int]) -> bool:
    return sum(isinstance(v, str) and " " in v for v in values) > 0.2 * len(values)
