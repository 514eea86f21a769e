"""The verdicts on the shipped cases' own CLAUDE.md, against answer keys that another query counts."""

import tomllib
from pathlib import Path

import duckdb
import pytest

from dataeng_kit.context import read_context
from dataeng_kit.data import open_data
from dataeng_kit.findings.claims import test_claims as verdicts
from dataeng_kit.profile import profile_data

SAMPLES = Path(__file__).parents[2] / "sample_data"


@pytest.mark.parametrize("case", ["ecommerce", "healthcare"])
def test_every_planted_contradiction_is_found_and_none_invented(case):
    answers = tomllib.loads((SAMPLES / "answers" / f"{case}.toml").read_text("utf-8"))
    plain = duckdb.connect()
    for file in sorted((SAMPLES / case).glob("*.csv*")):
        plain.execute(f"CREATE TABLE {file.name.split('.')[0]} AS SELECT * FROM read_csv('{file}')")
    data = open_data((str(SAMPLES / case),))
    profile = profile_data(data, only=frozenset({"columns", "keys"}))
    results = [r for r in verdicts(read_context(SAMPLES / case / "CLAUDE.md"), data, profile) if r.verdict != "not_testable"]
    data.close()
    said = {r.quote.rstrip("."): r.verdict for r in results}
    wanted = {c["quote"]: "contradicted" if plain.execute(c["sql"]).fetchall() else "holds" for c in answers["claim"]}
    assert {q: v for q, v in said.items() if q in wanted} == wanted
    assert not {q for q, v in said.items() if v == "contradicted"} - set(wanted)
