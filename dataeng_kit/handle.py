"""A started arrow: progress, Stop and the result, for widgets, Ctrl-C and servers alike."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from dataeng_kit.run import Run, Step

T = TypeVar("T")


class Handle(Generic[T]):
    """One verb at work in a daemon thread; `result` waits for it and raises what it raised."""

    def __init__(self, verb: str, work: Callable[[Run], T], on_step: Callable[[Step], None] | None = None) -> None:
        self.verb = verb
        self.run = Run(on_step=on_step)
        self._value: T | None = None
        self._error: BaseException | None = None
        self._done = threading.Event()
        self._then: list[Callable[[Handle[T]], None]] = []
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._work, args=(work,), name=f"dataeng_kit {verb}", daemon=True)
        self._thread.start()

    def _work(self, work: Callable[[Run], T]) -> None:
        try:
            self._value = work(self.run)
        except BaseException as error:  # handed to whoever asks for the result
            self._error = error
        with self._lock:
            self._done.set()
            then = list(self._then)
        for call in then:
            call(self)

    @property
    def last(self) -> Step:
        """Return the newest progress step."""
        return self.run.last

    @property
    def done(self) -> bool:
        """True once the work ended, whichever way."""
        return self._done.is_set()

    @property
    def error(self) -> BaseException | None:
        """Return what the work raised, or None."""
        return self._error

    def stop(self) -> None:
        """Ask the work to end; returns at once."""
        self.run.stop()

    def then(self, call: Callable[[Handle[T]], None]) -> None:
        """Call *call* with this handle when the work ends, from its thread; at once when it has ended."""
        with self._lock:
            if not self._done.is_set():
                self._then.append(call)
                return
        call(self)

    def result(self) -> T:
        """Wait and return the value; Ctrl-C stops the work first and is raised again."""
        try:
            while not self._done.wait(0.2):
                pass
        except KeyboardInterrupt:
            self.stop()
            self._done.wait(5)
            raise
        if threading.current_thread() is not self._thread:
            # a daemon thread still inside an engine's code when Python ends would abort the process
            self._thread.join()
        if self._error is not None:
            raise self._error
        return self._value  # type: ignore[return-value]  # set whenever there is no error
