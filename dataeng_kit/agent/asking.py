"""Asking: the verbs of a Case that speak with an agent; the model's library is imported only when it is named."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from dataeng_kit.agent import ask, beside, named
from dataeng_kit.agent.ledger import read_ledger
from dataeng_kit.handle import Handle
from dataeng_kit.nouns import Advice, Evidence
from dataeng_kit.nouns.answer import Answer, Sent
from dataeng_kit.nouns.event import Event
from dataeng_kit.run import Run

if TYPE_CHECKING:
    from dataeng_kit.data import Data
    from dataeng_kit.desk import CaseDesk

T = TypeVar("T")


class Asking:
    """What a Case can be asked. `ask` and `preview` compute the evidence first when it is not known yet."""

    choices_path: Path
    scratch: str

    if TYPE_CHECKING:  # what the Case brings

        def _evidence(self, run: Run) -> Evidence: ...
        def _data(self, run: Run) -> Data: ...
        def _advise(self, run: Run, topic: str) -> Advice: ...
        def _arrow(self, name: str, key: Any, compute: Callable[[], T]) -> T: ...
        def _version(self, *arrows: str) -> tuple[int, ...]: ...

    def ask(self, question: str, agent: str = "offline", on_event: Callable[[Event], None] | None = None) -> Answer:
        """Return an Answer whose sentences cite facts; *agent* ``claude`` sends what `preview` shows, and only when named.

        *on_event* receives each `Event` of the agent as it happens. Raises `KitError` without a credential; nothing is sent then.
        """
        return Handle("ask", lambda run: self._ask(run, question, agent, on_event)).result()

    def _ask(
        self, run: Run, question: str, agent: str = "offline", on_event: Callable[[Event], None] | None = None
    ) -> Answer:  # fmt: skip
        if named(agent) == "offline":
            return ask(question, self._evidence(run))
        from dataeng_kit.agent.claude import ready

        ready()
        claude, data = beside(self._desk(run), self._ledger)

        def tell(event: Event) -> None:
            if event.kind != "text":
                run.step(event.text)

        run.on_event = on_event or tell
        return claude.ask(question, data, run)

    def _desk(self, run: Run) -> CaseDesk:
        from dataeng_kit.desk import CaseDesk

        evidence, data = self._evidence(run), self._data(run)
        version = self._version("evidence")
        return self._arrow("desk", version, lambda: CaseDesk(evidence, data, self._advise, scratch=self.scratch or None))

    def preview(self, question: str) -> str:
        """Return the exact body of the request that asking Claude would send first, as JSON text; nothing is sent."""

        def work(run: Run) -> str:
            claude, data = beside(self._desk(run))
            return asyncio.run(claude.preview(question, data))

        return Handle("preview", work).result()

    @property
    def _ledger(self) -> Path:
        return self.choices_path.parent / ".dataeng_kit" / "ledger.jsonl"

    @property
    def sent(self) -> tuple[Sent, ...]:
        """Return one row for each request that left this machine for the case, oldest first: time, size, columns named, hash."""
        return read_ledger(self._ledger)
