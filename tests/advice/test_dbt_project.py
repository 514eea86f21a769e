"""The dbt project: what it promises on paper, and `dbt build` on DuckDB and PostgreSQL, twice, with names that hurt."""

import csv
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import dataeng_kit as dk
from dataeng_kit.advice import dbt
from dataeng_kit.advice.dbt.names import finished
from dataeng_kit.advice.dbt.yaml import yaml
from dataeng_kit.errors import KitError

needs_dbt = pytest.mark.skipif(
    importlib.util.find_spec("dbt") is None, reason="dbt is not installed: pip install 'dataeng-kit[dbt]'"
)
DATE, NUMBER, LONG = 'placed {{ at }} "on"', "{% raw %} amount €", "long " * 40 + "name"


@pytest.fixture(scope="module")
def project(shop):
    return dbt.files(shop[1])


def test_marts_read_models_only_and_each_source_has_one_reader(project):
    sql = {p: t for p, t in project.items() if p.startswith("models/") and p.endswith(".sql")}
    readers = [p for p, t in sql.items() if "source(" in t]
    assert all(p.startswith("models/staging/base/") for p in readers)
    assert len(readers) == 7
    for path, text in sql.items():
        bare = re.sub(r"\{\{.*?\}\}", "", text)
        assert not re.search(r"\b(raw|mart|source)\.", bare), path
        assert text.count("JOIN") <= 12, path


def test_every_model_is_described_and_every_fact_has_its_guards(project):
    described = "".join(t for p, t in project.items() if p.endswith(".yml"))
    for path in project:
        if path.startswith("models/") and path.endswith(".sql"):
            assert f'name: "{Path(path).stem}"' in described, path
    facts = [Path(p).stem for p in project if p.startswith("models/marts/fact_")]
    assert facts
    for fact in facts:
        assert f"tests/fan_out/rows_of_{fact}.sql" in project
    assert any(p.startswith("tests/unknown/") for p in project)
    assert any("each header once" in t for p, t in project.items() if p.startswith("tests/fan_out/"))


def test_a_value_list_seen_in_one_delivery_is_no_test(project):
    assert "accepted_values" not in project["models/staging/_staging.yml"]  # orders.status holds two values, nobody stated them


def test_known_orphans_are_allowed_in_their_number(project):
    assert 'error_if: ">2"' in project["models/staging/_staging.yml"]


def test_text_of_a_case_cannot_open_jinja():
    assert "{{ '{' }}{ x }}" in finished("SELECT '{{ x }}'")
    assert yaml({"a": "{{ x }} {% y %} {# z #}\n\x7f"}) == 'a: "{ { x }} { % y %} { # z #}  "\n'


def test_yaml_is_read_back():
    reader = pytest.importorskip("yaml")
    value = {"a": [{"b": "x: 'y' \"z\" # é 😀", "c": [1, True, None]}, {"d": []}], "e": {"f": -1.5}, "g": ["- x", "null"]}
    assert reader.safe_load(yaml(value)) == value


def test_an_unknown_project_is_named(tmp_path):
    with pytest.raises(KitError, match="Did you mean 'dbt'"):
        dk.open("ecommerce").write("dbtt", tmp_path)


# --- on the engines ------------------------------------------------------------------------------------------------------


def run(folder, *command, ok=True, **more):
    environment = {**os.environ, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", **more}
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode == 0) == ok, done.stdout[-4000:] + done.stderr[-2000:]
    return done.stdout


def build(folder, *more, ok=True, **environment):
    return run(folder, "-m", "dbt.cli.main", "--no-use-colors", "build", "--profiles-dir", ".", *more, ok=ok, **environment)


def counts(folder):
    import duckdb

    with duckdb.connect(str(folder / "warehouse.duckdb")) as c:
        names = [
            n
            for (n,) in c.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'analytics'").fetchall()
        ]
        return {n: c.execute(f'SELECT count(*) FROM analytics."{n}"').fetchone()[0] for n in names}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dbt") / "shop"
    dk.open("ecommerce").write("dbt", folder)
    run(folder, "load.py")
    return folder, build(folder)


@needs_dbt
@pytest.mark.heavy
def test_the_sample_builds_and_a_second_run_changes_nothing(built):
    folder, said = built
    assert re.search(r"WARN=0 ERROR=0 SKIP=0", said)
    assert "Deprecat" not in said
    before = counts(folder)
    assert before["fct_order_item"] == before["stg_order_items"] > 0
    assert before["snap_dim_customer"] == before["dim_customer"] - 1
    run(folder, "load.py")
    assert re.search(r"WARN=0 ERROR=0 SKIP=0", build(folder))
    assert counts(folder) == before


@needs_dbt
@pytest.mark.heavy
def test_a_changed_attribute_makes_a_version_and_loses_no_event(built):
    import duckdb

    folder, _ = built
    before = counts(folder)
    with duckdb.connect(str(folder / "warehouse.duckdb")) as c:
        c.execute("UPDATE raw.customers SET city = 'Elsewhere' WHERE customer_id = (SELECT min(customer_id) FROM raw.customers)")
    build(folder, "--exclude", "path:tests/laws")
    after = counts(folder)
    assert after["dim_customer"] == before["dim_customer"] + 1
    assert after["fct_order_item"] == before["fct_order_item"]


@needs_dbt
@pytest.mark.heavy
def test_a_join_that_doubles_rows_is_caught(built, tmp_path):
    import shutil

    folder = tmp_path / "broken"
    shutil.copytree(built[0], folder)
    fact = folder / "models" / "marts" / "fct_payment.sql"
    fact.write_text(fact.read_text("utf-8") + "CROSS JOIN (SELECT 1 UNION ALL SELECT 2) AS twice\n", "utf-8")
    said = build(folder, "--select", "fct_payment", ok=False)
    assert re.search(r"FAIL 1 rows_of_fct_payment", said)
    assert re.search(r"FAIL 1 fct_payment__amount", said)


@pytest.fixture
def hostile(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    people = [
        ["customer_id", "select", 'a"b{{ c }}', "naïve 😀", LONG],
        *([i, f"n{i}", f"{{{{ {i} }}}}", f" x{i % 5}", f"l{i}"] for i in range(1, 60)),
    ]
    sales = [
        ["order_id", "customer_id", DATE, NUMBER, "Group", "order"],
        *(
            [i, 1 + i % 59, f"2024-{1 + i % 12:02d}-{1 + i % 28:02d}", 2.5 + i % 90, ["a'b", "{% c %}"][i % 2], i % 7]
            for i in range(1, 400)
        ),
    ]
    for name, rows in {"Customers {{ x }} 'q'": people, "sales order": sales}.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
    project = tmp_path / "project"
    dk.open(folder).write("dbt", project)
    return project


@needs_dbt
@pytest.mark.heavy
def test_names_that_hurt_build_on_duckdb(hostile):
    run(hostile, "load.py")
    assert re.search(r"WARN=0 ERROR=0 SKIP=0", build(hostile))
    said = run(hostile, "-m", "dbt.cli.main", "--no-use-colors", "source", "freshness", "--profiles-dir", ".", ok=False)
    assert "ERROR STALE" in said  # the rows are old, and it says so


@needs_dbt
@pytest.mark.heavy
@pytest.mark.parametrize("which", ["hostile", "sample"])
def test_postgresql_builds_the_same_project(which, request, tmp_path, postgres_database):
    folder = request.getfixturevalue("hostile") if which == "hostile" else tmp_path / "shop"
    if which == "sample":
        dk.open("ecommerce").write("dbt", folder)
    at = urlsplit(postgres_database)
    target = {
        "DBT_TARGET": "postgres",
        "PGHOST": at.hostname,
        "PGPORT": str(at.port),
        "PGUSER": at.username,
        "PGDATABASE": at.path[1:],
    }
    run(folder, "load.py", **target)
    assert re.search(r"WARN=0 ERROR=0 SKIP=0", build(folder, **target))
    run(folder, "load.py", **target)
    assert re.search(r"WARN=0 ERROR=0 SKIP=0", build(folder, **target))
