"""Names and cells of the files a review writes: safe on every file system, safe in a spreadsheet."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from dataeng_kit.nouns import Evidence, Finding
from dataeng_kit.nouns.base import plain

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
FINDING = ("id severity dimension table column condition criterion failing of consequence recommendation question").split()
"""The columns of a register of findings, which are fields of `Finding`."""


def finding_row(finding: Finding) -> list[Any]:
    """Return one row of the register."""
    return [getattr(finding, name) for name in FINDING]


def file_name(id: str, suffix: str) -> str:
    """Return the file name for an id; a digest keeps two ids apart that clean to the same name."""
    clean = re.sub(r"[^A-Za-z0-9]+", "_", id).strip("_").lower()
    digest = hashlib.sha256(id.encode()).hexdigest()[:6]
    return f"{clean[:80] or 'finding'}_{digest}{suffix}"


def csv_name(id: str) -> str:
    """Return the file name of a finding's failing rows."""
    return file_name(id, ".csv")


def cell(value: Any) -> Any:
    """Return *value* for a CSV cell; text that a spreadsheet would run as a formula gets a leading apostrophe."""
    value = plain(value)
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def without_folders(evidence: Evidence) -> Evidence:
    """Return *evidence* with paths below the folder that all its files share: where it lay on this machine is no finding."""
    paths = [p for p in (*(t.source for t in evidence.tables), *(s.path for s in evidence.skipped)) if Path(p).is_absolute()]
    if not paths:
        return evidence
    base = Path(os.path.commonpath([str(Path(p).parent) for p in paths]))

    def short(path: str) -> str:
        return Path(path).relative_to(base).as_posix() if Path(path).is_absolute() and Path(path).is_relative_to(base) else path

    tables = tuple(replace(t, source=short(t.source), parts=tuple(map(short, t.parts))) for t in evidence.tables)
    return replace(evidence, tables=tables, skipped=tuple(replace(s, path=short(s.path)) for s in evidence.skipped))
