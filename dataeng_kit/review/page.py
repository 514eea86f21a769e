"""What the section templates ask for: the case's nouns, and the few lists that several sections share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dataeng_kit.nouns import Advice, Cell, Choices, Decision, Evidence, Finding
from dataeng_kit.nouns.brief import Brief
from dataeng_kit.nouns.finding import SEVERITIES
from dataeng_kit.nouns.references import write
from dataeng_kit.nouns.snapshot import Comparison, Snapshot
from dataeng_kit.profile.semantics.cards import cards
from dataeng_kit.review.brief import answer, by_severity, criterion, order, rests_on, whom
from dataeng_kit.review.links import Links
from dataeng_kit.review.scorecard import Score, scorecard
from dataeng_kit.show.views.finding import subject

MOST_DECISIONS = 7
FRAMEWORKS = {"gdpr": "GDPR", "ccpa": "CCPA § 1798.140", "hipaa": "HIPAA, 45 CFR 164.514(b)(2)(i)", "pci": "PCI DSS"}
"""How the laws of a label card are cited: their framework and, where all fall under one section, that section."""


@dataclass(frozen=True)
class Question:
    """One line for the data owner: the subject and the question, who is asked, why, and the answer once it came."""

    text: str
    whom: str
    about: str
    answer: str = ""


@dataclass(frozen=True)
class Page:
    """One review; the *snapshot* is already as the policy lets it be seen."""

    snapshot: Snapshot
    choices: Choices
    links: Links
    policy: str
    open_line: str = ""
    ledger: tuple[Any, ...] = ()
    comparison: Comparison | None = None
    versions: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0
    verified: str = ""
    rows_written: bool = False

    @property
    def evidence(self) -> Evidence:
        """Return the evidence as it may be seen."""
        return self.snapshot.evidence

    @property
    def advice(self) -> tuple[Advice, ...]:
        """Return the advice as it may be seen."""
        return self.snapshot.advice

    @property
    def brief(self) -> Brief:
        """Return the brief as it may be seen."""
        return self.snapshot.brief

    @cached_property
    def findings(self) -> list[Finding]:
        """Return all findings, most important first."""
        return order(self.evidence)

    @cached_property
    def register(self) -> list[Finding]:
        """Return all findings by severity, worst first, then by rank."""
        return by_severity(self.evidence)

    @cached_property
    def measured(self) -> str:
        """Return when the facts were measured, to the minute."""
        return (self.evidence.profile.measured_at or self.snapshot.made_at).replace("T", " ")[:16]

    @cached_property
    def severities(self) -> list[tuple[str, int]]:
        """Return each severity with its number of findings, worst first."""
        return [(s, sum(f.severity == s for f in self.findings)) for s in reversed(SEVERITIES)]

    @cached_property
    def scores(self) -> dict[str, dict[str, tuple[Score, ...]]]:
        """Return the scorecard."""
        return scorecard(self.evidence)

    @cached_property
    def decisions(self) -> list[Decision]:
        """Return the decisions asked for: the brief's, then kept ones that carry a risk or a question, at most seven."""
        points = self.brief.points
        kept = [d for a in self.advice for d in a.decisions if d.status == "kept" and (d.questions or d.risks)]
        open_ones = [d for d in kept if not any(rests_on(d, p) for p in points)]
        return list({d.id: d for d in [*self.brief.decisions, *open_ones]}.values())[:MOST_DECISIONS]

    @cached_property
    def questions(self) -> list[Question]:
        """Return what to ask, each once, findings first; an answer given before stands beside it."""
        asked: dict[tuple[str, str], Question] = {}
        for f in self.findings:
            if f.question:
                asked.setdefault((f.question, f.table), self._asked(f.question, f.table, self.subject(f), self.lead(f)))
        for advice in self.advice:
            for d in advice.decisions:
                for q in d.questions:
                    asked.setdefault((q, d.subject), self._asked(q, d.subject, d.subject, d.question))
        return list(asked.values())

    def _asked(self, text: str, table: str, subject: str, why: str) -> Question:
        key = f"{subject}: {text}"
        return Question(key, whom(self.evidence, table), why, answer(self.choices.inputs.answers, subject, text))

    @cached_property
    def period(self) -> str:
        """Return the first and last month of the tables' own time columns."""
        times = [t.time for t in self.evidence.profile.tables if t.time and t.time.start and t.time.end]
        return f"{min(t.start for t in times)[:7]} to {max(t.end for t in times)[:7]}" if times else "not dated"

    @cached_property
    def personal(self) -> list[tuple[str, Any, Any]]:
        """Return (table, column, label) of every column that holds personal or secret values."""
        return [(t.name, c, c.label) for t in self.evidence.profile.tables for c in t.columns if c.label and c.label.sensitive]

    @cached_property
    def cells(self) -> list[Cell]:
        """Return every advised cell once."""
        return list({c.id: c for a in self.advice for c in a.cells}.values())

    @cached_property
    def methods(self) -> list[tuple[str, int]]:
        """Return how many facts were measured by which method, exact ones first."""
        kinds: dict[str, int] = {}
        for fact in self.evidence.profile.facts:
            kinds[fact.method] = kinds.get(fact.method, 0) + 1
        return sorted(kinds.items(), key=lambda k: (k[0] != "exact", -k[1]))

    def duty(self, label: str) -> str:
        """Return where the project's frameworks (all, when it names none) speak of such a column; empty when nowhere."""
        card = cards().get(label)
        named = {n.split("_")[0] for n in self.evidence.context.names("compliance")}
        laws = {k: v for k, v in card.law.items() if not named or k in named} if card else {}
        return "; ".join(f"{FRAMEWORKS.get(k, k.upper())} {v}" for k, v in laws.items())

    def owner(self, table: str) -> str:
        """Return who answers for a table."""
        return whom(self.evidence, table)

    def status(self, id: str) -> str:
        """Return the verdict on a finding or decision in words, `open` when there is none."""
        verdict = self.choices.verdict(id)
        if verdict is None:
            said = self.answers.get(id)
            return f"closed by the answer: {said}" if said else "open"
        by = ", ".join(p for p in (verdict.author, verdict.date) if p)
        return f"{verdict.status}{f' ({by})' if by else ''}{f': {verdict.reason}' if verdict.reason else ''}"

    @cached_property
    def answers(self) -> dict[str, str]:
        """Return finding id → the answer to its question, of the findings whose question was answered."""
        given = self.choices.inputs.answers
        return {f.id: said for f in self.findings if f.question and (said := answer(given, self.subject(f), f.question))}

    def subject(self, noun: Finding) -> str:
        """Return the reference a finding is about."""
        return subject(noun)

    def lead(self, noun: Finding) -> str:
        """Return what is, as a headline: without the refuted sentence, which stands below it as a quotation."""
        said = [f"{c.file}, line {c.line}, says otherwise" for c in self.evidence.claims if c.finding == noun.id]
        for mark in said:
            head, found, tail = noun.condition.partition(mark)
            if found and not tail.partition('"')[2].partition('"')[2].strip(" ."):
                return self.sentence(head.strip())
        return self.sentence(noun.condition)

    def criterion(self, noun: Finding) -> str:
        """Return what should be, as a sentence."""
        return self.sentence(criterion(noun) or "as the project states")

    @cached_property
    def names(self) -> frozenset[str]:
        """Return every name of a table or column."""
        tables = self.evidence.profile.tables
        return frozenset({t.name for t in tables} | {c.name for t in tables for c in t.columns})

    def sentence(self, text: str) -> str:
        """Return *text* with a capital first letter, unless it begins with the name of a table or column."""
        first = text.split(" ", 1)[0].rstrip(",:;")
        return text[:1].upper() + text[1:] if first.isalpha() and first.islower() and first not in self.names else text

    def references(self, *parts: str) -> str:
        """Return ``table.column``."""
        return write(*parts)

    def listed(self, items: Sequence[Any], most: int) -> tuple[Sequence[Any], int]:
        """Return at most *most* items and how many were left out."""
        return items[:most], max(0, len(items) - most)
