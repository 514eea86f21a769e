"""Any DB-API connection: its tables are copied into the embedded engine, with the keys that its catalogue declares."""

from __future__ import annotations

from typing import Any

from dataeng_kit.data.engines.base import BLOCK, canonical
from dataeng_kit.data.store import Loaded, Store
from dataeng_kit.errors import KitError, unknown
from dataeng_kit.nouns import DeclaredKey
from dataeng_kit.run import Run
from dataeng_kit.technologies.base import Technology
from dataeng_kit.technologies.mysql import MySQL

_MOST_ROWS = 50_000_000
_SYSTEM = "'information_schema', 'pg_catalog', 'mysql', 'performance_schema', 'sys', 'INFORMATION_SCHEMA'"
_BACKTICKS = frozenset({"mysql", "mariadb", "bigquery", "databricks", "spark", "hive"})
DIALECTS = _BACKTICKS | frozenset(
    "postgresql postgres redshift snowflake sqlite duckdb sqlserver trino presto clickhouse vertica cockroachdb".split()
)
"""What ``dialect=`` may say; each has information_schema, or is read through its own library."""
LIBRARIES = {
    "psycopg": "postgresql",
    "psycopg2": "postgresql",
    "pg8000": "postgresql",
    "pymysql": "mysql",
    "MySQLdb": "mysql",
    "mysql": "mysql",
    "mariadb": "mysql",
    "sqlite3": "sqlite",
    "duckdb": "duckdb",
    "snowflake": "snowflake",
    "redshift_connector": "redshift",
    "databricks": "databricks",
    "pymssql": "sqlserver",
    "trino": "trino",
    "clickhouse_connect": "clickhouse",
}
"""The dialect that a driver's library speaks."""


def dialect_of(connection: Any, named: str = "") -> str:
    """Return the dialect of an open connection; raises `KitError` with the nearest name, or asks for one."""
    library = type(connection).__module__.partition(".")[0].lstrip("_")
    if named and named.lower() not in DIALECTS:
        raise unknown("dialect", named, DIALECTS)
    if not named and library not in LIBRARIES:
        raise KitError(f"What a {library} connection speaks is not known", 'Say it: dk.open(connection, dialect="postgresql")')
    return named.lower() or LIBRARIES[library]


def copy_connection(connection: Any, dialect: str, store: Store, run: Run) -> list[Loaded]:
    """Return copies of all tables that the connection's catalogue lists; raises `KitError` when it has no catalogue."""
    own = " AND table_schema = database()" if dialect in ("mysql", "mariadb") else ""
    try:
        tables = _all(
            connection,
            "SELECT table_schema, table_name FROM information_schema.tables "
            f"WHERE table_schema NOT IN ({_SYSTEM}){own} ORDER BY 1, 2",
        )
    except Exception as error:  # every driver raises its own classes
        raise KitError(
            f"The {dialect} connection lists no tables ({type(error).__name__}: {str(error)[:120]})",
            "Its catalogue must hold information_schema; else give frames or files",
        ) from error
    default = tables[0][0] if len({s for s, _ in tables}) == 1 else "public"
    return [_copy(connection, str(schema), str(table), schema == default, dialect, store, run) for schema, table in tables]


def _all(connection: Any, sql: str) -> list[tuple[Any, ...]]:
    cursor = connection.cursor()
    try:
        cursor.execute(sql)
        return [tuple(r) for r in cursor.fetchall()]
    finally:
        cursor.close()


def _copy(connection: Any, schema: str, table: str, plain: bool, dialect: str, store: Store, run: Run) -> Loaded:
    where = f"table_schema = {Technology.literal(schema)} AND table_name = {Technology.literal(table)}"
    columns = _all(
        connection, f"SELECT column_name, data_type FROM information_schema.columns WHERE {where} ORDER BY ordinal_position"
    )
    names, quote = [str(n) for n, _ in columns], (MySQL if dialect in _BACKTICKS else Technology).quote
    cursor = connection.cursor()
    try:
        cursor.execute(f"SELECT {', '.join(map(quote, names))} FROM {quote(schema)}.{quote(table)}")
        loaded = store.insert(names, [canonical(str(t)) for _, t in columns], _blocks(cursor, table, run), run)
    finally:
        cursor.close()
    return Loaded(
        table if plain else f"{schema}.{table}",
        loaded.relation,
        loaded.columns,
        loaded.reading,
        _keys(connection, where, dialect),
        named_alone=True,
    )


def _blocks(cursor: Any, table: str, run: Run) -> Any:
    done = 0
    while block := cursor.fetchmany(BLOCK):
        done += len(block)
        run.step(f"copying {table}", done)
        if done > _MOST_ROWS:
            raise KitError(f"'{table}' has more than {_MOST_ROWS:,} rows", "Export it as Parquet and open that")
        yield block


def _keys(connection: Any, where: str, dialect: str) -> tuple[DeclaredKey, ...]:
    kinds = {"PRIMARY KEY": "primary", "UNIQUE": "unique"}
    condition = where.replace("table_", "k.table_")
    rows = _all(
        connection,
        "SELECT c.constraint_type, k.constraint_name, k.column_name FROM information_schema.key_column_usage k "
        "JOIN information_schema.table_constraints c ON c.constraint_name = k.constraint_name "
        "AND c.table_schema = k.table_schema "
        f"AND c.table_name = k.table_name WHERE {condition} ORDER BY 2, k.ordinal_position",
    )
    held: dict[tuple[str, str], list[str]] = {}
    for type, name, column in rows:
        held.setdefault((str(type), str(name)), []).append(str(column))
    keys = [DeclaredKey(kinds[type], tuple(cols)) for (type, _), cols in held.items() if type in kinds]
    return (*keys, *_foreign(connection, condition, dialect, {n: c for (t, n), c in held.items() if t == "FOREIGN KEY"}))


def _foreign(connection: Any, condition: str, dialect: str, held: dict[str, list[str]]) -> list[DeclaredKey]:
    if not held:
        return []
    targets: dict[str, list[tuple[str, str]]] = {}
    query = (
        "SELECT k.constraint_name, u.table_name, u.column_name FROM information_schema.key_column_usage k "
        "JOIN information_schema.referential_constraints r ON r.constraint_name = k.constraint_name "
        "AND r.constraint_schema = k.constraint_schema "
        "JOIN information_schema.key_column_usage u ON u.constraint_name = r.unique_constraint_name "
        "AND u.constraint_schema = r.unique_constraint_schema AND u.ordinal_position = k.position_in_unique_constraint "
        f"WHERE {condition}"
    )
    if dialect in ("mysql", "mariadb"):  # where every primary key is called PRIMARY, the target stands beside the column
        query = (
            "SELECT k.constraint_name, k.referenced_table_name, k.referenced_column_name "
            f"FROM information_schema.key_column_usage k WHERE {condition} AND k.referenced_table_name IS NOT NULL"
        )
    for name, table, column in _all(connection, f"{query} ORDER BY 1, k.ordinal_position"):
        targets.setdefault(str(name), []).append((str(table), str(column)))
    return [
        DeclaredKey("foreign", tuple(columns), targets[name][0][0], tuple(c for _, c in targets[name]))
        for name, columns in held.items()
        if name in targets
    ]
