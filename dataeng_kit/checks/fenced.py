"""Python that a model wrote, run behind the fence on a scratch copy; where the fence cannot stand it waits for its reader."""

from __future__ import annotations

import platform
import tempfile
import time
from pathlib import Path

from dataeng_kit.checks.fence import UNFENCED
from dataeng_kit.checks.limits import LIMITS, child, reason
from dataeng_kit.checks.snapshot import copy_sources
from dataeng_kit.data import Data
from dataeng_kit.nouns import Cell, Check
from dataeng_kit.run import Run

WAITS = "code a model wrote runs only once you have read it: this system has no Landlock to fence it in"
_HELD = "own process, empty environment, Landlock: writes in its own folder, no network; audit hook: no process, no socket"


def run_fenced(cell: Cell, data: Data, run: Run | None = None) -> Check:
    """Return what happened to a Python *cell*, whose ``case.frame(name)`` reads a copy of the tables it names in ``reads``."""
    with tempfile.TemporaryDirectory() as place:
        folder, work = Path(place), Path(place) / "work"
        work.mkdir()
        source = copy_sources(data, folder / "source.duckdb", cell.reads or None, LIMITS.rows, run)
        (folder / "cell.py").write_text(cell.source, "utf-8")
        begun = time.monotonic()
        arguments = ["-m", "dataeng_kit.checks.fence", str(folder / "cell.py"), str(source), str(work)]
        ended = child(arguments, work, run)
        seconds = round(time.monotonic() - begun, 3)
    version = platform.python_version()
    if ended.code == UNFENCED:
        return Check("not_checked", "python", version, why=WAITS)
    if ended.code == 0:
        return Check("ran", "python", version, seconds, isolation=_HELD)
    if ended.late:
        return Check("not_checked", "python", version, seconds, isolation=_HELD, why=f"ended at the limit of {LIMITS.seconds} s")
    return Check("failed", "python", version, seconds, isolation=_HELD, why=reason(ended.errors, f"exit code {ended.code}"))
