"""Delimited and fixed-width text: clean files go straight into the engine, all others through the careful reader."""

from __future__ import annotations

from dataclasses import replace

from dataeng_kit.data.files import Task
from dataeng_kit.data.files.clean import SMALL, load, plan
from dataeng_kit.data.files.delimited import read_delimited, stream_delimited
from dataeng_kit.data.files.encoding import normalised, wide
from dataeng_kit.data.store import Loaded
from dataeng_kit.errors import KitError

ORDER = 90
_CAREFUL_BYTES = 32_000_000
"""Above it, a file that is not clean is read piece by piece."""
_LONGEST_LINE = 1 << 24
_CONTROLS = frozenset(range(32)) - {0, 7, 8, 9, 10, 12, 13, 26, 27}


def accepts(head: bytes, name: str) -> bool:
    """Return whether the first bytes are text, in UTF-8, UTF-16 or an older set."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    if wide(head):
        return True
    return sum(b in _CONTROLS for b in head) * 50 <= len(head) and head.count(0) * 10 <= len(head)


def read(task: Task) -> list[Loaded]:
    """Return the tables of a text file; what is not even all through is read with care, large files piece by piece."""
    size = task.path.stat().st_size
    if size > SMALL:
        _check_lines(task)
        if loaded := _fast(task):
            return [loaded]
    if size > _CAREFUL_BYTES:
        return _large(task)
    return task.load(read_delimited(task.path, dict(task.options), task.run))


def _large(task: Task) -> list[Loaded]:
    """Bring the file to plain UTF-8 on disk; then load it at once where that is possible now, else in pieces."""
    options = {k: v for k, v in task.options.items() if k != "encoding"}
    target = task.store.scratch / f"{task.store.number()}.txt"
    problems = normalised(task.path, target, str(task.options.get("encoding", "")))
    task = replace(task, path=target, options=options)
    try:
        if problems and (loaded := _fast(task)):
            return [loaded.noted(problems)]
        grids, further = stream_delimited(target, options, task.run)
        tables = task.load(grids, further)
        return [tables[0].noted(problems), *tables[1:]]
    finally:
        target.unlink()


def _fast(task: Task) -> Loaded | None:
    found = plan(task.path, dict(task.options))
    return load(task, found) if found else None


def _check_lines(task: Task) -> None:
    """Raise `KitError` for a file whose first line does not end within 16 MB: no table has such a line."""
    with task.path.open("rb") as f:
        head = f.read(_LONGEST_LINE)
    if len(head) == _LONGEST_LINE and b"\n" not in head and b"\r" not in head:
        raise KitError(
            f"The first line of '{task.name}' is longer than {_LONGEST_LINE >> 20} MB: this is no table", "Name the right file"
        )
