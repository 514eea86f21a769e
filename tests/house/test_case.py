"""One Case over every kind of place; each arrow walked once; a verdict re-runs nothing, a label re-runs from the profile."""

import pytest

import dataeng_kit as dk
from dataeng_kit.nouns import Evidence
from dataeng_kit.review.brief import subject


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "CLAUDE.md").write_text("# Shop\nWe load orders into PostgreSQL.\n\n- `order_id` is unique in `orders`.\n")
    (tmp_path / "customers.csv").write_text("customer_id,name\n" + "".join(f"{i},Name {i}\n" for i in range(1, 41)))
    rows = "".join(f"{1000 + i},{i % 40 + 1},2024-01-{i % 28 + 1:02},{i}.50\n" for i in range(200))
    (tmp_path / "orders.csv").write_text("order_id,customer_id,ordered_on,amount\n" + rows)
    return tmp_path


def counted(case, monkeypatch):
    """How often each arrow really computed."""
    seen = {}
    original = case._arrow

    def arrow(name, key, compute):
        def once():
            seen[name] = seen.get(name, 0) + 1
            return compute()

        return original(name, key, once)

    monkeypatch.setattr(case, "_arrow", arrow)
    return seen


def test_a_walk_computes_each_arrow_once(folder, monkeypatch):
    case = dk.open(str(folder))
    seen = counted(case, monkeypatch)
    case.brief()
    case.brief()
    assert case.findings == case.evidence.findings
    assert set(seen.values()) == {1}, seen
    assert Evidence.from_json(case.evidence.to_json()).profile.foreign_keys == case.profile.foreign_keys


def test_verdicts_re_run_nothing_and_inputs_only_what_reads_them(folder, monkeypatch):
    case = dk.open(str(folder))
    seen = counted(case, monkeypatch)
    finding = case.findings[0].id
    case.accept(finding, "known")
    assert case.choices.verdict(finding).status == "accepted"
    assert set(seen.values()) == {1}
    assert (folder / "dataeng_kit.toml").is_file()
    case.override("labels", "customers.name", "none")
    assert (
        case.profile.table("customers").column("name").label is None
        or not case.profile.table("customers").column("name").label.sensitive
    )
    assert (seen["data"], seen["profile"]) == (1, 2)
    (folder / "CLAUDE.md").write_text("# Shop\nNothing to claim.\n")
    assert case.claims == ()
    assert (seen["data"], seen["profile"]) == (1, 2)


def test_one_walk_from_open_to_month_two(folder, tmp_path_factory, monkeypatch):
    """open → … → accept → review → month two → compare: each arrow once a month and none upward."""
    case, reviews = dk.open(str(folder)), tmp_path_factory.mktemp("reviews")
    seen = counted(case, monkeypatch)
    case.brief()
    first = dict(seen)
    assert set(first.values()) == {1}, first
    order = ["data", "profile", "claims", "findings", "evidence", "advice model"]
    assert [name for name in first if name in order] == order, "an arrow ran before what it comes from"
    finding = case.findings[0].id
    case.accept(finding, "known")
    (page, snapshot) = case.review(reviews / "one.html")
    case.snapshot(reviews / "again.json")
    assert case.compare(snapshot).count("unchanged") == len(case.findings)
    assert seen == first
    assert "accepted" in page.read_text("utf-8")

    with (folder / "orders.csv").open("a") as out:
        out.write("".join(f"{5000 + i},{900 + i},2024-02-01,9.50\n" for i in range(20)))
    moved = case.compare(snapshot)
    assert moved.count("new") >= 1
    assert ("orders", 200, 220) in moved.volumes
    assert seen == {name: 1 if name == "context" else 2 for name in first}
    assert case.choices.verdict(finding).status == "accepted"
    later = case.review(reviews / "two.html", compare=snapshot)
    assert "Since " in later[0].read_text("utf-8")
    assert seen == {name: 1 if name == "context" else 2 for name in first}


def test_an_answer_closes_its_finding(folder, tmp_path_factory):
    case = dk.open(str(folder))
    with (folder / "orders.csv").open("a") as out:
        out.write("".join(f"{5000 + i},{900 + i},2024-02-01,9.50\n" for i in range(20)))
    asked = next(f for f in case.findings if f.question)
    case.answer(f"{subject(asked)}: {asked.question}", "as agreed")
    assert asked.id not in [p.finding.id for p in case.brief().points]
    page, _ = case.review(tmp_path_factory.mktemp("out") / "r.html")
    assert "closed by the answer: as agreed" in page.read_text("utf-8")


def test_changed_data_is_measured_again(folder):
    case = dk.open(str(folder))
    assert case.profile.table("orders").rows == 200
    with (folder / "orders.csv").open("a") as out:
        out.write("1500,3,2024-02-01,9.50\n")
    assert case.profile.table("orders").rows == 201


def test_a_file_a_glob_and_frames(folder):
    import pandas as pd
    import polars as pl

    assert [t.name for t in dk.open(str(folder / "orders.csv")).profile.tables] == ["orders"]
    assert len(dk.open(str(folder / "*.csv")).profile.tables) == 2
    frame = pd.read_csv(folder / "orders.csv")
    for place in (frame, pl.from_pandas(frame)):
        case = dk.open(place)
        assert case.profile.tables[0].rows == 200
        assert case.profile.tables[0].primary_key == ("order_id",)
        assert case.advise("model").decisions


@pytest.mark.heavy
def test_a_postgresql_database_is_measured_where_it_lies(postgres_database, folder):
    import psycopg

    with psycopg.connect(postgres_database, autocommit=True) as connection:
        connection.execute("CREATE TABLE customers (customer_id int PRIMARY KEY, name text)")
        connection.execute(
            "CREATE TABLE orders (order_id int PRIMARY KEY, customer_id int REFERENCES customers, ordered_on date, amount numeric)"
        )
        connection.execute("INSERT INTO customers SELECT i, 'Name ' || i FROM generate_series(1, 40) i")
        connection.execute(
            "INSERT INTO orders SELECT 1000 + i, i % 40 + 1, date '2024-01-01' + i % 28, i + 0.5 FROM generate_series(1, 200) i"
        )
    case = dk.open(postgres_database, context=folder)
    assert case.profile.engine == "postgresql"
    (key,) = case.profile.foreign_keys
    assert (key.table, key.ref_table, key.orphans, key.declared) == ("orders", "customers", 0, True)
    assert [c.verdict for c in case.claims] == ["holds"]
    advice = case.advise("model")
    assert all(c.check.ok for c in advice.cells), [c.check.why for c in advice.cells]


def test_two_places_in_one_case(folder, tmp_path):
    other = tmp_path / "crm"
    other.mkdir()
    (other / "leads.csv").write_text("lead_id,customer_id\n1,3\n2,4\n3,5\n")
    names = {t.name for t in dk.open(str(folder / "orders.csv"), str(other)).profile.tables}
    assert names == {"orders", "leads"}
