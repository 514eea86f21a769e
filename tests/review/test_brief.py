"""The brief: rank decides, causes are distinct, every decision follows from a point."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataeng_kit.nouns import ClaimResult, Context, Decision, Evidence, Finding, Inputs, Profile, Statement, TableProfile
from dataeng_kit.nouns.brief import Brief
from dataeng_kit.nouns.finding import SEVERITIES
from dataeng_kit.review.brief import brief, judgement, order, whom
from dataeng_kit.show import html, markdown, text


def make(id, rank, table="t", column="c", severity="high", rule="", failing=1, query="") -> Finding:
    return Finding(
        id,
        rule or id,
        severity,
        "consistency",
        table,
        column,
        f"{id} is",
        "should",
        failing,
        100,
        query or f"select '{id}'",
        recommendation=f"mend {id}",
        rank=rank,
    )


def case(*findings, claims=(), context=None) -> Evidence:
    tables = tuple(TableProfile(t, 100, ()) for t in dict.fromkeys(f.table for f in findings)) or (TableProfile("t", 5, ()),)
    return Evidence("case", context or Context(), (), Profile(tables), findings=tuple(findings), claims=claims)


def test_points_follow_rank_and_name_their_file_person_and_claim(made):
    page = made.brief
    first = page.points[0]
    assert first.finding.id == "time orders.ordered_on"
    assert first.also == ("again orders.ordered_on",)
    assert first.whom == "Marit"
    assert first.contradicts == "no order precedes its sign-up"
    assert first.said_at == "CLAUDE.md:7"
    assert first.file.endswith(".csv")
    assert [p.finding.id for p in page.points] == ["time orders.ordered_on", "key orders.note", "case customers.email"]
    assert (page.purpose, page.stated, page.purpose_at) == ("monthly revenue for the board", True, "CLAUDE.md:2")
    assert "contradict 1 of 2 testable statements" in page.summary


def test_each_point_gets_the_decision_it_asks_for(made):
    page = made.brief
    assert len(page.decisions) == len(page.points)
    assert page.decisions[0].because == "time orders.ordered_on"
    assert page.decisions[0].choice == "Mend ordered_on"
    assert not page.decisions[0].opinion


def test_advice_that_cites_the_facts_is_the_decision_when_the_finding_recommends_nothing(made):
    found = replace(made.evidence.findings[0], recommendation="", facts=("orders.ordered_on#min",))
    own = replace(made.advice[0].decisions[0], facts=found.facts)
    page = brief(replace(made.evidence, findings=(found,)), (replace(made.advice[0], decisions=(own,)),))
    assert page.decisions[0].id == "d1"


def test_a_withdrawn_decision_never_follows(made):
    found = replace(made.evidence.findings[0], recommendation="", facts=("x",))
    gone = replace(made.advice[0], decisions=(Decision("d", "model", "t", "q", "c", "w", facts=("x",), status="withdrawn"),))
    assert brief(replace(made.evidence, findings=(found,)), (gone,)).decisions[0].id != "d"


def test_a_contradicted_sentence_breaks_a_tie():
    claims = (ClaimResult("CLAUDE.md", 1, "said", "contradicted", "1", finding="b"),)
    assert [f.id for f in order(case(make("a", 5.0, "t"), make("b", 5.0, "u"), claims=claims))] == ["b", "a"]


def test_the_same_matter_takes_one_place():
    found = case(
        make("a", 9, column="x"),
        make("b", 8, column="x"),
        make("c", 7, "u", "y", failing=2, query="q"),
        make("d", 6, "v", "z", query="q"),
        make("e", 5, "w", "k"),
    )
    page = brief(found, ())
    assert [(p.finding.id, p.also) for p in page.points] == [("a", ("b",)), ("c", ("d",)), ("e", ())]


def test_one_rule_on_one_column_name_is_one_matter():
    found = case(*(make(f"f{t}", 9, t, "patient_id", rule="join") for t in "abc"), make("last", 1, "u", "c"))
    assert [p.finding.id for p in brief(found, ()).points] == ["fa", "last"]


def test_a_decision_on_the_refuted_sentence_joins_the_one_asked_for(made):
    own = Decision(
        "d9", "model", "CLAUDE.md:7", "rely on it?", "no", "w", alternatives=("x",), lines=("CLAUDE.md:7",), cells=("c",)
    )
    first = brief(made.evidence, (replace(made.advice[0], decisions=(own,)),)).decisions[0]
    assert (first.choice, first.alternatives, first.cells) == ("Mend ordered_on", ("x",), ("c",))


def test_who_was_answered_knows():
    found = case(replace(make("a", 9), question="why?"), make("b", 5, "u"))
    known = replace(found, inputs=Inputs(answers={"t.c: why?": "as agreed"}))
    assert [p.finding.id for p in brief(found, ()).points] == ["a", "b"]
    assert [p.finding.id for p in brief(known, ()).points] == ["b"]


def test_one_rule_fills_at_most_two_places():
    found = case(*(make(f"f{i}", 10 - i, f"t{i}", f"c{i}", rule="orphans") for i in range(4)), make("last", 1, "u", "c"))
    assert [p.finding.id for p in brief(found, ()).points] == ["f0", "f1", "last"]


@pytest.mark.parametrize(
    ("severity", "word"),
    [("critical", "not fit"), ("high", "fit with conditions"), ("medium", "fit with conditions"), ("low", "fit")],
)
def test_judgement_follows_the_worst_finding(severity, word):
    found = case(make("a", 1, severity=severity))
    assert judgement(found.findings, found) == word


def test_nothing_measured_is_not_assessed():
    empty = Evidence("empty", Context(), (), Profile((TableProfile("t", 0, ()),)))
    page = brief(empty, ())
    assert (page.judgement, page.points, page.decisions) == ("not assessed", (), ())


def test_owners_of_one_line_are_told_apart():
    said = Statement("orders: Marit", "", "CLAUDE.md", 6, "Owners: orders and payments: Marit (finance); customers: Declan.")
    found = case(context=Context(owners=(said,)))
    assert [whom(found, t) for t in ("orders", "customers", "products")] == ["Marit (finance)", "Declan", "the data owner"]


def test_one_parent_broken_by_many_children_is_one_matter():
    late = [make(f"outside:{t}.at~patients.death~after", 9 - i, t, "at", rule="outside", failing=i) for i, t in enumerate("abc")]
    assert len(brief(case(*late), ()).points) == 1


def test_owner_falls_back_to_the_data_owner(made):
    assert whom(made.evidence, "customers") == "the data owner"
    assert whom(made.evidence, "") == "the data owner"


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.sampled_from(SEVERITIES), st.floats(0, 1e6)), max_size=12
    )
)
def test_points_are_distinct_ordered_and_round_trip(drawn):
    found = case(*(make(f"r{i} {t}.{c}", rank, t, c, severity, failing=i) for i, (t, c, severity, rank) in enumerate(drawn)))
    page = brief(found, ())
    ranks = [round(p.finding.rank, 6) for p in page.points]
    assert ranks == sorted(ranks, reverse=True)
    assert len(page.points) <= 3
    assert len({(p.finding.table, p.finding.column) for p in page.points}) == len(page.points)
    assert len(page.decisions) == len(page.points)
    assert Brief.from_json(page.to_json()) == page


def test_the_page_reads_in_every_form(made):
    for form in (text, markdown, html):
        shown = form(made.brief)
        assert "6 rows of ordered" in shown.replace("\\", "")
        assert "Mend ordered" in shown.replace("\\", "")
