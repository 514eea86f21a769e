"""Redis 7, as a store of keys and values in memory."""

from __future__ import annotations

from typing import ClassVar

from dataeng_kit.technologies.store import Store


class Redis(Store):
    """Key-value store; bytes beside the values are those of Redis 7.0's structures on 64 bits, held to MEMORY USAGE."""

    id = "redis"
    title = "Redis"
    family = "key_value"
    written = True
    types: ClassVar[dict[str, str]] = dict.fromkeys(
        ("integer", "number", "decimal", "date", "datetime", "time", "boolean", "text", "binary", "json"), "string"
    )
    limits: ClassVar[dict[str, float]] = {
        "key_bytes": 96,  # dictionary entry, its share of the table, key and value headers, expiry entry
        "field_bytes": 3,  # listpack entry of a field or value
        "member_bytes": 24,  # entry of a small sorted set with its score
        "event_bytes": 20,  # entry of a stream beside its values
        "ttl_seconds": 3600,
    }
    simpler = "a materialised view in {engine}, which answers from its own cache"
    packages = ("redis",)
    checked_by = (("ran", "store:redis_server"),)
