"""The makers write the committed bytes again, another seed writes another valid case, and DuckDB counts what SQLite counted."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).parents[2]
CASES = ("ecommerce", "healthcare")


def data(folder: Path) -> dict[str, bytes]:
    files = sorted([*folder.glob("*.csv"), *folder.glob("*.csv.gz")])
    return {p.name: gzip.decompress(p.read_bytes()) if p.suffix == ".gz" else p.read_bytes() for p in files}


def make(case: str, *arguments: str) -> subprocess.CompletedProcess:
    line = [sys.executable, str(ROOT / "sample_data" / case / "make.py"), *arguments]
    return subprocess.run(line, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module", params=CASES)
def made(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    instances = {}
    for label, seed in (("same", ()), ("other", ("--seed", "7"))):
        out, key = folder / label, folder / f"{label}.json"
        run = make(request.param, "--out", str(out), "--key", str(key), *seed)
        assert run.returncode == 0, run.stderr
        instances[label] = (out, json.loads(key.read_text("utf-8")))
    return request.param, instances


def connect(folder: Path) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    for path in sorted([*folder.glob("*.csv"), *folder.glob("*.csv.gz")]):
        con.execute(f"CREATE TABLE {path.name.split('.')[0]} AS FROM read_csv('{path}', sample_size = -1)")
    return con


def test_same_seed_same_bytes(made):
    case, instances = made
    assert data(instances["same"][0]) == data(ROOT / "sample_data" / case)


def test_committed_key_is_the_measured_one(made):
    case, instances = made
    assert instances["same"][1] == json.loads((Path(__file__).parent / f"{case}.json").read_text("utf-8"))


@pytest.mark.parametrize("label", ["same", "other"])
def test_another_engine_counts_the_same(made, label):
    folder, key = made[1][label]
    con = connect(folder)
    for item in [*key["defects"], *key["claims"]]:
        assert con.execute(f"SELECT count(*) FROM ({item['sql']})").fetchall()[0][0] == item["rows"], item


def test_another_seed_is_another_valid_case(made):
    _case, instances = made
    same, other = instances["same"][1], instances["other"][1]
    assert data(instances["other"][0]) != data(instances["same"][0])
    assert {d["id"] for d in other["defects"]} == {d["id"] for d in same["defects"]}
    moved = sum(a["rows"] != b["rows"] for a, b in zip(same["defects"], other["defects"], strict=True))
    assert moved > len(same["defects"]) / 2
    assert all(d["rows"] > 0 for d in other["defects"])
    assert [c["verdict"] for c in other["claims"]] == [c["verdict"] for c in same["claims"]]


def test_claims_stand_in_the_project_file_and_most_hold(made):
    case, instances = made
    text, claims = (ROOT / "sample_data" / case / "CLAUDE.md").read_text("utf-8"), instances["same"][1]["claims"]
    assert all(c["quote"] in text for c in claims)
    verdicts = [c["verdict"] for c in claims]
    assert 8 <= len(verdicts) <= 12
    assert verdicts.count("contradicted") >= 3
    assert verdicts.count("holds") > len(verdicts) / 2


def test_shape_and_size(made):
    case, instances = made
    key = instances["same"][1]
    assert 4 <= len(key["tables"]) <= 8
    assert all(200 <= rows <= 50_000 for rows in key["tables"].values())
    assert sum(p.stat().st_size for p in (ROOT / "sample_data" / case).iterdir() if p.is_file()) < 3_000_000


def test_source_page_states_the_measured_counts(made):
    case, instances = made
    page = (ROOT / "sample_data" / case / "SOURCE.md").read_text("utf-8")
    assert "CC0" in page
    for defect in instances["same"][1]["defects"]:
        assert f"| {defect['what']} | " in page
        assert f"| {defect['rows']:,} | {defect['of']:,} |" in page


def test_the_answers_never_lie_with_the_data(made, tmp_path):
    case, instances = made
    assert {p.name for p in instances["other"][0].iterdir()} == {*data(instances["other"][0]), "CLAUDE.md"}
    refused = make(case, "--out", str(tmp_path), "--key", str(tmp_path / "key.json"))
    assert refused.returncode == 2
    assert "outside the data folder" in refused.stderr


def test_one_person_keeps_one_identity(made):
    case, instances = made
    con = connect(instances["same"][0])
    if case == "ecommerce":
        clash = "SELECT * FROM orders o JOIN customers c USING (customer_id) WHERE o.contact_email <> c.email"
        late = "SELECT * FROM payments p JOIN orders o USING (order_id) WHERE p.paid_at < o.ordered_at"
    else:
        clash = "SELECT * FROM encounters e JOIN claims c USING (encounter_id) WHERE e.patient_id <> c.patient_id"
        late = "SELECT * FROM claim_payments p JOIN claims c USING (claim_id) WHERE p.paid_on < c.submitted_on"
    assert con.execute(clash).fetchall() == []
    assert con.execute(late).fetchall() == []
