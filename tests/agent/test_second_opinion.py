"""Rules and model side by side, and literals that pose as data."""

import json

import pytest
from fake_anthropic import FakeAnthropic, reply, tool_use

import dataeng_kit as dk
from dataeng_kit.agent.literals import posing
from dataeng_kit.cli import main
from dataeng_kit.errors import KitError
from dataeng_kit.show import markdown


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "shop"
    place.mkdir()
    place.joinpath("orders.csv").write_text("order_id,amount\n" + "".join(f"{n},{n}.5\n" for n in range(1, 51)))
    return str(place)


def judge(body):
    """Agree with the first decision of the rules, disagree with the second, once with a wrong number."""
    rules = json.loads(body["messages"][-1]["content"][0]["content"])["decisions"]
    words = ("disagree", "one flat table", "orders has 51 rows."), ("agree", rules[1]["choice"], "orders has 50 rows.")
    given = [
        {"id": d["id"], "stance": s, "choice": c, "why": w, "facts": ["orders#rows"], "lines": []}
        for d, (s, c, w) in zip(rules, words, strict=False)
    ]
    return reply(tool_use("judge", {"decisions": given}, "j"), tool_use("answer", {"claims": []}, "a"))


def test_rules_and_model_stand_side_by_side(folder, monkeypatch, capsys):
    with FakeAnthropic([reply(tool_use("advise", {"topic": "architecture"})), judge] * 2) as api:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", api.url)
        case = dk.open(folder)
        told = case.second_opinion("architecture")
        assert main(["advise", folder, "--topic", "architecture", "--agent", "claude", "--json", "--quiet"]) == 0
    assert told.state == "complete", told.why
    first, second = told.judged
    assert (first.stance, first.model, first.said.standing) == ("disagree", "one flat table", "struck")
    assert (second.stance, second.said.standing) == ("agree", "grounded")
    assert first.rules == next(d.choice for d in case.advise("architecture").decisions if d.id == first.decision)
    shown = markdown(told)
    assert shown.index("one flat table") > shown.index(first.rules.split("|")[0][:20])
    answer = json.loads(capsys.readouterr().out)
    assert len(answer["second_opinion"]["judged"]) == 2
    assert answer["decisions"]


def test_an_unknown_topic_sends_nothing(folder, monkeypatch):
    with FakeAnthropic([]) as api:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", api.url)
        with pytest.raises(KitError, match="'architecture'"):
            dk.open(folder).second_opinion("architectur")
        assert not api.requests


@pytest.mark.parametrize(
    ("language", "source", "poses"),
    [
        ("sql", "SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (3, 'c')) AS v(id, name)", True),
        ("sql", "SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3", True),
        ("sql", "SELECT random() AS amount FROM t1", True),
        ("sql", "SELECT c1, sum(c2) FROM t1 GROUP BY 1", False),
        ("sql", "SELECT * FROM t1 WHERE c1 IN (1, 2, 3, 4)", False),
        ("sql", "SELECT c1 FROM t1 UNION ALL SELECT c1 FROM t2 UNION ALL SELECT c1 FROM t3", False),
        ("sql", "SELECT (", False),
        ("python", "import pandas as pd\ndf = pd.DataFrame({'id': [1, 2, 3], 'name': ['a', 'b', 'c']})", True),
        ("python", "df = pd.DataFrame([[1, 2], [3, 4], [5, 6]])", True),
        ("python", "import numpy as np\nx = np.random.default_rng(1)", True),
        ("python", "df = pd.DataFrame({'id': rows})", False),
        ("python", "columns = ['a', 'b', 'c', 'd']\nframe = frame[columns]", False),
    ],
)
def test_literals_that_pose_as_data_are_named(language, source, poses):
    assert bool(posing(language, source)) == poses


def test_a_cell_of_invented_rows_is_not_run_and_flagged(folder, monkeypatch):
    seen = []
    invented = {
        "language": "sql",
        "title": "Rows",
        "purpose": "p",
        "source": "SELECT * FROM (VALUES (1), (2), (3)) v(n)",
        "facts": [],
    }
    with FakeAnthropic([reply(tool_use("propose_cell", invented)), reply(tool_use("answer", {"claims": []}))]) as api:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", api.url)
        told = dk.open(folder).ask("Show rows", "claude", seen.append)
    assert told.cells[0].check.level == "failed"
    assert "3 rows of VALUES" in told.cells[0].check.why
    assert any(e.kind == "flag" and "3 rows of VALUES" in e.text for e in seen)
    assert "3 rows of VALUES" in api.requests[1][2]["messages"][-1]["content"][0]["content"]
