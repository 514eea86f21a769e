"""The catalogue: every capability of the mission, and the committed evidence that it works."""

from __future__ import annotations

import json
import shutil
from importlib.resources import files
from importlib.util import find_spec
from typing import Any

from dataeng_kit.knowledge import capabilities


def catalog() -> dict[str, dict[str, Any]]:
    """Return capability id → wanted level, proven level, engine, version, recipe, proof and ``here``.

    ``level`` is None where nothing has been proven yet; proofs are committed in ``knowledge/proofs.json``, which
    ``make evidence`` writes. ``here``: this machine has the engine that the proof ran on, so it can run it again.
    """
    proofs = json.loads(files("dataeng_kit.knowledge").joinpath("proofs.json").read_text("utf-8"))
    here = {engine: _here(engine) for engine in {p["engine"] for p in proofs.values()}}
    rows = {}
    for id, wanted in capabilities().items():
        proof = proofs.get(id, {})
        own = {part: proof.get(part) for part in ("level", "engine", "version", "recipe", "proof")}
        rows[id] = {"wanted": wanted, **own, "here": here.get(proof.get("engine"), False)}
    return rows


def _here(engine: str) -> bool:
    if engine == "postgresql":
        from dataeng_kit.checks.cluster import binaries

        return binaries() is not None and find_spec("psycopg") is not None
    if engine == "pyspark":
        return find_spec("pyspark") is not None and shutil.which("java") is not None
    if engine == "mariadb":
        return find_spec("pymysql") is not None and shutil.which("mariadbd") is not None
    if engine == "redis":
        return find_spec("redis") is not None and shutil.which("redis-server") is not None
    modules = {"mongomock": "mongomock", "confluent-kafka": "confluent_kafka", "cqlsh": "cqlshlib", "jsonschema": "jsonschema"}
    if engine in modules:
        return find_spec(modules[engine]) is not None
    return engine in ("duckdb", "python")
