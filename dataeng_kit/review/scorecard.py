"""The scorecard: dimension × table, each cell the measured share of its worst rule, never one score without its rules."""

from __future__ import annotations

from dataclasses import dataclass

from dataeng_kit.nouns import Evidence, Profile, TableProfile
from dataeng_kit.nouns.references import fact_id, write
from dataeng_kit.review.brief import criterion

DIMENSIONS = {
    "completeness": "what should be filled is filled (ISO/IEC 25012: completeness)",
    "uniqueness": "one row per thing, one thing per key (25012: consistency)",
    "validity": "values a column may hold (25012: accuracy, syntactic)",
    "consistency": "references, time order, sums (25012: consistency)",
    "timeliness": "current enough for its use (25012: currentness)",
    "accuracy": "true of the world (25012: accuracy, semantic)",
}
NOT_ASSESSABLE = {
    "accuracy": "needs a reference source; the data alone cannot show it",
    "timeliness": "needs a stated freshness and the time of arrival",
}


@dataclass(frozen=True)
class Score:
    """One cell: *good* of *of* rows keep *rule*; *sql* or *fact* measures it again."""

    good: int
    of: int
    rule: str
    sql: str = ""
    fact: str = ""

    @property
    def share(self) -> float:
        """Return the share from 0 to 1."""
        return self.good / self.of if self.of else 1.0


def scorecard(evidence: Evidence) -> dict[str, dict[str, tuple[Score, ...]]]:
    """Return table → dimension → scores, worst first; a dimension without a rule is absent and shown as not assessed."""
    return {
        t.name: {d: tuple(sorted(s, key=lambda x: x.share)) for d, s in _table(evidence, t).items() if s}
        for t in evidence.profile.tables
    }


def _table(evidence: Evidence, table: TableProfile) -> dict[str, list[Score]]:
    scores: dict[str, list[Score]] = {d: [] for d in DIMENSIONS}
    for column in table.columns:
        if column.rows:
            id = fact_id("nulls", table.name, column.name)
            scores["completeness"].append(Score(column.rows - column.nulls, column.rows, f"{column.name} is filled", fact=id))
    scores["uniqueness"] += _keys(table)
    scores["consistency"] += _references(evidence.profile, table)
    for finding in evidence.findings:
        if finding.table == table.name and finding.of and finding.dimension in scores and finding.dimension != "completeness":
            rule = criterion(finding) or finding.condition
            scores[finding.dimension].append(Score(finding.of - finding.failing, finding.of, rule, sql=finding.query))
    return scores


def _keys(table: TableProfile) -> list[Score]:
    named = [k for k in (*table.candidate_keys, *table.almost_keys) if k.columns == table.primary_key]
    best = named or ([] if table.primary_key else table.almost_keys[:1])
    if table.primary_key and not best:
        return [Score(table.rows, table.rows, f"{', '.join(table.primary_key)} identifies a row", sql=table.grain_query)]
    return [
        Score(table.rows - k.repeats - k.nulls, table.rows, f"{', '.join(k.columns)} identifies a row", sql=k.query) for k in best
    ]


def _references(profile: Profile, table: TableProfile) -> list[Score]:
    return [
        Score(table.rows - k.nulls - k.orphans, table.rows - k.nulls, f"{write(*k.columns)} exists in {k.ref_table}", sql=k.query)
        for k in profile.parents(table.name)
        if table.rows > k.nulls
    ]
