"""Asking: the verbs of a Case that speak with an agent; the model's library is imported only when it is named."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from dataeng_kit.agent import ask, beside, named
from dataeng_kit.agent.ledger import read_ledger
from dataeng_kit.agent.settings import Settings, house_rules
from dataeng_kit.handle import Handle
from dataeng_kit.nouns import Advice, Choices, Evidence
from dataeng_kit.nouns.answer import Answer, Conversation, Sent
from dataeng_kit.nouns.event import Event
from dataeng_kit.run import Run

if TYPE_CHECKING:
    from dataeng_kit.agent.claude import Claude
    from dataeng_kit.data import Data
    from dataeng_kit.desk import CaseDesk

T = TypeVar("T")
Listener = Callable[[Event], None]


class Asking:
    """What a Case can be asked. `ask` and `preview` compute the evidence first when it is not known yet."""

    client: Any = None
    """An asynchronous client of the SDK (Bedrock, Vertex, Foundry, a gateway) to ask instead of the environment's own."""
    choices_path: Path
    scratch: str
    folder: Path | None
    places: tuple[Any, ...]

    if TYPE_CHECKING:  # what the Case brings

        @property
        def choices(self) -> Choices: ...  # noqa: D102  # the Case's own says it
        def _evidence(self, run: Run) -> Evidence: ...
        def _data(self, run: Run) -> Data: ...
        def _advise(self, run: Run, topic: str) -> Advice: ...
        def _arrow(self, name: str, key: Any, compute: Callable[[], T]) -> T: ...
        def _version(self, *arrows: str) -> tuple[int, ...]: ...

    def ask(
        self,
        question: str,
        agent: str = "offline",
        on_event: Listener | None = None,
        *,
        about: tuple[str, ...] = (),
        conversation: str = "",
        record: str | Path | None = None,
    ) -> Answer:
        """Return an Answer whose sentences cite facts; *agent* ``claude`` sends what `preview` shows, and only when named.

        *agent* ``replay:FILE`` tells what a cassette recorded and sends nothing. *on_event* receives each `Event` as it
        happens. *about*: references of tables and columns, and nothing else is told. *conversation*: a name under which
        questions follow one another, kept beside the ledger. *record*: a cassette that keeps the exchange.
        Raises `KitError` without a credential, beyond the engagement's cap, and for a stale cassette; nothing is sent then.
        """

        def work(run: Run) -> Answer:
            return self._ask(run, question, agent, on_event, about, conversation, record)

        return Handle("ask", work).result()

    def _ask(
        self,
        run: Run,
        question: str,
        agent: str = "offline",
        on_event: Listener | None = None,
        about: tuple[str, ...] = (),
        conversation: str = "",
        record: str | Path | None = None,
    ) -> Answer:
        kind, _, cassette = named(agent).partition(":")
        if kind == "offline":
            return ask(question, self._evidence(run), about=about)

        def tell(event: Event) -> None:
            if event.kind != "text":
                run.step(event.text)

        run.on_event = on_event or tell
        if kind == "replay":
            from dataeng_kit.agent.replay import replay

            return replay(Path(cassette), question, self._agent(run, about)[2], run)
        if self.client is None:
            from dataeng_kit.agent.claude import ready

            ready()
        return self._converse(run, question, about, conversation, Path(record) if record else None)

    def _agent(self, run: Run, about: tuple[str, ...]) -> tuple[Claude, dict[str, Any], str]:
        """Return the Claude agent under the engagement's settings, the case as it is told, and the hash of both."""
        from dataeng_kit.agent import replay

        settings = Settings.of(self.choices.agent)
        rules = house_rules(settings.house_rules, self.folder or Path.cwd())
        claude, data = beside(self._desk(run), self.ledger, settings, settings.limits(self.sent), rules, about)
        claude.client = self.client
        return claude, data, replay.about(claude.system, data)

    def _converse(self, run: Run, question: str, about: tuple[str, ...], name: str, record: Path | None) -> Answer:
        from dataeng_kit.agent import conversation, replay

        claude, data, told = self._agent(run, about)
        file = conversation.path_of(self.ledger.parent, name) if name else None
        held = conversation.read(file, told) if file else None
        if held:
            claude.messages = json.loads(held.turns)
        recorder = run.on_event = replay.Recorder(run.on_event or (lambda event: None))
        answer = claude.ask(question, data, run)
        seen = self._desk(run).shown(answer)
        if file and held:
            conversation.keep(file, held, seen, claude.messages)
        if record:
            recorder.keep(record, question, told, claude.model, seen)
        return answer

    def second_opinion(self, topic: str, agent: str = "claude", on_event: Listener | None = None) -> Answer:
        """Return the model's word on each decision of the rules, side by side in ``judged``, disagreements first.

        Sends as `ask` does. Raises `KitError` for an unknown topic before anything is sent.
        """
        return Handle("second opinion", lambda run: self._second_opinion(run, topic, agent, on_event)).result()

    def _second_opinion(self, run: Run, topic: str, agent: str, on_event: Listener | None = None) -> Answer:
        self._advise(run, topic)
        return self._ask(run, f"Judge the rules' advice on the topic {topic}, decision by decision.", agent, on_event)

    def conversation(self, name: str) -> Conversation:
        """Return what was asked and answered under *name*: to read, or to export with `dataeng_kit.show.markdown`."""
        from dataeng_kit.agent import conversation

        return conversation.read(conversation.path_of(self.ledger.parent, name), "")

    def models(self) -> tuple[str, ...]:
        """Return the ids of the models that the service offers now and that are not on their way out; asks the service."""
        return Handle("models", lambda run: asyncio.run(self._agent(run, ())[0].models(run))).result()

    def _desk(self, run: Run) -> CaseDesk:
        from dataeng_kit.desk import CaseDesk

        evidence, data = self._evidence(run), self._data(run)
        version = self._version("evidence")
        return self._arrow("desk", version, lambda: CaseDesk(evidence, data, self._advise, scratch=self.scratch or None))

    @property
    def desk(self) -> CaseDesk:
        """Return what an assistant may see and have done for this case: evidence under the policy, the masked copy, checks."""
        return Handle("desk", self._desk).result()

    def export_agent(self, folder: str | Path = ".") -> Path:
        """Write ``.claude/agents/data-engineer.md`` with this case's visible facts into *folder* and return the file."""
        from dataeng_kit.agent.export import write_agent

        return write_agent(self.desk.evidence, [p for p in self.places if isinstance(p, str)], Path(folder))

    def preview(self, question: str, about: tuple[str, ...] = ()) -> str:
        """Return the exact body of the request that asking Claude would send first, as JSON text; nothing is sent."""

        def work(run: Run) -> str:
            claude, data, _ = self._agent(run, about)
            return asyncio.run(claude.preview(question, data))

        return Handle("preview", work).result()

    @property
    def ledger(self) -> Path:
        """Return the file that lists what left this machine; it ignores itself in git."""
        return self.choices_path.parent / ".dataeng_kit" / "ledger.jsonl"

    @property
    def sent(self) -> tuple[Sent, ...]:
        """Return one row for each request that left this machine for the case, oldest first: time, size, columns named, hash."""
        return read_ledger(self.ledger)

    @property
    def cost(self) -> str:
        """Return what the engagement's questions took in tokens, and in money where ``[agent]`` in the Choices names prices."""
        settings, rows = Settings.of(self.choices.agent), self.sent
        tokens = sum(s.tokens + s.output for s in rows)
        cached, money = sum(s.cached for s in rows), settings.cost(rows)
        told = f"{tokens:,} of {settings.tokens_in_all:,} tokens in {len(rows)} requests, {cached:,} read from the cache"
        return told if money is None else f"{told}; {money:.4f} {settings.currency}"
