"""Two sources of one case reconciled: which tables correspond, rows and keys on either side, columns, values that differ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import combinations

from dataeng_kit.data.engines.base import Engine
from dataeng_kit.data.engines.bridge import Bridge
from dataeng_kit.data.live import Data, Source
from dataeng_kit.nouns import Fact, Profile
from dataeng_kit.nouns.references import fact_id
from dataeng_kit.run import Run

_OVERLAP = 0.5
"""Share of common columns from which two tables of like names are one table delivered twice."""
_MOST_ACROSS = 2_000_000
"""Rows of both tables together up to which those of two engines meet in a scratch database."""
_VARIES = re.compile(r"[\W_]|\d|(?i:extract|export|copy|backup|snapshot|full|delta)")


@dataclass(frozen=True)
class Pair:
    """A table of one place and its like in a later one, with the account between them.

    ``key``: columns that identify the rows of both, empty when none does or they cannot meet: then keys and values were
    not compared. ``missing`` and ``surplus``: keys that only the earlier, only the later holds; ``differing``: column →
    kept keys whose value differs; ``failing``: all these rows, each once, and their ``query``.
    """

    source: str
    extract: str
    rows: tuple[int, int]
    gone: tuple[str, ...]
    new: tuple[str, ...]
    key: tuple[str, ...] = ()
    missing: int = 0
    surplus: int = 0
    kept: int = 0
    differing: tuple[tuple[str, int], ...] = ()
    failing: int = 0
    query: str = ""
    facts: tuple[Fact, ...] = ()


def reconcile(data: Data, profile: Profile, run: Run | None = None) -> tuple[Pair, ...]:
    """Return the account of every two corresponding tables of different places; none when there is but one place."""
    return tuple(_pair(data, profile, a, b, run or Run()) for a, b in correspond(data))


def correspond(data: Data) -> Iterator[tuple[Source, Source]]:
    """Yield tables of different places that are the same table: like names, or else the same columns, one to one."""
    taken: set[str] = set()
    pairs = [(a, b) if a.place < b.place else (b, a) for a, b in combinations(data.sources, 2) if a.place != b.place]
    for alike in (_like_names, _same_columns):
        for a, b in pairs:
            if not {a.table.name, b.table.name} & taken and alike(a, b):
                taken |= {a.table.name, b.table.name}
                yield a, b


def _names(source: Source) -> dict[str, str]:
    return {c.name.lower(): c.name for c in source.table.columns}


def _like_names(a: Source, b: Source) -> bool:
    one, other = (_VARIES.sub("", re.split(r"[/.]", s.table.name.lower())[-1]) for s in (a, b))
    mine, theirs = _names(a).keys(), _names(b).keys()
    return one == other and len(mine & theirs) >= max(_OVERLAP * min(len(mine), len(theirs)), 1)


def _same_columns(a: Source, b: Source) -> bool:
    return len(a.table.columns) > 2 and _names(a).keys() == _names(b).keys()


def _pair(data: Data, profile: Profile, a: Source, b: Source, run: Run) -> Pair:
    mine, theirs = _names(a), _names(b)
    rows = profile.table(a.table.name).rows, profile.table(b.table.name).rows
    gone, new = (tuple(v for k, v in x.items() if k not in y) for x, y in ((mine, theirs), (theirs, mine)))
    plain = Pair(a.table.name, b.table.name, rows, gone, new)
    key = _key(data, profile, a, b, run)
    together = data.together(a.table.name, b.table.name)
    if not key or (not together and sum(rows) > _MOST_ACROSS):
        return plain
    run.step(f"reconciling {a.table.name} and {b.table.name}")
    if together:
        return _Account(data, a, b, key, a.engine, (a.relation, b.relation), run).fill(plain)
    with closing(Bridge()) as bridge:
        here = tuple(
            bridge.relation(
                s.engine,
                f"SELECT {', '.join(s.engine.quote(c.name) for c in s.table.columns)} FROM {s.relation}",
                [(c.name, c.type) for c in s.table.columns],
                run,
            )
            for s in (a, b)
        )
        return _Account(data, a, b, key, bridge.engine, (here[0], here[1]), run).fill(plain)


def _key(data: Data, profile: Profile, a: Source, b: Source, run: Run) -> tuple[str, ...]:
    """Return, in lower case, the first key of either table that the other has and does not repeat."""
    for one, other in ((a, b), (b, a)):
        names = _names(other)
        key = tuple(c.lower() for c in profile.table(one.table.name).primary_key or ())
        if key and all(k in names for k in key):
            by = ", ".join(other.engine.quote(names[k]) for k in key)
            repeated = f"SELECT count(*) FROM (SELECT 1 AS one FROM {other.relation} GROUP BY {by} HAVING count(*) > 1) AS g"
            if not data.rows(repeated, run, other.engine)[0][0]:
                return key
    return ()


@dataclass
class _Account:
    """The comparison of two tables where they meet: their own engine, or a scratch database whose facts nobody can repeat."""

    data: Data
    a: Source
    b: Source
    key: tuple[str, ...]
    engine: Engine
    relations: tuple[str, str]
    run: Run

    def fill(self, pair: Pair) -> Pair:
        """Return *pair* with its keys and values compared."""
        mine, theirs = _names(self.a), _names(self.b)
        on = " AND ".join(" = ".join(self._sides(mine[k], theirs[k])) for k in self.key)
        left, right = f"{self.relations[0]} AS a", f"{self.relations[1]} AS b"
        joined = f"FROM {left} JOIN {right} ON {on}"
        facts = [
            self._fact("missing_keys", f"FROM {left} WHERE NOT EXISTS (SELECT 1 FROM {right} WHERE {on})"),
            self._fact("surplus_keys", f"FROM {right} WHERE NOT EXISTS (SELECT 1 FROM {left} WHERE {on})"),
            self._fact("kept_keys", joined),
        ]
        differs = {mine[n]: self._unlike(mine[n], theirs[n]) for n in mine if n in theirs and n not in self.key}
        changed = [(n, self._fact("differing_values", f"{joined} WHERE {test}", n)) for n, test in differs.items()]
        differing = tuple((n, int(f.value)) for n, f in changed if f.value)
        first = self.key[0]
        tests = [f"{self._sides(mine[first], theirs[first])[i]} IS NULL" for i in (0, 1)] + [differs[n] for n, _ in differing]
        rows = f"FROM {left} FULL JOIN {right} ON {on} WHERE {' OR '.join(tests)}"
        all_ = self._fact("unlike_rows", rows)
        names = [*(mine[k] for k in self.key), *(n for n, _ in differing)]
        shown = [f"{s}.{self.engine.quote((mine, theirs)[i][n.lower()])}" for n in names for i, s in enumerate("ab")]
        again = self.engine is self.a.engine
        missing, surplus, kept = (int(f.value) for f in facts)
        return replace(
            pair,
            key=tuple(mine[k] for k in self.key),
            missing=missing,
            surplus=surplus,
            kept=kept,
            differing=differing,
            failing=int(all_.value),
            query=f"SELECT {', '.join(shown)} {rows}" if again else "",
            facts=(*facts, all_, *(f for _, f in changed)) if again else (),
        )

    def _sides(self, mine: str, theirs: str) -> tuple[str, str]:
        """Return a column of both sides, as text where their types cannot be compared."""
        sides = f"a.{self.engine.quote(mine)}", f"b.{self.engine.quote(theirs)}"
        types = {self.a.table.column(mine).type, self.b.table.column(theirs).type}
        if len(types) == 1 or types <= {"integer", "number"} or types <= {"date", "datetime"}:
            return sides
        text = self.engine.technology.type_name("text")
        return f"CAST({sides[0]} AS {text})", f"CAST({sides[1]} AS {text})"

    def _unlike(self, mine: str, theirs: str) -> str:
        left, right = self._sides(mine, theirs)
        return f"({left} <> {right} OR ({left} IS NULL AND {right} IS NOT NULL) OR ({left} IS NOT NULL AND {right} IS NULL))"

    def _fact(self, name: str, body: str, column: str = "") -> Fact:
        about = (self.b.table.name, column) if column else (self.b.table.name,)
        return self.data.measure(fact_id(name, *about), f"SELECT count(*) {body}", self.run, self.engine)
