"""A small case with real data on a real engine, and findings, claims and advice written by hand."""

import csv
from dataclasses import dataclass
from pathlib import Path

import pytest

from dataeng_kit.data import Data, open_data
from dataeng_kit.nouns import (
    Advice,
    Cell,
    Check,
    ClaimResult,
    Context,
    Decision,
    Design,
    Entity,
    Evidence,
    Finding,
    Mention,
    Reconciliation,
    Statement,
)
from dataeng_kit.profile import profile_data
from dataeng_kit.review.brief import brief

EMAILS = [f"person{i}@example.org" for i in range(40)]


def finding(id: str, table: str, column: str, failing: int, of: int, query: str = "", **more) -> Finding:
    given = {
        "severity": "high",
        "dimension": "consistency",
        "rank": float(failing),
        "condition": f"{failing} rows of {column} are wrong",
    }
    given |= {"criterion": "they should be right", "consequence": "revenue is wrong", "recommendation": f"mend {column}"}
    given |= {"question": f"is {column} known?"} | more
    return Finding(
        id,
        more.pop("rule", id.split(" ")[0]),
        given.pop("severity"),
        given.pop("dimension"),
        table,
        column,
        given.pop("condition"),
        given.pop("criterion"),
        failing,
        of,
        query,
        **{k: v for k, v in given.items() if k != "rule"},
    )


@dataclass
class Made:
    folder: Path
    data: Data
    evidence: Evidence
    advice: tuple[Advice, ...]

    @property
    def brief(self):
        return brief(self.evidence, self.advice)


def _table(path: Path, header: list[str], rows: list[list]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])


def make_case(folder: Path, late: int = 6) -> Made:
    folder.mkdir(parents=True, exist_ok=True)
    _table(
        folder / "customers.csv",
        ["customer_id", "email", "signup"],
        [[i, EMAILS[i], f"2024-01-{i % 28 + 1:02d}"] for i in range(40)],
    )
    orders = [
        [100 + i, i % 40, "2023-12-01" if i < late else "2024-06-01", f"{i * 10}.50", "=1+1" if i < 2 else "gift"]
        for i in range(60)
    ]
    _table(folder / "orders.csv", ["order_id", "customer_id", "ordered_on", "total", "note"], orders)
    data = open_data((str(folder),))
    profile = profile_data(data)
    query = (
        "SELECT o.order_id, o.ordered_on, o.note, c.email FROM orders AS o JOIN customers AS c USING (customer_id) "
        "WHERE o.ordered_on < c.signup"
    )
    findings = (
        finding("time orders.ordered_on", "orders", "ordered_on", late, 60, query, facts=("orders#rows",), rank=900.0),
        finding("again orders.ordered_on", "orders", "ordered_on", late, 60, rank=800.0),
        finding("key orders.note", "orders", "note", 58, 60, "SELECT note FROM orders OFFSET 2", severity="medium", rank=50.0),
        finding("case customers.email", "customers", "email", 3, 40, "SELECT * FROM customers LIMIT 3", severity="low", rank=3.0),
        finding("late whole", "", "", 0, 0, severity="observation", rank=0.1, recommendation="", consequence=""),
    )
    claims = (
        ClaimResult(
            "CLAUDE.md",
            7,
            "no order precedes its sign-up",
            "contradicted",
            f"{late} of 60 orders do",
            finding=findings[0].id,
            query=query,
        ),
        ClaimResult("CLAUDE.md", 8, "order_id is unique", "holds", "60 of 60"),
        ClaimResult("CLAUDE.md", 9, "the shop is nice", "not_testable", "no measurable subject"),
    )
    context = Context(
        databases=(Mention("postgresql", "CLAUDE.md", 3, "PostgreSQL 16"),),
        not_used=(Mention("mysql", "CLAUDE.md", 4, "MySQL was removed", "removed"),),
        compliance=(Mention("gdpr", "CLAUDE.md", 5, "GDPR applies"),),
        purposes=(Statement("monthly revenue for the board", "", "CLAUDE.md", 2, "The board reads monthly revenue"),),
        owners=(Statement("Marit", "", "CLAUDE.md", 6, "orders: Marit", "orders"),),
    )
    evidence = Evidence("shop", context, data.tables, profile, claims=claims, findings=findings, skipped=data.skipped)
    return Made(folder, data, evidence, (advice(),))


def advice() -> Advice:
    check = Check(
        "ran",
        "duckdb",
        "2.0.0",
        0.1,
        60,
        60,
        (Reconciliation("rows in = rows out", 60, 60, True), Reconciliation("sums", 1, 2, False)),
    )
    cells = (
        Cell(
            "load orders",
            "load",
            "postgresql",
            "sql",
            "Load orders",
            "one row per order",
            "INSERT INTO o SELECT 1 -- <b>",
            check=check,
        ),
        Cell("look", "look", "python", "python", "Look", "see it", "print(1)"),
    )
    decisions = (
        Decision(
            "d1",
            "model",
            "orders",
            "Which grain?",
            "one row per order",
            "order_id is unique",
            facts=("orders#rows",),
            risks=("late rows",),
        ),
        Decision("d2", "model", "orders", "Which history?", "type 1", "no snapshot", questions=("does an address change?",)),
        Decision("d3", "model", "orders", "Partition?", "by month", "no", status="withdrawn", because="its check failed"),
    )
    entity = Entity("fct_orders", "fact", ("orders",), (), grain=("orders.order_id",), grain_sentence="one row per order")
    return Advice("model", decisions, cells, (Design("dimensional", "postgresql", (entity,), steps=("process: selling",)),))


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> Made:
    return make_case(tmp_path_factory.mktemp("case") / "shop")


@pytest.fixture
def new_case(tmp_path):
    return lambda name, late=6: make_case(tmp_path / name, late)
