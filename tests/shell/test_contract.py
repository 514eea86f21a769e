"""The shell's JSON shapes are a contract with people's scripts."""

import contextlib
import io
import json

import pytest

from dataeng_kit.cli import main
from dataeng_kit.share import sample


@pytest.fixture(scope="module")
def ecommerce():
    return sample("ecommerce")


@pytest.fixture(scope="module")
def ask(ecommerce):
    """Each command runs once, whole, as the shell would run it."""
    held = {}

    def run(*words):
        if words not in held:
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                assert main([*map(str, words), "--json"]) == 0
            held[words] = json.loads(out.getvalue(), parse_constant=lambda c: pytest.fail(f"{c} is no strict JSON"))
        return held[words]

    return run


def test_context(ask, ecommerce):
    a = ask("context", ecommerce)
    for key in ("databases", "processing", "orchestration", "cloud", "storage", "domains", "patterns", "compliance", "not_used"):
        for item in a[key]:
            assert {"name", "file", "line", "quote"} <= set(item)
    for key in ("purposes", "scale", "freshness", "availability", "retention", "owners", "governance", "conventions"):
        for item in a[key]:
            assert {"value", "unit", "file", "line", "quote"} <= set(item)
    assert "ecommerce" in {d["name"] for d in a["domains"]}
    assert a["files"]


def test_profile(ask, ecommerce):
    a = ask("profile", ecommerce)
    assert set(a) >= {"tables", "foreign_keys", "findings", "claims", "facts"}
    for table in a["tables"].values():
        assert {"rows", "primary_key", "grain", "columns"} <= set(table)
        for column in table["columns"].values():
            assert {"type", "nulls", "distinct", "semantic_type", "sensitive"} <= set(column)
    for key in a["foreign_keys"]:
        assert {"table", "columns", "ref_table", "ref_columns", "coverage", "orphans"} <= set(key)
    for finding in a["findings"]:
        assert {"id", "severity", "dimension", "table", "column", "message", "evidence", "query"} <= set(finding)
    for claim in a["claims"]:
        assert {"file", "line", "quote", "verdict", "evidence", "finding"} <= set(claim)
    assert all({"value", "query", "method"} <= set(f) for f in a["facts"].values())
    assert [c for c in a["claims"] if c["verdict"] == "contradicted"]
    by_id = {f["id"] for f in a["findings"]}
    assert all(c["finding"] in by_id for c in a["claims"] if c["verdict"] == "contradicted")


@pytest.mark.parametrize("topic", ["model", "pipeline"])
def test_advise(ask, ecommerce, topic):
    a = ask("advise", ecommerce, "--topic", topic)
    assert a["decisions"]
    assert a["cells"]
    for cell in a["cells"]:
        assert {"id", "language", "title", "purpose", "source", "check"} <= set(cell)
        assert set(cell["check"]) >= {
            "level", "engine", "version", "seconds", "rows_in", "rows_out", "reconciliation", "isolation", "why",
        }  # fmt: skip
        assert cell["check"]["level"] in ("ran", "parsed"), cell["check"]
    if topic == "model":
        star = next(d for d in a["designs"] if d["kind"] == "dimensional")
        for fact in star["facts"]:
            assert {"name", "source_tables", "grain", "grain_sentence", "measures", "dimensions", "dates"} <= set(fact)
        for dimension in star["dimensions"]:
            assert {"name", "source_tables", "natural_key", "scd"} <= set(dimension)


def test_every_cited_fact_exists(ask, ecommerce):
    facts = ask("profile", ecommerce)["facts"]
    for topic in ("model", "pipeline"):
        for decision in ask("advise", ecommerce, "--topic", topic)["decisions"]:
            assert not set(decision["facts"]) - set(facts), decision["id"]


def test_brief_catalog_doctor(ask, ecommerce):
    brief = ask("brief", ecommerce)
    assert len(brief["points"]) == 3
    assert len(brief["decisions"]) == 3
    rows = ask("catalog")
    assert "technologies.postgresql.jsonb" in rows
    assert all({"wanted", "level", "engine", "version", "recipe", "here"} <= set(r) for r in rows.values())
    assert {r["state"] for r in ask("doctor")} <= {"ok", "warn", "blocked"}


def test_ask_answers_from_facts_or_says_it_cannot(ask, ecommerce):
    keyed = ask("ask", ecommerce, "What is the grain of orders?")
    assert any(s["facts"] for s in keyed["said"])
    lost = ask("ask", ecommerce, "Who won?")
    assert lost["state"] == "failed"
    assert lost["why"]
