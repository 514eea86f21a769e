"""Scripts for stores that no server runs for here: the same script, beside an emulator in its own process, named as such."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from dataeng_kit import technologies
from dataeng_kit.checks import python
from dataeng_kit.nouns import Cell, Check
from dataeng_kit.run import Run
from dataeng_kit.technologies.store import Store


def missing(store: type[Store]) -> str:
    """Return the sentence that names the packages a store's check lacks here, and how to get them; empty when none lacks."""
    lacking = []
    for package in store.packages:
        try:
            version(package)
        except PackageNotFoundError:
            lacking.append(package)
    return f"{', '.join(lacking)} not installed (pip install 'dataeng-kit[stores]')" if lacking else ""


def run_chain(cells: list[Cell], source: str, folder: Path, run: Run | None) -> dict[str, Check]:
    """Return the check of every cell, ``emulated`` by the store's first package; not checked where it is missing."""
    found = technologies.find(cells[0].technology)
    assert issubclass(found, Store)
    if why := missing(found):
        return {c.id: Check("not_checked", found.id, why=why) for c in cells}
    checks = python.run_chain(cells, source, folder, run)
    gap = f"{found.packages[0]} stands in for {found.title}: its semantics, no server"
    return {id: _named(c, found.packages[0], gap) for id, c in checks.items()}


def _named(check: Check, package: str, gap: str) -> Check:
    level = "emulated" if check.level == "ran" else check.level
    return replace(check, level=level, engine=package, version=version(package), why=check.why or gap)
