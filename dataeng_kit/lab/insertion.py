"""Cells on their way into the notebook: asked where they differ, inserted, run, and taken back."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from typing import Any

from dataeng_kit.lab import cells as cell_forms
from dataeng_kit.lab.action import Action
from dataeng_kit.lab.inserter import Ack
from dataeng_kit.nouns import Cell

Say = Callable[[dict[str, Any]], None]
MODES = {"insert": "ask", "run": "ask", "replace": "replace", "beside": "beside"}
"""Verb → what happens where the notebook holds the cell with other text already."""


class Insertion:
    """Puts cells below the workbench; `differ` holds a diff per cell that waits for the user's choice."""

    def __init__(self, page: Callable[..., None], say: Say, changed: Callable[[], None]) -> None:
        self._page, self._say, self._changed = page, say, changed
        self._done: list[Ack] = []
        self.differ: dict[str, str] = {}

    def put(self, action: Action, chosen: Sequence[Cell], case: Any) -> None:
        """Insert advised cells as *action* says: ask, replace or beside; the verb ``run`` runs them too."""
        self.send(action, [cell_forms.notebook_cell(c, case) for c in chosen], cell_forms.setup(case))

    def send(self, action: Action, made: list[dict[str, Any]], setup: dict[str, Any] | None) -> None:
        """Insert notebook cells and say what became of it."""
        self._tell("waiting", f"Inserting {_cells(made)}…", action)

        def heard(ack: Ack) -> None:
            if ack.get("differ"):
                self._ask(action, made, ack)
            elif not ack.get("ok"):
                text = f"Not inserted: {ack.get('why')}. Run the line below in a cell, or use Copy beside the code."
                self._tell("error", text, action)
            else:
                self._inserted(action, made, ack)

        self._page("insert", heard, cells=made, setup=setup, mode=MODES.get(action.verb, "ask"))

    def _ask(self, action: Action, made: list[dict[str, Any]], ack: Ack) -> None:
        new = {c["metadata"]["dataeng_kit"].get("cell"): c["source"] for c in made}
        for there in ack["differ"]:
            id = str(there["cell"])
            lines = difflib.unified_diff(
                str(there["source"]).splitlines(), new[id].splitlines(), "in the notebook", "advised", lineterm="", n=2
            )
            self.differ[id] = "\n".join(lines)
        self._changed()
        self._tell("asking", f"{_cells(ack['differ'])} in the notebook with other text: see the difference, then choose.", action)

    def _inserted(self, action: Action, made: list[dict[str, Any]], ack: Ack) -> None:
        for cell in made:
            self.differ.pop(cell["metadata"]["dataeng_kit"].get("cell", ""), None)
        self._changed()
        if ack.get("added") or ack.get("replaced"):
            self._done.append(ack)
        if action.verb == "run":
            self._tell("waiting", f"Running {_cells(made)} in the notebook…", action)
            self._page("run", lambda ran: self._ran(ran, made, action), 0, ids=ack.get("ids", ()))
        elif ack.get("replaced"):
            self._tell("done", f"{_cells(made)} replaced where it stood.", action)
        elif "added" in ack and not ack["added"]:
            self._tell("done", f"{_cells(made)} in the notebook already, as advised.", action)
        else:
            self._tell("done", f"{_cells(made)} inserted below. Undo: the button, or press Esc, then z.", action)

    def _ran(self, ack: Ack, made: list[dict[str, Any]], action: Action) -> None:
        said = f"{_cells(made)} ran: see below." if ack.get("ok") else f"It did not run through: {ack.get('why')}"
        self._tell("done" if ack.get("ok") else "error", said, action)

    def undo(self, action: Action) -> None:
        """Take the last insertion back: inserted cells go, replaced ones get their text again."""
        if not self._done:
            self._tell("error", "Nothing of this session is left to take back.", action)
            return
        last = self._done[-1]

        def heard(ack: Ack) -> None:
            if ack.get("ok"):
                self._done.remove(last)
                self._tell("done", "Taken back: the notebook is as it was before.", action)
            else:
                self._tell("error", f"Not taken back: {ack.get('why')}.", action)

        self._page("undo", heard, added=last.get("added", ()), replaced=last.get("replaced", ()))

    def _tell(self, state: str, text: str, action: Action) -> None:
        self._say({"state": state, "text": text, "line": action.line, "undo": bool(self._done)})


def _cells(several: Sequence[Any]) -> str:
    return "1 cell" if len(several) == 1 else f"{len(several)} cells"
