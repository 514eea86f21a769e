"""The one widget of the kit: panels as HTML that Python writes, a status line, and the messages of its buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import traitlets

from dataeng_kit.lab.inserter import Inserter
from dataeng_kit.lab.panels import PANELS

_VIEWS = {f"view_{p.id}": traitlets.Unicode("").tag(sync=True) for p in PANELS.values()}


class Panel(Inserter):
    """Tabs and a status line; `on_do` hears a button's verb, arguments and form, `on_upload` a file, `on_look` a glance."""

    _panels: Any = traitlets.List().tag(sync=True)
    _active = traitlets.Unicode().tag(sync=True)
    _go: Any = traitlets.List().tag(sync=True)
    _title = traitlets.Unicode().tag(sync=True)
    _status = traitlets.Dict().tag(sync=True)
    locals().update(_VIEWS)  # one synchronised text per panel file, so that a reloaded page finds all of them

    def __init__(self, ids: Sequence[str], title: str) -> None:
        self.on_do: Callable[[str, list[Any], dict[str, str]], None] = lambda verb, args, values: None
        self.on_upload: Callable[[str, bytes, bool], None] = lambda name, content, last: None
        self.on_look: Callable[[], None] = lambda: None
        panels = [{"id": i, "title": PANELS[i].title} for i in ids]
        super().__init__(_panels=panels, _active=ids[0], _title=title, _status={"state": "idle", "text": ""})

    def go(self, id: str) -> None:
        """Bring panel *id* to the front, whichever tab the page was about to report."""
        self._active = id
        self._go = [id, self._go[1] + 1 if self._go else 0]

    def show(self, id: str, html: str) -> None:
        """Replace one panel's HTML; a panel that this widget does not hold is left alone."""
        if any(p["id"] == id for p in self._panels):
            setattr(self, f"view_{id}", html)

    def heard(self, message: dict[str, Any], buffers: Sequence[Any]) -> None:
        """Hand a click or an upload on."""
        if message.get("kind") == "do":
            self.on_do(str(message.get("verb")), list(message.get("args") or ()), dict(message.get("values") or {}))
        elif message.get("kind") == "look":
            self.on_look()
        elif message.get("kind") == "upload" and buffers:
            self.on_upload(str(message.get("name")), bytes(buffers[0]), bool(message.get("last")))
