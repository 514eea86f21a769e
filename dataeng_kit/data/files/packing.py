"""Take files out of gzip, bzip2, xz and zip by their content, bounded against bombs, never by a name inside the archive."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from dataeng_kit.errors import KitError
from dataeng_kit.run import Run

_MAGIC = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz"}
_BOMB_BYTES, _BOMB_RATIO, _BLOCK = 1 << 27, 200, 1 << 20
_MEMBERS = 1_000


@dataclass(frozen=True)
class Unpacked:
    """One file ready to be read: where its bytes lie now, the name it goes by, how it was packed."""

    path: Path
    name: str
    packing: str = ""


def packing(path: Path) -> str:
    """Return ``gzip``, ``bzip2``, ``xz``, ``zip`` or the empty text, by the first bytes."""
    with path.open("rb") as f:
        head = f.read(8)
    for magic, name in _MAGIC.items():
        if head.startswith(magic):
            return name
    return "zip" if head.startswith(b"PK\x03\x04") and not _office(path) else ""


def _office(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as z:
            return "[Content_Types].xml" in z.namelist() or "mimetype" in z.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def unpack(path: Path, scratch: Path, run: Run) -> Iterator[Unpacked]:
    """Yield what a file holds: itself, or the copy of each member in *scratch*; raises `KitError` in one sentence."""
    kind = packing(path)
    if not kind:
        yield Unpacked(path, path.name)
        return
    openers: dict[str, Callable[[Path, str], Any]] = {"gzip": gzip.open, "bzip2": bz2.open, "xz": lzma.open}
    try:
        if kind != "zip":
            target = scratch / f"{abs(hash(str(path))):x}.bin"
            with openers[kind](path, "rb") as source:
                _copy(source, target, path.stat().st_size, path.name, run)
            name = path.name.rpartition(".")[0] if path.suffix.lower() in (".gz", ".bz2", ".xz") else path.name
            yield Unpacked(target, name or path.name, kind)
        else:
            yield from _members(path, scratch, run)
    except (EOFError, OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError) as error:
        raise KitError(
            f"'{path.name}' is a damaged or truncated {kind} file ({str(error) or type(error).__name__})", "Get the file again"
        ) from error


def _members(path: Path, scratch: Path, run: Run) -> Iterator[Unpacked]:
    with zipfile.ZipFile(path) as archive:
        members = [m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX")]
        members = [m for m in members if not m.filename.replace("\\", "/").rsplit("/", 1)[-1].startswith(".")]
        if len(members) > _MEMBERS:
            raise KitError(
                f"'{path.name}' holds {len(members):,} files",
                f"Unpack it and name the folder; up to {_MEMBERS:,} are read from a zip",
            )
        for number, member in enumerate(members):
            if member.flag_bits & 1:
                raise KitError(f"'{path.name}' is protected by a password", "Unpack it first")
            target = scratch / f"{abs(hash(str(path))):x}-{number}.bin"
            with archive.open(member) as source:
                _copy(source, target, member.compress_size, path.name, run)
            yield Unpacked(target, member.filename.replace("\\", "/").rsplit("/", 1)[-1], "zip")


def _copy(source: IO[bytes], target: Path, packed: int, name: str, run: Run) -> None:
    size = 0
    with target.open("wb") as out:
        while block := source.read(_BLOCK):
            run.check(f"unpacking {name}")
            size += len(block)
            if size > _BOMB_BYTES and size > _BOMB_RATIO * max(packed, 1):
                raise KitError(
                    f"'{name}' grows more than {_BOMB_RATIO} times when unpacked: it looks like a zip bomb",
                    "Unpack it yourself if you trust it",
                )
            out.write(block)
