"""Apache Kafka with Avro, as a log of events."""

from __future__ import annotations

from typing import ClassVar

from dataeng_kit.technologies.store import Store


class Kafka(Store):
    """Log of events in partitions; types are Avro's. One partition carries 10 MB/s with ease (Confluent, sizing guide)."""

    id = "kafka"
    title = "Kafka"
    family = "stream"
    written = True
    types: ClassVar[dict[str, str]] = {
        "integer": "long", "number": "double", "decimal": "string", "date": "int:date", "datetime": "long:timestamp-micros",
        "time": "string", "boolean": "boolean", "text": "string", "binary": "bytes", "json": "string",
    }  # fmt: skip
    limits: ClassVar[dict[str, float]] = {
        "partition_bytes_a_second": 10e6, "peak": 10, "hot": 2, "partitions": 3, "retention_days": 7, "replicas": 3,
    }  # fmt: skip
    simpler = "a load of {engine} every few minutes, which reads what is new"
    packages = ("confluent-kafka", "fastavro")
    checked_by = (("emulated", "store:emulators"),)
