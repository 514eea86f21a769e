"""Cells meet real engines in scratch workspaces: what ran, what failed, what was withdrawn, and Stop."""

import threading
import time
from dataclasses import replace

import pytest

from dataeng_kit import checks, design
from dataeng_kit.checks import embedded, grammar, limits
from dataeng_kit.checks.compare import agrees
from dataeng_kit.checks.settle import settle
from dataeng_kit.design.cells import cells, chain
from dataeng_kit.errors import Stopped
from dataeng_kit.nouns import Advice, Cell, Check, Decision, Expectation
from dataeng_kit.run import Run


def sql(id, source, **more):
    return Cell(id, "t", "duckdb", "sql", id, "", source, chain=more.pop("chain", "c"), **more)


@pytest.fixture(scope="module")
def star_checks(shop):
    data, evidence = shop
    made = design.find("dimensional")(evidence)
    found = chain(made, evidence, "duckdb")
    return found, checks.run_cells(found, data)


def test_the_star_runs_and_reconciles(star_checks):
    cells_, found = star_checks
    assert {c.level for c in found.values()} == {"ran"}
    load = found["model.dimensional.duckdb.load"]
    assert load.ok, load.why
    names = [r.name for r in load.reconciliation]
    assert any("in quarantine" in n for n in names)
    assert any("each header once" in n for n in names)
    assert any("overlap" in n for n in names)
    assert load.rows_in
    assert "own process" in load.isolation
    assert cells_[0].check is None  # cells are nouns: a check is attached by settle alone


def test_a_repeated_row_is_in_quarantine_and_orphans_at_the_unknown_member(star_checks):
    load = star_checks[1]["model.dimensional.duckdb.load"]
    orphans = next(r for r in load.reconciliation if r.name.startswith("fact_order_line.customer_key"))
    assert (orphans.left, orphans.right) == (6, 6)  # two orders of three lines name a customer that does not exist
    payments = next(r for r in load.reconciliation if r.name.startswith("every row of payments"))
    assert (payments.left, payments.right) == (121, 121)


def test_a_broken_promise_is_no_green_check(shop):
    lie = Expectation("lines are doubled", "rows", "SELECT count(*) FROM source.orders", "SELECT 2 * count(*) FROM source.orders")
    check = checks.run_cells([sql("lie", "SELECT 1", expects=(lie,), reads=("orders",))], shop[0])["lie"]
    assert check.level == "ran"
    assert not check.ok
    assert "lines are doubled" in check.why


def test_after_a_failure_nothing_of_the_chain_runs_and_other_chains_do(shop):
    found = checks.run_cells(
        [sql("second", "SELECT 1", after=("first",)), sql("first", "SELEC nothing"), sql("other", "SELECT 1", chain="d")], shop[0]
    )
    assert found["first"].level == "failed"
    assert found["second"].level == "not_checked"
    assert "first" in found["second"].why
    assert found["other"].level == "ran"


def test_generated_code_cannot_reach_files(shop, tmp_path):
    found = checks.run_cells([sql("write", f"COPY (SELECT 1) TO '{tmp_path / 'out.csv'}'")], shop[0])
    assert found["write"].level == "failed"
    assert not (tmp_path / "out.csv").exists()


def test_a_second_run_that_changes_something_is_caught(shop):
    count = "SELECT count(*) FROM t"
    again = Expectation("a second run adds nothing", "idempotent", count, count)
    bad = "CREATE TABLE IF NOT EXISTS t (a INTEGER); INSERT INTO t VALUES (1)"
    good = "CREATE OR REPLACE TABLE t AS SELECT 1 AS a"
    found = checks.run_cells(
        [sql("bad", bad, expects=(again,), chain="a"), sql("good", good, expects=(again,), chain="b")], shop[0]
    )
    assert not found["bad"].ok
    assert found["good"].ok


def test_stop_ends_a_running_chain(shop):
    run = Run()
    long = sql("long", "SELECT count(*) FROM range(100000000000) AS a(x), range(1000) AS b(y) WHERE hash(x) % 7 = y")
    threading.Timer(1.5, run.stop).start()
    begun = time.monotonic()
    with pytest.raises(Stopped):
        checks.run_cells([long], shop[0], run)
    assert time.monotonic() - begun < 20


SLOW = {"python": "import time\ntime.sleep(120)\n", "postgresql": "SELECT pg_sleep(120)"}


@pytest.mark.heavy
@pytest.mark.parametrize("technology", SLOW)
def test_stop_ends_every_means(technology, shop, postgres_url):
    language = "python" if technology == "python" else "sql"
    cell = Cell("long", "t", technology, language, "long", "", SLOW[technology], chain="long")
    run = Run()
    threading.Timer(4, run.stop).start()
    begun = time.monotonic()
    with pytest.raises(Stopped):
        checks.run_cells([cell], shop[0], run, postgres_url)
    assert time.monotonic() - begun < 40


def test_the_time_limit_ends_a_child(tmp_path):
    ended = limits.child(["-c", "import time; time.sleep(60)"], tmp_path, None, replace(limits.LIMITS, seconds=1))
    assert ended.late


def test_a_chain_that_is_too_slow_is_not_checked_rather_than_refuted(shop, tmp_path):
    source = checks.copy_sources(shop[0], tmp_path / "source.duckdb", ("orders",))
    slow = sql("slow", "SELECT count(*) FROM range(100000000000) AS a(x), range(1000) AS b(y) WHERE hash(x) % 7 = y")
    found = embedded.run_chain([slow], source, tmp_path / "w", None, replace(limits.LIMITS, seconds=3))
    assert found["slow"].level == "not_checked"
    assert "limit of 3 s" in found["slow"].why


def test_a_child_sees_no_secret_of_the_user(tmp_path, monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-canary")
    lines: list[str] = []
    limits.child(["-c", "import os; print(sorted(os.environ))"], tmp_path, None, on_line=lines.append)
    assert lines
    assert "ANTHROPIC" not in "".join(lines)


def test_python_cells_run_beside_a_copy(shop):
    code = "import os, duckdb\nc = duckdb.connect(os.environ['DATAENG_TARGET'])\nc.execute(\"ATTACH '\" + os.environ['DATAENG_SOURCE'] + \"' AS source\")\nc.execute('CREATE OR REPLACE TABLE kept AS SELECT * FROM source.orders')\n"
    same = Expectation("all orders are kept", "rows", "SELECT count(*) FROM source.orders", "SELECT count(*) FROM kept")
    cell = Cell("p", "t", "duckdb", "python", "p", "", code, expects=(same,), reads=("orders",), chain="p")
    check = checks.run_cells([cell], shop[0])["p"]
    assert check.level == "ran", check.why
    assert check.ok
    broken = replace(cell, id="q", chain="q", source="raise ValueError('no such column')")
    assert "no such column" in checks.run_cells([broken], shop[0])["q"].why


@pytest.mark.parametrize(
    ("statement", "level"),
    [("CREATE TABLE a (b int)", "parsed"), ("CREATE TABEL a (b int)", "failed"), ("SELEC * FRM t", "failed")],
)
def test_grammar_refuses_what_one_parser_alone_would_pass(statement, level):
    check = grammar.parse(sql("g", statement), "postgres", "postgres", "no server here")
    assert check.level == level
    assert check.why


def test_settle_withdraws_what_its_check_refutes_and_keeps_the_rest():
    decisions = (
        Decision("m/a/x", "m", "a", "?", "yes", "w", holds_if=("c1",)),
        Decision("m/b/x", "m", "b", "?", "no", "w", holds_if=("c2",)),
    )
    advice = Advice("m", decisions, (sql("c1", ""), sql("c2", "")))
    settled = settle(advice, {"c1": Check("failed", "duckdb", why="boom"), "c2": Check("parsed", "sqlglot")})
    assert [d.status for d in settled.decisions] == ["withdrawn", "kept"]
    assert "boom" in settled.decisions[0].because
    assert settled.cells[1].check.level == "parsed"


@pytest.mark.parametrize(
    ("left", "right", "ok"),
    [(1, 1, True), (1, 2, False), (0.1 + 0.2, 0.3, True), (1e9, 1e9 + 10, False), ("a", "a", True), (None, 0, False)],
)
def test_agreement(left, right, ok):
    assert agrees(left, right) is ok


def test_a_database_without_a_class_is_parsed_beside_its_duckdb_twin(shop_tools, tmp_path):
    data, evidence = shop_tools.shop(tmp_path, **shop_tools.says("snowflake"))
    made = design.find("dimensional")(evidence)
    found = checks.run_cells(cells(made, evidence), data)
    assert found["model.dimensional.snowflake.ddl"].level == "parsed", found["model.dimensional.snowflake.ddl"].why
    assert found["model.dimensional.duckdb.load"].ok
    data.close()


@pytest.mark.heavy
def test_every_design_reconciles_on_a_real_postgresql(shop, postgres_url):
    data, evidence = shop
    for kind in ("normalised", "dimensional", "vault", "graph"):
        found = checks.run_cells(chain(design.find(kind)(evidence), evidence, "postgresql"), data, None, postgres_url)
        for id, check in found.items():
            assert check.level == "ran", (id, check.why)
            assert check.ok, (id, check.why)
