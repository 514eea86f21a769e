"""Shapes and placeholder values of one column, from its value counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dataeng_kit.nouns.base import plain

DATES = frozenset(
    {"0001-01-01", "1753-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1970-01-01", "2099-12-31", "9999-12-31"}
)
"""Epochs and 'never' of common systems (year 1, SQL Server, spreadsheets, Unix, far future)."""
NUMBERS = frozenset({-1, -9, -99, -999, -9999, 99, 999, 9999, 99999, 999999, 9999999, 99999999, 999999999, 2147483647})
WORDS = frozenset(
    "n/a na #n/a n.a. n.v. k.a. s/d null none nil nan (null) <null> \\n - -- --- ? ?? . .. unknown unbekannt inconnu desconocido "
    "sconosciuto onbekend tbd tba xxx missing undefined 0000-00-00 1900-01-01 1970-01-01".split()
) | {"not available", "not applicable"}
LONG = 60

_SHAPE = {**{c: "9" for c in range(48, 58)}, **{c: "A" for c in range(65, 91)}, **{c: "a" for c in range(97, 123)}}


def mask(text: str) -> str:
    """Return the shape of a text: capitals A, small letters a, digits 9, the rest as it is, cut after 60 characters."""
    cut = text[:LONG]
    if not cut.isascii():
        cut = "".join("A" if c.isupper() else "a" if c.isalpha() else c for c in cut)
    return cut.translate(_SHAPE)


def find_sentinels(kind: str, counts: Sequence[tuple[Any, int]], known: Mapping[str, Any]) -> list[tuple[Any, int]]:
    """Return the values that stand for 'unknown' or 'never', with their row counts.

    *counts*: the most frequent values; *known*: the column's facts so far. A number counts only when it lies outside the
    rest of the column, and a date when it repeats or lies alone at an end: 999 in a column of serial numbers is a value.
    """
    values = [(plain(v), n) for v, n in counts]
    if kind in ("date", "datetime"):
        ends = {known.get("min"), known.get("max")}
        return [(v, n) for v, n in values if str(v)[:10] in DATES and (n > 1 or v in ends)]
    if kind == "text":
        return [(v, n) for v, n in values if v.strip().lower() in WORDS]
    if kind in ("integer", "number"):
        return [(v, n) for v, n in values if v in NUMBERS and n > 1 and _apart(v, values, known)]
    return []


def _apart(value: float, values: Sequence[tuple[Any, int]], known: Mapping[str, Any]) -> bool:
    others = [v for v, _ in values if v != value and isinstance(v, int | float)]
    if not others:
        return False
    if value < 0:
        return bool(known.get("min") == value and min(others) >= 0)
    return bool(known.get("max") == value and value > 3 * max(max(others), 1))
