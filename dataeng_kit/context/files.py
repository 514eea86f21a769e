"""Which files speak for a project: discovery, pointers, links and imports; every file looked for is listed, with why."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dataeng_kit.context.markdown import front_matter, read_blocks
from dataeng_kit.nouns import SourceFile

HOPS = 4
"""Imports deep; Claude Code follows four."""
LARGEST = 2_000_000
"""Bytes of one text; a larger file is no project memory and is skipped."""
_MARKERS = (".git", "pyproject.toml")
_NOISE = {"node_modules", "venv", "dist", "build", "__pycache__", "site-packages", "target", "vendor"}
_TEXTUAL = {".md", ".mdc", ".txt", ".json", ".yaml", ".yml", ".toml", ".sql", ".csv", ".rst", ".ini", ".cfg", ".prisma"}
_IMPORT = re.compile(r"(?<![\w@/.`\\])@(?:\"([^\"\n]+)\"|((?:[^\s`*,;!?()<>\"'\[\]|\\]|\\ |\\(?=[\w.]))+))")
_CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.S)


@dataclass(frozen=True)
class Document:
    """One text that was loaded: its path on disk, the path shown, its content."""

    path: Path
    shown: str
    text: str


@dataclass
class Shelf:
    """Collects the texts of a project and the record of what was looked for."""

    base: Path
    root: Path
    documents: list[Document] = field(default_factory=list)
    files: list[SourceFile] = field(default_factory=list)
    _read: set[Path] = field(default_factory=set)

    def shown(self, path: Path) -> str:
        """Return a path relative to the folder asked about, with forward slashes."""
        try:
            return Path(os.path.relpath(path, self.base)).as_posix()
        except ValueError:  # another drive on Windows has no relative path
            return path.as_posix()

    def note(self, path: Path, status: str, why: str = "", by: str = "", line: int = 0) -> None:
        """Record one file that was looked for."""
        self.files.append(SourceFile(self.shown(path), status, why, by, line))

    def inside(self, path: Path) -> bool:
        """True when a path, links resolved, lies in the project."""
        return path.resolve().is_relative_to(self.root.resolve())

    def load(self, path: Path, why: str = "", by: str = "", line: int = 0, hops: int = 0, trusted: bool = False) -> None:
        """Read one text, then what it imports; anything that stands in the way is recorded instead."""
        if not trusted and not self.inside(path):
            return self.note(path, "skipped", "outside the project; name it to have it read", by, line)
        if not path.is_file():
            return self.note(path, "missing", why or "no such file", by, line)
        if hops > HOPS:
            return self.note(path, "skipped", f"more than {HOPS} imports deep", by, line)
        real = path.resolve()
        if real in self._read:
            return self.note(path, "skipped", "already read", by, line)
        self._read.add(real)
        text, problem = read_text(path)
        if problem:
            return self.note(path, "skipped", problem, by, line)
        link = f"a link to {self.shown(real)}" if path.is_symlink() else ""
        self.note(path, "found", "; ".join(w for w in (why, link, _scope(text)) if w), by, line)
        document = Document(path, self.shown(path), text)
        self.documents.append(document)
        for target, at in references(document):
            self.load(target, "", document.shown, at, hops + 1)


def read_text(path: Path) -> tuple[str, str]:
    """Return (text, problem): the decoded content, or why it is no text."""
    try:
        if path.stat().st_size > LARGEST:
            return "", f"larger than {LARGEST // 1_000_000} MB"
        raw = path.read_bytes()
    except OSError as error:
        return "", f"cannot be read: {error.strerror or error}"
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "replace"), ""
    if raw[:2] == b"PK" and path.suffix.lower() in (".xlsx", ".xlsm"):
        return "", ""
    if b"\0" in raw:
        return "", "not a text"
    try:
        return raw.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace"), ""


def _scope(text: str) -> str:
    found = re.search(r"^(?:paths|globs):\s*(.+(?:\n\s*-.+)*)", front_matter(text), re.M)
    return "applies to " + " ".join(found[1].replace("- ", " ").split()) if found else ""


def references(document: Document) -> Iterator[tuple[Path, int]]:
    """Return the files that a text imports (``@path`` outside code) or, being one line, points at; with their lines."""
    folder = document.path.resolve().parent if document.path.is_symlink() else document.path.parent
    seen: set[str] = set()
    for block in read_blocks(document.text):
        if block.kind == "code":
            continue
        prose = _CODE_SPAN.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), block.text)
        for m in _IMPORT.finditer(prose):
            name = (m[1] or m[2].rstrip(".:")).replace("\\ ", " ").replace("\\", "/")
            target = _target(folder, name)
            if name in seen or not (target.suffix.lower() in _TEXTUAL or target.is_file()):
                continue
            seen.add(name)
            yield target, block.line + prose.count("\n", 0, m.start())
    if pointer := _pointer(document, folder):
        yield pointer, 1


def _target(folder: Path, name: str) -> Path:
    path = Path(name)
    if name.startswith("~"):
        return Path.home() / name.lstrip("~/")
    return path if path.is_absolute() else Path(os.path.normpath(folder / path))


def _pointer(document: Document, folder: Path) -> Path | None:
    lines = [s for s in document.text.splitlines() if s.strip() and not s.startswith("#")]
    if len(lines) != 1 or len(lines[0]) > 200 or "@" in lines[0]:
        return None
    names = [n for n in re.findall(r"[\w./-]+\.md\b", lines[0]) if (folder / n).is_file()]
    target = folder / names[0] if len(set(names)) == 1 else None
    return target if target and target.resolve() != document.path.resolve() else None


def _named(folder: Path, name: str) -> list[Path]:
    try:
        return sorted(p for p in folder.iterdir() if p.name.lower() == name and p.is_file())
    except OSError:
        return []


def _memory(folder: Path) -> list[Path]:
    found = _named(folder, "claude.md") + _named(folder / ".claude", "claude.md") + _named(folder, "claude.local.md")
    rules = folder / ".claude" / "rules"
    return found + (sorted(p for p in rules.rglob("*") if p.suffix.lower() == ".md") if rules.is_dir() else [])


def _upwards(folder: Path) -> list[Path]:
    """Return the folders from *folder* up to the first with a project marker; only itself when none has one."""
    chain = [folder, *folder.parents]
    for n, place in enumerate(chain):
        if any((place / m).exists() for m in _MARKERS):
            return chain[: n + 1]
    return [folder]


def find_documents(where: Path, home: bool = False) -> Shelf:
    """Return the texts that speak for a file (itself and its imports) or a folder (discovery), and the record of the search."""
    if where.is_file():
        shelf = Shelf(where.parent, _upwards(where.resolve().parent)[-1])
        shelf.load(where, trusted=True)
        return shelf
    folder = where.resolve()
    chain = _upwards(folder)
    shelf = Shelf(folder, chain[-1])
    children = sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith(".") and p.name not in _NOISE)
    places = [*reversed(chain), *children]
    for place in places:
        for path in _memory(place):
            shelf.load(path)
    agents = [p for place in places for p in (*_named(place, "agents.md"), *_named(place / ".agents", "agents.md"))]
    spoken = bool(shelf.documents)
    for path in agents:
        if not spoken:
            shelf.load(path, "read because there is no CLAUDE.md")
        elif path.resolve() not in shelf._read:
            shelf.note(path, "skipped", "a CLAUDE.md is there and does not import it")
    if not shelf.documents:
        shelf.note(folder / "CLAUDE.md", "missing", "no CLAUDE.md here or above; write one with dataeng-kit context --init")
    if home:
        shelf.load(Path.home() / ".claude" / "CLAUDE.md", "the user's own", trusted=True)
    return shelf
