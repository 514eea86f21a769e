"""Chains of DuckDB cells, run in a child process on a copy of the case's tables."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from dataeng_kit.checks.limits import LIMITS, Limits, child, reason
from dataeng_kit.nouns import Cell, Check
from dataeng_kit.nouns.base import plain
from dataeng_kit.run import Run


def run_chain(
    cells: list[Cell], source: str, folder: Path, run: Run | None, limits: Limits = LIMITS, database: str = ":memory:"
) -> dict[str, Check]:
    """Return the check of every cell of one chain, in order."""
    folder.mkdir(parents=True, exist_ok=True)
    job = folder / "job.json"
    job.write_text(
        json.dumps({"cells": [plain(c) for c in cells], "source": source, "database": database, "limits": asdict(limits)}),
        "utf-8",
    )
    found: dict[str, Check] = {}

    def line(text: str) -> None:
        row = json.loads(text)
        found[row["id"]] = Check.from_json(row["check"])
        if run:
            run.step(f"checked {row['id']}", len(found), len(cells))

    ended = child(["-m", "dataeng_kit.checks.child", str(job)], folder, run, limits, on_line=line)
    missing = [c for c in cells if c.id not in found]
    if missing:
        why = (
            f"ended at the limit of {limits.seconds} s"
            if ended.late
            else reason(ended.errors, f"the process ended with {ended.code}")
        )
        level = "not_checked" if ended.late else "failed"  # too slow here refutes nothing
        found[missing[0].id] = Check(level, "duckdb", seconds=float(limits.seconds if ended.late else 0), why=why)
        for cell in missing[1:]:
            found[cell.id] = Check("not_checked", "duckdb", why=f"needs {missing[0].id}, which did not end well")
    return found
