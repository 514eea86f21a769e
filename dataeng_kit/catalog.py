"""The catalogue: every capability of the mission, and the committed evidence that it works."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from dataeng_kit.knowledge import capabilities


def catalog() -> dict[str, dict[str, Any]]:
    """Return capability id → wanted level, proven level, engine, version, recipe and ``here`` (checkable on this machine).

    ``level`` is None where no recipe has been proven yet; proofs are committed in ``knowledge/proofs.json``.
    """
    proofs = json.loads(files("dataeng_kit.knowledge").joinpath("proofs.json").read_text("utf-8"))
    rows = {}
    for id, wanted in capabilities().items():
        proof = proofs.get(id, {})
        rows[id] = {
            "wanted": wanted,
            "level": proof.get("level"),
            "engine": proof.get("engine"),
            "version": proof.get("version"),
            "recipe": proof.get("recipe"),
            "here": bool(proof),
        }
    return rows
