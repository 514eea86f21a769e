"""One folder under four CLAUDE.md: each change alters the decisions it should and no others, and says which line did it."""

from dataclasses import replace

import pytest

import dataeng_kit as dk
from dataeng_kit import advice
from dataeng_kit.context import read_context

BASE = "# Shop\n\n## Technology\n"
SAID = {
    "postgresql": "- Target database: PostgreSQL 16; loads run nightly at 02:00 (batch).\n",
    "mysql": "- Database: MySQL 8 with two read replicas for reports.\n",
    "streaming": "- Events arrive over Kafka, 2 million rows a day.\n- Freshness: one minute.\n",
    "healthcare": "- Healthcare claims; HIPAA applies.\n- Retention: records are kept for seven years.\n",
}
TOPICS = (
    "model",
    "pipeline",
    "architecture",
    "database_design",
    "distributed",
    "streaming",
    "privacy",
    "compliance",
    "security",
    "analytics",
    "disaster_recovery",
)
MOVES = {
    "postgresql": {"model/engine", "database_design/index", "database_design/availability", "database_design/jsonb",
                   "distributed/consistency"},
    "mysql": {"model/engine", "database_design/availability", "database_design/pooling", "distributed/replication", "distributed/consistency"},
    "streaming": {
        "model/engine", "pipeline/rhythm", "architecture/store", "architecture/layers", "architecture/events", "streaming/need",
        "distributed/sharding", "distributed/transactions", "distributed/replication", "database_design/availability", "database_design/pooling",
        "analytics/engine", "analytics/realtime", "disaster_recovery/backup", "disaster_recovery/continuity",
    },
    "healthcare": {
        "model/personal", "model/history", "privacy/analytics", "privacy/trail", "compliance/retention", "compliance/evidence",
        "security/encryption", "security/access", "database_design/partition", "analytics/lake",
    },
}  # fmt: skip
"""topic/question → the decisions a statement may move; questions of one table are named without it."""
MUST = {
    "postgresql": {"model/engine"},
    "mysql": {"model/engine", "database_design/availability", "distributed/replication"},
    "streaming": {"pipeline/rhythm", "architecture/layers", "architecture/events", "streaming/need"},
    "healthcare": {"model/personal", "compliance/retention", "privacy/trail"},
}


def short(id):
    topic, *_, slug = id.split("/")
    return f"{topic}/{slug}"


def named(choice):
    """A choice without the name of its engine, which every card may speak of."""
    for name in ("PostgreSQL", "MySQL", "mysql", "DuckDB"):
        choice = choice.replace(name, "ENGINE")
    return choice


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    evidence = dk.open("ecommerce").evidence
    made = {}
    for name, text in {"none": "", **SAID}.items():
        file = tmp_path_factory.mktemp(name) / "CLAUDE.md"
        file.write_text(BASE + text, "utf-8")
        made[name] = replace(evidence, context=read_context(file), claims=(), findings=())
    return made


@pytest.fixture(scope="module")
def advised(cases):
    return {name: {d.id: d for t in TOPICS for d in advice.advise(t, e).decisions} for name, e in cases.items()}


@pytest.mark.parametrize("said", SAID)
def test_a_statement_moves_its_own_decisions_and_no_others(advised, said):
    before, after = advised["none"], advised[said]
    moved = {
        short(i)
        for i in before.keys() | after.keys()
        if (i in before) != (i in after) or named(before[i].choice) != named(after[i].choice)
    } - {f"{t}/roadmap" for t in TOPICS}
    tried = (
        {"database_design/evolution", "database_design/window", "security/access", "privacy/trail", "compliance/trail"}
        if said == "postgresql"
        else set()
    )
    assert moved - MOVES[said] - tried == set()
    assert MUST[said] - moved - {"model/engine"} == set()
    if "model/engine" in MUST[said]:
        assert before["model/ecommerce/engine"].choice != after["model/ecommerce/engine"].choice


@pytest.mark.parametrize("said", SAID)
def test_each_moved_decision_says_which_line_and_what_without_it(advised, said):
    for id, d in advised[said].items():
        other = advised["none"].get(id)
        if id.endswith("/roadmap"):
            continue
        if other is None or other.choice != d.choice:
            assert d.because.startswith("because CLAUDE.md:"), (id, d.because)
            assert "without it: " in d.because
            if other is not None:
                assert d.because.endswith(other.choice), (id, d.because)


def test_every_statement_is_cited_with_its_own_line(advised):
    lines = {said: {at for d in found.values() for at in d.lines} for said, found in advised.items()}
    assert lines["none"] == set()
    assert lines["postgresql"] == lines["mysql"] == {"CLAUDE.md:4"}
    assert lines["streaming"] == lines["healthcare"] == {"CLAUDE.md:4", "CLAUDE.md:5"}
