"""What changed since the last review: findings by their stable id, schemas, volumes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Evidence, Finding
from dataeng_kit.nouns.finding import SEVERITIES
from dataeng_kit.nouns.references import write
from dataeng_kit.nouns.snapshot import CHANGES, Change, Comparison, Snapshot

NOISE = 0.1
"""The part of a share of failing rows by which it must move before a finding is worse or better."""


def read_snapshot(path: Path) -> Snapshot:
    """Return the snapshot of an older review; raises `KitError` when the file is none."""
    try:
        return Snapshot.from_json(json.loads(path.read_text("utf-8")))
    except FileNotFoundError as error:
        raise KitError(f"'{path}' does not exist", "Name the .json that an older review wrote") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KitError(f"'{path}' is no review snapshot", "Name the .json that an older review wrote") from error


def compare(old: Snapshot, evidence: Evidence) -> Comparison:
    """Return what moved from *old* to *evidence*; findings are matched by id, never by their words."""
    before, after = {f.id: f for f in old.evidence.findings}, {f.id: f for f in evidence.findings}
    there = {(t.name, c.name) for t in evidence.profile.tables for c in t.columns} | {
        (t.name, "") for t in evidence.profile.tables
    }
    changes = [_change(before.get(id), after.get(id), there) for id in dict.fromkeys([*after, *before])]
    rank = {k: i for i, k in enumerate(CHANGES)}
    rows = {t.name: t.rows for t in old.evidence.profile.tables}
    volumes = tuple((t.name, rows[t.name], t.rows) for t in evidence.profile.tables if rows.get(t.name, t.rows) != t.rows)
    return Comparison(old.made_at, tuple(sorted(changes, key=lambda c: rank[c.kind])), _schema(old.evidence, evidence), volumes)


def _change(before: Finding | None, after: Finding | None, there: set[tuple[str, str]]) -> Change:
    if after is None:
        assert before is not None
        known = not before.table or (
            (before.table, before.column) in there or ((before.table, "") in there and "," in before.column)
        )
        return Change("resolved" if known else "not measured", before.id, before.condition, before.evidence, "")
    if before is None:
        return Change("new", after.id, after.condition, "", after.evidence)
    return Change(_direction(before, after), after.id, after.condition, before.evidence, after.evidence)


def _direction(before: Finding, after: Finding) -> str:
    """Severity decides, then the share of failing rows; a share that moved by less than a tenth of itself is unchanged."""
    one, other = SEVERITIES.index(before.severity), SEVERITIES.index(after.severity)
    if one != other:
        return "worse" if other > one else "better"
    was, now = (f.failing / f.of if f.of else 0.0 for f in (before, after))
    if abs(now - was) <= NOISE * max(was, now):
        return "unchanged"
    return "worse" if now > was else "better"


def _schema(old: Evidence, new: Evidence) -> tuple[str, ...]:
    one = {write(t.name, c.name): c.type for t in old.profile.tables for c in t.columns}
    other = {write(t.name, c.name): c.type for t in new.profile.tables for c in t.columns}
    tables_before, tables_after = {t.name for t in old.profile.tables}, {t.name for t in new.profile.tables}
    lines = [f"table {t} is new" for t in sorted(tables_after - tables_before)]
    lines += [f"table {t} is gone" for t in sorted(tables_before - tables_after)]
    both = {write(t) for t in tables_before & tables_after}
    lines += [f"{r} is new" for r in other if r not in one and r.rsplit(".", 1)[0] in both]
    lines += [f"{r} is gone" for r in one if r not in other and r.rsplit(".", 1)[0] in both]
    return tuple([*lines, *(f"{r}: {one[r]} → {t}" for r, t in other.items() if r in one and one[r] != t)])


def hashes(evidence: Evidence) -> tuple[str, str]:
    """Return (data hash, profile hash): of the tables' fingerprints, and of all that was measured, without its time."""
    prints = "\n".join(sorted(f"{t.name}={t.fingerprint}" for t in evidence.tables))
    return hashlib.sha256(prints.encode()).hexdigest()[:16], replace(evidence.profile, measured_at="").digest()
