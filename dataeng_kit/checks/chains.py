"""Run cells chain by chain, each in a fresh scratch workspace, with the strongest means at hand."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from dataeng_kit import technologies
from dataeng_kit.checks import embedded, grammar, python, server
from dataeng_kit.checks.limits import LIMITS
from dataeng_kit.checks.snapshot import copy_sources
from dataeng_kit.data import Data
from dataeng_kit.nouns import Cell, Check
from dataeng_kit.run import Run
from dataeng_kit.technologies.relatives import RELATIVES


def run_cells(cells: Iterable[Cell], data: Data, run: Run | None = None, scratch: str | None = None) -> dict[str, Check]:
    """Return the check of every cell by its id; a stopped run raises `Stopped` and keeps nothing.

    *scratch*: a PostgreSQL URL in which a database of our own is made and dropped; without one, server binaries found
    on this machine run a private cluster; with neither, PostgreSQL cells are parsed.
    """
    chains = _chains(cells)
    if not chains:
        return {}
    folder = Path(tempfile.mkdtemp(prefix="dataeng_kit-check-"))
    reads = [t for chain in chains for c in chain for t in c.reads]
    known = {s.table.name for s in data.sources}
    try:
        source = copy_sources(data, folder / "source.duckdb", known & set(reads), LIMITS.rows, run)
        found: dict[str, Check] = {}
        with ExitStack() as stack:
            servers = server.Servers(stack, scratch, folder)
            for number, chain in enumerate(chains):
                if run:
                    run.step(f"checking {chain[0].chain or chain[0].id}", number, len(chains))
                found |= _run(chain, source, folder / str(number), run, servers, data)
        return {k: _sampled(c, data) for k, c in found.items()}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _chains(cells: Iterable[Cell]) -> list[list[Cell]]:
    """Group cells by chain; within one, a cell follows what it comes after."""
    groups: dict[str, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(cell.chain or cell.id, []).append(cell)
    return [_ordered(g) for g in groups.values()]


def _ordered(cells: list[Cell]) -> list[Cell]:
    waiting, result = list(cells), list[Cell]()
    while waiting:
        ids = {c.id for c in waiting}
        ready = next((c for c in waiting if not set(c.after) & ids), waiting[0])
        waiting.remove(ready)
        result.append(ready)
    return result


def _run(chain: list[Cell], source: str, folder: Path, run: Run | None, servers: server.Servers, data: Data) -> dict[str, Check]:
    first = chain[0]
    known = technologies.all().get(first.technology)
    means = {m for _, m in known.checked_by} if known else set()
    for own in means:
        if own.startswith("store:"):  # a store names the module of its check
            found: dict[str, Check] = import_module(f"dataeng_kit.checks.{own[6:]}").run_chain(chain, source, folder, run)
            return found
    if first.language == "python":
        return python.run_chain(chain, source, folder, run)
    if "embedded:duckdb" in means:
        return embedded.run_chain(chain, source, folder, run)
    if "server:postgresql" in means:
        url, why = servers.postgresql(run)
        if url:
            return server.run_chain(chain, source, url, data, folder, run)
        return {c.id: grammar.parse(c, "postgres", "postgres", why) for c in chain}
    if first.technology in RELATIVES and first.language == "sql":
        dialect = RELATIVES[first.technology]
        why = f"no {first.technology} server can be had here; its DuckDB twin ran"
        return {c.id: grammar.parse(c, dialect, dialect, why) for c in chain}
    return {
        c.id: Check("not_checked", first.technology, why=f"no means here to check {first.language} for {first.technology}")
        for c in chain
    }


def _sampled(check: Check, data: Data) -> Check:
    """Say in the check when a table was too large to copy whole."""
    cut = [s.table.name for s in data.sources if s.table.reading.rows > LIMITS.rows]
    if not cut or check.level != "ran":
        return check
    return replace(check, isolation=f"{check.isolation}; first {LIMITS.rows:,} rows of {', '.join(cut)}")
