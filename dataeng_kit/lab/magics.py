"""``%load_ext dataeng_kit``: a short family of magics, each one a verb of the notebook's case."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Iterable
from typing import Any

from dataeng_kit.errors import KitError, unknown
from dataeng_kit.lab import display
from dataeng_kit.lab.cells import source
from dataeng_kit.lab.host import current_case
from dataeng_kit.lab.mask import show_this_cell
from dataeng_kit.nouns import Advice, Cell, Check

_PERIOD = 0.1
"""Seconds between two updates of a text that streams: more would be a flood of messages."""
_FIRST = ("model", "pipeline")
"""Topics that are searched first for a cell id; the others only when it is in neither."""


def _magics(shell: Any) -> dict[tuple[str, str], Any]:
    def consult(line: str) -> Advice:
        """%consult TOPIC: decisions with evidence and checked cells, as an ordinary output."""
        topic = line.strip()
        case = current_case(shell.user_ns)
        if not topic:
            raise KitError("No topic given", f"One of: {', '.join(case.topics)}")
        found: Advice = case.advise(topic)
        return found

    def insert(line: str) -> None:
        """%insert [--run] CELL_ID …: put advised cells into the next cell; --run runs them too; without an id: `model`."""
        case = current_case(shell.user_ns)
        words = shlex.split(line)
        wanted = [w for w in words if w != "--run"]
        chosen = [find_cell(case, w) for w in wanted] if wanted else list(case.advise("model").cells)
        if len(chosen) > 1 and any(source(c).startswith("%%") for c in chosen):
            raise KitError("A front end puts one cell at a time", "Name one cell id, or use the workbench's button")
        text = "\n\n".join(source(c) for c in chosen)
        shell.set_next_input(text)
        if "--run" in words:
            shell.run_cell(text)

    def run(line: str, cell: str) -> Check:
        """%%run [--values] CELL_ID: run the body in the case's scratch workspace and show its Check; --values: its output too."""
        words = line.split()
        if "--values" in words:
            show_this_cell(shell)
        return run_body(current_case(shell.user_ns), " ".join(w for w in words if w != "--values"), cell)

    def ask(line: str, cell: str) -> Any:
        """%%ask [AGENT]: answer the question in the body from the case's facts (offline unless an agent is named)."""
        case = current_case(shell.user_ns)
        return case.ask(cell.strip(), line.strip(), stream()) if line.strip() else case.ask(cell.strip())

    def values(line: str) -> None:
        """%values: outputs of this cell show raw values; a saved notebook then holds them."""
        show_this_cell(shell)

    lines = {"consult": consult, "insert": insert, "values": values}
    return {**{("line", n): m for n, m in lines.items()}, ("cell", "run"): run, ("cell", "ask"): ask}


def stream() -> Callable[[Any], None]:
    """Return a listener that shows an agent's text as it comes; the Answer that follows replaces it in the saved notebook."""
    from IPython.display import display

    handle: Any = display({"text/plain": ""}, raw=True, display_id=True)  # type: ignore[no-untyped-call]  # IPython
    said, told = [""], [0.0]

    def hear(event: Any) -> None:
        said[0] = "" if event.kind == "done" else said[0] + event.text if event.kind == "text" else said[0]
        if handle is not None and (event.kind != "text" or time.monotonic() - told[0] > _PERIOD):
            told[0] = time.monotonic()
            step = f"\n({event.text})" if event.kind in ("tool", "cell") else ""
            handle.update({"text/plain": said[0] + step}, raw=True)

    return hear


def _quietly(magic: Any) -> Any:
    """Return *magic* with a KitError shown as its sentence instead of a traceback."""
    from functools import wraps

    @wraps(magic)
    def call(*args: str) -> Any:
        try:
            return magic(*args)
        except KitError as error:
            from IPython.core.error import UsageError

            raise UsageError(str(error)) from None  # IPython prints a UsageError as one line

    return call


def find_cell(case: Any, id: str) -> Cell:
    """Return one advised cell; the usual topics are asked first. Raises `KitError` naming the nearest id."""
    seen: list[str] = []
    topics = case.topics
    for topic in [*(t for t in _FIRST if t in topics), *(t for t in topics if t not in _FIRST)]:
        for cell in case.advise(topic).cells:
            if cell.id == id:
                found: Cell = cell
                return found
            seen.append(cell.id)
    raise unknown("cell", id, seen)


def run_body(case: Any, id: str, body: str) -> Check:
    """Return the Check of cell *id* with *body* for its source, after the cells of its chain that come before it."""
    from dataclasses import replace

    from dataeng_kit.checks import run_cells

    wanted = find_cell(case, id)
    topic = next(t for t in (*_FIRST, *case.topics) if any(c.id == id for c in case.advise(t).cells))
    chain = tuple(
        replace(c, source=body.rstrip("\n")) if c.id == id else c for c in case.advise(topic).cells if c.chain == wanted.chain
    )
    result: Check = run_cells(chain, case.data, None, case.scratch or None)[id]
    return result


def load(shell: Any) -> None:
    """Register the magics and the look of nouns in *shell*."""
    for (kind, name), magic in _magics(shell).items():
        shell.register_magic_function(_quietly(magic), kind, name)
    for name, words in _COMPLETED.items():
        shell.set_hook("complete_command", lambda _, event, words=words: _known(shell, words), str_key=name)
    shell.set_custom_exc((KitError,), _one_line)
    display.register()


def _one_line(shell: Any, kind: type, error: Exception, trace: Any, tb_offset: int | None = None) -> list[str]:
    """Show a KitError in a cell as its sentence: the traceback would lead into the kit, not to the cause."""
    lines = [f"{kind.__name__}: {error}"]
    shell._showtraceback(kind, str(error), lines)
    return lines


_COMPLETED: dict[str, Callable[[Any], Iterable[str]]] = {
    "%consult": lambda case: case.topics,
    "%insert": lambda case: ("--run", *_ids(case)),
    "%%run": lambda case: ("--values", *_ids(case)),
    "%%ask": lambda case: ("offline", "claude"),
}
"""Magic → the words that Tab offers after it."""


def _ids(case: Any) -> list[str]:
    """Return the ids of the cells of the usual topics."""
    return [c.id for t in _FIRST if t in case.topics for c in case.advise(t).cells]


def _known(shell: Any, words: Callable[[Any], Iterable[str]]) -> list[str]:
    try:
        return list(words(current_case(shell.user_ns)))
    except KitError:
        return []


def unload(shell: Any) -> None:
    """Remove the magics and the look of nouns."""
    for kind, name in _magics(shell):
        shell.magics_manager.magics[kind].pop(name, None)
    shell.set_custom_exc((), None)
    display.unregister()
