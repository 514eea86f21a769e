"""JSON and NDJSON records: objects become columns, nested lists of objects become child tables with a key to their parent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from dataeng_kit.data.files import NotData, Task
from dataeng_kit.data.files.encoding import decode
from dataeng_kit.data.files.grid import Grid, as_text
from dataeng_kit.data.store import Loaded
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import DeclaredKey, Rejected

ORDER = 50
_MOST_BYTES = 400_000_000
_DEEP = 6
_ENVELOPE = ("data", "records", "rows", "items", "results", "value")
"""Names under which services hand out records, whatever stands beside them."""


def accepts(head: bytes, name: str) -> bool:
    """Return whether the file starts as a JSON object or array (a text table rarely does)."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    named = name.lower().endswith((".json", ".jsonl", ".ndjson", ".geojson"))
    return named or (start[:1] in (b"{", b"[") and (start[1:40].lstrip()[:1] in (b'"', b"{", b"}")))


def read(task: Task) -> list[Loaded]:
    """Return the records' table, then one per nested list of objects; raises `NotData` for JSON that is no records."""
    if task.path.stat().st_size > _MOST_BYTES:
        raise KitError(f"'{task.name}' is larger than {_MOST_BYTES // 10**6} MB", "Split it, or convert it to Parquet")
    text = decode(task.path.read_bytes())
    rejects: list[Rejected] = []
    records, form = _records(text.text, task.name, rejects)
    tables = _Tables()
    for number, record in enumerate(records, 1):
        if number % 10_000 == 0:
            task.run.check(f"reading {task.name}")
        tables.add("", record, number, None)
    types = task.options.get("types") or {}
    loaded: list[Loaded] = []
    for grid, link in tables.grids():
        grid.format, grid.encoding = form, text.encoding
        if not grid.suffix:
            grid.problems += text.problems
            grid.rejects, grid.records = rejects, len(grid.rows) + len(rejects)
            if rejects:
                grid.problems.append(f"{len(rejects):,} lines are no JSON objects and were rejected")
        table = task.store.load(grid, types if not loaded else {}, task.options, task.run)
        loaded.append(table if link is None else table.linked(DeclaredKey("foreign", (link[0],), link[1], (link[2],))))
    return loaded


def _records(text: str, name: str, rejects: list[Rejected]) -> tuple[list[dict[str, Any]], str]:
    try:
        whole = json.loads(text)
    except RecursionError as error:
        raise KitError(f"'{name}' is nested too deeply to be a table") from error
    except ValueError:
        return _lines(text, name, rejects), "ndjson"
    if isinstance(whole, dict):
        whole = _inside(whole)
    if not isinstance(whole, list) or not whole:
        raise NotData("JSON that is not records")
    objects = [r for r in whole if isinstance(r, dict)]
    if len(objects) * 2 < len(whole):
        raise NotData("JSON that is not records")
    rejects += [Rejected(i, "no object", as_text(json.dumps(r))) for i, r in enumerate(whole, 1) if not isinstance(r, dict)]
    return objects, "json"


def _inside(whole: dict[str, Any]) -> Any:
    """Return the list of records that an object wraps: its only list of objects beside plain metadata."""
    if whole.get("type") == "FeatureCollection" and isinstance(whole.get("features"), list):
        return whole["features"]
    named = next((whole[k] for k in _ENVELOPE if isinstance(whole.get(k), list) and whole[k]), None)
    if named is not None:
        return named
    lists = [v for v in whole.values() if isinstance(v, list) and len(v) > 0 and all(isinstance(r, dict) for r in v)]
    nested = [v for v in whole.values() if isinstance(v, dict)]
    return lists[0] if len(lists) == 1 and not nested else None


def _lines(text: str, name: str, rejects: list[Rejected]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict):
            found.append(value)
        else:
            rejects.append(Rejected(number, "no JSON object", line[:10_000]))
    if len(found) <= len(rejects):
        raise KitError(f"'{name}' is neither JSON nor one JSON object a line", "Export it again")
    return found


class _Tables:
    """Rows of the main table and of its child tables, filled record by record."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, str]]] = {"": []}
        self.parents: dict[str, str] = {}
        self.keys: dict[str, str] = {}

    def add(self, path: str, record: dict[str, Any], number: int, parent: tuple[str, str] | None) -> None:
        """Add one object as a row of the table at *path*."""
        row: dict[str, str] = dict([parent]) if parent else {}
        self.rows.setdefault(path, []).append(row)
        children: list[tuple[str, list[dict[str, Any]]]] = []
        for name, value in _leaves(record):
            if isinstance(value, list) and value and all(isinstance(v, dict) for v in value) and path.count("/") < _DEEP:
                children.append((name, value))
            elif value != []:
                row[name] = json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else as_text(value)
        key = next((k for k in ("id", "_id", "ID", "Id", "key", "uuid") if row.get(k)), None)
        if children and key is None:
            key = "row_number"
            row[key] = str(number)
        for name, values in children:
            child = f"{path}/{name}" if path else name
            self.parents[child], self.keys[child] = path, key or ""
            for at, value in enumerate(values, 1):
                self.add(child, value, at + number * 1_000_000 if path else at, (f"parent_{key}", row[key or ""]))

    def grids(self) -> Iterator[tuple[Grid, tuple[str, str, str] | None]]:
        """Yield each table with (column, parent table, parent column) of its link."""
        for path, rows in self.rows.items():
            header = list(dict.fromkeys(k for r in rows for k in r))
            grid = Grid(
                header,
                [[r.get(k, "") for k in header] for r in rows],
                suffix=path,
                records=len(rows),
                evidence=["one row per object" if not path else f"one row per object of the nested list '{path}'"],
            )
            yield grid, (f"parent_{self.keys[path]}", self.parents[path], self.keys[path]) if path else None


def _leaves(record: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in record.items():
        name = f"{prefix}.{key}" if prefix else str(key)
        if isinstance(value, dict) and value and name.count(".") < _DEEP:
            yield from _leaves(value, name)
        else:
            yield name, value
