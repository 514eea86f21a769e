"""Advice speaks of this case: sentences without a table, column, number, line or technology of it are few, and cases differ."""

import re

import pytest

import dataeng_kit as dk
from dataeng_kit import advice
from dataeng_kit.share import samples

GENERIC = 0.25
"""Share of sentences that may name nothing of the case."""


@pytest.fixture(scope="module")
def told():
    """Case → (evidence, every advice)."""
    made = {}
    for name in samples():
        evidence = dk.open(name).evidence
        made[name] = (evidence, [advice.advise(t, evidence) for t in advice.topics(evidence)])
    return made


def sentences(decision):
    parts = (decision.question, decision.choice, decision.why, decision.because, decision.flips_if, *decision.alternatives)
    for part in (*parts, *decision.trade_offs, *decision.risks, *decision.questions, decision.effort):
        yield from (s for s in re.split(r"(?<=[.;:?])\s+", part.split(" (source:")[0]) if len(s.split()) > 2)


def own_words(evidence):
    tables = [t.name for t in evidence.profile.tables]
    columns = [c.name for t in evidence.profile.tables for c in t.columns]
    named = [
        m.name
        for kind in ("databases", "processing", "orchestration", "cloud", "storage", "compliance")
        for m in getattr(evidence.context, kind)
    ]
    return {w.lower() for w in (*tables, *columns, *named, evidence.name, "duckdb", "postgresql") if len(w) > 2}


def test_most_sentences_name_something_of_the_case(told):
    for name, (evidence, every) in told.items():
        words = re.compile("|".join(sorted(map(re.escape, own_words(evidence)), key=len, reverse=True)))
        all_said = [s for a in every for d in a.decisions for s in sentences(d)]
        generic = [s for s in all_said if not re.search(r"\d", s) and not words.search(s.lower())]
        assert len(generic) <= GENERIC * len(all_said), (name, len(generic) / len(all_said), generic[:40])


def test_two_cases_do_not_get_the_same_advice(told):
    one, two = (dict((d.id.replace(e.name, ""), d) for a in every for d in a.decisions) for e, every in told.values())
    both = one.keys() & two.keys()
    assert both
    same = [i for i in both if one[i].why == two[i].why]
    assert len(same) <= GENERIC * len(both), same


def test_every_decision_is_complete(told):
    for _, every in told.values():
        for a in every:
            for d in a.decisions:
                assert d.alternatives, d.id
                assert d.flips_if, d.id
                assert d.effort[:1] in "SML", d.id
            assert a.decisions[-1].id.endswith("/roadmap") or len(a.decisions) < 2
            assert len({d.id for d in a.decisions}) == len(a.decisions)


def test_key_figures_and_two_definitions_with_their_numbers(told):
    evidence, every = told["ecommerce"]
    found = next(a for a in every if a.topic == "analytics_engineering")
    figures = [d for d in found.decisions if d.id.endswith("/kpi")]
    assert figures
    assert all(all(w in d.choice for w in ("one value per month", "rows with", "owner:")) for d in figures)
    rival = next(d for d in found.decisions if d.id.endswith("/definition"))
    assert len(re.findall(r"[\d,]+\.\d\d", rival.question)) == 2
    assert evidence.profile.by_id[rival.facts[0]].id.endswith("#mean")
