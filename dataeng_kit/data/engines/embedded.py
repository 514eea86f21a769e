"""The embedded DuckDB: bounded memory, spills to a scratch folder, one cursor per query so that threads can share it."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from typing import Any

from dataeng_kit.data.engines.base import BLOCK, Engine, canonical, parts
from dataeng_kit.errors import KitError, Stopped
from dataeng_kit.nouns import Column, DeclaredKey
from dataeng_kit.run import Run
from dataeng_kit.technologies.duckdb import DuckDB


class Embedded(Engine):
    """DuckDB in this process; *path* opens a database file read-only, otherwise tables live in a scratch file."""

    technology = DuckDB

    def __init__(self, path: str = "", memory: str = "700MB") -> None:
        import duckdb

        self.path = path
        self.scratch = tempfile.mkdtemp(prefix="dataeng_kit-")
        try:
            self.connection = duckdb.connect(path or ":memory:", read_only=bool(path))
        except duckdb.Error as error:
            shutil.rmtree(self.scratch, ignore_errors=True)
            raise KitError(f"'{path}' is no DuckDB database: {str(error).splitlines()[0]}") from error
        self.connection.execute(f"SET memory_limit={DuckDB.literal(memory)}")
        self.connection.execute(f"SET temp_directory={DuckDB.literal(self.scratch)}")
        self.connection.execute("SET TimeZone='UTC'")  # a moment is told alike on every machine
        self.connection.execute("SET preserve_insertion_order=true")
        self.connection.execute("SET enable_progress_bar=false")

    @classmethod
    def around(cls, connection: Any) -> Embedded:
        """Return an engine over somebody's open DuckDB connection, which stays theirs and keeps its settings."""
        engine = cls.__new__(cls)
        engine.path, engine.scratch, engine.connection = "", tempfile.mkdtemp(prefix="dataeng_kit-"), connection.cursor()
        return engine

    def register(self, frame: Any, relation: str, run: Run | None = None) -> None:
        """Copy an in-memory frame into a table; raises `KitError` when its objects have no common type."""
        import duckdb

        cursor = self.connection.cursor()
        try:
            cursor.register("_frame", frame)
            with run.interruptible(cursor.interrupt) if run else contextlib.nullcontext():
                cursor.execute(f"CREATE OR REPLACE TABLE {relation} AS SELECT * FROM _frame").fetchall()
            cursor.unregister("_frame")
        except duckdb.InterruptException as error:
            raise Stopped("reading a frame") from error
        except duckdb.Error as error:
            raise KitError(f"The frame cannot be read: {str(error).splitlines()[0]}") from error
        finally:
            cursor.close()

    def run(self, sql: str, run: Run | None = None) -> list[tuple[Any, ...]]:
        """Return all rows; an interrupted query raises `Stopped`."""
        return [row for block in self.stream(sql, run) for row in block]

    def stream(self, sql: str, run: Run | None = None) -> Iterator[list[tuple[Any, ...]]]:
        """Yield the rows in blocks; an interrupted query raises `Stopped`."""
        import duckdb

        cursor = self.connection.cursor()
        try:
            with run.interruptible(cursor.interrupt) if run else contextlib.nullcontext():
                cursor.execute(sql)
                while block := cursor.fetchmany(BLOCK):
                    yield block
        except duckdb.InterruptException as error:
            raise Stopped("running a query") from error
        except duckdb.Error as error:
            raise KitError(f"DuckDB refused a query: {str(error).splitlines()[0]}") from error
        finally:
            cursor.close()

    def columns(self, relation: str) -> tuple[Column, ...]:
        """Return the columns in order."""
        return tuple(Column(str(n), canonical(str(t)), str(t)) for n, t, *_ in self.run(f"DESCRIBE {relation}"))

    def relations(self) -> list[tuple[str, str, str]]:
        """Return every table and view of the opened database."""
        rows = self.run(
            "SELECT schema_name, table_name, coalesce(comment, '') FROM duckdb_tables() WHERE NOT internal AND NOT temporary "
            "AND database_name = current_database() ORDER BY 1, 2"
        )
        return [("" if s == "main" else s, t, c) for s, t, c in rows]

    def tables_of(self, database: str) -> list[tuple[str, str, str]]:
        """Return (schema, table, comment) of every table and view of one attached database."""
        of = f"database_name = {DuckDB.literal(database)} AND NOT internal"
        return [
            (str(s), str(t), str(c))
            for s, t, c in self.run(
                f"SELECT schema_name, table_name, coalesce(comment, '') FROM duckdb_tables() WHERE {of} "
                f"UNION ALL SELECT schema_name, view_name, coalesce(comment, '') FROM duckdb_views() WHERE {of} ORDER BY 1, 2"
            )
        ]

    def declared(self, relation: str) -> tuple[DeclaredKey, ...]:
        """Return declared primary, unique and foreign keys of ``"schema"."table"``, the database's name before it or not."""
        names = parts(relation)
        schema, table = (names[-2], names[-1]) if len(names) > 1 else ("main", names[-1])
        database = f" AND database_name = {DuckDB.literal(names[0])}" if len(names) == 3 else ""
        rows = self.run(
            "SELECT constraint_type, constraint_column_names, referenced_table, referenced_column_names "
            "FROM duckdb_constraints() "
            f"WHERE table_name = {DuckDB.literal(table)} AND schema_name = {DuckDB.literal(schema)}{database}"
        )
        kinds = {"PRIMARY KEY": "primary", "UNIQUE": "unique", "FOREIGN KEY": "foreign"}
        return tuple(DeclaredKey(kinds[k], tuple(c), r or "", tuple(rc or ())) for k, c, r, rc in rows if k in kinds)

    def version(self) -> str:
        """Return the library's version."""
        return str(self.value("SELECT library_version FROM pragma_version()")).lstrip("v")

    def close(self) -> None:
        """Close the connection and remove the scratch folder."""
        self.connection.close()
        shutil.rmtree(self.scratch, ignore_errors=True)
