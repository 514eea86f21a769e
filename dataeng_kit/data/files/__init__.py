"""Readers of files: one module per format with ``ORDER``, ``accepts(head, path)`` by content, and ``read`` → loaded tables."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from dataeng_kit.data.files.grid import Grid
from dataeng_kit.data.files.packing import unpack
from dataeng_kit.data.naming import stem
from dataeng_kit.data.store import Loaded, Store
from dataeng_kit.errors import KitError
from dataeng_kit.run import Run

_HEAD = 4_096


@dataclass(frozen=True)
class Task:
    """One file to read: where its bytes lie, what it is called, the user's options, the store that takes its tables."""

    path: Path
    name: str
    store: Store
    run: Run
    options: Mapping[str, Any] = field(default_factory=dict)

    def load(self, grids: Sequence[Grid], further: Iterable[list[str]] = ()) -> list[Loaded]:
        """Return loaded tables: the user's types speak of the first, the *further* rows belong to the last."""
        types, last = self.options.get("types") or {}, len(grids) - 1
        return [
            self.store.load(grid, {} if at else types, self.options, self.run, further if at == last else ())
            for at, grid in enumerate(grids)
        ]


class NotData(Exception):
    """The file is readable but holds no table (JSON that is not records); a folder lists it as skipped."""


@functools.cache
def _formats() -> tuple[ModuleType, ...]:
    modules = [importlib.import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__)]
    return tuple(sorted((m for m in modules if hasattr(m, "accepts")), key=lambda m: int(m.ORDER)))


def read_file(path: Path, store: Store, options: Mapping[str, Any], run: Run) -> list[Loaded]:
    """Return every table of a file, whatever its format; raises `KitError` in one sentence, or `NotData`."""
    loaded: list[Loaded] = []
    members = list(unpack(path, store.scratch, run))
    if not members:
        raise KitError(f"'{path.name}' holds no file")
    for member in members:
        if len(members) > 1 and not _tabular(member.name):
            continue
        task = Task(member.path, member.name, store, run, options)
        tables = _reader(task)(task)
        for table in tables:
            suffix = "/".join(x for x in (stem(member.name) if len(members) > 1 else "", table.suffix) if x)
            loaded.append(table.named(suffix, member.packing))
    return loaded


def _tabular(name: str) -> bool:
    from pathlib import PurePosixPath

    from dataeng_kit.data.places import excluded

    return not excluded(PurePosixPath(name))


def _reader(task: Task) -> Callable[[Task], list[Loaded]]:
    with task.path.open("rb") as f:
        head = f.read(_HEAD)
    for module in _formats():
        if module.accepts(head, task.name):
            read: Callable[[Task], list[Loaded]] = module.read
            return read
    raise KitError(f"'{task.name}' is no table: its first bytes are those of a binary file", "Export it as CSV, Excel or Parquet")
