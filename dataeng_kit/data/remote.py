"""Places that are no files: database URLs, open connections and frames."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from dataeng_kit.data import fingerprint
from dataeng_kit.data.engines.base import Engine
from dataeng_kit.data.engines.dbapi import copy_connection, dialect_of
from dataeng_kit.data.files.databases import attach, copy_sqlite
from dataeng_kit.data.parts import Found
from dataeng_kit.data.store import Loaded, Store
from dataeng_kit.errors import KitError, unknown
from dataeng_kit.nouns import Reading
from dataeng_kit.run import Run

Tables = tuple[list[Found], list[Engine]]
_SCHEMES = ("postgresql", "postgres", "mysql", "mariadb", "sqlite", "duckdb", "file")


def shown(place: Any) -> str:
    """Return a place as text without a password."""
    if isinstance(place, str):
        return re.sub(r"(://[^:/@]*):[^@]*@", r"\1:***@", place)
    return str(place) if hasattr(place, "__fspath__") else type(place).__name__


def portable(place: Any) -> Any:
    """Return a place that any thread may read: SQLite ties a connection to its own thread.

    A database in a file is read from its file; one in memory, or with changes not yet committed, from a copy made here.
    """
    connection, dialect = place if isinstance(place, tuple) and len(place) == 2 else (place, "")
    if not isinstance(connection, sqlite3.Connection) or dialect not in ("", "sqlite"):
        return place
    file = next((str(f) for _, name, f in connection.execute("PRAGMA database_list") if name == "main"), "")
    if file and not connection.in_transaction:
        return file
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    copy.deserialize(connection.serialize())  # a backup would wait for the open transaction for ever
    return copy


def foreign(place: Any, store: Store, run: Run) -> Tables | None:
    """Return the tables and engines of a URL, connection, frame or name → frame; None for a path."""
    if isinstance(place, str) and re.match(r"[a-z0-9+]{2,}://", place):
        return _url(place, store, run)
    if isinstance(place, str) or hasattr(place, "__fspath__"):
        return None
    dialect = ""
    if isinstance(place, tuple) and len(place) == 2 and isinstance(place[1], str):
        place, dialect = place
    frames = dict(place) if isinstance(place, Mapping) else {"frame": place}
    if any(_library(f) == "pyspark" for f in frames.values()):
        return _spark(frames, dialect, run)
    if isinstance(place, Mapping) or _library(place) in ("pandas", "polars", "pyarrow"):
        return [t for name, frame in frames.items() for t in _frame(frame, str(name), store, run)], []
    if hasattr(place, "cursor"):
        return _connection(place, dialect, store, run)
    raise KitError(
        f"A {type(place).__name__} is no data",
        "Give a path, a database URL, a pandas, polars or Spark frame, or an open connection",
    )


def _library(value: Any) -> str:
    return type(value).__module__.partition(".")[0]


def _url(url: str, store: Store, run: Run) -> Tables:
    scheme = urlsplit(url).scheme.partition("+")[0]
    if scheme not in _SCHEMES:
        raise unknown("kind of database", scheme, _SCHEMES)
    place = shown(url)
    if scheme in ("postgresql", "postgres"):
        from dataeng_kit.data.engines.postgres import Postgres

        return _live(Postgres.connect(url), place, run)
    if scheme in ("mysql", "mariadb"):
        from dataeng_kit.data.engines.mysql import MySQL

        return _live(MySQL.connect(url), place, run)
    path = Path(unquote(url.partition("://")[2].removeprefix("/") if url.count("/") == 3 else url.partition("://")[2][1:]))
    if not path.is_file():
        raise KitError(f"'{path}' does not exist", f"Write {scheme}:///folder/file, with four slashes for an absolute path")
    if scheme == "duckdb":
        return _copied(attach(path, path.name, store, run), place), []
    from dataeng_kit.data.files import read_file

    return _copied(read_file(path, store, {}, run), place), []


def _connection(connection: Any, named: str, store: Store, run: Run) -> Tables:
    """Return the tables of an open connection: measured there where the kit knows the driver, else copied."""
    library, dialect = _library(connection).lstrip("_"), dialect_of(connection, named)
    if library == "psycopg" and dialect in ("postgresql", "postgres", "redshift"):
        from dataeng_kit.data.engines.postgres import Postgres

        return _live(Postgres(connection, owned=False), "connection", run)
    if library == "pymysql" and dialect in ("mysql", "mariadb"):
        from dataeng_kit.data.engines.mysql import MySQL

        return _live(MySQL(connection, owned=False), "connection", run)
    if library == "duckdb":
        from dataeng_kit.data.engines.embedded import Embedded

        return _live(Embedded.around(connection), "connection", run)
    if library == "sqlite3":
        return _copied(copy_sqlite(connection, store, run), "connection"), []
    return _copied(copy_connection(connection, dialect, store, run), "connection"), []


def _spark(frames: Mapping[Any, Any], place: str, run: Run) -> Tables:
    """Return the tables of a SparkSession, of one table or folder it reads (*place*), or its DataFrames by name."""
    from dataeng_kit.data.engines.spark import Spark

    first = next(iter(frames.values()))
    engine = Spark(getattr(first, "sparkSession", first))
    for name, frame in frames.items():
        if hasattr(frame, "sparkSession"):
            engine.view(frame, str(name))
    if place:
        engine.read(place)
    return _live(engine, f"Spark {place}".strip(), run)


def _live(engine: Engine, place: str, run: Run) -> Tables:
    """Return the tables of an engine that answers where the data lies."""
    found = []
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    for schema, table, comment in engine.relations():
        run.step(f"looking at {table}")
        relation = ".".join(engine.quote(p) for p in (schema, table) if p)
        columns, declared = engine.columns(relation), engine.declared(relation)
        rows = int(engine.value(f"SELECT count(*) FROM {relation}", run))
        reading = Reading(
            engine.technology.id, evidence=(f"lies in {engine.technology.title} {engine.version()}",), records=rows, rows=rows
        )
        loaded = Loaded(
            f"{schema}.{table}" if schema else engine.called(table),
            relation,
            columns,
            reading,
            declared,
            comment,
            named_alone=True,
            foreign=True,
        )
        changes = engine.changes(relation)
        # without a counter of changes nobody can say 'fresh': such a print holds its own time
        kind = "database" if changes else f"database as of {now}"
        print_ = fingerprint.of_text(kind, repr((columns, declared, rows, changes)))
        found.append(Found(PurePosixPath(table), loaded, place, engine.technology.id, print_, engine))
    if not found:
        engine.close()
        raise KitError(f"{place} holds no table that this user may read", "Check the database's name and the user's rights")
    return found, [engine]


def _copied(tables: list[Loaded], place: str) -> list[Found]:
    if not tables:
        raise KitError(f"{place} holds no table that this user may read", "Check the database's name and the user's rights")
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    return [
        Found(
            PurePosixPath(t.suffix or place),
            t,
            place,
            "database",
            fingerprint.of_text(f"copy as of {now}", repr((t.columns, t.reading.rows))),
        )
        for t in tables
    ]


def _frame(frame: Any, name: str, store: Store, run: Run) -> list[Found]:
    library = _library(frame)
    reading = Reading(library, evidence=(f"types as the {library} frame holds them",))
    make: dict[str, Callable[[], Loaded]] = {
        "pandas": lambda: _pandas(frame, store, reading, run),
        "polars": lambda: _polars(frame, store, reading, run),
        "pyarrow": lambda: store.counted(store.register(frame, run), reading, run),
    }
    if library not in make:
        raise KitError(f"'{name}' is a {type(frame).__name__}, no frame", "Give pandas, polars or pyarrow tables")
    loaded = make[library]()
    digest = store.engine.run(f"SELECT count(*), sum(hash(t)::HUGEINT) FROM {loaded.relation} t", run)
    return [
        Found(
            PurePosixPath(name),
            loaded,
            f"{library} frame",
            "frames",
            fingerprint.of_text("frame", repr((loaded.columns, digest))),
        )
    ]


def _pandas(frame: Any, store: Store, reading: Reading, run: Run) -> Loaded:
    from dataeng_kit.data.naming import columns

    if not hasattr(frame, "columns"):
        frame = frame.to_frame()
    if any(n is not None for n in frame.index.names):
        frame = frame.reset_index()
    frame = frame.set_axis(columns(" ".join(map(str, c)) if isinstance(c, tuple) else str(c) for c in frame.columns), axis=1)
    try:
        return store.counted(store.register(frame, run), reading, run)
    except KitError:
        mixed = frame.select_dtypes("object").columns
        frame = frame.astype({c: "string" for c in mixed})
        loaded = store.counted(store.register(frame.astype({c: object for c in mixed}), run), reading, run)
        return loaded.noted([f"{len(mixed):,} columns of mixed Python objects were read as text"])


def _polars(frame: Any, store: Store, reading: Reading, run: Run) -> Loaded:
    copy = store.scratch / f"{store.number()}.parquet"
    (frame.collect() if hasattr(frame, "collect") else frame).write_parquet(copy)
    return store.parquet(copy, reading, run)
