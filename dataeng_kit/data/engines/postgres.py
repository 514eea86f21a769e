"""PostgreSQL through psycopg: facts are computed in the server; read-only, cancellable."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from dataeng_kit.data.engines.base import BLOCK, Engine, canonical
from dataeng_kit.errors import KitError, MissingExtra, Stopped
from dataeng_kit.nouns import Column, DeclaredKey
from dataeng_kit.run import Run
from dataeng_kit.technologies.postgresql import PostgreSQL

_TABLES = """
SELECT CASE n.nspname WHEN 'public' THEN '' ELSE n.nspname END, c.relname, coalesce(obj_description(c.oid, 'pg_class'), '')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname NOT LIKE 'pg\\_%' AND has_schema_privilege(n.oid, 'USAGE')
  AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1, 2"""
_COLUMNS = """
SELECT a.attname, format_type(a.atttypid, a.atttypmod), coalesce(col_description(a.attrelid, a.attnum), '')
FROM pg_attribute a WHERE a.attrelid = {0}::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"""
_KEYS = """
SELECT c.contype::text, ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY k(n, i)
         JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.n ORDER BY k.i),
       coalesce(CASE n.nspname WHEN 'public' THEN f.relname ELSE n.nspname || '.' || f.relname END, ''),
       ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY k(n, i)
         JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.n ORDER BY k.i)
FROM pg_constraint c LEFT JOIN pg_class f ON f.oid = c.confrelid LEFT JOIN pg_namespace n ON n.oid = f.relnamespace
WHERE c.conrelid = {0}::regclass AND c.contype IN ('p', 'u', 'f') ORDER BY c.contype DESC, c.conname"""
_CHANGES = """
SELECT (n_tup_ins + n_tup_upd + n_tup_del)::text FROM pg_stat_all_tables
WHERE relid = {0}::regclass AND NOT EXISTS (SELECT 1 FROM pg_inherits WHERE inhparent = relid)"""


class Postgres(Engine):
    """One psycopg connection; *owned* connections are ours to close and are set read-only."""

    technology = PostgreSQL

    def __init__(self, connection: Any, owned: bool = True) -> None:
        self.connection, self.owned = connection, owned

    @classmethod
    def connect(cls, url: str) -> Postgres:
        """Return the engine of a URL; raises `KitError` in one sentence without the password."""
        try:
            import psycopg
        except ImportError as error:
            raise MissingExtra("psycopg", "postgres") from error
        parts = urlsplit(url)
        scheme = re.sub(r"^\w+(\+\w+)?://", "postgresql://", url)
        try:
            connection = psycopg.connect(
                scheme,
                autocommit=True,
                connect_timeout=10,
                application_name="dataeng_kit",
                options="-c default_transaction_read_only=on -c timezone=UTC",
            )
        except (psycopg.Error, ValueError) as error:
            reason = str(error).strip().splitlines()[-1].strip() if str(error).strip() else type(error).__name__
            reason = reason.replace(parts.password, "***") if parts.password else reason
            where = f"{parts.hostname or 'localhost'}:{parts.port or 5432}{parts.path}"
            raise KitError(
                f"PostgreSQL at {where} cannot be reached ({reason[:200]})", "Check host, port, database, user and password"
            ) from error
        return cls(connection)

    def run(self, sql: str, run: Run | None = None) -> list[tuple[Any, ...]]:
        """Return all rows of one statement; a cancelled one raises `Stopped`."""
        with self._asking(run), self.connection.cursor() as cursor:
            cursor.execute(self.technology.spelled(sql))
            return [tuple(r) for r in cursor.fetchall()] if cursor.description else []

    def stream(self, sql: str, run: Run | None = None) -> Iterator[list[tuple[Any, ...]]]:
        """Yield the rows in blocks through a cursor of the server."""
        with self._asking(run), self.connection.transaction(), self.connection.cursor("dataeng_kit") as cursor:
            cursor.execute(self.technology.spelled(sql))
            while block := cursor.fetchmany(BLOCK):
                yield [tuple(r) for r in block]

    @contextlib.contextmanager
    def _asking(self, run: Run | None) -> Iterator[None]:
        """Cancel on Stop, say refusals in one sentence, and leave a transaction of the user's usable after a refusal."""
        import psycopg

        kept = contextlib.nullcontext() if self.connection.autocommit else self.connection.transaction()
        try:
            with run.interruptible(self._cancel) if run else contextlib.nullcontext(), kept:
                yield
        except psycopg.errors.QueryCanceled as error:
            raise Stopped("running a query") from error
        except psycopg.Error as error:
            raise KitError(f"PostgreSQL refused a query: {(str(error).splitlines() or [type(error).__name__])[0]}") from error

    def _cancel(self) -> None:
        self.connection.cancel_safe(timeout=5)

    def _catalogue(self, sql: str, relation: str) -> list[tuple[Any, ...]]:
        return self.run(sql.replace("{0}", self.technology.literal(relation)))

    def columns(self, relation: str) -> tuple[Column, ...]:
        """Return the columns in order with the comments of the database."""
        return tuple(Column(n, canonical(t), t, "as declared", c) for n, t, c in self._catalogue(_COLUMNS, relation))

    def relations(self) -> list[tuple[str, str, str]]:
        """Return tables and views this user may read; the partitions of a partitioned table are not listed apart."""
        return [(str(s), str(t), str(c)) for s, t, c in self.run(_TABLES)]

    def declared(self, relation: str) -> tuple[DeclaredKey, ...]:
        """Return primary, unique and foreign keys."""
        kinds = {"p": "primary", "u": "unique", "f": "foreign"}
        return tuple(DeclaredKey(kinds[k], tuple(c), r, tuple(rc or ())) for k, c, r, rc in self._catalogue(_KEYS, relation))

    def changes(self, relation: str) -> str:
        """Return the server's counter of inserted, updated and deleted rows; nothing for views and partitioned tables."""
        return "".join(str(n) for (n,) in self._catalogue(_CHANGES, relation))

    def version(self) -> str:
        """Return the server's version, like ``15.20``."""
        return str(self.value("SHOW server_version")).split()[0]

    def close(self) -> None:
        """Close the connection if it is ours."""
        if self.owned:
            self.connection.close()
