"""One thread that does what was clicked, in order: progress out, Stop in, errors as sentences."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dataeng_kit.errors import KitError, Stopped
from dataeng_kit.handle import Handle
from dataeng_kit.run import Step

Say = Callable[[dict[str, Any]], None]
_PERIOD = 0.1
"""Progress reaches the page at most ten times a second; more would be a flood of messages."""


@dataclass(frozen=True)
class Job:
    """One piece of work: ``begin`` starts it and returns its Handle, ``then`` shows the result, ``later`` keeps it."""

    label: str
    line: str
    begin: Callable[[Callable[[Step], None]], Handle[Any]]
    then: Callable[[Any], str | None]
    failed: Callable[[str], None] = lambda said: None
    later: Callable[[Any], None] = lambda result: None


class Worker:
    """Runs jobs one after another in a daemon thread; `stop` ends the running one and forgets those that wait."""

    def __init__(self, say: Say) -> None:
        self._say, self._queue = say, queue.Queue[Job]()
        self._handle: Handle[Any] | None = None
        self._lock = threading.Lock()
        self._busy = 0
        self._stopping = False
        self._idle = threading.Event()
        self._idle.set()
        self._thread: threading.Thread | None = None

    def add(self, job: Job) -> None:
        """Put a job at the end of the line."""
        with self._lock:
            self._busy += 1
            self._idle.clear()
            self._queue.put(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="dataeng_kit workbench", daemon=True)
                self._thread.start()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until nothing is left to do; False when *seconds* passed first."""
        return self._idle.wait(seconds)

    def stop(self) -> None:
        """Stop the running job and drop the waiting ones; returns at once."""
        with self._lock:
            while not self._queue.empty():
                self._queue.get_nowait()
                self._busy -= 1
            self._stopping = self._busy > 0
            handle = self._handle
        if handle is not None:
            handle.stop()

    def _work(self) -> None:
        while True:
            self._do(self._queue.get())
            with self._lock:
                self._handle, self._stopping = None, False
                self._busy -= 1
                if self._busy == 0:
                    self._idle.set()

    def _do(self, job: Job) -> None:
        began, told = time.monotonic(), [0.0]

        def step(now: Step) -> None:
            if time.monotonic() - told[0] >= _PERIOD:
                told[0] = time.monotonic()
                self._tell("working", now.label, job, began, done=now.done, of=now.of)

        self._tell("working", job.label, job, began)
        try:
            handle = job.begin(step)
            with self._lock:
                self._handle = handle
                stopping = self._stopping
            if stopping:  # the click came between two jobs
                handle.stop()
            result = handle.result()
            said = job.then(result)
            if self._stopping:
                self._tell("stopped", "Stopped. What was finished is kept; click again for the rest.", job, began)
            elif self._queue.empty():
                self._tell("done", said or f"Done in {time.monotonic() - began:.1f} s.", job, began)
            job.later(result)  # after the words: what is clicked meanwhile must not be talked over
        except Stopped:
            self._tell("stopped", "Stopped. What was finished is kept; click again for the rest.", job, began)
        except Exception as error:  # the panel is where a person reads it
            said = sentence(error)
            job.failed(said)
            self._tell("error", said, job, began)

    def _tell(self, state: str, text: str, job: Job, began: float, **more: Any) -> None:
        self._say({"state": state, "text": text, "line": job.line, "seconds": round(time.monotonic() - began, 1), **more})


def sentence(error: BaseException) -> str:
    """Return what to show for an error: the kit's own words, or the kind of an unexpected one; never a traceback."""
    if isinstance(error, KitError):
        return str(error)
    first = (str(error).strip().splitlines() or ["no message"])[0][:300]
    return f"This did not work ({type(error).__name__}: {first}). Run the line below in a cell to see where."
