"""The answer of ``dataeng-kit read``: how one file was understood, all its rows, and the clean table on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dataeng_kit.data.live import Data, Source
from dataeng_kit.data.open import OPTIONS, open_data
from dataeng_kit.errors import KitError, unknown
from dataeng_kit.nouns import Column
from dataeng_kit.nouns.base import plain
from dataeng_kit.run import Run


def options_of(pairs: Sequence[str]) -> dict[str, Any]:
    """Return the options of a reading written as ``delimiter=;``, ``header=no``, ``dates=day first`` or ``type.COLUMN=text``."""
    options: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise KitError(f"'{pair}' names no value", "Write OPTION=VALUE, such as delimiter=';' or header=no")
        if name.startswith("type."):
            options.setdefault("types", {})[name.removeprefix("type.")] = value
        elif name in ("header", "as_written"):
            if value.lower() not in ("yes", "no"):
                raise KitError(f"'{value}' is no answer to '{name}'", f"Write {name}=yes or {name}=no")
            options[name] = value.lower() == "yes"
        elif name in OPTIONS:
            options[name] = {"tab": "\t", "\\t": "\t", "none": ""}.get(value.lower(), value)
        else:
            raise unknown("option of a reading", name, OPTIONS)
    return options


def read_answer(file: Path, readings: Mapping[str, Any] | None = None, run: Run | None = None) -> dict[str, Any]:
    """Return the JSON document of one file; several tables stand under ``tables``, the first also at top level."""
    data = open_data((str(file),), readings, run)
    try:
        tables = [_table(data, source, run) for source in data.sources]
    finally:
        data.close()
    return {**tables[0], "tables": tables} if len(tables) > 1 else tables[0]


def _table(data: Data, source: Source, run: Run | None) -> dict[str, Any]:
    table, reading = source.table, source.table.reading
    select = ", ".join(_text(source, c, run) for c in table.columns)
    rows = data.rows(f"SELECT {select} FROM {source.relation}", run, source.engine) if table.columns else []
    rejected = [{"line": r.line, "reason": r.reason, "text": r.text} for r in reading.rejects]
    return {
        "name": table.name,
        "header": [c.name for c in table.columns] if source.has_header and table.columns else None,
        "rows": [list(r) for r in rows],
        "types": [c.type for c in table.columns],
        "lost_rows": reading.lost,
        "rejected": rejected,
        "problems": list(reading.problems),
        "evidence": [*reading.evidence, *(f"column '{c.name}': {c.evidence}" for c in table.columns if c.evidence)],
        "dialect": {"format": reading.format, "encoding": reading.encoding, **plain(reading.dialect)},
        "records": {k: getattr(reading, k) for k in ("records", "header", "preamble", "footer", "rows", "rejected")},
    }


def _text(source: Source, column: Column, run: Run | None) -> str:
    """Return the expression of a column as text: dates ISO, times without seconds where none has any, missing as blank."""
    quoted = source.engine.quote(column.name)
    text = f"CAST({quoted} AS VARCHAR)"
    if column.type == "datetime":
        text = (
            f"CASE WHEN date_part('microsecond', {quoted}) % 1000000 = 0 "
            f"THEN strftime({quoted}, '%Y-%m-%d %H:%M:%S') ELSE {text} END"
        )
    if column.type == "time" and not source.engine.value(f"SELECT max(second({quoted})) FROM {source.relation}", run):
        text = f"left({text}, 5)"
    return f"coalesce({text}, '')"


def write_clean(file: Path, out: Path, readings: Mapping[str, Any] | None = None, run: Run | None = None) -> list[Path]:
    """Write every table of *file* as Parquet (the first to *out*) with its rejected rows beside it; return the paths."""
    if out.suffix.lower() not in (".parquet", ".csv"):
        raise KitError(f"'{out.name}' has no ending that can be written", "Name F.parquet or F.csv")
    data = open_data((str(file),), readings, run)
    written: list[Path] = []
    try:
        for number, source in enumerate(data.sources, 1):
            target = out if number == 1 else out.with_name(f"{out.stem}_{number}{out.suffix}")
            form = "PARQUET" if target.suffix.lower() == ".parquet" else "CSV, HEADER"
            literal = source.engine.technology.literal
            source.engine.run(f"COPY (SELECT * FROM {source.relation}) TO {literal(str(target))} (FORMAT {form})", run)
            written.append(target)
            if source.table.reading.rejects:
                written.append(_rejects(target, source))
    finally:
        data.close()
    return written


def _rejects(target: Path, source: Source) -> Path:
    import csv

    beside = target.with_name(f"{target.stem}.rejected.csv")
    with beside.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["line", "reason", "text"])
        writer.writerows([r.line, r.reason, r.text] for r in source.table.reading.rejects)
    return beside
