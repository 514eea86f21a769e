"""MongoDB 7, as a store of documents."""

from __future__ import annotations

from typing import ClassVar

from dataeng_kit.technologies.store import Store


class MongoDB(Store):
    """Document store; the limits are the manual's (one document) and its schema-design advice (embedded arrays)."""

    id = "mongodb"
    title = "MongoDB"
    family = "document"
    written = True
    types: ClassVar[dict[str, str]] = {
        "integer": "long", "number": "double", "decimal": "decimal", "date": "date", "datetime": "date", "time": "string",
        "boolean": "bool", "text": "string", "binary": "binData", "json": "string",
    }  # fmt: skip
    limits: ClassVar[dict[str, float]] = {"document_bytes": 16 * 2**20, "embedded_bytes": 2**20, "embedded_rows": 1_000}
    simpler = "tables in {engine}, and a view that nests the rows for readers of whole records"
    packages = ("mongomock", "jsonschema", "pymongo")
    checked_by = (("emulated", "store:emulators"),)
