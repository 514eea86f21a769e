"""Sizing with the arithmetic shown: rows × width now, rows a day × days ahead, and what that means for the engine."""

from __future__ import annotations

from dataeng_kit.nouns import Evidence, TableProfile

WIDTH = {"integer": 8, "number": 8, "decimal": 12, "date": 4, "datetime": 8, "time": 8, "boolean": 1}
"""Bytes of one stored value; text and the rest count their mean length plus 4 (PostgreSQL's header of a long value)."""
ROW = 28
"""PostgreSQL's bytes per row besides the values: 24 of header, 4 of line pointer."""
ONE_MACHINE = 200_000_000_000
"""Bytes below which one server with ordinary disks is the simpler choice; the threshold that flips the engine advice."""


def row_bytes(table: TableProfile) -> int:
    """Return the mean bytes of one stored row."""
    return ROW + round(sum(WIDTH.get(c.type, (c.mean_length or 8) + 4) for c in table.columns))


def bytes_of(evidence: Evidence) -> int:
    """Return the bytes of all source tables, stored as rows."""
    return sum(t.rows * row_bytes(t) for t in evidence.profile.tables)


def human(size: float) -> str:
    """Return bytes in words: 20.4 MB."""
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:,.0f} {unit}" if unit == "B" else f"{size:,.1f} {unit}"
        size /= 1000
    return f"{size:,.1f} TB"


def growth(evidence: Evidence) -> tuple[float, float, list[str]]:
    """Return rows and bytes a day over all dated tables, and the lines of arithmetic; zero when no table has a time column."""
    rows = size = 0.0
    lines = []
    for t in evidence.profile.tables:
        if t.time and t.time.rows_per_day > 0:
            rows += t.time.rows_per_day
            size += t.time.rows_per_day * row_bytes(t)
            lines.append(f"{t.name}: {t.time.rows_per_day:,.1f} rows a day by {t.time.column} × {row_bytes(t)} bytes")
    return rows, size, lines


def lines(evidence: Evidence, tables: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sizing of the named source tables: each product, the sum, three years ahead, and the verdict on engines."""
    chosen = [t for t in evidence.profile.tables if t.name in tables]
    total = sum(t.rows * row_bytes(t) for t in chosen)
    result = [f"{t.name}: {t.rows:,} rows × {row_bytes(t)} bytes = {human(t.rows * row_bytes(t))}" for t in chosen]
    rows, size, _ = growth(evidence)
    ahead = total + size * 3 * 365
    result.append(
        f"together {human(total)}"
        + (f"; in three years at {rows:,.0f} rows a day: {human(ahead)}" if size else "; no growth rate measured")
    )
    result.append(engine_line(len(chosen), ahead or total))
    return tuple(result)


def engine_line(tables: int, size: float) -> str:
    """Return whether one machine does, with the threshold."""
    if size < ONE_MACHINE:
        return f"{tables} tables and {human(size)} need one server: no Spark, no cluster below {human(ONE_MACHINE)}"
    return f"{human(size)} is past {human(ONE_MACHINE)}: a warehouse or cluster is worth its cost"
