"""Decision cards: strict, weighed on measured numbers, and sensitive to exactly the numbers they cite."""

from dataclasses import replace

import pytest

from dataeng_kit import advice
from dataeng_kit.advice import cards
from dataeng_kit.errors import KitError
from dataeng_kit.knowledge import capabilities
from dataeng_kit.nouns import Context, Evidence


def decisions(evidence):
    return {d.id.rsplit("/", 1)[1]: d for d in advice.advise("architecture", evidence).decisions}


def test_cards_serve_known_capabilities():
    assert cards.cards("architecture")
    for card in cards.cards("architecture"):
        assert set(card["capabilities"]) <= set(capabilities())


def test_small_case_keeps_the_simple_choice(shop):
    found = decisions(shop[1])
    assert found["store"].choice == "one database"
    assert found["layers"].choice == "batch only"
    assert all(d.facts for d in found.values())


def test_past_the_threshold_the_choice_moves(shop, shop_tools):
    profile = shop[1].profile
    huge = tuple(replace(t, rows=t.rows * 10**11) for t in profile.tables)
    assert decisions(replace(shop[1], profile=replace(profile, tables=huge)))["store"].choice != "one database"
    fresh = Evidence("shop", Context(**shop_tools.fresh(1, "minutes")), shop[1].tables, profile)
    moved = decisions(fresh)["layers"]
    assert moved.choice != "batch only"
    assert moved.lines == ("CLAUDE.md:9",)
    assert decisions(fresh)["store"].choice == "one database"


def test_a_wrong_card_is_refused():
    good = {"options": [{"name": "a", "criteria": [{"measure": "tables", "above": 1, "weight": 1}]}]}
    cards._strict("good.toml", good)
    with pytest.raises(KitError, match="Did you mean 'tables'"):
        cards._strict("x.toml", {"options": [{"name": "a", "criteria": [{"measure": "tabels", "above": 1, "weight": 1}]}]})
    with pytest.raises(KitError, match="either above or below"):
        cards._strict("x.toml", {"options": [{"name": "a", "criteria": [{"measure": "tables", "weight": 1}]}]})


def test_diagram_draws_this_case(shop):
    drawn = advice.advise("architecture", shop[1]).detail["mermaid"]
    assert drawn.startswith("flowchart LR")
    assert "order_lines" in drawn
