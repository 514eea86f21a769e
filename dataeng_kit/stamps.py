"""Which files a case rests on, and whether they moved: size and time decide; content is digested when it is read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from dataeng_kit.data.places import find
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Context

Stamp = tuple[tuple[str, int, int], ...]
"""(path, size in bytes, modification time in ns) of each file."""
_NAMES = ("CLAUDE.md", ".claude/CLAUDE.md", "CLAUDE.local.md")


def data_files(places: Iterable[Any]) -> list[Path]:
    """Return the files that are read as data; what is never data (CLAUDE.md, notebooks) must not re-profile."""
    files: list[Path] = []
    for place in places:
        if isinstance(place, str) and "://" not in place:
            try:
                files += [c.file for c in find(place, [])]
            except KitError:  # the place is gone: all its files count as gone
                continue
    return files


def context_files(asked: Iterable[Path], home: Path, context: Context, documents: Iterable[Path]) -> list[Path]:
    """Return the files whose change changes the Context: where one may appear, and those last read or looked for."""
    base = home if home.is_dir() else home.parent
    files = [base / f.path for f in context.files]
    for place in asked:
        if place.is_dir():
            above = [p / name for p in place.resolve().parents for name in _NAMES]
            files += [*place.glob("*.md"), *place.glob("*/*.md"), *place.glob(".claude/**/*.md"), *above]
        else:
            files.append(place)
    return sorted({*files, *documents})


def stamp(files: Iterable[Path]) -> Stamp:
    """Return the stamp of the files that exist."""
    return tuple((str(f), s.st_size, s.st_mtime_ns) for f in files if f.is_file() for s in [f.stat()])
