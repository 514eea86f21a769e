"""The brief: from all findings and advice to three points and three decisions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from dataeng_kit.nouns import Advice, Decision, Evidence, Finding
from dataeng_kit.nouns.brief import Brief, Point
from dataeng_kit.nouns.finding import SEVERITIES
from dataeng_kit.review.files import csv_name
from dataeng_kit.show.views.finding import subject

MOST = 3
ASSUMED = "reporting and analysis on these tables"
"""The purpose a judgement speaks for when the project states none."""
_PER_RULE = 2
"""At most two of the three points come from one rule, else the page says one thing three times."""


def brief(evidence: Evidence, advice: tuple[Advice, ...]) -> Brief:
    """Return the page a director reads; findings keep their rank, the decisions are those that cite the points' facts."""
    chosen = _points(evidence)
    points = tuple(_point(evidence, finding, also) for finding, also in chosen)
    purpose, stated, at = _purpose(evidence, points)
    word = judgement(evidence.findings, evidence)
    counts = tuple((s, n) for s in reversed(SEVERITIES) if (n := sum(f.severity == s for f in evidence.findings)))
    return Brief(
        evidence.name,
        word,
        purpose,
        _summary(evidence, word),
        points,
        _decisions(points, advice),
        stated,
        at,
        len(evidence.profile.tables),
        sum(t.rows for t in evidence.profile.tables),
        counts,
        evidence.profile.measured_at,
    )


def judgement(findings: Iterable[Finding], evidence: Evidence) -> str:
    """Return fit, fit with conditions, not fit or not assessed: critical findings refuse, high and medium ones set conditions."""
    worst = max((SEVERITIES.index(f.severity) for f in findings), default=0)
    if not any(t.rows for t in evidence.profile.tables):
        return "not assessed"
    return (
        "not fit"
        if worst >= SEVERITIES.index("critical")
        else "fit with conditions"
        if worst >= SEVERITIES.index("medium")
        else "fit"
    )


def order(evidence: Evidence) -> list[Finding]:
    """Return all findings by rank; of equal ones, those that refute a sentence of CLAUDE.md first, then the more severe."""
    refuted = {c.finding for c in evidence.claims if c.finding and c.verdict == "contradicted"}
    return sorted(evidence.findings, key=lambda f: (-round(f.rank, 6), f.id not in refuted, -SEVERITIES.index(f.severity), f.id))


def by_severity(evidence: Evidence) -> list[Finding]:
    """Return all findings by severity, worst first, then by rank: the order of the register."""
    return sorted(order(evidence), key=lambda f: -SEVERITIES.index(f.severity))


def criterion(finding: Finding) -> str:
    """Return what should be, without the file and line of a refuted sentence, which stand beside it anyway."""
    return re.sub(r"^[^.,\n]+\.\w+, line \d+\.\s*", "", finding.criterion)


def whom(evidence: Evidence, table: str) -> str:
    """Return who answers for *table*: the owner CLAUDE.md names for it, or the data owner."""
    words = _words(table)
    for owner in evidence.context.owners:
        for part in re.split(r"[;\n]", owner.quote):  # "Owners: orders: Marit; customers: Declan"
            subject, _, person = part.rpartition(":")
            if words & _words(subject) and person.strip(" .*`"):
                return person.strip(" .*`")
        if words & _words(owner.subject):
            return str(owner.value)
    return "the data owner"


def _words(text: str) -> set[str]:
    return {w.lower().rstrip("s") for w in re.findall(r"[^\W_]{3,}", text)}


def answer(answers: Mapping[str, str], about: str, question: str) -> str:
    """Return what was answered to *question* about one subject, or to the bare question; empty when nothing was."""
    return answers.get(f"{about}: {question}", answers.get(question, ""))


def _points(evidence: Evidence) -> list[tuple[Finding, tuple[str, ...]]]:
    """Return the first findings of distinct causes, each with the ids of those it stands for."""
    chosen: list[Finding] = []
    also: dict[str, list[str]] = {}
    for finding in order(evidence):
        if finding.question and answer(evidence.inputs.answers, subject(finding), finding.question):
            continue  # whoever answered knows
        same = next((c for c in chosen if _same_cause(c, finding)), None)
        if same:
            also[same.id].append(finding.id)
        elif len(chosen) < MOST and sum(c.rule == finding.rule for c in chosen) < _PER_RULE:
            chosen.append(finding)
            also[finding.id] = []
    return [(f, tuple(also[f.id])) for f in chosen]


def _same_cause(one: Finding, other: Finding) -> bool:
    """True when two findings are one matter: one query; one rule on one parent or column name; one table's column or rows."""
    against = one.id.partition("~")[2]  # what a rule compares with stands after the tilde: subject~parent~side
    if (one.query and one.query == other.query) or (one.rule == other.rule and against and against == other.id.partition("~")[2]):
        return True
    if one.table != other.table:
        return one.rule == other.rule and bool(one.column) and one.column == other.column
    shared = bool(one.column) and one.column == other.column
    return shared or (one.failing == other.failing and one.of == other.of)


def _point(evidence: Evidence, finding: Finding, also: tuple[str, ...]) -> Point:
    claim = next((c for c in evidence.claims if c.verdict == "contradicted" and (c.finding in (finding.id, *also))), None)
    said, at = (claim.quote, f"{claim.file}:{claim.line}") if claim else ("", "")
    return Point(finding, csv_name(finding.id), whom(evidence, finding.table), said, at, also)


def _purpose(evidence: Evidence, points: tuple[Point, ...]) -> tuple[str, bool, str]:
    """Return the purpose the judgement speaks for, whether it was stated, and where."""
    stated = evidence.context.purposes
    named = next((p.finding.purpose for p in points if p.finding.purpose), "")
    for purpose in stated:
        if not named or str(purpose.value).strip() in named or purpose.quote in named:
            return str(purpose.value), True, f"{purpose.file}:{purpose.line}"
    if stated:
        return str(stated[0].value), True, f"{stated[0].file}:{stated[0].line}"
    return ASSUMED, False, ""


def _summary(evidence: Evidence, word: str) -> str:
    """Return up to three sentences a director can repeat; every number is a count of nouns in the evidence."""
    if word == "not assessed":
        return "No table holds a row, so nothing could be measured."
    tested = [c for c in evidence.claims if c.verdict != "not_testable"]
    against = sum(c.verdict == "contradicted" for c in tested)
    heavy = [f for f in evidence.findings if f.severity in ("critical", "high")]
    where = f"{len({f.table for f in heavy})} of {len(evidence.profile.tables)} tables"
    stated = f"The data contradict {against} of {len(tested)} testable statements in CLAUDE.md"
    wrong = f"{len(heavy)} finding{'s' if len(heavy) != 1 else ''} would make a key figure wrong or break a duty, in {where}"
    said = [
        stated if tested else "Nothing was stated that the data could test",
        wrong if heavy else "No finding makes a key figure wrong",
    ]
    if word == "fit with conditions":
        said.append("The data can be used once the decisions below are taken")
    elif word == "not fit":
        said.append("They should not be used for this purpose before the first point is settled")
    return ". ".join(said) + "."


def _decisions(points: tuple[Point, ...], advice: tuple[Advice, ...]) -> tuple[Decision, ...]:
    """Return one decision per point: what its finding asks for, with the advised decision that rests on the same, if any."""
    kept = [d for a in advice for d in a.decisions if d.status == "kept"]
    found: list[Decision] = []
    for point in points:
        cited = next((d for d in kept if d not in found and rests_on(d, point)), None)
        if cited and not point.finding.recommendation:
            found.append(cited)
            continue
        asked = asked_for(point)
        more = {k: getattr(cited, k) for k in ("alternatives", "cells", "effort", "flips_if")} if cited else {}
        found.append(replace(asked, **more))
    return tuple(found)


def rests_on(decision: Decision, point: Point) -> bool:
    """True when an advised decision speaks of a point: of the sentence it refutes, or of a fact of its columns."""
    own = {f for f in point.finding.facts if not f.endswith("#rows")}  # how many rows a table has is every decision's fact
    return (bool(point.said_at) and decision.lines == (point.said_at,)) or bool(own & set(decision.facts))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


_ASKED = {
    "privacy": "In which form may {subject} be used, and by whom?",
    "uniqueness": "Which row counts where {subject} repeats?",
    "completeness": "What does a missing value of {subject} stand for?",
    "reading": "How is {subject} to be read?",
}
_TREATED = "How are the {rows} of {subject} treated before anyone uses them?"


def asked_for(point: Point) -> Decision:
    """Return the decision that a finding itself asks for: how its rows are treated."""
    finding, about = point.finding, subject(point.finding)
    rows = f"{finding.failing:,} rows" if finding.failing > 1 else "row"
    form = _ASKED.get(finding.dimension, _TREATED)
    asked = form.format(subject=about, rows=rows) if finding.table else finding.question or "What follows for the whole case?"
    return Decision(
        f"brief {finding.id}",
        "brief",
        about,
        asked,
        _sentence(finding.recommendation or finding.question),
        finding.consequence or finding.condition,
        questions=(finding.question,) if finding.question and finding.question != asked else (),
        facts=finding.facts,
        lines=finding.lines or ((point.said_at,) if point.said_at else ()),
        because=finding.id,
    )
