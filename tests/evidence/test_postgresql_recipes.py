"""PostgreSQL recipes bind to a case's own tables, whatever these are called; what cannot be bound is said."""

import pytest

import dataeng_kit as dk
from dataeng_kit.advice import made
from dataeng_kit.advice.bindings import PERIODS, Binder, dated
from dataeng_kit.advice.built import recipes_of
from dataeng_kit.checks import run_cells
from dataeng_kit.checks.grammar import parse
from dataeng_kit.errors import KitError
from dataeng_kit.recipes import find, promised
from dataeng_kit.technologies.postgresql import PostgreSQL

ODD = 'no"te; $$ {{ x }} % the table'


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    """Two tables with names that hurt: quotes, dollars, braces, a percent sign, reserved words."""
    folder = tmp_path_factory.mktemp("odd")
    parents = ["id,order,select"]
    children = ['id,order id,"when, it ""was""",amount,group']
    words = ["harbour lamp", "walnut table", "linen curtain", "copper kettle", "willow basket", "marble board"]
    for n in range(240):
        parents.append(f"{n + 1},{words[n % 6]} {words[n // 6 % 6]} {words[n // 36 % 6]},{n % 3}")
        for k in range(3):
            month = (n + k) % 14
            children.append(
                f"{n * 3 + k + 1},{n + 1},{2023 + month // 12}-{month % 12 + 1:02d}-{n % 28 + 1:02d},{n * 0.37 + k:.2f},g{k}"
            )
    (folder / "parents.csv").write_text("\n".join(parents), "utf-8")
    (folder / f"{ODD.replace('/', '')}.csv").write_text("\n".join(children), "utf-8")
    (folder / "CLAUDE.md").write_text("# Odd\n\n## Technology\n- Target warehouse: PostgreSQL 16.\n", "utf-8")
    case = dk.open(str(folder))
    yield case
    case.data.close()


def postgres_of(folder):
    (folder / "CLAUDE.md").write_text("# Codes\n\n## Technology\n- Target warehouse: PostgreSQL 16.\n", "utf-8")
    return dk.open(str(folder)).evidence


def test_the_topic_needs_postgresql(odd):
    assert "postgresql" in odd.topics


def test_every_need_is_met_or_said(odd):
    found = made("postgresql", odd.evidence)
    assert len(found.cells) + len(found.missing) == len(recipes_of("postgresql"))
    assert all(c.expects and c.capabilities and c.reads for c in found.cells)
    assert all(not d.opinion and d.alternatives and d.flips_if for d in found.decisions)
    assert all("not applicable" in sentence for sentence in found.missing)


def test_a_case_without_dates_and_references_is_told_what_is_missing(tmp_path):
    (tmp_path / "codes.csv").write_text("code,rank\n" + "\n".join(f"c{n},{n}" for n in range(30)), "utf-8")
    found = made("postgresql", postgres_of(tmp_path))
    assert not found.cells
    assert len(found.missing) == len(recipes_of("postgresql"))


def test_periods_are_months_then_years(odd):
    bound = dated(Binder(odd.evidence, PostgreSQL))
    assert not isinstance(bound, str)
    assert 2 <= len(bound.values["periods"]) <= PERIODS
    ends = [p[2] for p in bound.values["periods"]]
    assert ends[:-1] == [p[1] for p in bound.values["periods"]][1:]


def test_promises_take_no_raw_text():
    values = {k: "raw" for k in ("table", "day", "amount", "part")}
    with pytest.raises(KitError, match="raw str"):
        promised("postgresql/advanced_sql", values)
    assert all(e.kind in ("rows", "sum") for e in find("postgresql/jsonb").expects)


@pytest.mark.heavy
def test_every_recipe_runs_on_hostile_names(odd, postgres_url):
    found = made("postgresql", odd.evidence)
    assert not found.missing
    done = run_cells(found.cells, odd.data, None, postgres_url)
    assert {k: c.why for k, c in done.items() if c.level != "ran" or not c.ok} == {}


def test_without_a_server_the_grammars_accept_the_code():
    """CREATE EXTENSION is unknown to sqlglot, so that cell cannot be parsed; on a server it runs."""
    cells = [
        c
        for c in made("postgresql", dk.open("ecommerce").evidence).cells
        if c.recipe != "postgresql/extensions" and c.language == "sql"
    ]
    assert {c.id: parse(c, "postgres", "postgres", "no server").level for c in cells} == {c.id: "parsed" for c in cells}
