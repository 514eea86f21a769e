"""The contract of an engine: run SQL where the data lies, list tables and columns, be interruptible."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from dataeng_kit.nouns import Column, DeclaredKey
from dataeng_kit.run import Run
from dataeng_kit.technologies.base import Technology


class Engine(ABC):
    """One live connection; `technology` holds its quoting, types and fact overrides."""

    technology: type[Technology]

    @abstractmethod
    def run(self, sql: str, run: Run | None = None) -> list[tuple[Any, ...]]:
        """Return all rows of one query; cancellable through *run*; raises `KitError` on a failing query."""

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

    def quote(self, name: str) -> str:
        """Return one quoted identifier."""
        return self.technology.quote(name)

    def value(self, sql: str, run: Run | None = None) -> Any:
        """Return the single value of a one-row, one-column query."""
        rows: Sequence[tuple[Any, ...]] = self.run(sql, run)
        return rows[0][0] if rows else None
