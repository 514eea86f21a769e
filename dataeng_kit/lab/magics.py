"""``%load_ext dataeng_kit``: a short family of magics, each one a verb of the notebook's case."""

from __future__ import annotations

import shlex
from typing import Any

from dataeng_kit.errors import KitError, unknown
from dataeng_kit.lab import display
from dataeng_kit.lab.cells import source
from dataeng_kit.lab.host import current_case
from dataeng_kit.nouns import Advice, Cell, Check

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
        """%insert CELL_ID …: put advised cells into the next cell, below this one; without an id all of `model`."""
        case = current_case(shell.user_ns)
        wanted = shlex.split(line)
        chosen = [find_cell(case, w) for w in wanted] if wanted else list(case.advise("model").cells)
        if len(chosen) > 1 and any(source(c).startswith("%%") for c in chosen):
            raise KitError("A front end puts one cell at a time", "Name one cell id, or use the workbench's button")
        shell.set_next_input("\n\n".join(source(c) for c in chosen))

    def run(line: str, cell: str) -> Check:
        """%%run CELL_ID: run the body in the case's scratch workspace with the checks of that cell, and show the Check."""
        return run_body(current_case(shell.user_ns), line.strip(), cell)

    def ask(line: str, cell: str) -> Any:
        """%%ask [AGENT]: answer the question in the body from the case's facts (offline unless an agent is named)."""
        case = current_case(shell.user_ns)
        return case.ask(cell.strip(), line.strip()) if line.strip() else case.ask(cell.strip())

    return {("line", "consult"): consult, ("line", "insert"): insert, ("cell", "run"): run, ("cell", "ask"): ask}


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
    shell.set_hook("complete_command", lambda _, event: _topics(shell), str_key="%consult")
    shell.set_custom_exc((KitError,), _one_line)
    display.register()


def _one_line(shell: Any, kind: type, error: Exception, trace: Any, tb_offset: int | None = None) -> list[str]:
    """Show a KitError in a cell as its sentence: the traceback would lead into the kit, not to the cause."""
    lines = [f"{kind.__name__}: {error}"]
    shell._showtraceback(kind, str(error), lines)
    return lines


def _topics(shell: Any) -> list[str]:
    try:
        return list(current_case(shell.user_ns).topics)
    except KitError:
        return []


def unload(shell: Any) -> None:
    """Remove the magics and the look of nouns."""
    for kind, name in _magics(shell):
        shell.magics_manager.magics[kind].pop(name, None)
    shell.set_custom_exc((), None)
    display.unregister()
