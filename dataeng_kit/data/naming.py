"""Names of tables and columns, as references use them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import PurePath

ENDINGS = (
    ".csv .tsv .tab .txt .dat .psv .asc .rdb .prn .fwf .data .parquet .pq .arrow .feather .ipc .json .jsonl .ndjson .geojson "
    ".xlsx .xlsm .xls .ods .html .htm .xml .db .sqlite .sqlite3 .duckdb .ddb .gz .zip .bz2 .xz"
).split()
"""Endings of files that may hold tables; a folder's other files are listed as skipped."""


def stem(file: str | PurePath) -> str:
    """Return a file's name without its known endings: ``claims.csv.gz`` → ``claims``."""
    name = re.split(r"[/\\]", str(file))[-1]
    while True:
        base, dot, ending = name.rpartition(".")
        if not base or dot + ending.lower() not in ENDINGS:
            return name
        name = base


def unique(names: Sequence[str], fuller: Sequence[str], number: bool = False) -> list[str]:
    """Return *names* where they differ (case folded, as engines compare), else *fuller*; with *number* never two alike."""
    often = Counter(n.lower() for n in names)
    result = [f if often[n.lower()] > 1 else n for n, f in zip(names, fuller, strict=True)]
    return columns(result) if number else result


def columns(header: Iterable[str]) -> list[str]:
    """Return trimmed names: blank ones become ``column_3`` by position, repeated ones get ``_2``, ``_3``."""
    taken: set[str] = set()
    result = []
    for position, raw in enumerate(header, 1):
        name = " ".join(raw.replace("\0", "").split()) or f"column_{position}"
        candidate, number = name, 1
        while candidate.lower() in taken:
            number += 1
            candidate = f"{name}_{number}"
        taken.add(candidate.lower())
        result.append(candidate)
    return result
