"""The same laws and findings where the data lies in PostgreSQL: SQL of the rooms runs there unchanged."""

import random

import pytest

from dataeng_kit.data import open_data
from dataeng_kit.findings import find
from dataeng_kit.nouns import Context, Roles
from dataeng_kit.profile import profile_data
from dataeng_kit.run import Run

SECTIONS = frozenset(("columns", "keys", "relations", "laws"))


@pytest.mark.heavy
def test_laws_and_findings_on_postgresql(postgres_database):
    import psycopg

    r = random.Random(2)
    with psycopg.connect(postgres_database, autocommit=True) as db:
        db.execute("CREATE TABLE accounts (account_id text PRIMARY KEY, signup_date date, churn_flag boolean, plan text)")
        db.execute(
            "CREATE TABLE usage (usage_id int PRIMARY KEY, account_id text, used_on date, quantity int, price numeric(9,2), total numeric(9,2))"
        )
        cursor = db.cursor()
        for i in range(200):
            cursor.execute(
                "INSERT INTO accounts VALUES (%s, date '2023-01-01' + %s, %s, %s)",
                (f"A{i:03}", i, i % 4 == 0, "Pro " if i == 7 else "Pro"),
            )
        for i in range(1_500):
            a, q, p = i % 200, 1 + i % 9, round(r.uniform(2, 60), 2)
            cursor.execute(
                "INSERT INTO usage VALUES (%s, %s, date '2023-01-01' + %s, %s, %s, %s)",
                (i, f"A{a:03}", a + (-9 if i < 300 else 5 + i % 90), q, p, round(q * p, 2) + (2 if i < 12 else 0)),
            )
    steps = []
    data = open_data((postgres_database,))
    run = Run(on_step=lambda s: steps.append(s.label))
    profile = profile_data(data, only=SECTIONS, run=run)
    found = find(Context(), data, profile, Roles(), run=run)
    for one in found:
        if one.query:
            assert data.rows(f"SELECT count(*) FROM ({one.query}) AS q")[0][0] == one.failing, one.id
    assert not [s for s in steps if "not measured here" in s]
    counts = {f.rule: f.failing for f in found}
    assert counts["outside_parent_life"] == 300
    assert counts["formula_broken"] == 12
    assert counts["stray_blanks"] == 1
    data.close()
