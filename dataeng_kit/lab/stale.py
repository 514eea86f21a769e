"""What changed since a result was made: the data's files, CLAUDE.md and its imports, the user's own choices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dataeng_kit.nouns import Context, Inputs
from dataeng_kit.stamps import data_files

Stamps = dict[str, tuple[int, int]]
_READS = {"context": ("answers",), "data": ("readings", "types"), "profile": ("readings", "types", "labels", "keys")}
"""Choices that a verb reads; verbs not listed read all of them."""
_NO_DATA, _NO_CONTEXT = ("context",), ("data", "profile")


@dataclass(frozen=True)
class Mark:
    """Size and time of change of every file a case stands on, and its choices, at one moment."""

    data: Stamps
    context: Stamps
    inputs: Inputs


def mark(case: Any, context: Context | None) -> Mark:
    """Return how things stand now; a database says nothing about its changes and is left out."""
    return Mark(_stamps(data_files(case.places)), _stamps(_told(case.folder, context)), case.choices.inputs)


def moved(verb: str, then: Mark, now: Mark) -> tuple[str, ...]:
    """Return the names of the files that changed, came or went since *then*, as far as *verb* reads them."""
    names = [] if verb in _NO_DATA else _changed(then.data, now.data)
    names += [] if verb in _NO_CONTEXT else _changed(then.context, now.context)
    read = _READS.get(verb, tuple(vars(now.inputs)))
    if any(getattr(then.inputs, s) != getattr(now.inputs, s) for s in read):
        names.append("your choices")
    return tuple(dict.fromkeys(names))


def _changed(then: Stamps, now: Stamps) -> list[str]:
    return [Path(f).name for f in sorted(then.keys() | now.keys()) if then.get(f) != now.get(f)]


def _told(folder: Path | None, context: Context | None) -> list[Path]:
    if folder is None:
        return []
    named = [folder / f.path for f in context.files if f.status == "found"] if context else []
    return [folder / "CLAUDE.md", folder / ".claude" / "CLAUDE.md", folder / "CLAUDE.local.md", *named]


def _stamps(files: Iterable[Path]) -> Stamps:
    stats = {str(f.resolve()): f.stat() for f in files if f.is_file()}
    return {name: (s.st_size, s.st_mtime_ns) for name, s in stats.items()}
