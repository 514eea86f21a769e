"""Which files of a folder are data: the rules, and for every other file the reason why it was skipped."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from dataeng_kit.data.naming import ENDINGS
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Skipped

_KIT = ("dataeng_kit.toml", "dataeng_kit.toml.new", "dataeng_kit.toml.lock")
_TEXT_ONLY = {".md": "documentation", ".py": "program", ".toml": "settings", ".ipynb": "notebook"}
_MOST = 20_000


@dataclass(frozen=True)
class Candidate:
    """A file that may hold data, and its place below the folder it was found in."""

    file: Path
    relative: PurePosixPath


def excluded(relative: PurePosixPath) -> str:
    """Return why a file of a folder is never data, or the empty text."""
    name = relative.name
    if any(part.startswith(".") for part in relative.parts):
        return "hidden"
    if name in _KIT:
        return "the kit's own file"
    if re.match(r"README|LICEN[SC]E", name) or name.lower() == "readme.txt":
        return "documentation"
    if name.startswith("~$"):
        return "lock file of an open workbook"
    ending = relative.suffix.lower()
    if ending in _TEXT_ONLY:
        return _TEXT_ONLY[ending]
    return "" if ending in ENDINGS else f"the ending {ending or '(none)'} is none of a table"


def find(place: str, skipped: list[Skipped]) -> Iterator[Candidate]:
    """Yield the data files of a folder (read recursively), a file or a glob, in the order of their paths."""
    root = Path(place)
    if root.is_file():
        yield Candidate(root, PurePosixPath(root.name))
        return
    if root.is_dir():
        pairs = ((p, PurePosixPath(p.relative_to(root).as_posix())) for p in _walk(root))
    else:
        matches = [Path(m) for m in sorted(glob.glob(place, recursive=True))]
        if not matches:
            raise KitError(f"'{place}' does not exist", "Name a folder, file, glob or database URL that holds data")
        pairs = ((p, PurePosixPath(p.name)) for p in matches if p.is_file())
    for number, (file, relative) in enumerate(pairs):
        if number >= _MOST:
            raise KitError(f"'{place}' holds more than {_MOST:,} files", "Name the sub-folder that holds the data")
        why = excluded(relative)
        if why:
            skipped.append(Skipped(str(file), why))
        else:
            yield Candidate(file, relative)


def _walk(folder: Path) -> Iterator[Path]:
    """Yield files below *folder*; hidden folders are not entered, links that leave the folder are not followed."""
    for entry in sorted(folder.iterdir()):
        if entry.is_dir():
            if not entry.name.startswith(".") and not entry.is_symlink() and entry.name not in ("__pycache__", "node_modules"):
                yield from _walk(entry)
        elif entry.is_file():
            yield entry
