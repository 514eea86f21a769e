"""What a rule is: a generator of hits whose docstring is the message in the audit's five parts."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from dataeng_kit.data.live import Data
from dataeng_kit.nouns import ClaimResult, ColumnProfile, Context, Law, Profile, Roles, TableProfile
from dataeng_kit.profile.laws.scope import Scope, how_many
from dataeng_kit.run import Run

HARMS = ("question", "cosmetic", "rule", "figure", "duty")
"""What a hit costs, lowest first: nothing known; a workable blemish; a rule is needed; a key figure is wrong; a duty
is broken."""
_PARTS = {"Criterion": "criterion", "Cause": "cause", "Consequence": "consequence", "Do": "recommendation", "Ask": "question"}


@dataclass(frozen=True)
class Hit:
    """One subject that a rule met: ``values`` fill the docstring, ``money`` is the amount at stake where one is known."""

    table: str
    columns: tuple[str, ...]
    failing: int
    of: int
    query: str
    harm: str = "rule"
    values: dict[str, Any] = field(default_factory=dict)
    subject: str = ""
    money: float = 0.0
    facts: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass
class Look:
    """Everything a rule may look at, and the few queries rules share."""

    context: Context
    data: Data
    profile: Profile
    roles: Roles
    claims: tuple[ClaimResult, ...] = ()
    run: Run | None = None

    @cached_property
    def scope(self) -> Scope:
        """Return quoted names, relations and samples over the same data."""
        return Scope(self.data, self.profile, self.run)

    @property
    def tables(self) -> tuple[TableProfile, ...]:
        """Return the tables that hold rows."""
        return tuple(t for t in self.profile.tables if t.rows)

    def columns(self, *types: str) -> Iterator[tuple[TableProfile, ColumnProfile]]:
        """Yield every filled column of the given types (all without any) with its table."""
        for table in self.tables:
            for column in table.columns:
                if column.filled and (not types or column.type in types):
                    yield table, column

    def laws(self, kind: str, exceptions: bool = True) -> Iterator[Law]:
        """Yield the laws of one kind; only those with exceptions unless told otherwise."""
        return (law for law in self.profile.laws if law.kind == kind and (law.exceptions or not exceptions))

    def count(self, table: str, conditions: list[str]) -> list[int]:
        """Return, in one pass, how many rows of *table* (alias t) meet each condition."""
        if not conditions:
            return []
        sql = f"SELECT {', '.join(how_many(c) for c in conditions)} FROM {self.scope.relation(table)} AS t"
        return [int(n or 0) for n in self.scope.rows(table, sql)[0]]

    def where(self, table: str, columns: tuple[str, ...], condition: str) -> str:
        """Return the query of the failing rows: key, offending columns, condition over alias t."""
        return self.scope.failing(table, columns, condition)

    def name(self, table: str, column: str) -> str:
        """Return a column of alias t, quoted."""
        return self.scope.name(table, column, "t")

    def linked(self, table: str) -> frozenset[str]:
        """Return the columns that are keys of the table or refer to another."""
        return self.scope.linked(table)


@dataclass(frozen=True)
class Rule:
    """A named rule of one dimension with its message parts and its function."""

    name: str
    dimension: str
    parts: dict[str, str]
    hits: Callable[[Look], Iterator[Hit]]


Function = Callable[[Look], Iterator[Hit]]


def rule(dimension: str) -> Callable[[Function], Function]:
    """Mark a generator of hits as a rule of *dimension*; its docstring is the message, its name the rule's id."""

    def mark(function: Function) -> Function:
        function.rule = Rule(function.__name__, dimension, _message(function), function)  # type: ignore[attr-defined]  # the mark itself
        return function

    return mark


def _message(function: Function) -> dict[str, str]:
    """Return condition, criterion, cause, consequence, recommendation and question of a docstring."""
    parts: dict[str, list[str]] = {"condition": []}
    at = "condition"
    for line in (inspect.getdoc(function) or "").splitlines():
        found = re.match(r"(\w+): (.*)", line)
        if found and found[1] in _PARTS:
            at, line = _PARTS[found[1]], found[2]
            parts[at] = []
        parts[at].append(line)
    return {k: " ".join(v).strip() for k, v in parts.items()}


def plural(count: int, noun: str) -> str:
    """Return ``1 column``, ``3 columns``."""
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def rules() -> tuple[Rule, ...]:
    """Return every rule of the room, found by scanning its modules for marked functions."""
    package = importlib.import_module(__package__)
    modules = [importlib.import_module(f"{__package__}.{m.name}") for m in pkgutil.iter_modules(package.__path__) if not m.ispkg]
    found = {f.rule.name: f.rule for m in modules for f in vars(m).values() if isinstance(getattr(f, "rule", None), Rule)}
    return tuple(found.values())
