"""The Desk: what an agent may touch; the case builds it, a test may build its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from dataeng_kit.nouns import Advice, Cell, Evidence, Fact
from dataeng_kit.run import Run


class Desk(Protocol):
    """Evidence as the policy lets it be seen, and the few things an agent may have done for it."""

    evidence: Evidence

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the references of the columns that a request may speak of."""
        ...

    def facts(self) -> Mapping[str, Fact]:
        """Return every citable fact by id, answers to earlier queries included."""
        ...

    def query(self, sql: str, run: Run) -> dict[str, Any]:
        """Return rows of one read-only query on the masked copy and the id of the fact it became; raises `KitError`."""
        ...

    def advise(self, topic: str, run: Run) -> Advice:
        """Return the rules' own advice on a topic, its cells checked."""
        ...

    def check(self, cell: Cell, run: Run) -> Cell:
        """Return a proposed cell under the real names, with what happened when it ran in a limited process on scratch data."""
        ...
