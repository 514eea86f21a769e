"""The contract of an engine: run SQL where the data lies, list tables and columns, be interruptible."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any

from dataeng_kit.nouns import Column, DeclaredKey
from dataeng_kit.run import Run
from dataeng_kit.technologies.base import Technology

BLOCK = 20_000
"""Rows of one block of `Engine.stream`."""
_CANONICAL = (
    ("json", r".*\[\]$|(struct|map|union|array|json|jsonb|hstore|variant|super|object)\b"),
    ("boolean", r"bool"),
    ("datetime", r"timestamp|datetime|smalldatetime"),
    ("date", r"date$"),
    ("time", r"time"),
    ("integer", r"(u?(tiny|small|medium|big|huge)?int(eger)?\d?|(big|small)?serial|year|long|short|byte)(?![\w ]*val)\b"),
    ("number", r"num(eric|ber)?\b|dec(imal)?\b|float|double|real|(small)?money|fixed"),
    ("binary", r"bit\b|bytea|(var)?binary|\w*blob|bytes|image"),
)
_PART = re.compile(r'"((?:[^"]|"")*)"|`((?:[^`]|``)*)`|([^."`]+)')


def canonical(native: str) -> str:
    """Return the canonical type of an engine's type name; anything unknown is text."""
    name = native.lower().strip()
    return next((type for type, pattern in _CANONICAL if re.match(pattern, name)), "text")


def parts(relation: str) -> list[str]:
    """Return the names that a quoted, dotted relation consists of."""
    return [double.replace('""', '"') or tick.replace("``", "`") or bare for double, tick, bare in _PART.findall(relation)]


class Engine(ABC):
    """One live connection; `technology` holds its quoting, types and fact overrides."""

    technology: type[Technology]

    @abstractmethod
    def run(self, sql: str, run: Run | None = None) -> list[tuple[Any, ...]]:
        """Return all rows of one query; cancellable through *run*; raises `KitError` on a failing query."""

    @abstractmethod
    def stream(self, sql: str, run: Run | None = None) -> Iterator[list[tuple[Any, ...]]]:
        """Yield the rows of one query in blocks of `BLOCK`, so that memory is bounded; otherwise like `run`."""

    @abstractmethod
    def columns(self, relation: str) -> tuple[Column, ...]:
        """Return the columns of a quoted relation with canonical types."""

    @abstractmethod
    def relations(self) -> list[tuple[str, str, str]]:
        """Return (schema, table, comment) of every user table; the default schema is the empty text."""

    @abstractmethod
    def version(self) -> str:
        """Return the engine's version, like ``2.0.0``."""

    @abstractmethod
    def close(self) -> None:
        """Close the connection; a closed engine raises on `run`."""

    def declared(self, relation: str) -> tuple[DeclaredKey, ...]:
        """Return the constraints the engine declares for a relation."""
        return ()

    def changes(self, relation: str) -> str:
        """Return the engine's change counter of a relation, or the empty text: then its staleness is unknown."""
        return ""

    def called(self, relation: str) -> str:
        """Return what a relation is called in the case."""
        return relation

    def quote(self, name: str) -> str:
        """Return one quoted identifier."""
        return self.technology.quote(name)

    def value(self, sql: str, run: Run | None = None) -> Any:
        """Return the value of a one-row query; a row of several columns is a list."""
        rows: Sequence[tuple[Any, ...]] = self.run(sql, run)
        if not rows:
            return None
        return rows[0][0] if len(rows[0]) == 1 else list(rows[0])
