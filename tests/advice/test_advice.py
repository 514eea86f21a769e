"""Advice of a small shop: every decision stands on facts and lines, moves with them, and is proven by its cells."""

import json
import os
import subprocess
import sys

import pytest

from dataeng_kit import advice, checks
from dataeng_kit.advice.increments import plan
from dataeng_kit.advice.measures import minutes
from dataeng_kit.errors import KitError, NotApplicable
from dataeng_kit.nouns import Context, Evidence, Profile


@pytest.fixture(scope="module")
def model(shop):
    return advice.advise("model", shop[1])


@pytest.fixture(scope="module")
def pipeline(shop):
    return advice.advise("pipeline", shop[1])


def test_decisions_cite_facts_that_exist(shop, model, pipeline):
    for decision in (*model.decisions, *pipeline.decisions):
        assert set(decision.facts) <= set(shop[1].profile.by_id)
        assert decision.flips_if, decision.id
        assert decision.alternatives, decision.id
    ids = [d.id for d in (*model.decisions, *pipeline.decisions)]
    assert len(ids) == len(set(ids))


def test_no_sentence_is_generic(shop, model, pipeline):
    names = {t.name for t in shop[1].profile.tables} | {c.name for t in shop[1].profile.tables for c in t.columns} | {"shop"}
    for decision in (*model.decisions, *pipeline.decisions):
        said = decision.choice + " " + decision.why
        assert any(n in said for n in names) or any(c.isdigit() for c in said), said


def test_cells_refer_to_cells_and_decisions_to_cells(model, pipeline):
    for found in (model, pipeline):
        ids = {c.id for c in found.cells}
        assert all(set(c.after) <= ids for c in found.cells)
        assert all(set(d.holds_if) | set(d.cells) <= ids for d in found.decisions)


def test_json_is_strict_and_in_the_contracts_shape(model):
    document = json.loads(json.dumps(advice.advice_answer(model), allow_nan=False))
    assert set(document) >= {"decisions", "cells", "designs"}
    assert set(document["cells"][0]["check"]) == {
        "level",
        "engine",
        "version",
        "seconds",
        "rows_in",
        "rows_out",
        "reconciliation",
        "isolation",
        "why",
    }
    assert {d["kind"] for d in document["designs"]} == {"normalised", "dimensional"}


def test_orphans_and_quarantine_carry_this_cases_numbers(model, pipeline):
    orphans = next(d for d in model.decisions if d.id == "model/orders.customer_id/orphans")
    assert "2 of 120 rows" in orphans.why
    refused = next(d for d in pipeline.decisions if d.id.endswith("/quarantine"))
    assert "payments: 1 rows repeat (payment_id)" in refused.why


def test_pipeline_runs_twice_and_changes_nothing(shop, pipeline):
    found = checks.run_cells(pipeline.cells, shop[0])
    for id, check in found.items():
        assert check.level == "ran", (id, check.why)
        assert check.ok, (id, check.why)
    names = [r.name for c in found.values() for r in c.reconciliation]
    assert sum("second run" in n for n in names) == 3
    settled = checks.settle(pipeline, found)
    assert all(d.status == "kept" for d in settled.decisions)


def test_a_killed_pipeline_ends_right_when_run_again(shop, pipeline, tmp_path):
    """Stop it after each of its steps: the next run reaches the same end."""
    script = next(c for c in pipeline.cells if c.language == "python")
    file = tmp_path / "run.py"
    file.write_text(script.source, "utf-8")
    source = checks.copy_sources(shop[0], tmp_path / "source.duckdb")
    steps = script.source.count('"""\n),') or len(plan(shop[1])) + 2
    for stop in range(0, steps, 3):
        target = tmp_path / f"t{stop}.duckdb"
        environment = {**os.environ, "DATAENG_SOURCE": source, "DATAENG_TARGET": str(target)}
        cut = f"import runpy, os\nm = runpy.run_path({str(file)!r})\nm['STEPS'][{stop}:] = []\nm['main']()\nos._exit(9)"
        assert subprocess.run([sys.executable, "-c", cut], env=environment, capture_output=True, check=False).returncode == 9
        done = subprocess.run([sys.executable, str(file)], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        import duckdb

        with duckdb.connect(str(target), read_only=True) as end:
            assert end.execute("SELECT count(*) FROM mart.fact_order_line").fetchone() == (360,)
            assert end.execute("SELECT count(*) FROM landing.quarantine").fetchone() == (1,)


def test_freshness_in_minutes(shop_tools):
    assert minutes(Evidence("e", Context(**shop_tools.fresh(2, "hours")), (), Profile()))[0] == 120
    assert minutes(Evidence("e", Context(), (), Profile()))[0] == float("inf")


def test_topics_aliases_and_errors(shop):
    assert set(advice.topics(shop[1])) >= {"model", "pipeline"}
    with pytest.raises(KitError, match="model"):
        advice.advise("modle", shop[1])
    with pytest.raises(NotApplicable):
        advice.advise("model", Evidence("empty", Context(), (), Profile()))
