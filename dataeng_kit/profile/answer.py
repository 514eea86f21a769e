"""The `profile --json` document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dataeng_kit.nouns import ClaimResult, ColumnProfile, Finding, Profile, TableProfile
from dataeng_kit.nouns.base import Json, plain


def profile_answer(profile: Profile, findings: Sequence[Finding], claims: Sequence[ClaimResult]) -> dict[str, Json]:
    """Return the profile, findings and claims as one strict JSON object (no NaN)."""
    return {
        "tables": {t.name: _table(t) for t in profile.tables},
        "foreign_keys": [plain(k) for k in profile.foreign_keys],
        "refused": [plain(r) for r in profile.refused],
        "laws": [plain(law) for law in profile.laws],
        "findings": [plain(f) | {"message": f.condition, "evidence": f.evidence} for f in findings],
        "claims": [plain(c) for c in claims],
        "facts": {f.id: {"value": plain(f.value), "query": f.query, "method": f.method} for f in profile.facts},
        "engine": profile.engine,
        "measured_at": profile.measured_at,
    }


def _table(table: TableProfile) -> dict[str, Any]:
    body: dict[str, Any] = plain(table)
    del body["name"]
    return body | {"columns": {c.name: _column(c) for c in table.columns}}


def _column(column: ColumnProfile) -> dict[str, Any]:
    body: dict[str, Any] = plain(column)
    del body["name"], body["label"]
    label = column.label
    return body | {
        "semantic_type": label.name if label else None,
        "sensitive": label.name if label and label.sensitive else None,
        "label": plain(label) if label else None,
    }
