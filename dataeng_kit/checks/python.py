"""Python cells, run as files in a child process beside a copy of the case's tables."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from dataeng_kit.checks.embedded import run_chain as promises
from dataeng_kit.checks.limits import LIMITS, Ended, Limits, child, reason
from dataeng_kit.nouns import Cell, Check, Expectation, Reconciliation
from dataeng_kit.run import Run


def run_chain(
    cells: list[Cell], source: str, folder: Path, run: Run | None, limits: Limits = LIMITS, extra: Mapping[str, str] | None = None
) -> dict[str, Check]:
    """Return the check of every Python cell; ``DATAENG_SOURCE`` and ``DATAENG_TARGET`` name its two DuckDB files.

    *extra*: more variables of the cell's environment, such as the address of a server that runs for it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = str(folder / "target.duckdb")
    places = {"DATAENG_SOURCE": source, "DATAENG_TARGET": target, **(extra or {})}
    found: dict[str, Check] = {}
    failed = ""
    for cell in cells:
        if failed:
            found[cell.id] = Check("not_checked", "python", why=f"needs {failed}, which failed")
            continue
        found[cell.id] = _one(cell, source, target, folder, run, limits, places)
        failed = cell.id if found[cell.id].level == "failed" else ""
    return found


def _one(cell: Cell, source: str, target: str, folder: Path, run: Run | None, limits: Limits, places: dict[str, str]) -> Check:
    import platform

    file = folder / (PurePosixPath(cell.path).name or "cell.py")
    file.write_text(cell.source, "utf-8")
    begun = time.monotonic()

    def go() -> Ended:
        return child(["-c", _START, str(file)], folder, run, limits, places)

    ended = go()
    isolation = f"own process, {limits.seconds} s, the user's environment variables hidden"
    if ended.code != 0:
        why = f"ended at the limit of {limits.seconds} s" if ended.late else reason(ended.errors, f"exit code {ended.code}")
        level = "not_checked" if ended.late else "failed"  # too slow here refutes nothing
        return Check(level, "python", platform.python_version(), round(time.monotonic() - begun, 3), isolation=isolation, why=why)
    version = platform.python_version()
    before = _measure(cell, cell.expects, source, target, folder, run, limits)
    if before.level != "ran":
        return Check(before.level, "python", version, round(time.monotonic() - begun, 3), isolation=isolation, why=before.why)
    measured = dict(zip(cell.expects, before.reconciliation, strict=True))
    twice = tuple(e for e in cell.expects if e.kind == "idempotent")
    if twice:
        go()
        after = _measure(cell, twice, source, target, folder, run, limits)
        for e, right in zip(twice, after.reconciliation, strict=True):
            left = measured[e].left
            measured[e] = Reconciliation(e.name, left, right.right, left == right.right)
    broken = [r.name for r in measured.values() if not r.ok]
    why = f"{len(broken)} of {len(measured)} reconciliations do not hold: {broken[0]}" if broken else ""
    return Check(
        "ran",
        "python",
        version,
        round(time.monotonic() - begun, 3),
        before.rows_in,
        before.rows_out,
        tuple(measured.values()),
        isolation,
        why,
    )


_START = (
    "import runpy, sys\nfrom dataeng_kit.checks.limits import LIMITS, restrain\nrestrain(LIMITS)\n"
    "sys.argv = sys.argv[1:]\nrunpy.run_path(sys.argv[0], run_name='__main__')"
)


def _measure(
    cell: Cell, mine: tuple[Expectation, ...], source: str, target: str, folder: Path, run: Run | None, limits: Limits
) -> Check:
    from dataclasses import replace

    plain = tuple(replace(e, kind="rows") for e in mine)
    probe = replace(cell, source="", expects=plain)
    return promises([probe], source, folder / "promises", run, limits, target)[cell.id]
