"""Columns of text to types: kinds of cells are counted, a type is decided for each, and no conversion may lose a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dataeng_kit.data.engines.embedded import Embedded
from dataeng_kit.data.kinds import MISSING, Count, Decision, convert_sql, decide, kind_sql
from dataeng_kit.errors import unknown
from dataeng_kit.run import Run

_BATCH = 250
"""Columns asked about in one query."""
HOWS = {"integer": "point", "number": "point", "date": "iso", "datetime": "iso", "boolean": "boolean", "time": "time", "text": ""}
"""Type that a person may name → how it is then converted."""
Blocks = Mapping[str, Sequence[str]]
"""Relations of text whose rows stand side by side, with the columns of each."""


def decide_all(
    engine: Embedded,
    raw: Blocks,
    types: Mapping[str, str],
    options: Mapping[str, Any],
    comma_file: bool,
    declared: bool,
    run: Run,
) -> list[Decision]:
    """Return a decision per column of *raw*: the user's or the database's word in *types*, else what every value bears out.

    *options*: ``as_written``, ``dates``, ``decimal``. A column of which a conversion would lose a value stays text and says so.
    """
    names = [n for columns in raw.values() for n in columns]
    counts = [c for relation, columns in raw.items() for c in count(engine, relation, columns, run)]
    dates, decimal = str(options.get("dates", "")), str(options.get("decimal", ""))
    commas, points = ("comma", "dots_comma", "spaced_comma"), ("point", "whole", "commas_point", "spaced_point")
    often, other = (sum(any(k in c for k in kinds) for c in counts) for kinds in (commas, points))
    comma = decimal == "," or (decimal != "." and ((comma_file and often > 0) or often > other))
    words = Decision("text", evidence="as written, as you said")
    decided = [
        words if options.get("as_written") else asked(types[n], c, declared) if n in types else decide(c, comma, dates)
        for n, c in zip(names, counts, strict=True)
    ]
    if decimal:
        decided = [replace(d, problem="") if "decimal" in d.problem else d for d in decided]
    of = dict(zip(names, decided, strict=True))
    lost: dict[str, int] = {}
    for relation, columns in raw.items():
        lost |= unconverted(engine, relation, {n: of[n] for n in columns}, run)
    for i, (n, decision) in enumerate(zip(names, decided, strict=True)):
        if bad := lost.get(n, 0):
            said = f"{bad:,} values are no {decision.type} (such as a 31st of February); kept as text"
            decided[i] = Decision("text", evidence=said, problem=said)
    return decided


def asked(type: str, counts: Mapping[str, Count], declared: bool = False) -> Decision:
    """Return the decision for a type that somebody named; raises `KitError` for one that does not exist."""
    if type not in HOWS:
        raise unknown("type", type, HOWS)
    why, found = "as declared" if declared else "as you said", decide(counts)
    return replace(found, evidence=why, problem="") if found.type == type else Decision(type, HOWS[type], why)


def expression(engine: Embedded, name: str, decision: Decision) -> str:
    """Return the SQL of a column as the decided type, its markers of missing values as NULL."""
    column = engine.quote(name)
    if decision.type == "text":
        return column
    return f"CASE WHEN {_missing(engine, column)} THEN NULL ELSE {convert_sql(column, decision)} END"


def _missing(engine: Embedded, column: str) -> str:
    return f"regexp_full_match(trim({column}), {engine.technology.literal(MISSING)})"


def unconverted(engine: Embedded, raw: str, decided: Mapping[str, Decision], run: Run) -> dict[str, int]:
    """Return how many values of each column its conversion would lose."""
    lost: dict[str, int] = {}
    names = [n for n, d in decided.items() if d.type != "text"]
    for at in range(0, len(names), _BATCH):
        batch = names[at : at + _BATCH]
        tests = [
            f"count(*) FILTER (WHERE {c} IS NOT NULL AND {convert_sql(c, decided[n])} IS NULL AND trim({c}) <> '' "
            f"AND NOT {_missing(engine, c)})"
            for n in batch
            for c in [engine.quote(n)]
        ]
        lost |= dict(zip(batch, engine.run(f"SELECT {', '.join(tests)} FROM {raw}", run)[0], strict=True))
    return lost


def count(engine: Embedded, raw: str, names: Sequence[str], run: Run) -> list[dict[str, Count]]:
    """Return how often each kind of cell occurs in each text column; distinct values are classified once."""
    result: list[dict[str, Count]] = [{} for _ in names]
    for at in range(0, len(names), _BATCH):
        batch = names[at : at + _BATCH]
        columns = ", ".join(f'trim({engine.quote(n)}) AS "{i}"' for i, n in enumerate(batch, at))
        long = f"UNPIVOT (SELECT {columns} FROM {raw}) ON COLUMNS(*) INTO NAME i VALUE v"
        values = f"SELECT i::INTEGER AS i, v, count(*) AS n FROM ({long}) GROUP BY ALL"
        for i, found, n, first, second, length in engine.run(
            "SELECT i, kind, sum(n)::BIGINT, max(TRY_CAST(regexp_extract(v, '^(\\d+)[/.-]', 1) AS BIGINT)), "
            "max(TRY_CAST(regexp_extract(v, '^\\d+[/.-] ?(\\d+)[/.-]', 1) AS BIGINT)), max(length(v)) "
            f"FROM (SELECT i, v, n, {kind_sql('v')} AS kind FROM ({values})) GROUP BY i, kind",
            run,
        ):
            result[i][found] = Count(n, first or 0, second or 0, length or 0)
    return result
