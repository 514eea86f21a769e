"""Apache Cassandra 5, as a store of wide columns."""

from __future__ import annotations

from typing import ClassVar

from dataeng_kit.technologies.store import Store


class Cassandra(Store):
    """Wide-column store; a partition stays below 100 MB and 100,000 rows (DataStax, data modelling guide)."""

    id = "cassandra"
    title = "Cassandra"
    family = "wide_column"
    language = "cql"
    written = True
    max_name = 48
    types: ClassVar[dict[str, str]] = {
        "integer": "bigint", "number": "double", "decimal": "decimal", "date": "date", "datetime": "timestamp", "time": "time",
        "boolean": "boolean", "text": "text", "binary": "blob", "json": "text",
    }  # fmt: skip
    limits: ClassVar[dict[str, float]] = {"partition_bytes": 100e6, "partition_rows": 100_000, "cell_bytes": 8}
    simpler = "one table in {engine} with an index per way of reading"
    packages = ("cqlsh",)
    checked_by = (("parsed", "store:cql"),)
