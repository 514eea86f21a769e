"""The fast path of large clean text: decided on a prefix, loaded typed in one pass, every cast guarded, records counted twice."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dataeng_kit.data.files import Task
from dataeng_kit.data.files.dialect import Dialect, find_dialect
from dataeng_kit.data.files.encoding import guess
from dataeng_kit.data.files.fit import fit_rows
from dataeng_kit.data.files.grid import Grid
from dataeng_kit.data.files.layout import lay_out
from dataeng_kit.data.files.records import Records, cut, mend
from dataeng_kit.data.kinds import Count, Decision, decide, kind
from dataeng_kit.data.naming import columns as column_names
from dataeng_kit.data.store import Loaded
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Rejected

_PREFIX, _BLOCK = 1 << 18, 1 << 22
SMALL, LARGE = 1 << 20, 200_000_000
"""Below SMALL bytes the careful reader is as fast; above LARGE the table is kept on disk."""
_MOST_REJECTS = 10_000
_STAMPS = {
    "0000-00-00 00:00:00": "%Y-%m-%d %H:%M:%S",
    "0000-00-00T00:00:00": "%Y-%m-%dT%H:%M:%S",
    "0000-00-00 00:00": "%Y-%m-%d %H:%M",
    "0000-00-00T00:00": "%Y-%m-%dT%H:%M",
}
"""Notation of a time stamp → the engine's format, which it then takes strictly; others are typed on the whole column."""
_NATIVE = {"number": "DOUBLE", "date": "DATE", "datetime": "TIMESTAMP"}


@dataclass(frozen=True)
class Plan:
    """What the prefix says: how to cut, the names, and a decision per column (None: decide on the whole column)."""

    dialect: Dialect
    names: list[str]
    decisions: list[Decision | None]
    header: bool
    evidence: list[str]
    skip: int = 0
    preamble: int = 0
    """Lines above the header, and the records among them."""


def plan(path: Path, options: dict[str, Any]) -> Plan | None:
    """Return how a clean file can be loaded at once, or None when its prefix shows anything odd."""
    if options.get("encoding", "utf-8") != "utf-8" or options.get("types") or options.get("as_written"):
        return None
    with path.open("rb") as f:
        raw = f.read(_PREFIX)
    encoding, why = guess(raw)
    if encoding not in ("utf-8", "utf-8-sig") or b"\0" in raw or b"\n" not in raw or re.search(rb"\r(?!\n)", raw[:-1]):
        return None
    text = raw[: raw.rindex(b"\n") + 1].decode("utf-8-sig", "replace").replace("\r\n", "\n")
    dialect, skip = find_dialect(text, options)
    if skip or dialect.blanks or len(dialect.delimiter) != 1 or dialect.delimiter == " ":
        return None
    records = _whole(text, dialect)
    grid = lay_out(records, dialect, options)[0] if records else None
    if grid is None or records is None or grid.footer or grid.told() or grid.rejects or grid.width != len(records.cells[-1]):
        return None
    if grid.header_records > 1 or (grid.preamble and not grid.header_records):
        return None
    columns = list(zip(*grid.rows, strict=True))
    names = column_names(grid.header or [""] * grid.width)
    decisions = [_decision(c) for c in columns]
    stamps = [d.how for d in decisions if d and d.type == "datetime"]
    decisions = [None if d and d.type == "datetime" and d.how != stamps[0] else d for d in decisions]
    evidence = [f"encoding utf-8: {why}", *grid.evidence]
    return Plan(dialect, names, decisions, grid.header is not None, evidence, grid.first_line - 1, grid.preamble)


def _whole(text: str, dialect: Dialect) -> Records | None:
    """Return the records of the prefix, all of one width and well quoted, or None."""
    records = cut(text, dialect)
    if records.cells and text.count(dialect.quote or '"') % 2:
        return None
    if records.odd or len(records.cells) <= 20:
        return None
    body = next(i for i, r in enumerate(records.cells) if len(r) == len(records.cells[-1]))
    return records if body <= 20 and len({len(r) for r in records.cells[body:]}) == 1 else None


def _decision(cells: tuple[str, ...]) -> Decision | None:
    """Return a decision that a guarded cast can bear out for the rest of the column, else None."""
    counts: dict[str, int] = {}
    for cell in cells:
        found = kind(cell)
        counts[found] = counts.get(found, 0) + 1
    if counts.get("text", 0) * 2 > len(cells):
        return Decision("text", evidence=f"{counts['text']:,} of the first {len(cells):,} are words")
    kinds = set(counts) - {"empty"}
    plain = kinds <= {"integer", "point", "whole", "exponent"} or kinds in ({"date"}, {"stamp"}, {"boolean"})
    if not kinds or not plain or any(c != c.strip() for c in cells):
        return None
    if "stamp" in kinds:
        looks = {re.sub(r"[0-9]", "0", c) for c in cells if c}
        how = _STAMPS.get(next(iter(looks)), "") if len(looks) == 1 else ""
        return Decision("datetime", how, "dates with a time of day, year first") if how else None
    if kinds == {"date"} and not all(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", c) for c in cells if c):
        return None
    if kinds == {"boolean"} and not {c for c in cells if c} <= {"true", "false"}:
        return None
    return decide({k: Count(n, length=4) for k, n in counts.items() if k != "empty"})


def guard(column: str, decision: Decision | None, literal: str) -> str:
    """Return the expression that casts a column, or stops the load when a value is not what it seems.

    The engine's own casts round 1.5 to 2 and read 007, 1_000 and 0x1F as numbers; dates in a given format it takes strictly.
    """
    if decision is None or decision.type in ("text", "date", "datetime"):
        return column
    if decision.type == "number":
        return f"CASE WHEN {column} IS NULL OR isfinite({column}) THEN {column} ELSE error({literal}) END"
    if decision.type == "boolean":
        return f"CASE WHEN {column} IS NULL OR {column} IN ('true', 'false') THEN {column} = 'true' ELSE error({literal}) END"
    cast = f"TRY_CAST({column} AS BIGINT)"
    return f"CASE WHEN {column} IS NULL OR CAST({cast} AS VARCHAR) = {column} THEN {cast} ELSE error({literal}) END"


def load(task: Task, found: Plan) -> Loaded | None:
    """Return the typed table, or None when the second count says that the file is not what its prefix promised.

    First with every cast guarded, then with all columns as text; lines that the engine still rejects are mended one by one.
    """
    store, engine = task.store, task.store.engine
    relation = store.fresh(task.path.stat().st_size > LARGE)
    rejects: list[Rejected] | None = None
    for attempt in (found.decisions, [d if d and d.type == "text" else None for d in found.decisions]):
        try:
            rejects = _run(task, f"CREATE OR REPLACE TABLE {relation} AS {_select(task, found, attempt)}")
        except KitError:
            continue
        if not rejects:
            break
    if rejects is None or len(rejects) >= _MOST_REJECTS:
        return None
    records = _lines_of(task) - _newlines(task, relation, found) if rejects else _count(task, found.dialect)
    grid = _mended(rejects, found)
    store.append(relation, grid.rows, found.names, task.run)
    rows = store.rows(relation, task.run)
    grid.records, grid.header_records, grid.preamble = records, int(found.header), found.preamble
    if records - rows - grid.preamble - grid.header_records - len(grid.rejects):
        engine.run(f"DROP TABLE {relation}")
        return None
    open_ = [n for n, d in zip(found.names, attempt, strict=True) if d is None]
    late, problems = dict[str, Decision](), list[str]()
    if open_:
        relation, late, problems = store.settle(relation, open_, task.options, found.dialect.delimiter == ";", task.run)
    decisions = [late[n] if d is None else d for n, d in zip(found.names, attempt, strict=True)]
    columns = store.describe(relation, decisions)
    return Loaded("", relation, columns, grid.reading(rows, problems), has_header=found.header)


def _select(task: Task, found: Plan, attempt: Sequence[Decision | None]) -> str:
    quote, literal = task.store.engine.quote, task.store.literal
    pairs = list(zip(found.names, attempt, strict=True))
    fields = ", ".join(f"{literal(n)}: '{_NATIVE.get(d.type if d else '', 'VARCHAR')}'" for n, d in pairs)
    columns = ", ".join(f"{guard(quote(n), d, literal(str(i)))} AS {quote(n)}" for i, (n, d) in enumerate(pairs))
    return f"SELECT {columns} FROM {_scan(task, found, fields)}"


def _mended(rejects: list[Rejected], found: Plan) -> Grid:
    """Return the rejected lines as rows of the table's width where that can be had, with what was done to each."""
    grid = Grid(found.names, [], encoding="utf-8", dialect=found.dialect.told(), evidence=found.evidence)
    rows = []
    for reject in rejects:
        line = reject.text.rstrip("\r\n")
        if line.strip():
            rows.append((reject.line, mend(line, found.dialect, len(found.names))))
    odd = [line for line, cells in rows if len(cells) == len(found.names)]
    if odd:
        grid.notes["stray quote, kept as text"] = odd
    fit_rows(rows, len(found.names), found.dialect, grid)
    return grid


def _newlines(task: Task, relation: str, found: Plan) -> int:
    """Return how many line ends lie inside the cells of the loaded rows."""
    quote = task.store.engine.quote
    inside = " + ".join(f"coalesce(length({quote(n)}) - length(replace({quote(n)}, chr(10), '')), 0)" for n in found.names)
    return int(task.store.engine.value(f"SELECT coalesce(sum({inside}), 0) FROM {relation}", task.run))


def _lines_of(task: Task) -> int:
    return sum(1 for line in _lines(task.path, task) if line.strip())


def _scan(task: Task, found: Plan, fields: str) -> str:
    literal, dialect = task.store.literal, found.dialect
    stamp = next((d.how for d in found.decisions if d and d.type == "datetime"), "%Y-%m-%d %H:%M:%S")
    return (
        f"read_csv({literal(str(task.path))}, auto_detect=false, header={'true' if found.header else 'false'}, "
        f"delim={literal(dialect.delimiter)}, "
        f"quote={literal(dialect.quote or chr(34))}, escape={literal(dialect.escape or dialect.quote or chr(34))}, "
        f"columns={{{fields}}}, "
        f"strict_mode=true, skip={found.skip}, nullstr='', store_rejects=true, "
        f"dateformat='%Y-%m-%d', timestampformat={literal(stamp)})"
    )


def _run(task: Task, sql: str) -> list[Rejected]:
    """Load, and return what the engine rejected."""
    rows = task.store.engine.run(  # one call, because the engine keeps rejects for the connection that made them
        f"{sql}; SELECT line, any_value(error_message), any_value(csv_line) FROM reject_errors "
        f"GROUP BY line ORDER BY line LIMIT {_MOST_REJECTS}",
        task.run,
    )
    return [Rejected(int(line), str(reason).splitlines()[0], str(text or "")) for line, reason, text in rows]


def _lines(path: Path, task: Task) -> Iterator[str]:
    """Yield the lines of a file, decoded strictly; a NUL or a byte that is no UTF-8 raises `ValueError`."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    rest = ""
    with path.open("rb") as f:
        while block := f.read(_BLOCK):
            task.run.check(f"counting the records of {task.name}")
            text = rest + decoder.decode(block)
            if "\0" in text:
                raise ValueError("NUL")
            lines = text.split("\n")
            rest = lines.pop()
            yield from (line + "\n" for line in lines)
    if rest + decoder.decode(b"", True):
        yield rest


def _count(task: Task, dialect: Dialect) -> int:
    """Return the number of records by a second parser, -1 when it stumbles; blank lines are no records."""
    try:
        return sum(1 for record in csv.reader(_lines(task.path, task), strict=True, **dialect.format()) if record)
    except (csv.Error, ValueError):
        return -1
