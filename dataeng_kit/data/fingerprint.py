"""Fingerprints: whether a source is still what was read."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

_BLOCK = 1 << 22


def of_file(path: Path) -> str:
    """Return size and content digest of a file; digested again only when its size or time of change moved."""
    stat = path.stat()
    return _digest(str(path.resolve()), stat.st_size, stat.st_mtime_ns)


@functools.lru_cache(4_096)
def _digest(path: str, size: int, changed: int) -> str:
    digest = hashlib.blake2b(digest_size=12)
    with open(path, "rb") as f:
        while block := f.read(_BLOCK):
            digest.update(block)
    return f"file {size} bytes {digest.hexdigest()}"


def of_text(kind: str, text: str) -> str:
    """Return the fingerprint of a source described by *text*: a frame's rows, a database's schema and counts."""
    return f"{kind} {hashlib.blake2b(text.encode('utf-8', 'replace'), digest_size=12).hexdigest()}"
