"""The reach of the search for laws: profile facts, quoted SQL, samples in Python, and a bound on full passes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from dataeng_kit.data.live import Data
from dataeng_kit.nouns import ColumnProfile, ForeignKey, Law, Profile, TableProfile
from dataeng_kit.nouns.references import fact_id, write
from dataeng_kit.run import Run

DATES = ("date", "datetime")
NUMBERS = ("integer", "number")
SAMPLE = 4_000
"""Rows that a hypothesis sees before it may cost a full pass."""
BIG = 1_000_000
"""Rows from which full passes over a table are rationed."""
PASSES = 8
"""Full passes one family may spend on a big table."""


@dataclass
class Scope:
    """Everything a family of laws needs; `spend` rations full passes over big tables."""

    data: Data
    profile: Profile
    run: Run | None = None
    _spent: dict[tuple[str, str], int] = field(default_factory=dict)

    def rows(self, table: str, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of one query on the engine that holds *table*."""
        return self.data.rows(sql, self.run, self.data.source(table).engine)

    def name(self, table: str, column: str, alias: str = "") -> str:
        """Return a quoted column, with its alias in front when given."""
        quoted = self.data.source(table).engine.quote(column)
        return f"{alias}.{quoted}" if alias else quoted

    def relation(self, table: str) -> str:
        """Return the quoted relation, ready for FROM."""
        return self.data.relation(table)

    def literal(self, table: str, value: object) -> str:
        """Return a literal of the engine that holds *table*."""
        return self.data.source(table).engine.technology.literal(value)

    def double(self, table: str, expression: str) -> str:
        """Return *expression* as a floating-point number."""
        return f"CAST({expression} AS {self.data.source(table).engine.technology.type_name('number')})"

    def spend(self, family: str, table: str) -> bool:
        """Return whether one more full pass over *table* is within *family*'s ration, and take it."""
        if self.profile.table(table).rows < BIG:
            return True
        used = self._spent.get((family, table), 0)
        self._spent[family, table] = used + 1
        return used < PASSES

    def key(self, table: str) -> tuple[str, ...]:
        """Return the primary key's columns, or none."""
        return self.profile.table(table).primary_key or ()

    def shown(self, table: str, columns: Iterable[str], alias: str = "t") -> str:
        """Return the select list of an exceptions query: key and offending columns, or the whole row without a key."""
        key = self.key(table)
        wanted = tuple(dict.fromkeys((*key, *columns)))
        return ", ".join(self.name(table, c, alias) for c in wanted) if key else f"{alias}.*"

    def failing(self, table: str, columns: Iterable[str], where: str) -> str:
        """Return the query of the rows of *table* (alias t) for which *where* is true."""
        return f"SELECT {self.shown(table, columns)} FROM {self.relation(table)} AS t WHERE {where}"

    def sample(
        self, table: str, expressions: Sequence[str], where: str = "", by: str = "", size: int = SAMPLE
    ) -> list[tuple[Any, ...]]:
        """Return up to *size* rows of *expressions* over alias t, the same ones each time.

        *by*: an expression whose equal values stay together (all rows of a group, or none); rows by default.
        """
        profile = self.profile.table(table)
        conditions = [where] if where else []
        share = profile.rows // max(size, 1)
        if share >= 2 and self.data.source(table).engine.technology.id == "duckdb":
            widest = sorted(profile.columns, key=lambda c: -c.distinct)[:3]
            conditions.append(f"hash({by or ', '.join(self.name(table, c.name, 't') for c in widest)}) % {share} = 0")
        text = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return self.rows(table, f"SELECT {', '.join(expressions)} FROM {self.relation(table)} AS t{text} LIMIT {2 * size}")

    def columns(self, table: str, types: Sequence[str], filled: int = 1, distinct: int = 2) -> list[ColumnProfile]:
        """Return the columns of *types* with at least *filled* values and *distinct* different ones."""
        return [c for c in self.profile.table(table).columns if c.type in types and c.filled >= filled and c.distinct >= distinct]

    def linked(self, table: str) -> frozenset[str]:
        """Return the columns that are keys: of the table itself or towards others."""
        found = set(self.key(table)) if len(self.key(table)) == 1 else set()
        for link in self.profile.parents(table):
            found |= set(link.columns)
        return frozenset(found)

    def beside(self, link: ForeignKey, mine: str, theirs: str) -> str:
        """Return the select list of exceptions between a row (t) and its parent (p): the parent's column as ``table.column``."""
        shown = self.shown(link.table, [*link.columns, mine])
        return f"{shown}, {self.name(link.ref_table, theirs, 'p')} AS {self.name(link.ref_table, f'{link.ref_table}.{theirs}')}"

    def joined(self, link: ForeignKey, child: str = "t", parent: str = "p") -> str:
        """Return the join condition of one foreign key."""
        pairs = zip(link.columns, link.ref_columns, strict=True)
        return " AND ".join(f"{self.name(link.table, c, child)} = {self.name(link.ref_table, r, parent)}" for c, r in pairs)

    def links(self) -> list[ForeignKey]:
        """Return the many-to-one foreign keys to a whole, real key, both ends in one engine and not to themselves."""
        found = []
        for link in self.profile.foreign_keys:
            key = self.profile.table(link.ref_table).primary_key or ()
            unique = set(link.ref_columns) == set(key) or (
                len(link.ref_columns) == 1 and self.profile.table(link.ref_table).column(link.ref_columns[0]).unique
            )
            if unique and link.table != link.ref_table and self.data.together(link.table, link.ref_table):
                found.append(link)
        return found

    def tables(self, least: int = 10) -> list[TableProfile]:
        """Return the tables with at least *least* rows."""
        return [t for t in self.profile.tables if t.rows >= least]


def how_many(condition: str) -> str:
    """Return the SQL that counts the rows for which *condition* is true, on every engine."""
    return f"sum(CASE WHEN {condition} THEN 1 ELSE 0 END)"


def law_id(kind: str, table: str, columns: Iterable[str], other: str = "") -> str:
    """Return the fact id of a law: the table, then kind, columns and counterpart."""
    return fact_id(f"{kind}:{','.join(columns)}" + (f":{other}" if other else ""), table)


def law(
    kind: str,
    table: str,
    columns: Sequence[tuple[str, str]],
    rule: str,
    counts: tuple[int, int],
    standing: str,
    query: str,
    **more: Any,
) -> Law:
    """Return one Law; *columns* are (table, column) pairs, *counts* the rows that hold and all rows tested."""
    references = tuple(write(t, c) for t, c in columns)
    fact = law_id(kind, table, [c for t, c in columns if t == table], ",".join(write(t, c) for t, c in columns if t != table))
    return Law(kind, table, references, rule, counts[0], counts[1], standing, query, fact=fact, **more)


def standing(holds: int, of: int, named: bool, chance: float | None, allowed: float = 0.05) -> str:
    """Return how much a rule deserves to be called a law.

    No exception: a law, unless chance alone would break it less than once. Up to *allowed*: a law with exceptions when
    chance would break it five times as often or the names say so. Beyond: a finding when the names say so, else a question.
    """
    broken = of - holds
    if not broken:
        return "law" if named or chance is None or chance * of >= 3 else "question"
    if broken <= allowed * of:
        return "law_with_exceptions" if named or (chance is not None and broken * 5 <= chance * of) else "question"
    return "finding" if named else "question"
