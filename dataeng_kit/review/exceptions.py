"""Failing rows of each finding as CSV: local files, masked by policy, safe in a spreadsheet, counted against the finding."""

from __future__ import annotations

import csv
import itertools
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dataeng_kit.data import Data
from dataeng_kit.data.engines.base import Engine
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Choices, Evidence, Finding, Profile
from dataeng_kit.nouns.references import write
from dataeng_kit.privacy import Policy, mask, visible
from dataeng_kit.privacy.policy import as_is
from dataeng_kit.review.files import FINDING, cell, csv_name, finding_row
from dataeng_kit.review.lines import Lines
from dataeng_kit.run import Run

INDEX = "findings.csv"
_HEADER = (*FINDING, "status", "file", "rows_written", "rows_equal_failing", "note")


@dataclass(frozen=True)
class Rows:
    """The failing rows of one finding; *why* says what kept them from being fetched."""

    names: tuple[str, ...] = ()
    values: tuple[tuple[Any, ...], ...] = ()
    why: str = ""


def exceptions(
    findings: Iterable[Finding], data: Data, folder: Path, evidence: Evidence, choices: Choices, run: Run | None = None
) -> list[Path]:
    """Write one CSV per finding that has failing rows, and ``findings.csv`` that lists all; return the files.

    Sensitive columns hold a pseudonym, the same for equal values within this call, unless their policy is ``values``. Each row
    ends with its source file and, where the rows can be told apart, its line there. The index says for every file whether it
    holds exactly as many rows as the finding counted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    gate, files, index = _Gate(evidence.profile, choices), list[Path](), list[list[Any]]()
    listed, lines = tuple(findings), Lines(data, evidence)
    said = visible(replace(evidence, findings=listed), Policy(dict(choices.inputs.policy))).findings
    for at, finding in enumerate(listed):
        if run:
            run.step("writing failing rows", at, len(listed))
        rows = failing_rows(finding, data, run)
        path = folder / csv_name(finding.id) if rows.values else None
        if path:
            ways = [gate.way(finding.table, name) for name in rows.names]
            shown = ([gate.shown(v, w) for v, w in zip(r, ways, strict=True)] for r in rows.values)
            places = lines.of(finding.table, rows.names, rows.values)
            _write(path, [*rows.names, "source_file", "source_line"], ([*r, *p] for r, p in zip(shown, places, strict=True)))
            files.append(path)
        index.append(_index(said[at], choices, path, rows))
    _write(folder / INDEX, _HEADER, index)
    return [*files, folder / INDEX]


class _Gate:
    """What a cell of a failing row shows: the value, a pseudonym that stays the same within one call, or nothing."""

    def __init__(self, profile: Profile, choices: Choices) -> None:
        self.key, policy = secrets.token_bytes(32), Policy(dict(choices.inputs.policy))
        judged = any(c.label for t in profile.tables for c in t.columns)
        self.ways: dict[tuple[str, str], str] = {}
        self.strictest: dict[str, str] = {}
        for table in profile.tables:
            for column in table.columns:
                level = policy.level(write(table.name, column.name), column.label, judged)
                plain = as_is(level, column.label)
                way = "" if plain else "nothing" if level == "nothing" else column.label.name if column.label else "value"
                self.ways[table.name, column.name] = way
                self.strictest[column.name] = self.strictest.get(column.name) or way

    def way(self, table: str, column: str) -> str:
        """Return the label to mask a query's column by, empty to show it; a column of another table as its strictest namesake."""
        return self.ways.get((table, column), self.strictest.get(column, ""))

    def shown(self, value: Any, way: str) -> Any:
        """Return one cell."""
        if not way or value is None:
            return value
        return "" if way == "nothing" else mask(str(value), way, self.key) or ""


def failing_rows(finding: Finding, data: Data, run: Run | None = None) -> Rows:
    """Return the rows that a finding's query returns where its table lies."""
    if not finding.query:
        return Rows(why="the finding has no query")
    engine = next((s.engine for s in data.sources if s.table.name == finding.table), data.sources[0].engine)
    try:
        values = tuple(engine.run(finding.query, run))
    except KitError as error:
        return Rows(why=str(error))
    return Rows(_names(finding.query, engine, len(values[0]) if values else 0), values)


def _names(sql: str, engine: Engine, width: int) -> tuple[str, ...]:
    """Return the names of a query's columns: from its text, a star from the engine, else by position."""
    import sqlglot

    try:
        parsed = sqlglot.parse_one(sql, dialect=engine.technology.sqlglot or None)
        names = [str(n) for n in getattr(parsed, "named_selects", [])]
        if "*" in names:
            names = [c.name for c in engine.columns(sql)]
    except (sqlglot.errors.SqlglotError, KitError):
        names = []
    return tuple(names) if len(names) == width else tuple(f"column_{i + 1}" for i in range(width))


def _index(f: Finding, choices: Choices, path: Path | None, rows: Rows) -> list[Any]:
    verdict, n = choices.verdict(f.id), len(rows.values)
    equal = "yes" if n == f.failing else "no"
    return [*finding_row(f), verdict.status if verdict else "open", path.name if path else "", n, equal, rows.why]


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # the mark makes spreadsheets read UTF-8
        csv.writer(file).writerows([cell(v) for v in row] for row in itertools.chain([header], rows))
