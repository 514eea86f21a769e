"""Record and replay: an exchange kept without key or personal data, told again with its timing, refused once it is stale."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from dataeng_kit.errors import KitError, Stopped, unknown
from dataeng_kit.nouns.answer import Answer, Beat, Cassette, Exchange
from dataeng_kit.nouns.event import Event
from dataeng_kit.run import Run

_TICK = 0.05


def about(system: str, data: Any) -> str:
    """Return the hash of what the model is told of a case before any question: prompt, tools, facts."""
    from dataeng_kit.agent.tools import TOOLS

    told = json.dumps([system, TOOLS, data], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(told.encode()).hexdigest()


def read_cassette(file: Path) -> Cassette:
    """Return the cassette of *file*; raises `KitError` when it is none."""
    try:
        return Cassette.from_json(json.loads(file.read_text("utf-8")))
    except FileNotFoundError:
        raise KitError(f"There is no cassette '{file}'", "Record one: case.ask(question, 'claude', record=FILE)") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KitError(f"'{file.name}' is no cassette", "Record it again: case.ask(question, 'claude', record=FILE)") from error


class Recorder:
    """Keeps the events of one question with their seconds and passes each on to whoever listens."""

    def __init__(self, listen: Callable[[Event], None]) -> None:
        self._listen, self._started, self.beats = listen, time.monotonic(), list[Beat]()

    def __call__(self, event: Event) -> None:
        """Keep *event* and pass it on."""
        self.beats.append(Beat(round(time.monotonic() - self._started, 3), event))
        self._listen(event)

    def keep(self, file: Path, question: str, told: str, model: str, answer: Answer) -> None:
        """Write the exchange into *file*, in the place of an older one of the same question; *answer* must be visible to all."""
        held = read_cassette(file) if file.is_file() else Cassette()
        when = dt.datetime.now(dt.UTC).date().isoformat()
        made = Exchange(question, told, model, when, tuple(self.beats), answer)
        others = tuple(e for e in held.exchanges if e.question != question)
        kept = replace(held, exchanges=(*others, made))
        file.write_text(json.dumps(kept.to_json(), ensure_ascii=False, indent=1) + "\n", "utf-8")


def replay(file: Path, question: str, told: str, run: Run) -> Answer:
    """Return the recorded answer after its events came with their timing; sends nothing.

    Raises `KitError` for a question that was not recorded, and when the case or the prompt are no longer those it was
    recorded with: a stale answer is never told.
    """
    cassette = read_cassette(file)
    by_question = {e.question: e for e in cassette.exchanges}
    if question not in by_question:
        raise unknown(f"question of {file.name}", question, by_question)
    kept = by_question[question]
    if kept.about != told:
        raise KitError(
            f"Stale cassette: the case, its CLAUDE.md or the prompt changed since {kept.recorded}",
            f"Record it again: case.ask({question!r}, 'claude', record={file.name!r}), or --agent offline",
        )
    began = time.monotonic()
    try:
        for beat in kept.beats:
            while (left := beat.at - (time.monotonic() - began)) > 0:
                run.check("replaying")
                time.sleep(min(left, _TICK))
            run.event(beat.event)
    except Stopped:
        return replace(kept.answer, agent="replay", said=(), cells=(), state="stopped", why="Stopped by you")
    return replace(kept.answer, agent=f"replay of {kept.model}, {kept.recorded}")
