"""A Run carries progress out of a long function and the user's Stop into it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from dataeng_kit.errors import Stopped


@dataclass(frozen=True)
class Step:
    """One line of progress: ``done`` of ``of`` units, ``of`` 0 when the total is unknown."""

    label: str
    done: int = 0
    of: int = 0
    seconds: float = 0.0


@dataclass
class Run:
    """Progress, cancel and events of one long call; every long function takes it last."""

    on_step: Callable[[Step], None] | None = None
    on_event: Callable[[Any], None] | None = None
    started: float = field(default_factory=time.monotonic)
    last: Step = field(default_factory=lambda: Step("starting"))
    _stop: threading.Event = field(default_factory=threading.Event)
    _interrupts: list[Callable[[], None]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def step(self, label: str, done: int = 0, of: int = 0) -> None:
        """Say how far the work is; raises `Stopped` when the user asked to stop."""
        self.check(label)
        self.last = Step(label, done, of, time.monotonic() - self.started)
        if self.on_step:
            self.on_step(self.last)

    def event(self, event: Any) -> None:
        """Hand one event (a noun) to whoever listens."""
        self.check(self.last.label)
        if self.on_event:
            self.on_event(event)

    def check(self, label: str = "") -> None:
        """Raise `Stopped` when the user asked to stop."""
        if self._stop.is_set():
            raise Stopped(label or self.last.label)

    def stop(self) -> None:
        """Ask the work to end and interrupt the engines at work; returns at once."""
        self._stop.set()
        with self._lock:
            interrupts = list(self._interrupts)
        for interrupt in interrupts:
            interrupt()

    @property
    def stopped(self) -> bool:
        """True once `stop` was called."""
        return self._stop.is_set()

    @contextmanager
    def interruptible(self, interrupt: Callable[[], None]) -> Iterator[None]:
        """Register an engine's interrupt for the length of one query."""
        self.check()
        with self._lock:
            self._interrupts.append(interrupt)
        try:
            yield
        finally:
            with self._lock:
                self._interrupts.remove(interrupt)
