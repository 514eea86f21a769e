"""The widget's half that speaks with the notebook: insert cells and hear whether it happened, hear Stop at once."""

from __future__ import annotations

import threading
import uuid
import weakref
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from dataeng_kit.lab.host import kernel

STATIC = Path(__file__).parent / "static"
STOP = "dataeng_kit.stop"
TIMEOUT = 5.0
"""Seconds after which a front end that did not answer counts as one that cannot insert."""

Ack = Mapping[str, Any]
_alive: weakref.WeakValueDictionary[str, Inserter] = weakref.WeakValueDictionary()


class Inserter(anywidget.AnyWidget):
    """A widget that can put cells below its own cell, take them back and run them; `page` answers exactly once, and truly."""

    _esm = "\n".join((STATIC / name).read_text("utf-8") for name in ("insert.js", "panel.js"))
    _css = (STATIC / "panel.css").read_text("utf-8")
    _me = traitlets.Unicode().tag(sync=True)
    _cells: Any = traitlets.List().tag(sync=True)

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self._me = self.model_id
        self._waiting: dict[str, Callable[[Ack], None]] = {}
        self.stop: Callable[[], None] = lambda: None
        self.on_msg(self._heard)
        _alive[self._me] = self
        _listen_for_stop()
        self.here()

    def here(self) -> None:
        """Remember the running cell as one that shows this widget."""
        engine = kernel()
        cell = engine.get_parent("shell").get("metadata", {}).get("cellId") if engine else None
        if cell and cell not in self._cells:
            self._cells = [*self._cells, cell]

    def page(self, kind: str, done: Callable[[Ack], None], seconds: float | None = None, **more: Any) -> None:
        """Ask the front end to ``insert``, ``undo`` or ``run`` cells; *done* hears one answer, with ``ok`` or ``why`` not.

        A silent front end is answered for after *seconds* (default `TIMEOUT`; 0 waits as long as it takes).
        """
        request = uuid.uuid4().hex
        self._waiting[request] = done
        if seconds != 0:
            silent = {"ok": False, "why": "no answer from the front end"}
            timer = threading.Timer(seconds or TIMEOUT, lambda: self._answer(request, silent))
            timer.daemon = True
            timer.start()
        self.send({"kind": kind, "req": request, **more})

    def _answer(self, request: str, ack: Ack) -> None:
        done = self._waiting.pop(request, None)
        if done:
            done(ack)

    def _heard(self, _: Any, message: dict[str, Any], buffers: Sequence[Any]) -> None:
        kind = message.get("kind")
        if kind == "ack":
            self._answer(str(message.get("req")), message)
        elif kind == "stop":
            self.stop()
        else:
            self.heard(message, buffers)

    def heard(self, message: dict[str, Any], buffers: Sequence[Any]) -> None:
        """Take any other message of the page; subclasses say what it does."""


def _listen_for_stop() -> None:
    """Register the comm that the page opens on a subshell, so that Stop is heard while a cell runs."""
    engine = kernel()
    if engine is not None and hasattr(engine, "comm_manager"):
        engine.comm_manager.register_target(STOP, _stop)


def _stop(comm: Any, message: Mapping[str, Any]) -> None:
    widget = _alive.get(str(message["content"]["data"].get("me")))
    if widget is not None:
        widget.stop()
