"""Database design: indexes are timed and withdrawn when they do not help; a column changes under readers and back."""

import pytest

from dataeng_kit import advice, checks
from dataeng_kit.advice.tuning import Candidate, candidates, trial
from dataeng_kit.checks.compare import evaluate
from dataeng_kit.design.reading import read
from dataeng_kit.nouns import Expectation


def test_evolution_and_windows_run_and_reconcile(shop):
    found = advice.advise("database_design", shop[1])
    done = checks.run_cells(found.cells, shop[0])
    assert {c.level for c in done.values()} == {"ran"}
    assert all(c.ok for c in done.values()), {k: c.why for k, c in done.items()}
    assert all(d.alternatives and d.flips_if and not d.opinion for d in found.decisions)


def test_no_index_on_small_tables(shop):
    assert candidates(read(shop[1])) == ()
    decision = next(d for d in advice.advise("database_design", shop[1]).decisions if d.id.endswith("/index"))
    assert decision.choice == "none"


@pytest.mark.heavy
def test_an_index_on_postgresql_is_timed_before_it_is_advised(shop, postgres_url):
    tables = read(shop[1])
    wanted = trial(Candidate(tables["order_lines"], ("product_id",), "lines of a product"))
    check = checks.run_cells([wanted], shop[0], None, postgres_url)[wanted.id]
    assert check.level == "ran", check.why
    timed = next(r for r in check.reconciliation if "milliseconds" in r.name)
    assert timed.left > 0
    assert timed.ok is (timed.right * 2 <= timed.left)


def test_faster_needs_twice_the_speed():
    import time

    def value(sql):
        time.sleep({"slow": 0.004, "fast": 0.001}[sql])

    promise = Expectation("x", "faster", "slow", "fast", ">=")
    assert evaluate(promise, value, lambda: None).ok
    assert not evaluate(Expectation("x", "faster", "slow", "slow", ">="), value, lambda: None).ok
