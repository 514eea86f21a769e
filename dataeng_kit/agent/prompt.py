"""The system prompt and the case as data: our fixed words, narrowed by our own ids; the client's words are JSON."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from typing import Any

from dataeng_kit.errors import unknown
from dataeng_kit.nouns import Evidence, Profile, TableProfile
from dataeng_kit.nouns.context import STATEMENTS, Context
from dataeng_kit.nouns.references import write

LONGEST_LABEL = 64
_HIDDEN = {"Cf", "Cc", "Co", "Cn"}


@functools.cache
def _template() -> Any:
    import jinja2

    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False, keep_trailing_newline=True)
    return environment.from_string(files("dataeng_kit.agent").joinpath("system.md.j2").read_text("utf-8"))


def system(context: Context, house_rules: str = "") -> str:
    """Return the system prompt for this context; *house_rules* are the user's own and come last."""
    names = {kind: context.names(kind) for kind in ("databases", "domains", "patterns", "compliance")}
    processing = tuple(dict.fromkeys(n for kind in ("processing", "orchestration") for n in context.names(kind)))
    text: str = _template().render(
        **names, processing=processing, not_used=tuple(dict.fromkeys(m.name for m in context.not_used))
    )
    return f"{text}\n# House rules\n{house_rules.strip()}\n" if house_rules.strip() else text


def label(text: str) -> str:
    """Return a client's name as a short label: no control, bidirectional or zero-width characters, at most 64 characters."""
    shown = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) not in _HIDDEN)
    return shown if len(shown) <= LONGEST_LABEL else shown[: LONGEST_LABEL - 1] + "…"


def selected(evidence: Evidence, about: tuple[str, ...]) -> Evidence:
    """Return *evidence* narrowed to the tables and columns that *about* names, and to what speaks of them alone.

    Everything without a name given; raises `KitError` naming the nearest reference for one that is unknown.
    """
    if not about:
        return evidence
    profile = evidence.profile
    known = {write(t.name): t.name for t in profile.tables}
    columns = {write(t.name, c.name): (t.name, c.name) for t in profile.tables for c in t.columns}
    for reference in about:
        if reference not in known and reference not in columns:
            raise unknown("table or column", reference, (*known, *columns))
    whole = {known[r] for r in about if r in known}
    single = {columns[r] for r in about if r in columns}

    def kept(table: str, names: tuple[str, ...]) -> bool:
        return table in whole or (bool(names) and all((table, c) in single for c in names))

    tables = tuple(
        replace(t, columns=tuple(c for c in t.columns if kept(t.name, (c.name,))), grain=t.grain if t.name in whole else "")
        for t in profile.tables
        if t.name in whole or any(t.name == s for s, _ in single)
    )
    keys = tuple(k for k in profile.foreign_keys if kept(k.table, k.columns) and kept(k.ref_table, k.ref_columns))
    findings = tuple(f for f in evidence.findings if kept(f.table, (f.column,) if f.column else ()))
    facts = {f for found in findings for f in found.facts} | {id for t in tables for id in _facts(profile, t)}
    claims = tuple(c for c in evidence.claims if c.facts and set(c.facts) <= facts)
    return replace(evidence, profile=replace(profile, tables=tables, foreign_keys=keys), findings=findings, claims=claims)


def _facts(profile: Profile, table: TableProfile) -> Iterator[str]:
    begins = (f"{write(table.name)}#", *(f"{write(table.name, c.name)}#" for c in table.columns))
    return (id for id in profile.by_id if id.startswith(begins))


def case_data(evidence: Evidence, most_findings: int = 20, shown: Evidence | None = None) -> dict[str, Any]:
    """Return the case for the first user turn; *evidence* must already be what the policy lets be seen.

    *shown*: what is told of it (`selected`), under the aliases of the whole.
    """
    aliases = {t.name: f"t{i}" for i, t in enumerate(evidence.profile.tables, 1)}
    places = {(t.name, c.name): f"c{j}" for t in evidence.profile.tables for j, c in enumerate(t.columns, 1)}
    evidence = shown or evidence
    tables = []
    for t in evidence.profile.tables:
        columns = [
            {"alias": places[t.name, c.name], "label": label(c.name), "type": c.type, "nulls": c.nulls, "distinct": c.distinct,
             "semantic_type": c.label.name if c.label else None}
            for c in t.columns
        ]  # fmt: skip
        tables.append({"alias": aliases[t.name], "label": label(t.name), "rows": t.rows, "grain": t.grain, "columns": columns})
    keys = [
        {
            "from": [aliases[k.table], *(places[k.table, c] for c in k.columns)],
            "to": [aliases[k.ref_table], *(places[k.ref_table, c] for c in k.ref_columns)],
            "coverage": k.coverage,
            "fact": k.fact,
        }
        for k in evidence.profile.foreign_keys
    ]
    findings = [
        {"severity": f.severity, "what": f.condition, "n": f.evidence, "facts": f.facts}
        for f in evidence.findings[:most_findings]
    ]
    said = {kind: [s.to_json() for s in getattr(evidence.context, kind)] for kind in STATEMENTS}
    # an owner is a person: the model learns that one is named and where, never who
    named = "a person or team is named here"
    said["owners"] = [{"value": named, "file": o.file, "line": o.line} for o in evidence.context.owners]
    claims = [
        {"quote": label(c.quote), "verdict": c.verdict, "at": f"{c.file}:{c.line}", "facts": c.facts} for c in evidence.claims
    ]
    names = sorted({id.rpartition("#")[2] for id in evidence.profile.by_id})[:60]
    return {
        "tables": tables, "foreign_keys": keys, "findings": findings, "claude_md": said, "claims": claims,
        "facts": {"ids": "table label, a dot and a column label where it is about a column, then # and a name", "names": names},
    }  # fmt: skip
