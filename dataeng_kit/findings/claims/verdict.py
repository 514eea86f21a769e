"""A claim under test: its parts, the queries that measure it, and the verdict they give."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from dataeng_kit.data.live import Data
from dataeng_kit.findings.claims.subjects import Column, Subjects, Unresolved
from dataeng_kit.nouns import Claim, ClaimResult, Profile, TableProfile
from dataeng_kit.nouns.references import fact_id
from dataeng_kit.run import Run

_FEW = 30
"""Distinct values up to which a column's values are taken for states that a sentence can limit itself to."""


@dataclass(frozen=True)
class Verdict:
    """What a test found: the verdict, one sentence with the counts, the query of the failing rows, and its subject."""

    verdict: str
    evidence: str
    query: str = ""
    failing: int = 0
    of: int = 0
    table: str = ""
    column: str = ""
    facts: tuple[str, ...] = ()


class Case:
    """One claim with everything a test may look at."""

    def __init__(self, claim: Claim, subjects: Subjects, data: Data, profile: Profile, run: Run | None) -> None:
        self.claim, self.subjects, self.data, self.profile, self.run = claim, subjects, data, profile, run
        self.terms = dict(t.split("=", 1) for t in claim.terms)
        self.text, self.under = self.terms.get("text", claim.quote), self.terms.get("under", "")

    def column(self, *texts: str) -> Column:
        """Return the column that the claim speaks of: the given words, else its subject, else its sentence."""
        return self.subjects.column(*(t for t in (*texts, self.claim.subject, self.text) if t), under=self.under)

    def table(self, *texts: str) -> TableProfile:
        """Return the table that the claim speaks of."""
        return self.subjects.table(*(t for t in (*texts, self.claim.subject, self.text) if t), under=self.under)

    def q(self, table: str, name: str, alias: str = "") -> str:
        """Return a quoted column of *table*, after *alias* when one is given."""
        quoted = self.data.source(table).engine.quote(name)
        return f"{alias}.{quoted}" if alias else quoted

    def literal(self, table: str, value: str) -> str:
        """Return a text as a literal of the table's engine."""
        return self.data.source(table).engine.technology.literal(value)

    def only(self, table: TableProfile, alias: str) -> str:
        """Return the condition for the rows a sentence limits itself to: ``closed claims`` names a value before the table."""
        found = []
        for named in self.subjects.named(self.text):
            if table not in named.tables:
                continue
            before = re.search(r"([^\W\d_]{3,})\W+$", self.text[: named.start])
            for column in table.columns if before else ():
                values = [str(v) for v, _ in column.top if column.type == "text" and column.distinct <= _FEW]
                if before and (value := next((v for v in values if v.lower() == before[1].lower()), None)):
                    found.append(f"{self.q(table.name, column.name, alias)} = {self.literal(table.name, value)}")
        return " AND ".join(dict.fromkeys(found)) or "1 = 1"

    def relation(self, table: str) -> str:
        """Return a quoted relation."""
        return self.data.relation(table)

    def row(self, table: str, sql: str) -> tuple[int, ...]:
        """Return the counts of a one-row query on the table's engine."""
        rows = self.data.rows(sql, self.run, self.data.source(table).engine)
        return tuple(int(v or 0) for v in rows[0])

    def together(self, *tables: str) -> None:
        """Raise `Unresolved` when tables lie in different engines, so that no query joins them."""
        if not self.data.together(*tables):
            raise Unresolved(f"{' and '.join(tables)} lie in different engines")

    def breaking(self, table: str, condition: str, rule: str, column: str = "") -> Verdict:
        """Return the verdict over the rows of *table* (alias t) that meet *condition*, which breaks the *rule*."""
        source = f"FROM {self.relation(table)} AS t"
        failing, of = self.row(table, f"SELECT sum(CASE WHEN {condition} THEN 1 ELSE 0 END), count(*) {source}")
        return self.counted(failing, of, f"SELECT t.* {source} WHERE {condition}", rule, table, column)

    def counted(self, failing: int, of: int, query: str, rule: str, table: str, column: str = "", unit: str = "rows") -> Verdict:
        """Return holds or contradicted from a count of what breaks the rule; nothing counted is not testable."""
        if not of:
            return Verdict("not_testable", f"{table} holds nothing to test {rule} on", table=table, column=column)
        facts = tuple(f for f in (fact_id("distinct", table, column), fact_id("rows", table)) if f in self.profile.by_id)
        if failing:
            share = 100 * failing / of
            told = f"{failing:,} of {of:,} {unit} ({share:.1f} %) break the rule: {rule}"
            return Verdict("contradicted", told, query, failing, of, table, column, facts)
        return Verdict("holds", f"all {of:,} {unit} keep the rule: {rule}", query, 0, of, table, column, facts)


def finding_id(claim: Claim) -> str:
    """Return the stable id of the finding that a contradicted claim becomes."""
    words = " ".join(claim.quote.lower().split())
    return f"claim:{claim.file}:{hashlib.sha256(words.encode()).hexdigest()[:12]}"


def result(claim: Claim, verdict: Verdict) -> ClaimResult:
    """Return the noun for one tested claim."""
    id = finding_id(claim) if verdict.verdict == "contradicted" else None
    return ClaimResult(
        claim.file, claim.line, claim.quote, verdict.verdict, verdict.evidence, claim.kind, verdict.facts, id,
        verdict.query, verdict.failing, verdict.of, verdict.table, verdict.column,
    )  # fmt: skip
