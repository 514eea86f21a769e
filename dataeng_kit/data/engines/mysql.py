"""MySQL and MariaDB through PyMySQL: a read-only connection whose tables are copied."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from dataeng_kit.errors import KitError, MissingExtra


def connect(url: str) -> Any:
    """Return an open, read-only connection that streams its rows; raises `KitError` without the password."""
    try:
        import pymysql
        import pymysql.cursors
    except ImportError as error:
        raise MissingExtra("PyMySQL", "mysql") from error
    parts = urlsplit(url)
    where = f"{parts.hostname or 'localhost'}:{parts.port or 3306}{parts.path}"
    try:
        connection = pymysql.connect(
            host=parts.hostname or "localhost",
            port=parts.port or 3306,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            database=unquote(parts.path.strip("/")) or None,
            connect_timeout=10,
            charset="utf8mb4",
            cursorclass=pymysql.cursors.SSCursor,
        )
        with connection.cursor() as cursor:
            cursor.execute("SET SESSION TRANSACTION READ ONLY")
    except pymysql.Error as error:
        raise KitError(
            f"MySQL at {where} cannot be reached ({_reason(error)})", "Check host, port, database, user and password"
        ) from error
    return connection


def _reason(error: Exception) -> str:
    return str(error.args[1] if len(error.args) > 1 else error).split("(using password")[0].strip()[:160]
