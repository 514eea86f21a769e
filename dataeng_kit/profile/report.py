"""The ydata-profiling report of one table: a bounded, labelled sample, values hidden unless the user asks for them.

What hiding means is fixed here and said in the report: sensitive columns, identifiers and free text become pseudonyms
(their missing and distinct counts stay true), numbers keep three significant digits, dates their month, and no rows are listed.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import warnings
from pathlib import Path
from typing import Any

from dataeng_kit import __version__
from dataeng_kit.data.live import Data
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import ColumnProfile, Profile
from dataeng_kit.run import Run

ROWS = 20_000
_FEW = 50
"""A text column with at most this many distinct values is a list of codes, whose values say nothing about a person."""
_SAMPLE = {
    "duckdb": "SELECT {columns} FROM {relation} USING SAMPLE reservoir({n} ROWS) REPEATABLE (42)",
    "postgresql": "SELECT {columns} FROM {relation} ORDER BY random() LIMIT {n}",
}
_FIRST = "SELECT {columns} FROM {relation} LIMIT {n}"


def report(
    data: Data,
    table: str,
    *,
    profile: Profile | None = None,
    rows: int = ROWS,
    out: Path | None = None,
    show_values: bool = False,
    run: Run | None = None,
) -> Path:
    """Return the path of the report (an HTML file, *out* or ``<table>-profile.html`` in the working directory).

    At most *rows* rows are read. A report of the same data and settings is not made again. Raises `KitError` for an
    unknown table or when ydata-profiling cannot be imported.
    """
    run = run or Run()
    try:
        source = data.source(table)
    except KeyError as error:
        raise KitError(str(error).strip("'\""), "Name one of the case's tables") from error
    out = out or Path.cwd() / f"{re.sub(r'[^A-Za-z0-9_-]+', '_', table) or 'table'}-profile.html"
    columns = {c.name: c for t in (profile.tables if profile else ()) if t.name == table for c in t.columns}
    labels = sorted((c.name, c.label.name, c.label.sensitive) for c in columns.values() if c.label)
    key = hashlib.sha256(repr((source.table.fingerprint, table, rows, show_values, labels, __version__)).encode()).hexdigest()[
        :16
    ]
    if source.table.fingerprint and _written(out) == key:
        return out
    run.step(f"sampling {table}", 0, 3)
    frame, label = _sample(data, table, rows, run)
    if not show_values:
        for name in frame.columns:
            frame[name] = _hidden(frame[name], columns.get(str(name)))
        label += "; sensitive, identifying and free-text values are pseudonyms, numbers and dates are coarsened"
    run.step(f"profiling {table}", 1, 3)
    html = _render(frame, table, label, show_values)
    run.step(f"writing {out.name}", 2, 3)
    out.write_text(f"{html}\n<!-- dataeng_kit {key} -->\n", encoding="utf-8")
    return out


def _written(out: Path) -> str:
    """Return the key of an earlier report at *out*, or the empty text."""
    if not out.is_file():
        return ""
    with out.open("rb") as file:
        file.seek(max(0, out.stat().st_size - 80))
        found = re.search(rb"<!-- dataeng_kit ([0-9a-f]{16}) -->", file.read())
    return found[1].decode() if found else ""


def _sample(data: Data, table: str, rows: int, run: Run) -> tuple[Any, str]:
    """Return a frame of at most *rows* rows and the sentence that says what it is."""
    import pandas as pd

    source = data.source(table)
    total = int(source.engine.value(f"SELECT count(*) FROM {source.relation}", run) or 0)
    names = [c.name for c in source.table.columns]
    quoted = ", ".join(source.engine.quote(n) for n in names)
    template = _FIRST if total <= rows else _SAMPLE.get(source.engine.technology.id, _FIRST)
    found = source.engine.run(template.format(columns=quoted, relation=source.relation, n=int(rows)), run)
    frame = pd.DataFrame.from_records(found, columns=names).convert_dtypes()
    if total <= rows:
        return frame, f"All {total:,} rows"
    return frame, f"{'The first' if template == _FIRST else 'A random sample of'} {len(frame):,} of {total:,} rows"


def _hidden(values: Any, column: ColumnProfile | None) -> Any:
    """Return a column without raw values; what is missing stays missing."""
    import pandas as pd

    kind = pd.api.types
    sensitive = bool(column and column.label and column.label.sensitive)
    identifies = len(values) > _FEW and values.nunique() > 0.9 * values.count()
    if kind.is_bool_dtype(values) and not sensitive:
        return values
    if kind.is_numeric_dtype(values) and not sensitive and not (identifies and kind.is_integer_dtype(values)):
        return values.astype("Float64").map(_coarse, na_action="ignore").astype("Float64")
    dates = kind.is_datetime64_any_dtype(values) or (column is not None and column.type in ("date", "datetime"))
    if dates and not sensitive:
        return pd.to_datetime(values, errors="coerce").dt.to_period("M").dt.to_timestamp()
    if not sensitive and not identifies and values.nunique() <= _FEW:
        return values
    return pd.Series(pd.factorize(values)[0], index=values.index).map(lambda n: None if n < 0 else f"hidden {n + 1}")


def _coarse(value: float) -> float:
    return float(f"{value:.3g}")


def _render(frame: Any, table: str, label: str, show_values: bool) -> str:
    """Return the report as HTML; the library's progress bars, banners and usage reports are kept out."""
    os.environ["YDATA_PROFILING_NO_ANALYTICS"] = "True"
    quiet = io.StringIO()
    with warnings.catch_warnings(), contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        warnings.simplefilter("ignore")
        made = _library()(
            frame,
            title=f"{table}: {label.split(';')[0].lower()}",
            minimal=True,
            progress_bar=False,
            dataset={"description": f"{label}. Made by dataeng_kit {__version__}."},
            **({} if show_values else {"samples": None, "duplicates": None}),
        )
        return str(made.to_html())


def _library() -> Any:
    """Return the report class of the successor package, or of ydata-profiling."""
    try:
        from data_profiling import ProfileReport
    except ImportError:
        try:
            from ydata_profiling import ProfileReport
        except ImportError as error:
            raise KitError(
                f"ydata-profiling cannot be imported: {error}", "pip install 'ydata-profiling>=4.18.4' 'setuptools<82'"
            ) from error
    return ProfileReport
