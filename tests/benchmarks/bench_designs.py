"""Sweep: every kind of design of every folder is built, loaded and reconciled on DuckDB and PostgreSQL, and loaded again.

    python tests/benchmarks/bench_designs.py [--kinds a,b] [--engines a,b] FOLDER …

Each FOLDER is one case (its tables lie in it) or holds several. Prints one row per case: reconciliations that hold of all,
what failed, and the seconds of profile and checks.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from dataeng_kit import design
from dataeng_kit.case import open as open_case
from dataeng_kit.checks import run_cells
from dataeng_kit.data import Data
from dataeng_kit.design.cells import chain
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Evidence

TABLES = {".csv", ".tsv", ".parquet", ".xlsx", ".txt", ".db", ".duckdb", ".sqlite"}


def cases(folders: list[str]) -> list[Path]:
    """Return the folders that hold tables, each once."""
    found: list[Path] = []
    for folder in map(Path, folders):
        own = any(f.suffix in TABLES and f.name != "README.txt" for f in folder.iterdir() if f.is_file())
        found += [folder] if own else sorted(p for p in folder.iterdir() if p.is_dir())
    return found


def row(folder: Path, kinds: list[str], engines: list[str]) -> list[str]:
    """Print one case and return what went wrong."""
    begun = time.monotonic()
    case = open_case(str(folder))
    case.choices_path = Path("/nonexistent") / "dataeng_kit.toml"  # choices kept beside the data are not for a benchmark
    data, evidence = case.data, case.evidence
    profiled = time.monotonic() - begun
    wrong, shown = [], []
    for kind in kinds:
        try:
            made = design.find(kind)(evidence)
        except KitError:
            shown.append(f"{kind} -")
            continue
        for engine in engines:
            held, of, failures = checked(made, evidence, engine, data)
            shown.append(f"{kind[:5]}/{engine[:4]} {held}/{of}")
            wrong += failures
    print(
        f"{folder.name:20s} {len(evidence.profile.tables):3d} tables  {'  '.join(shown)}  profile {profiled:.0f} s, all {time.monotonic() - begun:.0f} s",
        flush=True,
    )
    print("".join(f"    {w}\n" for w in wrong), end="", flush=True)
    return wrong


def checked(made: design.Design, evidence: Evidence, engine: str, data: Data) -> tuple[int, int, list[str]]:
    """Return reconciliations that held, all of them, and what failed in words."""
    found = run_cells(chain(made, evidence, engine), data)
    promises = [(id, r) for id, c in found.items() for r in c.reconciliation]
    wrong = [f"{id}: {c.level}: {c.why}" for id, c in found.items() if c.level != "ran"]
    wrong += [f"{id}: {r.name}: {r.left} ≠ {r.right}" for id, r in promises if not r.ok]
    return sum(r.ok for _, r in promises), len(promises), wrong


def main() -> None:
    """Print a row per case and the number of exceptions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--kinds", default="normalised,dimensional,vault,graph")
    parser.add_argument("--engines", default="duckdb,postgresql")
    chosen = parser.parse_args()
    kinds = [k for k in chosen.kinds.split(",") if k in design.kinds()]
    wrong = [w for f in cases(chosen.folders) for w in row(f, kinds, chosen.engines.split(","))]
    print(f"{len(wrong)} exceptions")


if __name__ == "__main__":
    main()
