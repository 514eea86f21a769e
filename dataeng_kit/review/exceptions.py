"""Failing rows of each finding as CSV: local files, masked by policy, safe in a spreadsheet, counted against the finding."""

from __future__ import annotations

import csv
import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dataeng_kit.data import Data
from dataeng_kit.data.engines.base import Engine
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Choices, Finding, Profile
from dataeng_kit.nouns.references import write
from dataeng_kit.review.files import cell, csv_name
from dataeng_kit.run import Run

INDEX = "findings.csv"
_HEADER = (
    "id",
    "severity",
    "dimension",
    "table",
    "column",
    "condition",
    "criterion",
    "failing",
    "of",
    "consequence",
    "recommendation",
    "question",
    "status",
    "file",
    "rows_written",
    "rows_equal_failing",
    "note",
)


@dataclass(frozen=True)
class Rows:
    """The failing rows of one finding; *why* says what kept them from being fetched."""

    names: tuple[str, ...] = ()
    values: tuple[tuple[Any, ...], ...] = ()
    why: str = ""


def exceptions(
    findings: Iterable[Finding], data: Data, folder: Path, profile: Profile, choices: Choices, run: Run | None = None
) -> list[Path]:
    """Write one CSV per finding that has failing rows, and ``findings.csv`` that lists all; return the files.

    Sensitive columns hold a token, the same one for the same value within this call, unless the policy of the column is
    ``values``. The index says for every file whether it holds exactly as many rows as the finding counted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    masked, salt, files, index = _masked(profile, choices), secrets.token_bytes(16), list[Path](), list[list[Any]]()
    listed = list(findings)
    for at, finding in enumerate(listed):
        if run:
            run.step("writing failing rows", at, len(listed))
        rows = failing_rows(finding, data, run)
        path = folder / csv_name(finding.id) if rows.values else None
        if path:
            source = next((t.source for t in data.tables if t.name == finding.table), "")
            hidden = [
                (finding.table, n) in masked or (not _has(profile, finding.table, n) and n in {c for _, c in masked})
                for n in rows.names
            ]
            _write(path, [*rows.names, "source_file"], ([*_row(r, hidden, salt), source] for r in rows.values))
            files.append(path)
        index.append(_index(finding, choices, path, rows))
    _write(folder / INDEX, _HEADER, index)
    return [*files, folder / INDEX]


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


def _masked(profile: Profile, choices: Choices) -> set[tuple[str, str]]:
    """Return (table, column) of every sensitive column whose policy is not ``values``."""
    shown = {reference for reference, option in choices.inputs.policy.items() if option == "values"}
    columns = ((t.name, c) for t in profile.tables for c in t.columns)
    return {(t, c.name) for t, c in columns if c.label and c.label.sensitive and write(t, c.name) not in shown}


def _has(profile: Profile, table: str, column: str) -> bool:
    return any(t.name == table and any(c.name == column for c in t.columns) for t in profile.tables)


def _row(values: Sequence[Any], hidden: Sequence[bool], salt: bytes) -> list[Any]:
    return [_token(v, salt) if h and v is not None else cell(v) for v, h in zip(values, hidden, strict=True)]


def _token(value: Any, salt: bytes) -> str:
    return "masked-" + hashlib.blake2b(str(value).encode(), key=salt, digest_size=5).hexdigest()


def _index(f: Finding, choices: Choices, path: Path | None, rows: Rows) -> list[Any]:
    verdict, n = choices.verdict(f.id), len(rows.values)
    parts = (
        f.id,
        f.severity,
        f.dimension,
        f.table,
        f.column,
        f.condition,
        f.criterion,
        f.failing,
        f.of,
        f.consequence,
        f.recommendation,
        f.question,
    )
    return [
        *map(cell, parts),
        verdict.status if verdict else "open",
        path.name if path else "",
        n,
        "yes" if n == f.failing else "no",
        cell(rows.why),
    ]


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # the mark makes spreadsheets read UTF-8
        writer = csv.writer(file)
        writer.writerow([cell(h) for h in header])
        writer.writerows(rows)
