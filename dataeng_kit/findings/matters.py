"""One matter, one finding: a refuted sentence joins the rule that met its rows; tables that break on one date share a cause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from dataeng_kit.findings.rule import plural
from dataeng_kit.nouns import ClaimResult, Finding
from dataeng_kit.nouns.finding import SEVERITIES
from dataeng_kit.nouns.references import parse

_SAME = {
    "time_order": ("outside_parent_life", "end_before_begin"),
    "sum": ("unreconciled", "formula_broken"),
    "derived": ("formula_broken", "unreconciled"),
    "unique": ("almost_key", "same_person", "no_key", "duplicate_rows"),
    "grain": ("duplicate_rows", "no_key", "almost_key"),
    "no_orphans": ("orphans",),
    "reference": ("orphans",),
    "currency": ("several_currencies",),
}
"""Kinds of sentences and the rules that say the same in figures; any other kind joins on equal counts only."""
_DIMENSION = {"not_null": "completeness"} | dict.fromkeys(("enumeration", "constant", "range", "format"), "validity")
"""The dimension of the rules that such a sentence may join."""
_NEAR = 0.25
"""How far two counts of one matter may lie apart: a rule and a sentence draw their lines a little differently."""
_LIFE = "outside_parent_life"


def one_matter(found: Sequence[Finding], claims: Iterable[ClaimResult]) -> tuple[Finding, ...]:
    """Return *found* with each matter once; every ``ClaimResult.finding`` stays the id of one finding.

    A merged finding has the rule's message, rows and query, the sentence's id, line and quote, and the higher severity.
    """
    causes = {f.query: f.id.split("~", 1)[1] for f in found if f.rule == _LIFE and f.id.count("~") == 2}
    held = {f.id: f for f in found}
    for claim in claims:
        said = held.get(claim.finding or "")
        if said and said.rule == "claim" and (rule := _partner(claim, held.values())):
            del held[rule.id]
            held[said.id] = _joined(claim, said, rule)
    return _grouped(tuple(held.values()), causes)


def _partner(claim: ClaimResult, found: Iterable[Finding]) -> Finding | None:
    """Return the finding of a rule that counted the rows this sentence speaks of."""
    rules = _SAME.get(claim.kind, ())
    options = [f for f in found if f.table == claim.table and f.failing and not f.id.startswith("claim:")]
    if not rules:
        free = [f for f in options if f.column == claim.column and f.dimension == _DIMENSION.get(claim.kind)]
        equal = [f for f in free if (f.failing, f.of) == (claim.failing, claim.of)]
        return max(equal, key=lambda f: f.rank, default=None)
    near = [
        f for f in options
        if f.rule in rules and _about(f, claim) and abs(f.failing - claim.failing) <= _NEAR * max(f.failing, claim.failing)
    ]  # fmt: skip
    return min(near, key=lambda f: (rules.index(f.rule), abs(f.failing - claim.failing)), default=None)


def _about(found: Finding, claim: ClaimResult) -> bool:
    """Return whether a finding's subject is, or names, the column of the sentence; whole rows are about every column."""
    if found.column in ("", claim.column):
        return True
    parts = {p for piece in found.id.partition(":")[2].split("~") for p in parse(piece.partition("#")[0])}
    return claim.column in parts or claim.column in found.id.replace("+", ".").replace(":", ".").split(".")


def _joined(claim: ClaimResult, said: Finding, rule: Finding) -> Finding:
    return replace(
        rule,
        id=said.id,
        severity=max(said.severity, rule.severity, key=SEVERITIES.index),
        condition=f'{rule.condition} {claim.file}, line {claim.line}, says otherwise: "{claim.quote}"',
        criterion=f"{said.criterion} {rule.criterion}",
        facts=tuple(dict.fromkeys((*rule.facts, *said.facts))),
        lines=tuple(dict.fromkeys((*said.lines, *rule.lines))),
        rank=max(said.rank, rule.rank),
    )


def _grouped(found: Sequence[Finding], causes: Mapping[str, str]) -> tuple[Finding, ...]:
    """Fold findings of one parent's date into the one whose sentence was refuted, else the one that weighs most."""
    groups: dict[str, list[Finding]] = defaultdict(list)
    for one in found:
        if one.rule == _LIFE and one.query in causes:
            groups[causes[one.query]].append(one)
    gone: set[str] = set()
    heads: dict[str, Finding] = {}
    for same in groups.values():
        head = max(same, key=lambda f: (f.id.startswith("claim:"), f.rank))
        rest = [f for f in same if f is not head and not f.id.startswith("claim:") and f.table != head.table]
        if rest:
            gone |= {f.id for f in rest}
            heads[head.id] = _headed(head, sorted(rest, key=lambda f: -f.failing))
    return tuple(heads.get(f.id, f) for f in found if f.id not in gone)


def _headed(head: Finding, rest: Sequence[Finding]) -> Finding:
    others = ", ".join(f"{f.failing:,} of {f.of:,} of {f.table} ({f.column})" for f in rest)
    return replace(
        head,
        condition=f"{head.condition} The same date is crossed in {plural(len(rest), 'more table')}: {others}.",
        severity=max((head.severity, *(f.severity for f in rest)), key=SEVERITIES.index),
        facts=tuple(dict.fromkeys(x for f in (head, *rest) for x in f.facts)),
        rank=max(head.rank, *(f.rank for f in rest)),
    )
