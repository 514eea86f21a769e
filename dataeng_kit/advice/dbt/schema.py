"""Descriptions and tests of a dbt project as YAML: sources, staging, marts, snapshots, exposures, one unit test."""

from __future__ import annotations

import re
from typing import Any

from dataeng_kit.advice.dbt.models import helpers, natural, versioned
from dataeng_kit.advice.dbt.names import RAW, ModelWriter, plain
from dataeng_kit.advice.dbt.semantic import semantics
from dataeng_kit.advice.dbt.yaml import Jinja, yaml
from dataeng_kit.advice.measures import minutes
from dataeng_kit.design.reading import key_of
from dataeng_kit.design.words import unique
from dataeng_kit.nouns import Attribute, Entity, ForeignKey
from dataeng_kit.nouns.references import write

DAY = 24 * 60
"""Minutes after which a source counts as late when CLAUDE.md states no freshness."""


def schemas(w: ModelWriter) -> dict[str, str]:
    """Return the YAML files of a project by path."""
    tables = [t.name for t in w.evidence.profile.tables]
    staging = [x for t in tables for x in (_base(w, t), _stage(w, t))] + [_quarantine()]
    dimensions = [e for e in w.design.entities if versioned(e)]
    marts = [_mart(w, e) for e in w.design.entities]
    found = {
        "models/staging/_sources.yml": {"version": 2, "sources": [_sources(w)]},
        "models/staging/_staging.yml": {"version": 2, "models": staging},
        "models/marts/_marts.yml": {"version": 2, "models": marts},
    }
    if dimensions:
        found["models/intermediate/_intermediate.yml"] = {"version": 2, "models": [_members(w, e) for e in dimensions]}
        found["snapshots/_snapshots.yml"] = {"version": 2, "snapshots": [_snapshot(w, e) for e in dimensions]}
    if exposures := _exposures(w):
        found["models/marts/_exposures.yml"] = {"version": 2, "exposures": exposures}
    if semantic := semantics(w):
        found["models/marts/_semantic.yml"] = {"version": 2, **semantic}
    if unit := _unit_test(w):
        found["models/staging/_unit_tests.yml"] = {"version": 2, "unit_tests": [unit]}
    return {path: yaml(content) for path, content in found.items()}


def _test(name: str, config: dict[str, Any] | None = None, **arguments: Any) -> dict[str, Any]:
    """One data test; ``arguments`` and ``config`` as dbt 1.10 and later want them."""
    inner: dict[str, Any] = {"arguments": arguments} if arguments else {}
    return {name: {**inner, **({"config": config} if config else {})}}


def _column(w: ModelWriter, name: str, description: str, tests: list[Any], meta: dict[str, Any]) -> dict[str, Any]:
    safe = w.technology.fit(name)
    found: dict[str, Any] = {"name": safe, "description": description}
    if w.q(name) != safe:
        found["quote"] = True
    if tests:
        found["data_tests"] = tests
    return {**found, **({"config": {"meta": meta}} if meta else {})}


def _sources(w: ModelWriter) -> dict[str, Any]:
    """Tables with their grain; freshness where a time column was measured, as stated or a day."""
    wanted, said, at = minutes(w.evidence)
    limit = DAY if wanted == float("inf") else max(1, round(wanted))
    why = f"{said} ({at})" if said else "a day, assumed: CLAUDE.md states no freshness"
    tables = []
    for t in w.evidence.profile.tables:
        table: dict[str, Any] = {"name": w.names.sources[t.name], "description": f"{t.name}, {t.grain or 'as read'}"}
        if t.time:
            moment = f"CAST({w.technology.named(t.time.column)} AS {w.type('datetime')})"
            table["config"] = {
                "loaded_at_field": Jinja(_escaped(moment)),
                "freshness": {
                    "warn_after": {"count": limit, "period": "minute"},
                    "error_after": {"count": 2 * limit, "period": "minute"},
                },
                "meta": {"freshness_from": why, "rows_measured": t.rows},
            }
        tables.append(table)
    described = f"The tables of {w.evidence.name} as the kit read them, put here by load.py"
    return {"name": RAW, "schema": RAW, "description": described, "tables": tables}


def _escaped(sql: str) -> str:
    return re.sub(r"\{(?=[{%#])", "{{ '{' }}", sql)


def _base(w: ModelWriter, table: str) -> dict[str, Any]:
    row = _column(w, w.numbered(table), "Number of the row in this load", ["not_null", "unique"], {})
    why = _column(w, w.rejecting(table), "Why the row is refused, or empty", [], {})
    about = f"Every row of {table}: renamed, cast, trimmed, each with its reason to be refused or none"
    return {"name": w.names.base(table), "description": about, "columns": [row, why]}


def _stage(w: ModelWriter, table: str) -> dict[str, Any]:
    t, key = w.evidence.profile.table(table), key_of(w.evidence.profile.table(table))
    references = [k for k in w.evidence.profile.foreign_keys if k.table == table and simple(w, k)]
    columns = []
    for c in t.columns:
        tests: list[Any] = ["not_null"] if c.name in key else []
        tests += ["unique"] if key == (c.name,) else []
        tests += [_relationship(w, k) for k in references if k.columns == (c.name,)]
        tests += _enumeration(w, table, c.name)
        meta: dict[str, Any] = {"lineage": [write(table, c.name)]}
        if c.label:
            meta |= {"label": c.label.name, "sensitive": c.label.sensitive}
        columns.append(_column(w, w.names.columns[c.name], f"{c.name} of {table}", tests, meta))
    found: dict[str, Any] = {"name": w.names.stage(table), "description": f"Accepted rows of {table}. {t.grain}".strip()}
    if len(key) > 1:
        found["data_tests"] = [_together(w, [w.names.columns[c] for c in key])]
    return {**found, "columns": columns}


def simple(w: ModelWriter, key: ForeignKey) -> bool:
    """True when dbt's own test can say it: one column on each side, of one type."""
    if len(key.columns) != 1:
        return False
    return w.type_of(key.table, key.columns[0]) == w.type_of(key.ref_table, key.ref_columns[0])


def known(orphans: int) -> dict[str, Any]:
    """Return the config of a test that some rows break today: it fails when more do."""
    return {"error_if": f">{orphans}", "warn_if": f">{orphans}"} if orphans else {}


def _relationship(w: ModelWriter, k: ForeignKey) -> dict[str, Any]:
    to, there = Jinja(f"ref('{w.names.stage(k.ref_table)}')"), w.q(w.names.columns[k.ref_columns[0]])
    config = {**known(k.orphans), "meta": {"fact": k.fact, "known_orphans": k.orphans}}
    return _test("relationships", config, to=to, field=there)


def _together(w: ModelWriter, names: list[str]) -> dict[str, Any]:
    return _test("unique_together", None, columns=[w.q(n) for n in names])


def _enumeration(w: ModelWriter, table: str, column: str) -> list[dict[str, Any]]:
    """A stated list of values that the data keeps; values merely seen so far are an accident and make no test."""
    for claim in w.evidence.claims:
        if (claim.kind, claim.table, claim.column, claim.verdict) != ("enumeration", table, column, "holds"):
            continue
        values = re.findall(r"'((?:[^']|'')*)'", claim.query.rpartition(" IN (")[2])
        profile = w.evidence.profile.table(table).column(column)
        if values and profile.type == "text" and not (profile.label and profile.label.sensitive):
            seen = [str(v) for v, _ in profile.top]
            exact = sorted({next((s for s in seen if s.lower() == v.replace("''", "'")), v).replace("'", "''") for v in values})
            return [_test("accepted_values", {"meta": {"said": f"{claim.file}:{claim.line}"}}, values=exact)]
    return []


def _quarantine() -> dict[str, Any]:
    test = _test("unique_together", None, columns=["source_table", "source_row"])
    columns = [
        {"name": "source_table", "description": "The table the row came from", "data_tests": ["not_null"]},
        {"name": "reason", "description": "Why it was refused", "data_tests": ["not_null"]},
    ]
    return {
        "name": "quarantine",
        "description": "One row per refused row; source = staged + quarantined",
        "data_tests": [test],
        "columns": columns,
    }


def _mart(w: ModelWriter, e: Entity) -> dict[str, Any]:
    found: dict[str, Any] = {"name": w.names.models[e.name], "description": f"{e.kind.capitalize()}: {e.grain_sentence}"}
    meta: dict[str, Any] = {"lineage": list(dict.fromkeys(e.sources)), "facts": list(e.facts)}
    if e.detail.get("left_out"):
        meta["left_out"] = [f"{c}: {why}" for c, why in e.detail["left_out"].items()]
    found["config"] = {"meta": meta}
    wide = [a.name for a in natural(e)] if e.kind == "dimension" else list(e.key) if len(e.key) > 1 else []
    wide += [a.name for a in e.attributes if a.role == "validity" and a.name.startswith("valid_from")]
    if wide:
        found["data_tests"] = [_together(w, wide)]
    return {**found, "columns": [_attribute(w, e, a) for a in e.attributes]}


def _attribute(w: ModelWriter, e: Entity, a: Attribute) -> dict[str, Any]:
    tests: list[Any] = ["not_null"] if a.role == "validity" or a.name in e.key else []
    tests += ["unique"] if e.key == (a.name,) else []
    for r in e.references:
        if r.columns == (a.name,):
            to = Jinja(f"ref('{w.names.models[r.entity]}')")
            tests += ["not_null", _test("relationships", None, to=to, field=w.q(r.entity_columns[0]))]
    meta: dict[str, Any] = {"lineage": list(a.lineage)} if a.lineage else {}
    meta |= {"additivity": a.additivity} if a.additivity else {}
    meta |= {"change_type": a.scd} if a.scd is not None else {}
    said = a.note or (f"{a.role.replace('_', ' ')} from {', '.join(a.lineage)}" if a.lineage else a.role.replace("_", " "))
    return _column(w, a.name, said, tests, meta)


def _members(w: ModelWriter, e: Entity) -> dict[str, Any]:
    member, version = helpers(e)
    columns = [
        _column(w, member, "Digest of the natural key", ["not_null", "unique"], {}),
        _column(w, version, "Digest of what is kept as history", ["not_null"], {}),
    ]
    about = f"Today's members of {e.name}, for its snapshot"
    return {"name": f"int_{w.names.models[e.name]}", "description": about, "columns": columns}


def _snapshot(w: ModelWriter, e: Entity) -> dict[str, Any]:
    member, version = helpers(e)
    kept = [a.name for a in e.attributes if a.scd == 2]
    name = w.names.models[e.name]
    return {
        "name": f"snap_{name}",
        "relation": Jinja(f"ref('int_{name}')"),
        "description": f"Versions of {e.name}: a new row when {', '.join(kept)} change",
        "config": {"unique_key": member, "strategy": "check", "check_cols": [version]},
    }


def _exposures(w: ModelWriter) -> list[dict[str, Any]]:
    facts = [Jinja(f"ref('{w.names.models[e.name]}')") for e in w.design.entities if e.kind == "fact"]
    owners = "; ".join(str(s.value) for s in w.evidence.context.owners) or "not stated"
    found: list[dict[str, Any]] = []
    for s in w.evidence.context.purposes:
        name = unique(plain(" ".join(str(s.value).split()[:8])), [x["name"] for x in found])
        said = f"{s.quote.strip()} ({s.file}:{s.line})"
        found.append(
            {
                "name": name,
                "label": str(s.value)[:120],
                "type": "analysis",
                "description": said,
                "owner": {"name": owners},
                "depends_on": facts,
            }
        )
    return found


def _unit_test(w: ModelWriter) -> dict[str, Any] | None:
    """A repeated and a missing key are refused with their reasons, on the first table whose key is one plain column."""
    samples = {"integer": 7, "number": 7.5, "text": "a", "date": "2024-02-29"}
    for t in w.evidence.profile.tables:
        key = key_of(t)
        kind = t.column(key[0]).type if len(key) == 1 else ""
        if kind not in samples or not all(re.fullmatch(r"[a-z][a-z0-9_]*", c.name) and w.q(c.name) == c.name for c in t.columns):
            continue
        name, value, reason = w.names.columns[key[0]], samples[kind], w.rejecting(t.name)
        rows = [{key[0]: value}, {key[0]: value}, {key[0]: None}]
        wanted = [(value, None), (value, f"repeats the key {key[0]}"), (None, f"{key[0]} is missing")]
        return {
            "name": f"bad_rows_of_{w.names.sources[t.name]}_are_refused",
            "model": w.names.base(t.name),
            "description": "A repeated key keeps one row; a missing key keeps none",
            "given": [{"input": Jinja(f"source('{RAW}', '{w.names.sources[t.name]}')"), "rows": rows}],
            "expect": {"rows": [{name: v, reason: r} for v, r in wanted]},
        }
    return None
