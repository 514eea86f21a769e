"""The system prompt and the case as data: our fixed words, narrowed by our own ids; the client's words are JSON."""

from __future__ import annotations

import functools
import unicodedata
from importlib.resources import files
from typing import Any

from dataeng_kit.nouns import Evidence
from dataeng_kit.nouns.context import STATEMENTS, Context

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


def case_data(evidence: Evidence, most_findings: int = 20) -> dict[str, Any]:
    """Return the case for the first user turn; *evidence* must already be what the policy lets be seen."""
    aliases = {t.name: f"t{i}" for i, t in enumerate(evidence.profile.tables, 1)}
    tables = []
    for t in evidence.profile.tables:
        columns = [
            {"alias": f"c{j}", "label": label(c.name), "type": c.type, "nulls": c.nulls, "distinct": c.distinct,
             "semantic_type": c.label.name if c.label else None}
            for j, c in enumerate(t.columns, 1)
        ]  # fmt: skip
        tables.append({"alias": aliases[t.name], "label": label(t.name), "rows": t.rows, "grain": t.grain, "columns": columns})
    places = {(t.name, c.name): f"c{j}" for t in evidence.profile.tables for j, c in enumerate(t.columns, 1)}
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
    claims = [
        {"quote": label(c.quote), "verdict": c.verdict, "at": f"{c.file}:{c.line}", "facts": c.facts} for c in evidence.claims
    ]
    names = sorted({id.rpartition("#")[2] for id in evidence.profile.by_id})[:60]
    return {
        "tables": tables, "foreign_keys": keys, "findings": findings, "claude_md": said, "claims": claims,
        "facts": {"ids": "table label, a dot and a column label where it is about a column, then # and a name", "names": names},
    }  # fmt: skip
