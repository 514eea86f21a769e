"""The workbench: panels over one case. It calls the case's verbs and shows what they return; nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from dataeng_kit.errors import KitError, unknown
from dataeng_kit.lab import cells as cell_forms
from dataeng_kit.lab.action import ARROWS, PROPERTIES, QUICK, Action
from dataeng_kit.lab.host import names
from dataeng_kit.lab.insertion import MODES, Insertion
from dataeng_kit.lab.mask import shown
from dataeng_kit.lab.panel import Panel
from dataeng_kit.lab.panels import PANELS
from dataeng_kit.lab.record import Record
from dataeng_kit.lab.stale import Mark, mark, moved
from dataeng_kit.lab.worker import Job, Worker, sentence
from dataeng_kit.nouns import Advice, Cell
from dataeng_kit.show.vega import shape

_START = "start"
_MASKED = ("profile", "claims", "findings", "brief", "ask", "check", "measure")
"""Results shown without raw values: a notebook may be saved with the state of its widgets."""
_SAYS = {
    "context": "Reading CLAUDE.md",
    "data": "Reading the data",
    "profile": "Measuring",
    "claims": "Testing what CLAUDE.md claims",
    "findings": "Looking for findings",
    "topics": "Choosing topics",
    "questions": "Weighing what to ask",
    "roles": "Binding roles",
    "brief": "Writing the brief",
    "advise": "Advising and running the cells",
    "ask": "Answering",
    "report": "Making the ydata report",
    "review": "Writing the review",
    "check": "Running again",
    "measure": "Measuring again",
    "preview": "Writing the request",
}


class Workbench:
    """Project · Data · Findings · Advice · Ledger, to click; name *panels* to show only those.

    ``Workbench(case)`` begins to read at once, in the background; ``Workbench()`` asks what to open. The last line of a
    cell shows it. Every button shows the line of Python that does the same, and runs that verb of the case.
    """

    def __init__(self, case: Any = None, *panels: str) -> None:
        known = [p for p in PANELS if p != _START]
        for panel in panels:
            if panel not in known:
                raise unknown("panel", panel, known)
        self.case = case
        self.got: dict[str, Any] = {}
        self.failed: dict[str, str] = {}
        self.moved: dict[str, tuple[str, ...]] = {}
        self._marks: dict[str, Mark] = {}
        self.record = Record()
        self._wanted = panels or tuple(known)
        self._asked: set[str] = set()
        ids = self._wanted if case is not None else (_START, *self._wanted)
        self.panel = Panel(ids, self._title())
        self.worker = Worker(self._say)
        self.focus = ""
        self.shapes: dict[tuple[str, str], tuple[float, ...]] = {}
        self.insertion = Insertion(self.panel.page, self._say, lambda: self.render("advice"))
        self.panel.stop = self.worker.stop
        self.panel.on_do, self.panel.on_upload, self.panel.on_look = self.do, self._upload, self.look
        self.render()

    def _ipython_display_(self) -> None:
        from IPython.display import display

        from dataeng_kit.lab.display import register

        register()
        self.panel.here()
        display(self.panel)  # type: ignore[no-untyped-call]  # IPython
        self.record.display()
        self.load()

    def _title(self) -> str:
        return f"Workbench · {self.case.name}" if self.case is not None else "Workbench · nothing opened yet"

    def load(self) -> None:
        """Begin to read what the shown panels need, once, in the background."""
        if self.case is None:
            return
        for verb in dict.fromkeys(v for p in self._wanted for v in PANELS[p].needs):
            if verb not in self._asked:
                self._asked.add(verb)
                self._run(Action(verb))

    def render(self, *ids: str) -> None:
        """Write the panels' HTML again: all, or those called *ids*."""
        self.moved = self._moved()
        for id, spec in PANELS.items():
            if not ids or id in ids:
                try:
                    self.panel.show(id, spec.render(self))
                except KitError as error:  # a Choices file that cannot be read, say: the panel tells it
                    self._say({"state": "error", "text": str(error)})

    def look(self) -> None:
        """Look whether files or choices changed since they were read, and say so in the panels when they did."""
        if self._moved() != self.moved:
            self.render()

    def _moved(self) -> dict[str, tuple[str, ...]]:
        if self.case is None or not self._marks:
            return {}
        try:
            now = mark(self.case, self.got.get("context"))
        except KitError:  # a Choices file that cannot be read: the panels, which read it too, say so
            return self.moved
        found = {key: moved(key.partition(":")[0], then, now) for key, then in list(self._marks.items()) if key in self.got}
        return {key: names for key, names in found.items() if names}

    def again(self, *first: str, after: str = "") -> None:
        """Measure again: *first*, then every other result shown here that something changed under; *after* is the line before."""
        order = [v for v in PROPERTIES if v in first or (v in self._asked and (v in self.moved or v in self.failed))]
        for verb in order:
            self._run(Action(verb), after)

    # --- clicks ---------------------------------------------------------------------------------------------------

    def do(self, verb: str, args: list[Any], values: dict[str, str]) -> None:
        """Do one click: *verb* of the case with *args*, form fields filled in from *values*; returns at once."""
        try:
            action = Action(verb, tuple(args)).filled(values)
            if verb == "open":
                self._open(action)
            elif verb == "undo":
                self.insertion.undo(action)
            elif self.case is None:
                raise KitError("Nothing is open yet", "Open data in the panel Start")
            elif verb in (*MODES, "summary", "picture"):
                self._put(action)
            elif verb == "focus":
                self.focus = str(action.args[0]) if action.args else ""
                self.render("data")
                self._say({"state": "done", "text": f"Focus: {self.focus or 'all tables'}.", "line": action.line})
            elif verb in QUICK:
                action.start(self.case).result()
                self.render()
                self._say({"state": "done", "text": "Noted.", "line": action.line})
                if verb in ("override", "answer"):
                    self.again(after=action.line)
            elif verb in PROPERTIES:
                self.again(verb)
            else:
                self._run(action)
        except Exception as error:  # a click must end in words, whatever happened
            self._say({"state": "error", "text": sentence(error)})

    def _open(self, action: Action) -> None:
        self.case = action.open()
        names()["case"] = self.case
        self.got, self.failed, self.moved, self._marks, self._asked = {}, {}, {}, {}, set()
        self.panel._title = self._title()
        self.render()
        self.panel.go(self._wanted[0])
        self._say({"state": "done", "text": f"Opened {self.case.name}; it is the variable case.", "line": action.line})
        self.load()

    def _run(self, action: Action, after: str = "") -> None:
        line = f"{after}; {action.line}" if after else action.line
        label = _SAYS.get(action.verb, action.verb) + (f": {action.args[0]}" if action.args else "")
        key = action.verb if action.verb in PROPERTIES else f"{action.verb}:{action.args[0] if action.args else ''}"

        def then(result: Any) -> str | None:
            self.got[key] = self._seen(action.verb, result)
            if key == "context":  # only now it is known which imports count
                began.append(mark(self.case, result))
            self._marks[key] = began[-1]
            self.failed.pop(key, None)
            self.render()
            written = [result] if isinstance(result, Path) else result if action.verb == "review" else ()
            return f"Written: {', '.join(map(str, written))}" if written else None

        def keep(result: Any) -> None:
            if action.verb in ARROWS and action.verb not in ("data", "topics"):
                self.record.add(action.line, result, self.case)

        def failed(said: str) -> None:
            self.failed[key] = said
            self.render()

        def begin(step: Any) -> Any:
            began.append(mark(self.case, self.got.get("context")))
            return action.start(self.case, step)

        began: list[Mark] = []
        self.worker.add(Job(label, line, begin, then, failed, keep))

    def _seen(self, verb: str, result: Any) -> Any:
        """Return a result as a panel may hold it: without values, but with the code of cells, which is inserted as it is."""
        if verb == "advise":
            masked = shown(result, self.case)
            cells = zip(masked.cells, result.cells, strict=True)
            return replace(masked, cells=tuple(replace(m, source=c.source) for m, c in cells))
        if verb == "profile":  # from now on names can be told from values in what was said about the reading
            self.got["tables"] = shown(self.case.data.tables, self.case)
            known = ((t.name, c) for t in result.tables for c in t.columns if not (c.label and c.label.sensitive))
            self.shapes = {(t, c.name): drawn for t, c in known if (drawn := shape(c))}
        return shown(result, self.case) if verb in _MASKED else result

    def _upload(self, name: str, content: bytes, last: bool) -> None:
        folder = Path("uploads")
        folder.mkdir(exist_ok=True)
        (folder / Path(name.replace("\\", "/")).name).write_bytes(content)
        if last:
            self.do("open", [str(folder)], {})

    # --- insertion ------------------------------------------------------------------------------------------------

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Return every cell advised so far."""
        return tuple(c for v in self.got.values() if isinstance(v, Advice) for c in v.cells)

    def _put(self, action: Action) -> None:
        if action.verb == "summary":
            self.insertion.send(action, [cell_forms.summary_cell(self.got[f"advise:{action.args[0]}"], self.case)], None)
        elif action.verb == "picture":
            made = {"cell_type": "code", "source": action.line, "metadata": {"dataeng_kit": {"case": self.case.name}}}
            self.insertion.send(action, [made], cell_forms.setup(self.case))
        else:
            chosen = cell_forms.ordered(self.cells, tuple(map(str, action.args)))
            if not chosen:
                raise unknown("cell", str(action.args[0] if action.args else ""), [c.id for c in self.cells])
            self.insertion.put(action, chosen, self.case)

    def _say(self, status: dict[str, Any]) -> None:
        if status["state"] == "working":
            self.panel.send({"kind": "status", **status})
        self.panel._status = status
