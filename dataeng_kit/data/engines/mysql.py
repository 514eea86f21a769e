"""MySQL and MariaDB through PyMySQL: facts are computed in the server; read-only, cancellable."""

from __future__ import annotations

import contextlib
import datetime as dt
import decimal
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from dataeng_kit.data.engines.base import BLOCK, Engine, canonical, parts
from dataeng_kit.errors import KitError, MissingExtra, Stopped
from dataeng_kit.nouns import Column, DeclaredKey
from dataeng_kit.run import Run
from dataeng_kit.technologies.mysql import MySQL as Technology

_OWN = "table_schema = coalesce(database(), table_schema)"
_TABLES = f"""
SELECT CASE table_schema WHEN database() THEN '' ELSE table_schema END, table_name, CASE table_type WHEN 'VIEW' THEN ''
ELSE table_comment END FROM information_schema.tables WHERE table_type IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED')
AND table_schema NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys') AND {_OWN} ORDER BY 1, 2"""
_WHERE = "{0}table_schema = coalesce({1}, database()) AND {0}table_name = {2}"
_COLUMNS = "SELECT column_name, column_type, column_comment FROM information_schema.columns WHERE {0} ORDER BY ordinal_position"
_KEYS = """
SELECT c.constraint_type, k.constraint_name, k.column_name, k.referenced_table_name, k.referenced_column_name,
  CASE k.referenced_table_schema WHEN database() THEN '' ELSE k.referenced_table_schema END
FROM information_schema.table_constraints c JOIN information_schema.key_column_usage k ON k.table_schema = c.table_schema
  AND k.table_name = c.table_name AND k.constraint_name = c.constraint_name
WHERE {0} AND c.constraint_type IN ('PRIMARY KEY', 'UNIQUE', 'FOREIGN KEY')
ORDER BY c.constraint_type, k.constraint_name, k.ordinal_position"""
# MySQL 8 keeps table statistics for a day unless told otherwise; MariaDB reads that comment as one
_SESSION = (
    "SET SESSION time_zone = '+00:00', SESSION sql_mode = 'NO_ENGINE_SUBSTITUTION' "
    "/*!80000 , SESSION information_schema_stats_expiry = 0 */",
    "SET SESSION TRANSACTION READ ONLY",
)
_INTERRUPTED = (1317, 3024, 1969)


class MySQL(Engine):
    """One PyMySQL connection, used by one thread at a time; *owned* connections are ours to close and are set read-only."""

    technology = Technology

    def __init__(self, connection: Any, owned: bool = True) -> None:
        self.connection, self.owned, self._lock = connection, owned, threading.RLock()

    @classmethod
    def connect(cls, url: str) -> MySQL:
        """Return the engine of a URL; raises `KitError` in one sentence without the password."""
        try:
            import pymysql
        except ImportError as error:
            raise MissingExtra("PyMySQL", "mysql") from error
        at = urlsplit(url)
        where = f"{at.hostname or 'localhost'}:{at.port or 3306}{at.path}"
        try:
            connection = pymysql.connect(
                host=at.hostname or "localhost",
                port=at.port or 3306,
                user=unquote(at.username or ""),
                password=unquote(at.password or ""),
                database=unquote(at.path.strip("/")) or None,
                connect_timeout=10,
                charset="utf8mb4",
                autocommit=True,
            )
            with connection.cursor() as cursor:
                for statement in _SESSION:
                    cursor.execute(statement)
        except pymysql.Error as error:
            told = f"MySQL at {where} cannot be reached ({_reason(error)})"
            raise KitError(told, "Check host, port, database, user and password") from error
        return cls(connection)

    def run(self, sql: str, run: Run | None = None) -> list[tuple[Any, ...]]:
        """Return all rows of one statement; a cancelled one raises `Stopped`."""
        from pymysql.cursors import Cursor

        with self._asking(run), self.connection.cursor(Cursor) as cursor:
            cursor.execute(self.technology.spelled(sql))
            return [_row(r) for r in cursor.fetchall()]

    def stream(self, sql: str, run: Run | None = None) -> Iterator[list[tuple[Any, ...]]]:
        """Yield the rows in blocks as the server sends them."""
        from pymysql.cursors import SSCursor

        with self._asking(run), self.connection.cursor(SSCursor) as cursor:
            cursor.execute(self.technology.spelled(sql))
            while block := cursor.fetchmany(BLOCK):
                yield [_row(r) for r in block]

    @contextlib.contextmanager
    def _asking(self, run: Run | None) -> Iterator[None]:
        import pymysql

        try:
            with self._lock, run.interruptible(self._cancel) if run else contextlib.nullcontext():
                yield
                if run:
                    run.check("running a query")  # a killed query may end early without an error
        except pymysql.Error as error:
            if error.args and error.args[0] in _INTERRUPTED:
                raise Stopped("running a query") from error
            raise KitError(f"MySQL refused a query: {_reason(error)}") from error

    def _cancel(self) -> None:
        """Kill the running query through a second connection of the same user."""
        import pymysql

        own = self.connection
        with (
            contextlib.suppress(pymysql.Error),
            pymysql.connect(
                host=own.host, port=own.port, unix_socket=own.unix_socket, user=own.user, password=own.password, connect_timeout=5
            ) as second,
        ):
            second.cursor().execute(f"KILL QUERY {int(own.thread_id())}")

    def _where(self, relation: str, alias: str = "") -> str:
        *schema, table = parts(relation)
        literal = self.technology.literal
        return _WHERE.format(alias, literal(schema[0] if schema else None), literal(table))

    def columns(self, relation: str) -> tuple[Column, ...]:
        """Return the columns in order with their comments; ``tinyint(1)`` that holds only 0 and 1 is boolean."""
        found = [(str(n), str(t), str(c)) for n, t, c in self.run(_COLUMNS.format(self._where(relation)))]
        flags = [n for n, t, _ in found if t.startswith("tinyint(1)")]
        other = [f"max(CASE WHEN {self.quote(n)} NOT IN (0, 1) THEN 1 ELSE 0 END)" for n in flags]
        row = self.run(f"SELECT {', '.join(other)} FROM {relation}")[0] if flags else ()
        boolean = {n for n, more in zip(flags, row, strict=True) if not more}
        return tuple(Column(n, "boolean" if n in boolean else canonical(t), t, "as declared", c) for n, t, c in found)

    def relations(self) -> list[tuple[str, str, str]]:
        """Return tables and views this user may read: of the URL's database, or of all where it names none."""
        return [(str(s), str(t), str(c)) for s, t, c in self.run(_TABLES)]

    def declared(self, relation: str) -> tuple[DeclaredKey, ...]:
        """Return primary, unique and foreign keys."""
        kinds = {"PRIMARY KEY": "primary", "UNIQUE": "unique", "FOREIGN KEY": "foreign"}
        held: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
        for type, name, column, table, there, schema in self.run(_KEYS.format(self._where(relation, "c."))):
            target = f"{schema}.{table}" if schema else str(table or "")
            held.setdefault((str(type), str(name), target), []).append((str(column), str(there or "")))
        return tuple(
            DeclaredKey(kinds[type], tuple(c for c, _ in columns), target, tuple(r for _, r in columns if r))
            for (type, _, target), columns in held.items()
        )

    def changes(self, relation: str) -> str:
        """Return when the server last saw the table change; nothing since it started, and nothing for views."""
        time = self.value(f"SELECT update_time FROM information_schema.tables WHERE {self._where(relation)}")
        return str(time or "")

    def version(self) -> str:
        """Return the server's version, like ``8.0.41`` or ``10.11.18-MariaDB``."""
        return "-".join(str(self.value("SELECT version()")).split("-")[:2])

    def close(self) -> None:
        """Close the connection if it is ours."""
        if self.owned:
            self.connection.close()


def _row(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a row with sums of whole numbers as such, and times of day that the driver gives as durations."""
    return tuple(_CONVERT[type(v)](v) if type(v) in _CONVERT else v for v in row)


def _time(value: dt.timedelta) -> object:
    return (dt.datetime.min + value).time() if dt.timedelta() <= value < dt.timedelta(days=1) else value


def _whole(value: decimal.Decimal) -> object:
    return int(value) if value.as_tuple().exponent == 0 else value


_CONVERT: dict[type, Callable[[Any], object]] = {dt.timedelta: _time, decimal.Decimal: _whole}


def _reason(error: Exception) -> str:
    return str(error.args[1] if len(error.args) > 1 else error).split("(using password")[0].strip()[:160]
