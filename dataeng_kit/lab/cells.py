"""Advised cells as notebook cells: source that runs as it stands, and where it came from in the metadata."""

from __future__ import annotations

from typing import Any

from dataeng_kit import __version__
from dataeng_kit.lab.action import PASSWORD
from dataeng_kit.lab.host import names, opening_line
from dataeng_kit.lab.mask import shown
from dataeng_kit.nouns import Advice, Cell
from dataeng_kit.show import markdown


def source(cell: Cell) -> str:
    """Return the cell's source: Python as it is; other languages, and files of a project, under ``%%run`` and their id."""
    if cell.language == "python" and not cell.path:
        return cell.source
    return f"%%run {cell.id}\n{cell.source}"


def notebook_cell(cell: Cell, case: Any) -> dict[str, Any]:
    """Return one code cell with its provenance: case, cell id, fact ids, check, kit version."""
    check = {"level": cell.check.level, "engine": cell.check.engine, "version": cell.check.version} if cell.check else None
    provenance = {"case": case.name, "cell": cell.id, "facts": list(cell.facts), "check": check, "kit": __version__}
    return {"cell_type": "code", "source": source(cell), "metadata": {"dataeng_kit": provenance}}


def summary_cell(advice: Advice, case: Any) -> dict[str, Any]:
    """Return a Markdown cell with the advice, values hidden, so that the saved notebook reads without a kernel."""
    provenance = {"case": case.name, "topic": advice.topic, "kit": __version__}
    return {"cell_type": "markdown", "source": markdown(shown(advice, case)), "metadata": {"dataeng_kit": provenance}}


def setup(case: Any) -> dict[str, Any] | None:
    """Return the cell that opens the case again after a restart, or None when its data is no path or URL.

    The notebook's own opening line is preferred to one with a full path; ``line`` is what the page looks for, so that
    a notebook that opens the case already gets no second cell.
    """
    own = opening_line() if names().get("case") is case else ""
    if not own and "<frame>" in case.line:
        return None
    line = PASSWORD.sub(r"\1", own or f"case = {case.line}")
    text = f"%reload_ext dataeng_kit\nimport dataeng_kit as dk\n\n{line}"
    metadata = {"dataeng_kit": {"setup": line, "kit": __version__}}
    return {"line": line, "cell": {"cell_type": "code", "source": text}, "metadata": metadata}


def ordered(cells: tuple[Cell, ...], wanted: tuple[str, ...]) -> tuple[Cell, ...]:
    """Return the cells called *wanted* in the order in which they run; none named means all."""
    return tuple(c for c in cells if not wanted or c.id in wanted)
