"""Databases without a class of their own, and the SQL grammar their nearest relative's code is translated to."""

from __future__ import annotations

RELATIVES = {
    "snowflake": "snowflake",
    "bigquery": "bigquery",
    "databricks": "databricks",
    "redshift": "redshift",
    "mysql": "mysql",
    "mariadb": "mysql",
    "sqlserver": "tsql",
    "oracle": "oracle",
}
"""Vocabulary id → dialect of sqlglot and sqlfluff; what is written through them is at most 'parsed'."""
