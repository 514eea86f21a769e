"""Delimited and fixed-width text: clean files go straight into the engine, all others through the careful reader."""

from __future__ import annotations

from dataeng_kit.data.files import Task
from dataeng_kit.data.files.delimited import read_delimited
from dataeng_kit.data.store import Loaded
from dataeng_kit.errors import KitError

ORDER = 90
_CAREFUL_BYTES = 200_000_000
_CONTROLS = frozenset(range(32)) - {0, 7, 8, 9, 10, 12, 13, 26, 27}


def accepts(head: bytes, name: str) -> bool:
    """Return whether the first bytes are text, in UTF-8, UTF-16 or an older set."""
    strange = sum(b in _CONTROLS for b in head)
    nul = head.count(0)
    utf16 = head[:2] in (b"\xff\xfe", b"\xfe\xff") or max(head[::2].count(0), head[1::2].count(0)) * 2 > len(head) * 0.4
    return strange * 50 <= len(head) and (utf16 or nul * 10 <= len(head))


def read(task: Task) -> list[Loaded]:
    """Return the tables of a text file."""
    if task.path.stat().st_size > _CAREFUL_BYTES:
        raise KitError(f"'{task.name}' is too large for the careful reader and not clean enough for the fast one")
    types = task.options.get("types") or {}
    dates = "as written" if task.options.get("as_written") else str(task.options.get("dates", ""))
    return [task.store.load(g, types if i == 0 else {}, dates, task.run) for i, g in enumerate(read_delimited(task.path, dict(task.options), task.run))]
