"""Database files: SQLite is copied through sqlite3, DuckDB is attached read-only; declared keys come along."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from dataeng_kit.data.files import Task
from dataeng_kit.data.store import Loaded, Store
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import DeclaredKey, Reading
from dataeng_kit.run import Run

ORDER = 20
_SQLITE, _DUCKDB = b"SQLite format 3\x00", b"DUCK"
_BLOCK = 20_000


def accepts(head: bytes, name: str) -> bool:
    """Return whether the file is a SQLite or DuckDB database."""
    return head.startswith(_SQLITE) or head[8:12] == _DUCKDB


def read(task: Task) -> list[Loaded]:
    """Return every table of the database under its own name."""
    with task.path.open("rb") as f:
        if f.read(16) != _SQLITE:
            return attach(task.path, task.name, task.store, task.run)
    try:
        with contextlib.closing(sqlite3.connect(f"{task.path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            return copy_sqlite(connection, task.store, task.run)
    except sqlite3.Error as error:
        raise KitError(
            f"'{task.name}' is a damaged or locked SQLite database ({error})", "Copy it while nothing writes"
        ) from error


def copy_sqlite(connection: sqlite3.Connection, store: Store, run: Run) -> list[Loaded]:
    """Return copies of all tables of an open SQLite connection, typed by what their cells really hold."""
    quote = store.engine.quote
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    names = [
        str(n)
        for (n,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') "
            "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name"
        )
    ]
    loaded = []
    for name in names:
        info = connection.execute(f"PRAGMA table_info({quote(name)})").fetchall()
        columns = [str(c[1]) for c in info]
        run.check(f"reading {name}")
        rows = connection.execute(f"SELECT {', '.join(map(quote, columns))} FROM {quote(name)}")
        table = store.insert(columns, [_declared_type(str(c[2])) for c in info], _blocks(rows), run)
        loaded.append(replace(table, suffix=name, declared=_keys(connection, name, info), named_alone=True))
    return loaded


def _blocks(cursor: sqlite3.Cursor) -> Iterator[list[tuple[object, ...]]]:
    while block := cursor.fetchmany(_BLOCK):
        yield block


def _declared_type(native: str) -> str:
    """Return the canonical type of a declared SQLite type, by SQLite's own affinity rules and the usual date words."""
    name = native.upper()
    for words, type in (
        ("INT", "integer"),
        ("BOOL", "boolean"),
        ("TIMESTAMP|DATETIME", "datetime"),
        ("DATE", "date"),
        ("TIME", "time"),
        ("CHAR|CLOB|TEXT", "text"),
        ("BLOB", "binary"),
        ("REAL|FLOA|DOUB|NUM|DEC|MONEY", "number"),
    ):
        if re.search(words, name):
            return type
    return "text"


def _keys(connection: sqlite3.Connection, name: str, info: list[tuple[object, ...]]) -> tuple[DeclaredKey, ...]:
    quoted = '"' + name.replace('"', '""') + '"'
    primary = [str(c[1]) for c in sorted((c for c in info if c[5]), key=lambda c: int(str(c[5])))]
    keys = [DeclaredKey("primary", tuple(primary))] if primary else []
    for index in connection.execute(f"PRAGMA index_list({quoted})").fetchall():
        if index[2] and index[3] == "u":
            inside = '"' + str(index[1]).replace('"', '""') + '"'
            keys.append(DeclaredKey("unique", tuple(str(r[2]) for r in connection.execute(f"PRAGMA index_info({inside})"))))
    links: dict[int, list[tuple[str, str, str]]] = {}
    for row in connection.execute(f"PRAGMA foreign_key_list({quoted})").fetchall():
        links.setdefault(row[0], []).append((str(row[2]), str(row[3]), str(row[4] or "")))
    for parts in links.values():
        targets = tuple(p[2] for p in parts)
        keys.append(DeclaredKey("foreign", tuple(p[1] for p in parts), parts[0][0], targets if all(targets) else ()))
    return tuple(keys)


def attach(path: Path, name: str, store: Store, run: Run) -> list[Loaded]:
    """Return the tables of a DuckDB file where they lie; views are listed too."""
    alias = f"_db_{abs(hash(str(path.resolve()))):x}"
    engine = store.engine
    try:
        engine.run(f"ATTACH IF NOT EXISTS {store.literal(str(path))} AS {engine.quote(alias)} (READ_ONLY)", run)
    except KitError as error:
        raise KitError(
            f"'{name}' cannot be opened as a DuckDB database ({error.what.partition(': ')[2][:160]})",
            "Close the program that writes it",
        ) from error
    loaded = []
    for schema, table, comment in engine.tables_of(alias):
        relation = ".".join(engine.quote(p) for p in (alias, schema, table))
        label, keys = table if schema == "main" else f"{schema}.{table}", engine.declared(relation)
        found = store.counted(relation, Reading("duckdb"), run)
        loaded.append(replace(found, suffix=label, declared=keys, comment=comment, foreign=True, named_alone=True))
    return loaded
