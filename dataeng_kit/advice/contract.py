"""A data contract of the case in ODCS 3.2: what is delivered, its grain, keys, references, quality, levels; no value."""

from __future__ import annotations

import hashlib
from typing import Any

from dataeng_kit.advice.dbt.names import plain
from dataeng_kit.advice.dbt.yaml import yaml
from dataeng_kit.advice.kpis import owner
from dataeng_kit.advice.measures import minutes, stated_rate
from dataeng_kit.design.reading import key_of
from dataeng_kit.nouns import ColumnProfile, Evidence, TableProfile
from dataeng_kit.nouns.references import write

LOGICAL = {
    "integer": "integer", "number": "number", "decimal": "number", "date": "date", "datetime": "timestamp", "time": "time",
    "boolean": "boolean",
}  # fmt: skip
"""Canonical type → ODCS logical type; the rest is string."""


def contract(evidence: Evidence) -> str:
    """Return the contract as YAML; classification of every column is filled, examples never are."""
    context = evidence.context
    purposes = "; ".join(str(p.value) for p in context.purposes) or "not stated in CLAUDE.md"
    heavy = [f for f in evidence.findings if f.severity in ("critical", "high")]
    # a finding's words may quote a value; its rule, place and counts do not
    limits = [
        f"{f.rule.replace('_', ' ')} in {write(*filter(None, (f.table, f.column)))}: {f.failing:,} of {f.of:,} rows"
        for f in heavy
        if f.table
    ]
    document: dict[str, Any] = {
        "apiVersion": "v3.2.0",
        "kind": "DataContract",
        "id": hashlib.sha256(evidence.name.encode()).hexdigest()[:32],
        "name": evidence.name,
        "version": "1.0.0",
        "status": "draft",
        **({"domain": context.domains[0].name} if context.domains else {}),
        "description": {"purpose": purposes, "limitations": "; ".join(limits[:8]) or "none found that is critical or high"},
        "schema": [_table(evidence, t) for t in evidence.profile.tables if t.columns],
        "slaProperties": _levels(evidence),
    }
    if members := [
        {"username": plain(str(o.value)), "name": str(o.value), "description": o.quote.strip()} for o in context.owners
    ]:
        document["team"] = {"name": f"owners of {evidence.name}", "members": members}
    return yaml(document)


def _table(evidence: Evidence, t: TableProfile) -> dict[str, Any]:
    key = key_of(t)
    found: dict[str, Any] = {
        "name": t.name,
        "physicalName": t.name,
        "logicalType": "object",
        "physicalType": "table",
        "dataGranularityDescription": t.grain or f"one row of {t.name} as delivered",
        "properties": [_column(evidence, t, c, key) for c in t.columns],
        "quality": _quality(t, key),
    }
    references = [k for k in evidence.profile.foreign_keys if k.table == t.name]
    if references:
        found["relationships"] = [
            {
                "type": "foreignKey",
                "from": _ends(k.table, k.columns),
                "to": _ends(k.ref_table, k.ref_columns),
                "customProperties": [{"property": "knownOrphans", "value": k.orphans}],
            }
            for k in references
        ]
    who, line = owner(evidence, t.name)
    return {**found, "description": f"Owner: {who} ({line})"} if who else found


def _ends(table: str, columns: tuple[str, ...]) -> str | list[str]:
    """One end of a reference as ODCS writes it; a dot inside a name would split it and becomes an underscore."""
    ends = [f"{table.replace('.', '_')}.{c.replace('.', '_')}" for c in columns]
    return ends[0] if len(ends) == 1 else ends


def _column(evidence: Evidence, t: TableProfile, c: ColumnProfile, key: tuple[str, ...]) -> dict[str, Any]:
    sensitive = bool(c.label and c.label.sensitive)
    used = {x for k in evidence.profile.foreign_keys if k.table == t.name for x in k.columns}
    found: dict[str, Any] = {
        "name": c.name,
        "physicalType": c.native or c.type,
        "logicalType": LOGICAL.get(c.type, "string"),
        "required": bool(c.name in key or (c.rows and not c.nulls)),
        "unique": key == (c.name,),
        "classification": "restricted" if sensitive else "internal",
        "criticalDataElement": c.name in key or c.name in used,
        "description": f"{c.nulls:,} of {c.rows:,} rows are empty",
    }
    if c.label:
        found["tags"] = [c.label.name]
    if c.name in key:
        found |= {"primaryKey": True, "primaryKeyPosition": key.index(c.name) + 1}
    return found


def _quality(t: TableProfile, key: tuple[str, ...]) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = [
        {
            "name": "table is not empty",
            "type": "library",
            "metric": "rowCount",
            "mustBeGreaterThan": 0,
            "dimension": "completeness",
        }
    ]
    if key:
        known = next((k.repeats for k in t.almost_keys if k.columns == key), 0)
        rules.append({
            "name": f"({', '.join(key)}) identifies a row", "type": "library", "metric": "duplicateValues",
            "arguments": {"properties": list(key)}, "mustBeLessOrEqualTo": known, "unit": "rows", "dimension": "uniqueness",
        })  # fmt: skip
    return rules


def _levels(evidence: Evidence) -> list[dict[str, Any]]:
    wanted, said, at = minutes(evidence)
    rows: list[dict[str, Any]] = []
    if said:
        rows.append({"property": "latency", "value": wanted, "unit": "minutes", "description": f"stated: {said} ({at})"})
    for s in evidence.context.retention[:4]:
        rows.append(
            {
                "property": "retention",
                "value": s.value,
                "unit": s.unit or "years",
                "description": f"{s.quote.strip()} ({s.file}:{s.line})",
            }
        )
    rate, line = stated_rate(evidence)
    if rate:
        rows.append(
            {"property": "throughput", "value": round(rate, 2), "unit": "rows per day", "description": f"stated ({line})"}
        )
    for t in evidence.profile.tables:
        if t.time:
            value = round(t.time.rows_per_day, 2)
            rows.append({"property": "frequency", "value": value, "unit": "rows per day", "element": t.name,
                         "description": f"measured on {t.time.column}"})  # fmt: skip
    return rows
