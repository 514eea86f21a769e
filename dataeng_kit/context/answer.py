"""The Context as the JSON of ``dataeng-kit context --json``."""

from __future__ import annotations

from typing import Any

from dataeng_kit.nouns import Context
from dataeng_kit.nouns.context import KINDS, STATEMENTS


def context_answer(context: Context) -> dict[str, Any]:
    """Return the document that the shell prints: names with file, line and quote; figures with value and unit; files."""
    answer: dict[str, Any] = {}
    for kind in (*KINDS, "not_used"):
        answer[kind] = [
            {"name": m.name.replace("_", " "), "file": m.file, "line": m.line, "quote": m.quote} for m in getattr(context, kind)
        ]
    for kind in STATEMENTS:
        answer[kind] = [
            {"value": s.value, "unit": s.unit, "file": s.file, "line": s.line, "quote": s.quote} for s in getattr(context, kind)
        ]
    answer["files"] = [
        {"path": f.path, "status": f.status, "why": f.why, "imported_by": f.imported_by, "line": f.line} for f in context.files
    ]
    return answer
