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
        "key_bytes": 80,  # dictionary entry, key and value headers, a key of usual length
        "field_bytes": 2,  # head and tail of a value in a listpack, the compact form
        "score_bytes": 10,
        "compact": 128,  # members up to which a sorted set is a listpack
        "compact_value": 64,  # bytes of a value up to which a hash is one
        "large_bytes": 100,  # per member or field beyond: skip list or table entry with its pointers
        "event_bytes": 20,  # entry of a stream beside its values
        "ttl_seconds": 3600,
    }
    simpler = "a materialised view in {engine}, which answers from its own cache"
    packages = ("redis",)
    checked_by = (("ran", "store:redis_server"),)
