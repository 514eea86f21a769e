"""A folder without CLAUDE.md: what is asked is ranked by what it changes, measured on the advice; answers move only that."""

import random

import pytest

import dataeng_kit as dk
from dataeng_kit.advice.asked import chosen
from dataeng_kit.cli import main
from dataeng_kit.context import read_context
from dataeng_kit.context.questions import MOST, cards, said
from dataeng_kit.knowledge import vocabulary
from dataeng_kit.nouns.context import KINDS, STATEMENTS


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("bare")
    dice = random.Random(3)
    people = [f"{i},p{i}@example.org,2024-01-{1 + i % 28:02}" for i in range(60)]
    orders = [f"{i},{dice.randrange(60)},2024-02-{1 + i % 28:02},{dice.randrange(100, 9999) / 100}" for i in range(400)]
    (made / "customers.csv").write_text("customer_id,email,signed_up\n" + "\n".join(people) + "\n")
    (made / "orders.csv").write_text("order_id,customer_id,ordered_at,total\n" + "\n".join(orders) + "\n")
    return made


@pytest.fixture(scope="module")
def case(folder):
    return dk.open(str(folder))


def test_every_card_fills_a_field():
    for id, card in cards().items():
        assert card.fills in (*KINDS, *STATEMENTS), id
        assert "{answer}" in card.line, id
        assert card.options, id
    assert set(cards()) & set(vocabulary().terms) == set()


@pytest.mark.parametrize("id", sorted(cards()))
def test_the_reader_understands_each_option(id, tmp_path):
    (tmp_path / "CLAUDE.md").write_text("# Empty\n")
    for option in cards()[id].options:
        context = read_context(tmp_path, answers={id: option})
        assert getattr(context, cards()[id].fills) or option == "no such rule", f"{id}: {said(id, option)}"


def test_ranked_by_the_decisions_that_really_change(case):
    asked = case.questions
    assert 1 <= len(asked) <= MOST
    assert [len(q.changes) for q in asked] == sorted((len(q.changes) for q in asked), reverse=True)
    base = chosen(case.evidence, {})
    for q in asked[:3]:
        moved = set()
        for option in q.options:
            then = chosen(case.evidence, {q.id: option})
            moved |= {d for d in base.keys() | then.keys() if base.get(d) != then.get(d)}
        assert set(q.changes) <= moved
        assert q.changes


def test_an_answer_changes_what_was_foretold_and_runs_only_that(folder, tmp_path_factory):
    case = dk.open(str(folder), context=str(tmp_path_factory.mktemp("notes")))
    asked = next(q for q in case.questions if q.id == "database")
    before = {d.id: d.choice for d in case.advise("model").decisions}
    profile = case.profile
    held = dict(case._held["checked"][1])
    case.answer("database", "PostgreSQL")
    context = case.context
    assert context.names("databases") == ("postgresql",)
    assert context.databases[0].file == "dataeng_kit.toml"
    assert context.databases[0].line == case.choices_path.read_text().splitlines().index('"database" = "PostgreSQL"') + 1
    after = {d.id: d.choice for d in case.advise("model").decisions}
    assert case.profile is profile
    assert {d for d in after if before.get(d) != after[d]} <= set(asked.changes) | (after.keys() - before.keys())
    assert all(case._held["checked"][1][chain] is checks for chain, checks in held.items())
    assert "database" not in {q.id for q in case.questions}


def test_draft_names_facts_and_assumptions_and_never_overwrites(folder, capsys, tmp_path, monkeypatch):
    assert main(["context", str(folder), "--init", "--yes", "--quiet"]) == 0
    text = (folder / "CLAUDE.md").read_text()
    assert "400 rows [orders#rows]" in text
    assert "*(assumed)*" in text
    again = dk.open(str(folder))
    assert again.context.names("databases")
    assert not [c for c in again.claims if c.verdict == "contradicted"]
    assert main(["context", str(folder), "--init", "--yes", "--quiet"]) == 2
    assert "exists" in capsys.readouterr().err
    assert (folder / "CLAUDE.md").read_text() == text
    (folder / "CLAUDE.md").unlink()
    monkeypatch.setattr("sys.stdin", None)
    assert main(["context", str(tmp_path), "--init"]) == 0
    assert "What is decided or paid" in (tmp_path / "CLAUDE.md").read_text()
