"""JSON and NDJSON records: objects become columns, nested lists of objects become child tables with a key to their parent."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from typing import Any

from dataeng_kit.data.files import NotData, Task
from dataeng_kit.data.files.encoding import decode
from dataeng_kit.data.files.grid import Grid, as_text
from dataeng_kit.data.naming import columns as column_names
from dataeng_kit.data.store import Loaded
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import DeclaredKey, Rejected

ORDER = 50
_MOST_BYTES = 400_000_000
_DEEP = 6
_ENVELOPE = ("data", "records", "rows", "items", "results", "value")
"""Names under which services hand out records, whatever stands beside them."""
_HEADER = ("columns", "fields", "header", "headers", "schema")
_NONE = "JSON that is not records"


def accepts(head: bytes, name: str) -> bool:
    """Return whether the file starts as a JSON object or array (a text table rarely does)."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    named = name.lower().endswith((".json", ".jsonl", ".ndjson", ".geojson"))
    return named or (start[:1] in (b"{", b"[") and (start[1:40].lstrip()[:1] in (b'"', b"{", b"}")))


def read(task: Task) -> list[Loaded]:
    """Return the tables of records, each before those of its nested lists; raises `NotData` for JSON that is no records."""
    if task.path.stat().st_size > _MOST_BYTES:
        raise KitError(f"'{task.name}' is larger than {_MOST_BYTES // 10**6} MB", "Split it, or convert it to Parquet")
    text = decode(task.path.read_bytes())
    rejects: list[Rejected] = []
    found, form = _records(text.text, task.name, rejects)
    tables = _Tables()
    for name, records in found.items():
        for number, record in enumerate(records, 1):
            if number % 10_000 == 0:
                task.run.check(f"reading {task.name}")
            tables.add(name, record, number, None)
    types = task.options.get("types") or {}
    loaded: list[Loaded] = []
    for grid, link in tables.grids():
        grid.format, grid.encoding = form, text.encoding
        if not loaded:
            grid.problems += text.problems
            grid.rejects, grid.records = rejects, len(grid.rows) + len(rejects)
            if rejects:
                grid.problems.append(f"{len(rejects):,} lines are no JSON objects and were rejected")
        table = task.store.load(grid, types if not loaded else {}, task.options, task.run)
        loaded.append(table if link is None else table.linked(DeclaredKey("foreign", (link[0],), link[1], (link[2],))))
    return loaded


def _records(text: str, name: str, rejects: list[Rejected]) -> tuple[dict[str, list[dict[str, Any]]], str]:
    """Return table → its records, and the form they stand in."""
    try:
        whole = json.loads(text)
    except RecursionError as error:
        raise KitError(f"'{name}' is nested too deeply to be a table") from error
    except ValueError:
        return _several(text, name, rejects)
    tables: dict[str, list[dict[str, Any]]] = {}
    for table, values in _lists(whole).items():
        objects = [r for r in values if isinstance(r, dict)]
        if len(objects) * 2 < len(values):
            raise NotData(_NONE)
        rejects += [Rejected(i, "no object", as_text(json.dumps(r))) for i, r in enumerate(values, 1) if not isinstance(r, dict)]
        tables[table] = objects
    if not any(tables.values()):
        raise NotData(_NONE)
    return tables, "json"


def _lists(whole: Any) -> dict[str, list[Any]]:
    """Return table → values: of a list, of what an envelope holds, or of every list of objects beside plain metadata."""
    if not isinstance(whole, dict):
        return {"": _keyed(whole)} if isinstance(whole, list) else {}
    if whole.get("type") == "FeatureCollection" and isinstance(whole.get("features"), list):
        return {"": whole["features"]}
    named, names = ([v for k in keys if isinstance(v := whole.get(k), list) and v] for keys in (_ENVELOPE, _HEADER))
    if named and names:
        return {"": _keyed([[n.get("name") if isinstance(n, dict) else n for n in names[0]], *named[0]])}
    if named:
        return {"": _keyed(named[0])}
    lists = {k: v for k, v in whole.items() if isinstance(v, list) and v and all(isinstance(r, dict) for r in v)}
    if any(isinstance(v, dict) for v in whole.values()):
        return {}
    return dict(zip([""], lists.values(), strict=True)) if len(lists) == 1 else lists


def _keyed(values: list[Any]) -> list[Any]:
    """Return objects for a list of lists whose first names the columns; anything else as it is, without such a first."""
    head, *rows = values or [None]
    if not isinstance(head, list) or not rows:
        return values
    if any(isinstance(r, dict) for r in rows):
        return rows
    if len(set(map(str, head))) < len(head) or not all(isinstance(h, str) and h.strip() for h in head):
        return values
    names = column_names(head)
    return [dict(zip(names, r, strict=False)) if isinstance(r, list) and len(r) <= len(names) else r for r in rows]


def _several(text: str, name: str, rejects: list[Rejected]) -> tuple[dict[str, list[dict[str, Any]]], str]:
    """Return the objects of a file that holds one a line, or one after the other over several lines."""
    for form, pieces in (("ndjson", _lines), ("json", _objects)):
        found: list[dict[str, Any]] = []
        rejects.clear()
        for number, piece, value in pieces(text):
            if isinstance(value, dict):
                found.append(value)
            else:
                rejects.append(Rejected(number, "no JSON object", piece[:10_000]))
        if len(found) > len(rejects):
            return {"": found}, form
    raise KitError(f"'{name}' is neither JSON nor one JSON object a line", "Export it again")


def _lines(text: str) -> Iterator[tuple[int, str, Any]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, line, json.loads(line)
            except (ValueError, RecursionError):
                yield number, line, None


def _objects(text: str) -> Iterator[tuple[int, str, Any]]:
    """Yield (line, text, value) of values that follow one another; after a damaged one, from the next line that opens one."""
    decoder, at, line = json.JSONDecoder(), len(text) - len(text.lstrip()), 1
    while at < len(text):
        value, opens = None, text.find("\n{", at + 1)
        end = opens if opens > 0 else len(text)
        with contextlib.suppress(ValueError, RecursionError):
            value, end = decoder.raw_decode(text, at)
        yield line, text[at:end], value
        blank = re.compile(r"[\s,\x1e]*").match(text, end)
        following = blank.end() if blank else end
        line += text.count("\n", at, following)
        at = following


class _Tables:
    """Rows of the main table and of its child tables, filled record by record."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, str]]] = {}
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
                evidence=["one row per object" + (f" of the list '{path}'" if path else "")],
            )
            yield grid, (f"parent_{self.keys[path]}", self.parents[path], self.keys[path]) if path in self.keys else None


def _leaves(record: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in record.items():
        name = f"{prefix}.{key}" if prefix else str(key)
        if isinstance(value, dict) and value and name.count(".") < _DEEP:
            yield from _leaves(value, name)
        else:
            yield name, value
