"""Elasticsearch 8 and 9, as a store that searches text."""

from __future__ import annotations

from typing import ClassVar

from dataeng_kit.technologies.store import Store


class Elasticsearch(Store):
    """Search engine; a shard holds 10 to 50 GB (Elastic, size your shards)."""

    id = "elasticsearch"
    title = "Elasticsearch"
    family = "search"
    language = "console"
    written = True
    types: ClassVar[dict[str, str]] = {
        "integer": "long", "number": "double", "decimal": "scaled_float", "date": "date", "datetime": "date", "time": "keyword",
        "boolean": "boolean", "text": "keyword", "binary": "binary", "json": "flattened",
    }  # fmt: skip
    limits: ClassVar[dict[str, float]] = {"shard_bytes": 50e9, "keyword_length": 256, "facet": 50, "names": 20, "prose_words": 3}
    simpler = "{engine}'s own text index (tsvector, trigrams) or LIKE"
    packages = ("jsonschema",)
    checked_by = (("parsed", "store:elastic"),)
    analysers: ClassVar[dict[str, str]] = {
        "english": "the and of to in is for with this that not was are",
        "german": "der die das und ist nicht mit von ein eine auf für den",
        "french": "le la les et des est pas une pour dans que avec du",
        "spanish": "el los las y que una por con para del es no se",
        "italian": "il lo gli e che non una per con della di sono è",
        "portuguese": "o os as e que não uma por com para do da em",
        "dutch": "de het een en van niet met voor dat op is zijn ook",
    }
    """Analyser by language → words by which a text in that language is known."""
