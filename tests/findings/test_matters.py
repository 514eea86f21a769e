"""One matter is one finding: sentences and laws about the same rows, several tables that cross one date."""

import datetime as dt

import duckdb
import pandas as pd
import pytest

from dataeng_kit.nouns import ClaimResult


def day(n):
    return dt.date(2024, 1, 1) + dt.timedelta(days=n)


@pytest.fixture(scope="module")
def clinic():
    """Patients of whom some died, and two tables with a few rows after the death."""
    patients = pd.DataFrame(
        {"patient_id": range(1000, 1400), "death_date": [day(500 + i % 90) if i % 4 == 0 else None for i in range(400)]}
    )
    rows = [(i, 1000 + i % 400, day(620 if i % 400 % 20 == 0 and i < 400 else i % 450)) for i in range(1600)]
    visits = pd.DataFrame(rows, columns=["visit_id", "patient_id", "visited_on"])
    tests = visits.iloc[::-1].reset_index(drop=True).rename(columns={"visit_id": "test_id", "visited_on": "tested_on"})
    return {"patients": patients, "visits": visits, "tests": tests}


def said(kind, table, column, failing, of):
    return ClaimResult(
        "CLAUDE.md", 7, "No visit after death", "contradicted", "", kind, (), "claim:x", "", failing, of, table, column
    )


def test_tables_that_cross_one_date_are_one_finding(judge, clinic):
    (one,) = [f for f in judge(clinic) if f.rule == "outside_parent_life"]
    assert "more table" in one.condition
    assert "visits" in one.condition
    assert "tests" in one.condition


def test_a_refuted_sentence_is_the_laws_finding(judge, clinic):
    failing, of = next((f.failing, f.of) for f in judge(clinic) if f.rule == "outside_parent_life")
    found = judge(clinic, claims=(said("time_order", "visits", "visited_on", failing, of),))
    (one,) = [f for f in found if f.rule in ("outside_parent_life", "claim")]
    assert one.id == "claim:x"
    assert "CLAUDE.md:7" in one.lines
    assert 'line 7, says otherwise: "No visit after death"' in one.condition
    assert one.query


def test_a_sentence_about_other_rows_stays_its_own_finding(judge, clinic):
    found = judge(clinic, claims=(said("time_order", "visits", "visited_on", 900, 1600),))
    assert {"claim", "outside_parent_life"} <= {f.rule for f in found}
    found = judge(clinic, claims=(said("not_null", "visits", "visited_on", 20, 1600),))
    assert {"claim", "outside_parent_life"} <= {f.rule for f in found}


def test_copies_that_spoil_a_key_are_told_once(judge):
    lines = duckdb.sql("SELECT r // 3 AS order_id, r % 3 AS line_no, (r * 37) % 50 AS qty FROM range(900) AS t(r)").df()
    found = {f.rule for f in judge({"lines": pd.concat([lines, lines.head(9)], ignore_index=True)})}
    assert "duplicate_rows" in found
    assert "no_key" not in found
