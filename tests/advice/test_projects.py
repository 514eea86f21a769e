"""Projects a team can own: the contract, the plain-Python twin with pandera and OpenLineage, drift by policy, kill and run again."""

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from dataeng_kit import checks
from dataeng_kit.advice import projects
from dataeng_kit.errors import KitError


@pytest.fixture(scope="module")
def twin(shop, tmp_path_factory):
    """The plain-Python project beside a copy of the shop, run once."""
    folder = tmp_path_factory.mktemp("twin")
    projects.write("python", shop[1], folder / "project")
    source = checks.copy_sources(shop[0], folder / "source.duckdb")
    assert run(folder, source).returncode == 0
    return folder, source


def run(folder, source, script="run.py", **more):
    environment = {**os.environ, "DATAENG_SOURCE": str(source), "DATAENG_TARGET": str(folder / "warehouse.duckdb"), **more}
    command = [sys.executable, str(folder / "project" / script)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def state(folder):
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as c:
        names = c.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE schema_name IN ('landing', 'mart')"
        ).fetchall()
        kept = [(s, t) for s, t in names if t not in ("run_log", "drift")]
        return {(s, t): c.execute(f'SELECT count(*) FROM {s}."{t}"').fetchone()[0] for s, t in kept}


def test_the_contract_is_odcs_without_a_value(shop, tmp_path):
    odcs = pytest.importorskip("open_data_contract_standard.model")
    (file,) = projects.write("contract", shop[1], tmp_path / "c")
    found = odcs.OpenDataContractStandard.from_file(str(file))
    assert found.apiVersion == "v3.2.0"
    tables = {t.name: t for t in found.schema_}
    assert set(tables) == {t.name for t in shop[1].profile.tables}
    every = [p for t in tables.values() for p in t.properties]
    assert all(p.classification and p.examples is None and p.logicalType for p in every)
    assert {r.to for r in tables["order_lines"].relationships} >= {"orders.order_id", "products.product_id"}
    assert all(t.quality and t.dataGranularityDescription for t in tables.values())
    text = file.read_text("utf-8")
    assert not any(f"Customer {n}" in text or f"Name{n}" in text for n in range(5))


def test_a_second_run_changes_nothing(twin):
    folder, source = twin
    before = state(folder)
    assert run(folder, source).returncode == 0
    assert state(folder) == before


def test_lineage_events_are_open_lineage(twin):
    events = pytest.importorskip("openlineage.client.event_v2")
    rows = [json.loads(line) for line in (twin[0] / "lineage.jsonl").read_text("utf-8").splitlines()]
    for row in rows:
        events.RunEvent(
            eventTime=row["eventTime"],
            eventType=events.RunState[row["eventType"]],
            producer=row["producer"],
            run=events.Run(runId=row["run"]["runId"]),
            job=events.Job(**row["job"]),
            inputs=[events.InputDataset(namespace=d["namespace"], name=d["name"]) for d in row["inputs"]],
            outputs=[events.OutputDataset(namespace=d["namespace"], name=d["name"]) for d in row["outputs"]],
        )
    kinds = [r["eventType"] for r in rows]
    assert kinds.count("START") == kinds.count("COMPLETE") == len(rows) / 2
    landed = next(r for r in rows if r["eventType"] == "COMPLETE" and r["job"]["name"] == "land orders")
    assert landed["inputs"][0]["name"] == "source.orders"
    assert landed["outputs"][0]["outputFacets"]["outputStatistics"]["rowCount"] == 120


def test_pandera_holds_on_this_delivery_and_not_on_a_worse_one(twin, tmp_path):
    pytest.importorskip("pandera")
    folder, source = twin
    good = run(folder, source, "checks.py")
    assert good.returncode == 0, good.stdout + good.stderr
    worse = tmp_path / "project"
    worse.mkdir()
    (worse / "checks.py").write_text((folder / "project" / "checks.py").read_text("utf-8"), "utf-8")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as c:
        c.execute(f"ATTACH '{folder / 'warehouse.duckdb'}' AS good (READ_ONLY)")
        c.execute("CREATE SCHEMA landing")
        for (name,) in c.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'good' AND schema_name = 'landing'"
        ).fetchall():
            c.execute(f"CREATE TABLE landing.{name} AS SELECT * FROM good.landing.{name}")
        c.execute("UPDATE landing.order_lines SET product_id = 1 WHERE line_no = 1")
        c.execute("INSERT INTO landing.customers SELECT * FROM landing.customers LIMIT 1")
    bad = run(tmp_path, source, "checks.py")
    assert bad.returncode == 1
    assert "customers" in bad.stdout
    assert "order_lines: 120 rows name a row of products" in bad.stdout


def altered(twin, tmp_path, sql):
    """The project with a fresh warehouse and a source that has drifted."""
    folder, source = twin
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "run.py").write_text((folder / "project" / "run.py").read_text("utf-8"), "utf-8")
    other = tmp_path / "source.duckdb"
    other.write_bytes(Path(source).read_bytes())
    with duckdb.connect(str(other)) as c:
        c.execute(sql)
    return other


def drifted(folder):
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as c:
        return c.execute("SELECT table_name, column_name, change, policy FROM landing.drift").fetchall()


def test_a_new_column_is_noted_and_ignored_or_stops(twin, tmp_path):
    other = altered(twin, tmp_path, "ALTER TABLE orders ADD COLUMN gift BOOLEAN")
    assert run(tmp_path, other).returncode == 0
    assert drifted(tmp_path) == [("orders", "gift", "new", "ignore")]
    assert state(tmp_path) == state(twin[0])
    assert run(tmp_path, other, DATAENG_NEW_COLUMNS="stop").returncode == 1


def test_a_missing_column_stops_before_anything_is_written(twin, tmp_path):
    other = altered(twin, tmp_path, "ALTER TABLE orders DROP COLUMN status")
    done = run(tmp_path, other)
    assert done.returncode == 1
    assert "orders.status is missing" in done.stderr
    assert state(tmp_path) == {}


def test_a_changed_type_is_cast(twin, tmp_path):
    other = altered(twin, tmp_path, "ALTER TABLE orders ALTER freight TYPE VARCHAR")
    assert run(tmp_path, other).returncode == 0
    assert drifted(tmp_path) == [("orders", "freight", "BIGINT became VARCHAR", "cast")]


def test_a_folder_of_someone_else_is_left_alone(shop, tmp_path):
    (tmp_path / "README.md").write_text("mine")
    for project in projects.PROJECTS:
        with pytest.raises(KitError, match="something else"):
            projects.write(project, shop[1], tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["README.md"]
    assert projects.write("dbt", shop[1], tmp_path / "new") == projects.write("dbt", shop[1], tmp_path / "new")
