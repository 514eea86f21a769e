"""Names and cells of the files a review writes: safe on every file system, safe in a spreadsheet."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from dataeng_kit.nouns.base import plain

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_name(id: str) -> str:
    """Return the file name for a finding id; a digest keeps two ids apart that clean to the same name."""
    clean = re.sub(r"[^A-Za-z0-9]+", "_", id).strip("_").lower()
    digest = hashlib.sha256(id.encode()).hexdigest()[:6]
    return f"{clean[:80] or 'finding'}_{digest}.csv"


def cell(value: Any) -> Any:
    """Return *value* for a CSV cell; text that a spreadsheet would run as a formula gets a leading apostrophe."""
    value = plain(value)
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
