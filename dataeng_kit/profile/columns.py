"""Column facts: one aggregate query a table, one value count a column; both are what `Fact.query` measures again."""

from __future__ import annotations

import datetime as dt
import heapq
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from dataeng_kit.data import Source
from dataeng_kit.errors import KitError, Stopped
from dataeng_kit.nouns import Column, ColumnProfile, Fact, TableProfile
from dataeng_kit.nouns.base import plain
from dataeng_kit.nouns.references import fact_id
from dataeng_kit.profile import facts as catalogue
from dataeng_kit.profile.facts import Measure, expression, method
from dataeng_kit.profile.sentinels import find_sentinels, mask
from dataeng_kit.run import Run

WIDE = 100
"""Columns per aggregate query: one query over thousands of columns costs more than its parts."""
MASKED = 20_000
"""Distinct values, or else rows, whose shapes are looked at."""
VERY_WIDE, CELLS = 1_000, 20_000_000
"""Tables with more columns, and no more cells, have their values counted here, block by block."""
SHORT = 200_000
"""Rows up to which all columns' quantiles may be held in memory at once."""
TOP = 10
SHAPES = 10


@dataclass
class Measured:
    """What is known about one column while it is measured: fact name → value, and the facts with their queries."""

    source: Source
    column: Column
    position: int
    values: dict[str, Any] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    held: Counter[Any] | None = None
    """All values with their counts, while those of a very wide table are counted here."""

    @property
    def quoted(self) -> str:
        """Return the column's quoted name."""
        return self.source.engine.quote(self.column.name)

    @property
    def queries(self) -> catalogue.Values:
        """Return the queries that count the column's values."""
        return catalogue.Values(self.source.relation, self.quoted, self.column.type, self.source.engine.technology)

    def note(self, name: str, value: Any, query: str, how: str = "exact") -> None:
        """Keep one fact."""
        self.values[name] = _frozen(plain(value))
        id = fact_id(name, self.source.table.name, self.column.name)
        self.facts.append(Fact(id, self.values[name], query, how, self.source.engine.technology.id))


def profile_table(source: Source, full: bool, run: Run) -> tuple[TableProfile, list[Fact]]:
    """Return a table's column facts; not *full* leaves only what keys and relations need, with approximate distincts."""
    engine, table = source.engine, source.table
    query = f"SELECT count(*) FROM {source.relation}"
    rows = int(engine.value(query, run) or 0)
    facts = [Fact(fact_id("rows", table.name), rows, query, "exact", engine.technology.id)]
    columns = [Measured(source, c, i) for i, c in enumerate(table.columns)]
    measures = catalogue.AGGREGATES if full else (*catalogue.PRUNING, catalogue.DISTINCT_APPROX)
    if full and rows <= SHORT:
        measures = (*measures, catalogue.QUANTILE)
    for at in range(0, len(columns), WIDE):
        run.step(f"measuring {table.name}", at, len(columns))
        _aggregate(source, [(m, c) for c in columns[at : at + WIDE] for m in measures], run)
    held: dict[str, Counter[Any]] = {}
    for at, column in enumerate(columns):
        if at % 10 == 0:
            run.step(f"counting values of {table.name}", at, len(columns))
        if full:
            if at % WIDE == 0 and len(columns) > VERY_WIDE and rows * len(columns) <= CELLS:
                held = _block(source, columns[at : at + WIDE], run)
            column.held = held.get(column.column.name)
            _count_values(column, run)
            _rest(column, run)
            column.held = None
        elif "distinct_approx" not in column.values:
            measure_distinct(column, run)
    facts += [f for c in columns for f in c.facts]
    profiles = tuple(_column_profile(c, rows) for c in columns)
    return TableProfile(table.name, rows, profiles, rejected=table.reading.rejected), facts


def _aggregate(source: Source, wanted: Sequence[tuple[Measure, Measured]], run: Run) -> None:
    """Measure all in one query; where the engine refuses, halve until the one impossible fact is left out."""
    technology = source.engine.technology
    written = [(m, c, expression(m, technology, c.quoted, c.column.type)) for m, c in wanted]
    able = [(m, c, e) for m, c, e in written if e is not None]
    if not able:
        return
    try:
        row = source.engine.run(f"SELECT {', '.join(e for _, _, e in able)} FROM {source.relation}", run)[0]
    except Stopped:
        raise
    except KitError:
        if len(able) > 1:
            half = len(able) // 2
            _aggregate(source, [(m, c) for m, c, _ in able[:half]], run)
            _aggregate(source, [(m, c) for m, c, _ in able[half:]], run)
        return
    for (m, c, e), value in zip(able, row, strict=True):
        c.note(m.name, value, f"SELECT {e} FROM {source.relation}", method(m, technology))


def measure_distinct(column: Measured, run: Run) -> None:
    """Count one column's distinct values exactly."""
    _aggregate(column.source, [(catalogue.DISTINCT, column)], run)


def _block(source: Source, columns: Sequence[Measured], run: Run) -> dict[str, Counter[Any]]:
    """Count the values of many columns here: a query a column binds all of a very wide table's columns each time."""
    rows = source.engine.run(f"SELECT {', '.join(c.quoted for c in columns)} FROM {source.relation}", run)
    counted = {}
    for column, values in zip(columns, zip(*rows, strict=True), strict=False):
        if column.column.type in ("integer", "number", "text", "date", "datetime", "boolean"):
            counted[column.column.name] = Counter(v for v in values if v is not None)
    return counted


def _count_values(column: Measured, run: Run) -> None:
    source, queries, held = column.source, column.queries, column.held
    try:
        if held is None:
            rows = source.engine.run(queries.top_and_distinct(TOP), run)
        else:
            rows = [(v, n, len(held)) for v, n in heapq.nsmallest(TOP, held.items(), key=lambda i: (-i[1], i[0]))]
    except Stopped:
        raise
    except KitError:
        return  # a type that cannot be grouped (a blob on some engines) has no distinct values to report
    counts = [(bool(v) if column.column.type == "boolean" else v, int(n)) for v, n, _ in rows]
    distinct = int(rows[0][2]) if rows else 0
    technology = source.engine.technology
    count = expression(catalogue.DISTINCT, technology, column.quoted, column.column.type)
    column.note("distinct", distinct, f"SELECT {count} FROM {source.relation}")
    column.note("top", counts, queries.top(TOP))
    if column.column.type == "text" and counts:
        counts = _masks(column, counts, distinct, run)
    column.values["sentinels"] = tuple(find_sentinels(column.column.type, counts, column.values))
    for value, n in column.values["sentinels"]:
        query = f"SELECT count(*) FROM {source.relation} WHERE {queries.equal(technology.literal(value))}"
        id = fact_id(f"sentinel {value}", source.table.name, column.column.name)
        column.facts.append(Fact(id, n, query, "exact", technology.id))


def _masks(column: Measured, top: list[tuple[Any, int]], distinct: int, run: Run) -> list[tuple[Any, int]]:
    """Note the commonest shapes and return the value counts they come from; of long columns the first rows only."""
    whole = distinct <= MASKED
    query = column.queries.all(None if whole else MASKED)
    if distinct <= TOP:
        counts = top
    elif column.held is not None and whole:
        counts = sorted(column.held.items())
    else:
        counts = [(v, int(n)) for v, n in column.source.engine.run(query, run)]
    column.note("masks", _shapes(counts), query, "exact" if whole else f"sample of {MASKED:,}")
    return counts if whole else top


def _shapes(counts: Iterable[tuple[Any, int]]) -> list[tuple[str, int]]:
    shapes: Counter[str] = Counter()
    for value, n in counts:
        shapes[mask(str(value))] += n
    return sorted(shapes.items(), key=lambda s: (-s[1], s[0]))[:SHAPES]


def _ends(column: Measured, run: Run) -> None:
    """Count the rows in the first and the last month of a date column: a period may be told where they are many."""
    first, last = (re.match(r"(\d{4})-(\d\d)", str(column.values.get(end) or "")) for end in ("min", "max"))
    if not first or not last or first[1] == "9999":
        return
    year, month = divmod(12 * int(first[1]) + int(first[2]), 12)
    q, relation = column.quoted, column.source.relation
    counts = {
        "first_month_rows": f"count(CASE WHEN {q} < CAST('{year:04d}-{month + 1:02d}-01' AS DATE) THEN 1 END)",
        "last_month_rows": f"count(CASE WHEN {q} >= CAST('{last[1]}-{last[2]}-01' AS DATE) THEN 1 END)",
    }
    if column.held is not None:
        months = Counter({v.isoformat()[:7]: 0 for v in column.held})
        for value, n in column.held.items():
            months[value.isoformat()[:7]] += n
        row: Sequence[int] = (months[first[0]], months[last[0]])
    else:
        try:
            row = column.source.engine.run(f"SELECT {', '.join(counts.values())} FROM {relation}", run)[0]
        except Stopped:
            raise
        except KitError:
            return  # an engine without this comparison has no such fact
    for (name, count), value in zip(counts.items(), row, strict=True):
        column.note(name, int(value), f"SELECT {count} FROM {relation}")


def _quantiles(column: Measured, run: Run) -> None:
    """Measure the quantiles as one aggregate, or by ranking where the engine has none."""
    engine = column.source.engine
    if column.column.type not in catalogue.QUANTILE.kinds or engine.technology.facts.get("quantiles", "") is not None:
        return _aggregate(column.source, [(catalogue.QUANTILE, column)], run)
    query = column.queries.ranked()
    values = engine.value(query, run)
    column.note("quantiles", values if any(v is not None for v in values) else None, query)


def _histogram(column: Measured, run: Run) -> None:
    """Count the rows of equally wide bins between the ends, or between the quantiles' surroundings where the ends lie far out.

    Whole numbers and days get whole widths, so that no bin is wider than another by chance.
    """
    values, kind = column.values, column.column.type
    ends = [_instant(v) for v in (values.get("min"), values.get("max"), *(values.get("quantiles") or ()))]
    if len(ends) < 7 or any(e is None for e in ends):
        return
    low, high, first, *_, last = (e for e in ends if e is not None)
    reach = 2 * (last - first)  # beyond it a few placeholders would leave all others in one bin
    low, high = (max(low, first - reach), min(high, last + reach)) if reach else (low, high)
    unit = {"integer": 1.0, "date": 86_400.0, "datetime": 1.0}.get(kind, 0.0)
    width = (high - low + unit) / catalogue.BINS
    width, low = (math.ceil(width / unit) * unit, math.floor(low / unit) * unit) if unit else (width, low)
    if high <= low or not math.isfinite(width) or not width:
        return
    query = catalogue.binned(column.source.engine.technology, column.source.relation, column.quoted, kind, low, width)
    try:
        rows = _bins(column.held, low, width) if column.held else column.source.engine.run(query, run)
        rows = [(int(b), int(n)) for b, n in rows]
    except Stopped:
        raise
    except KitError:
        return  # an engine that cannot count seconds has no such picture
    column.note("histogram", rows, query)
    shown = [_shown(low + width * b, kind) for b in range(catalogue.BINS + 1)]
    column.values["histogram"] = tuple((shown[b], shown[b + 1], n) for b, n in rows)


_FIRST, _LAST = -62_135_596_800, 253_402_300_799
"""Seconds of the first and the last moment that Python's calendar holds: an end of a bin may lie beyond."""


def _bins(held: Counter[Any], low: float, width: float) -> list[tuple[Any, ...]]:
    counts: Counter[int] = Counter()
    for value, n in held.items():
        counts[min(max(math.floor(((_instant(plain(value)) or 0.0) - low) / width), 0), catalogue.BINS - 1)] += n
    return sorted(counts.items())


def _instant(value: Any) -> float | None:
    """Return a number as it is and a date or moment as seconds since 1970; None for anything else."""
    if isinstance(value, int | float):
        return float(value)
    try:
        moment = dt.datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp()


def _shown(value: float, kind: str) -> Any:
    if kind not in ("date", "datetime"):
        return int(value) if kind == "integer" else value
    moment = dt.datetime(1970, 1, 1) + dt.timedelta(seconds=min(max(value, _FIRST), _LAST))
    return moment.date().isoformat() if kind == "date" else moment.isoformat(sep=" ")


def _rest(column: Measured, run: Run) -> None:
    """Measure what is rarely needed or heavy: one query a column, so that one column's values are in memory at once."""
    if "quantiles" not in column.values:
        _quantiles(column, run)
    if (column.values.get("distinct") or 0) > 1 and column.column.type in catalogue.QUANTILE.kinds:
        _histogram(column, run)
    if column.column.type in ("date", "datetime"):
        _ends(column, run)
    if column.column.type == "text":
        least = str(column.values.get("min") or "")
        if column.values.get("min") is None or least[:1].isalnum():
            # blank text sorts before letters and digits in every collation
            expression_ = expression(catalogue.BLANKS, column.source.engine.technology, column.quoted, "text")
            column.note("blanks", 0, f"SELECT {expression_} FROM {column.source.relation}")
        else:
            _aggregate(column.source, [(catalogue.BLANKS, column)], run)


def _column_profile(column: Measured, rows: int) -> ColumnProfile:
    v = column.values
    exact = "distinct" in v
    fallback = "approximate ±5 %" if "distinct_approx" in v else "not applicable"
    nulls = int(v.get("nulls") or 0)
    return ColumnProfile(
        column.column.name,
        column.column.type,
        column.column.native,
        column.position,
        rows,
        nulls,
        int(v["distinct"] if exact else min(v.get("distinct_approx") or 0, rows - nulls)),
        "exact" if exact else fallback,
        int(v.get("blanks") or 0),
        v.get("min"),
        v.get("max"),
        _number(v.get("mean")),
        _number(v.get("std")),
        tuple(v.get("quantiles") or ()),
        v.get("min_length"),
        v.get("max_length"),
        _number(v.get("mean_length")),
        v.get("top") or (),
        v.get("masks") or (),
        tuple(v.get("sentinels") or ()),
        first_month_rows=v.get("first_month_rows"),
        last_month_rows=v.get("last_month_rows"),
        histogram=v.get("histogram") or (),
    )


def _frozen(value: Any) -> Any:
    return tuple(_frozen(v) for v in value) if isinstance(value, list) else value


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None
