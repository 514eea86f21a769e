"""Which files of a folder are data: the rules, and for every other file the reason why it was skipped."""

from __future__ import annotations

import functools
import glob
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from dataeng_kit.data.naming import ENDINGS
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Skipped

_KIT = ("dataeng_kit.toml", "dataeng_kit.toml.new", "dataeng_kit.toml.lock")
_TEXT_ONLY = {".md": "documentation", ".py": "program", ".toml": "settings", ".ipynb": "notebook"}
_WRITTEN = (
    (r".*\.html", r'.*<meta name="generator" content="dataeng_kit'),
    (r".*\.json", r'\{"name":.{0,999}"made_at":.{0,99}"kit":.{0,99}"data_hash":|.{0,999}"driver":\s*\{\s*"name": "dataeng-kit"'),
    (r".*_[0-9a-f]{6}\.csv", r"\ufeff[^\n]*source_file,source_line\r?\n"),
    (r"(.*\.)?findings\.csv", r"\ufeffid,severity,dimension,table,column,condition,criterion,failing,of,"),
    (r".*\.rejected\.csv", r"line,reason,text\r?\n"),
    (r".*\.xlsx", r".*<dc:creator>dataeng_kit</dc:creator>"),
)
"""Name and beginning of the files that the kit writes; the tests hold them to their writers."""
_PROJECT = ("dbt_project.yml", "README.md", "contract.odcs.yaml")
"""Files that open a project folder of the kit's and say so."""
_SAYS = "written by dataeng_kit"
_HEAD = 16_384
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


def written(path: Path) -> str:
    """Return why a file or folder is the kit's own output and so never data, or the empty text."""
    if path.is_dir():
        return "a project that the kit wrote" if any(_SAYS in _head(path / name) for name in _PROJECT) else ""
    for name, beginning in _WRITTEN:
        if re.fullmatch(name, path.name.lower()) and re.match(beginning, _head(path), re.DOTALL):
            return "written by the kit"
    return ""


def _head(file: Path) -> str:
    stat = file.stat() if file.is_file() else None
    return _begins(file, stat.st_size, stat.st_mtime_ns) if stat else ""


@functools.lru_cache(4_096)
def _begins(file: Path, size: int, changed: int) -> str:
    """Return the first characters of a file, of a workbook who made it; read again only when the file moved."""
    try:
        if file.suffix.lower() == ".xlsx":
            with zipfile.ZipFile(file) as book:
                return book.read("docProps/core.xml")[:_HEAD].decode("utf-8", "replace")
        with file.open("rb") as f:
            return f.read(_HEAD).decode("utf-8", "replace")
    except (OSError, KeyError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile):
        return ""  # what cannot be opened is the readers' to tell


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
        why = excluded(relative) if file.is_file() else ""
        if why := why or written(file):
            skipped.append(Skipped(str(file), why))
        else:
            yield Candidate(file, relative)


def _walk(folder: Path) -> Iterator[Path]:
    """Yield files below *folder*, and folders the kit wrote, which are not entered; nor are hidden ones and links out of it."""
    for entry in sorted(folder.iterdir()):
        if entry.is_dir():
            if not entry.name.startswith(".") and not entry.is_symlink() and entry.name not in ("__pycache__", "node_modules"):
                yield from [entry] if written(entry) else _walk(entry)
        elif entry.is_file():
            yield entry
